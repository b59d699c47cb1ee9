"""The settings menu, by keys and with its ticks."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.looking import Looking
from chatdesk.desktop.theme import CHOICES, Theme
from chatdesk.desktop.widgets.settings_menu import SettingsMenu


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "dark", 1.4)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def menu(window: QWidget, theme: Theme) -> SettingsMenu:
    made = SettingsMenu(theme, window)
    made.popup(window.mapToGlobal(QPoint(0, 0)))
    return made


def ticked(menu: SettingsMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isChecked()]


def action(menu: SettingsMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_a_tick_stands_at_what_is_worn(menu: SettingsMenu, theme: Theme) -> None:
    assert ticked(menu) == ["Dark", "Text 140%"]
    menu.close()
    theme.choose("system")
    theme.set_scale(1.0)
    menu.popup(QPoint(0, 0))
    assert ticked(menu) == ["Like the system", "Text 100%"]


def test_each_theme_and_the_sizes_from_90_to_200_percent_can_be_chosen(menu: SettingsMenu, theme: Theme) -> None:
    chosen: list[object] = []
    menu.theme_chosen.connect(chosen.append)
    menu.scale_chosen.connect(chosen.append)
    for entry in menu.actions()[:-1]:
        entry.trigger()
    assert tuple(chosen[:4]) == CHOICES
    assert chosen[4:] == sorted(chosen[4:])
    assert (chosen[4], chosen[-1]) == (0.9, 2.0)
    step = theme.tokens["textScale"]["step"]
    assert all(abs(scale / step - round(scale / step)) < 1e-9 for scale in chosen[4:])


@pytest.mark.parametrize(("state", "looks"), [(Looking.FOUND, True), (Looking.OFF, False)])
def test_looking_can_be_turned_off_and_on(menu: SettingsMenu, qtbot: QtBot, state: Looking, looks: bool) -> None:
    menu.show_state(state)
    assert ("Look for rooms nearby" in ticked(menu)) == looks
    with qtbot.waitSignal(menu.looking_chosen) as said:
        action(menu, "Look for rooms nearby").trigger()
    assert said.args == [not looks]


def test_where_the_program_may_not_look_that_is_no_choice(menu: SettingsMenu) -> None:
    menu.show_state(Looking.FORBIDDEN)
    assert not action(menu, "Look for rooms nearby").isEnabled()
    assert "Look for rooms nearby" not in ticked(menu)


def test_it_is_chosen_by_keys_and_closes(menu: SettingsMenu, qtbot: QtBot) -> None:
    with qtbot.waitSignal(menu.theme_chosen) as said:
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert said.args == ["light"]
    assert not menu.isVisible()


def test_a_click_chooses(menu: SettingsMenu, qtbot: QtBot) -> None:
    place = menu.actionGeometry(action(menu, "Text 200%")).center()
    with qtbot.waitSignal(menu.scale_chosen) as said:
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    assert said.args == [2.0]


def test_the_tick_grows_with_the_text(menu: SettingsMenu, theme: Theme) -> None:
    for scale in (1.0, 2.0):
        menu.close()
        theme.set_scale(scale)
        menu.popup(QPoint(0, 0))
        image = menu.grab(menu.actionGeometry(action(menu, "Dark"))).toImage()
        before_text = range(theme.px(18) + 10)
        ground = image.pixelColor(1, image.height() // 2)
        inked = [x for x in before_text for y in range(image.height()) if image.pixelColor(x, y) != ground]
        assert max(inked) - min(inked) > 9 * scale
