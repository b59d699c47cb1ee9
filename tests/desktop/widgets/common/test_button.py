"""Buttons and links: how they look, and that they can be pressed and read."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DANGER, PRIMARY, SECONDARY, Button, IconButton, LinkButton
from tests.desktop.inspection import HOSTILE
from tests.desktop.tooltips import tip


@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_a_button_has_the_colours_of_its_look_and_others_on_hover(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, name)
    button = Button(theme, "Host", PRIMARY)
    qtbot.addWidget(button)
    assert button.grab().toImage().pixelColor(5, 16) == theme.color("accent")
    button.setDown(True)
    assert button.grab().toImage().pixelColor(5, 16) == theme.color("accent-hover")


def test_a_disabled_button_has_no_edge_and_takes_no_click(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    button = Button(theme, "Copy", SECONDARY)
    qtbot.addWidget(button)
    button.setEnabled(False)
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not pressed
    assert button.grab().toImage().pixelColor(0, 16) == theme.color("surface-hover")


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_is_pressed_by_keys(qtbot: QtBot, qapp: QApplication, key: Qt.Key) -> None:
    button = Button(Theme(qapp, "light"), "Host", PRIMARY)
    button.setAutoDefault(key == Qt.Key.Key_Return)
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_a_button_grows_with_the_text_and_holds_it(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    button = Button(theme, "Show on projector", PRIMARY, icon="projector", size="normal")
    qtbot.addWidget(button)
    before = button.sizeHint()
    theme.set_scale(2)
    assert button.sizeHint().height() == 2 * before.height() == 72
    assert button.sizeHint().width() > 1.8 * before.width()


def test_another_look_is_shown_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    button = Button(theme, "Remove", PRIMARY)
    qtbot.addWidget(button)
    narrow = button.sizeHint().width()
    button.set_look(DANGER, "warning")
    assert button.sizeHint().width() > narrow
    assert button.grab().toImage().pixelColor(5, 16) == theme.color("danger")


def test_an_icon_button_has_a_name_and_a_harmless_tooltip(qtbot: QtBot, qapp: QApplication) -> None:
    button = IconButton(Theme(qapp, "light"), "sliders", "Appearance", shortcut="Ctrl+,")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.text()) == ("Appearance", "")
    assert "Appearance  Ctrl+," in tip(button)
    button.set_name(HOSTILE)
    assert "<b>" not in tip(button)
    assert button.sizeHint().toTuple() == (36, 36)


def test_an_icon_button_shows_the_icon_it_was_given_last(qtbot: QtBot, qapp: QApplication) -> None:
    button = IconButton(Theme(qapp, "light"), "moon", "Dark theme")
    qtbot.addWidget(button)
    before = button.grab().toImage()
    button.set_icon("sun")
    assert button.grab().toImage() != before


def test_a_link_is_pressed_by_mouse_and_keys(qtbot: QtBot, theme: Theme) -> None:
    link = LinkButton(theme, "Check the connection")
    qtbot.addWidget(link)
    link.show()
    with qtbot.waitSignal(link.clicked):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(link.clicked):
        qtbot.keyClick(link, Qt.Key.Key_Return)


def test_a_link_is_underlined_in_the_colour_of_links(qtbot: QtBot, theme: Theme) -> None:
    link = LinkButton(theme, "il")
    qtbot.addWidget(link)
    link.resize(link.sizeHint())
    image = link.grab().toImage()
    wanted = theme.color("link")
    rows = [sum(image.pixelColor(x, y) == wanted for x in range(image.width())) for y in range(image.height())]
    assert max(rows) >= image.width() - 10
    assert image.height() >= theme.tokens["size"]["hit"]["pointer"]


def test_a_link_grows_with_the_text(theme: Theme, qtbot: QtBot) -> None:
    link = LinkButton(theme, "Check")
    qtbot.addWidget(link)
    before = link.sizeHint()
    theme.set_scale(2.0)
    assert link.sizeHint().height() == 2 * before.height()
    assert link.sizeHint().width() > 1.8 * before.width()
