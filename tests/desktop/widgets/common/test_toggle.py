"""The toggle: its state is visible in position and fill of its knob."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.toggle import Toggle


@pytest.fixture
def toggle(qtbot: QtBot, theme: Theme) -> Toggle:
    made = Toggle(theme, "Sounds")
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


@pytest.mark.parametrize("leftwards", [False, True])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_its_knob_is_at_the_side_of_its_state(toggle: Toggle, theme: Theme, name: str, leftwards: bool) -> None:
    theme.choose(name)
    toggle.setLayoutDirection(Qt.LayoutDirection.RightToLeft if leftwards else Qt.LayoutDirection.LeftToRight)
    assert toggle.size().toTuple() == (38, 22)
    start, end = (27, 11) if leftwards else (11, 27)
    off = toggle.grab().toImage()
    assert off.pixelColor(start, 11) == theme.color("text-muted")
    toggle.setChecked(True)
    on = toggle.grab().toImage()
    assert (on.pixelColor(end, 11), on.pixelColor(start, 11)) == (theme.color("accent-text"), theme.color("accent"))


def test_space_and_a_click_anywhere_switch(toggle: Toggle, qtbot: QtBot) -> None:
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=toggle.rect().bottomRight())
    assert toggle.isChecked()
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert not toggle.isChecked()


def test_disabled_it_cannot_be_switched(toggle: Toggle, qtbot: QtBot, qapp: QApplication) -> None:
    toggle.setEnabled(False)
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert not toggle.isChecked()
