"""The settings show the current values; a choice takes effect at once, by pointer and keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.settings import SettingsSheet
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.theme import CHOICES, Theme
from tests.desktop.inspection import clipped, texts, unnamed


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "dark", 1.4)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(900, 640)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def sheet(window: QWidget, theme: Theme, qtbot: QtBot) -> SettingsSheet:
    made = SettingsSheet(theme, window)
    made.theme_chosen.connect(theme.choose)
    made.scale_chosen.connect(theme.set_scale)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made.show_sheet()
    return made


def chosen(sheet: SettingsSheet) -> list[str]:
    return [button.text() for button in sheet.findChildren(QAbstractButton) if button.isChecked() and button.text()]


def button(sheet: SettingsSheet, word: str) -> QAbstractButton:
    return next(
        found for found in sheet.findChildren(QAbstractButton) if word in (found.text(), found.accessibleName())
    )


def test_the_current_theme_is_shown_and_followed(sheet: SettingsSheet, theme: Theme) -> None:
    assert chosen(sheet) == ["Dark", "140%"]
    theme.choose("system")
    theme.set_scale(1.0)
    assert chosen(sheet) == ["System", "100%"]


def test_each_theme_and_the_sizes_from_90_to_200_percent_can_be_chosen(
    sheet: SettingsSheet, theme: Theme, qtbot: QtBot
) -> None:
    for word, choice in zip(("System", "Light", "Dark", "Contrast"), CHOICES, strict=True):
        qtbot.mouseClick(button(sheet, word), Qt.MouseButton.LeftButton)
        assert theme.choice == choice
    for percent in (90, 100, 110, 120, 140, 160, 180, 200):
        button(sheet, f"{percent}%").click()
        assert round(100 * theme.scale) == percent


@pytest.mark.parametrize(("state", "looks"), [(DiscoveryState.FOUND, True), (DiscoveryState.OFF, False)])
def test_looking_can_be_turned_off_and_on(
    sheet: SettingsSheet, qtbot: QtBot, state: DiscoveryState, looks: bool
) -> None:
    sheet.show_state(state)
    toggle = button(sheet, "Look for rooms nearby")
    assert toggle.isChecked() == looks
    with qtbot.waitSignal(sheet.discovery_chosen) as blocker:
        qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert blocker.args == [not looks]


def test_where_the_program_may_not_look_that_is_no_choice(sheet: SettingsSheet) -> None:
    sheet.show_state(DiscoveryState.UNAVAILABLE)
    toggle = button(sheet, "Look for rooms nearby")
    assert (toggle.isEnabled(), toggle.isChecked()) == (False, False)
    assert "This was turned off when ChatDesk was started." in texts(sheet)


def test_notifications_and_their_text_are_switches_of_their_own(sheet: SettingsSheet, qtbot: QtBot) -> None:
    sheet.show_notifications(on=True, text=False)
    toggle, text = button(sheet, "Notifications"), button(sheet, "Show the text in notifications")
    assert (toggle.isChecked(), text.isChecked(), text.isEnabled()) == (True, False, True)
    with qtbot.waitSignal(sheet.text_chosen) as blocker:
        qtbot.keyClick(text, Qt.Key.Key_Space)
    assert blocker.args == [True]
    with qtbot.waitSignal(sheet.notifications_chosen) as blocker:
        qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert blocker.args == [False]
    assert not text.isEnabled()


def test_it_is_used_by_keys_and_escape_closes_it(sheet: SettingsSheet, theme: Theme, qtbot: QtBot) -> None:
    focused = QApplication.focusWidget()
    assert isinstance(focused, QAbstractButton)
    assert focused.text() == "Dark"
    qtbot.keyClick(focused, Qt.Key.Key_Left)
    assert theme.choice == "light"
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(900, 640), (640, 480)])
def test_nothing_is_cut(sheet: SettingsSheet, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int]) -> None:
    sheet.window().resize(*size)
    theme.set_scale(scale)
    qtbot.waitUntil(lambda: clipped(sheet) == [])
    assert unnamed(sheet) == []
