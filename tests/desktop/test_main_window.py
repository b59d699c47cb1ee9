"""The window shows start screen or chat, each with its own geometry and title."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QVariantAnimation
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.main_window import MainWindow
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from tests.desktop.simulated_chat import SimulatedChat


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: Settings) -> MainWindow:
    made = MainWindow(theme, settings)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def screen(theme: Theme) -> ChatScreen:
    return ChatScreen(theme, SimulatedChat().model, PeopleModel(), SearchHitsModel(), hosting=False)


def test_the_start_screen_is_900_by_640_and_the_chat_1200_by_800(window: MainWindow, screen: ChatScreen) -> None:
    window.show_start()
    assert (window.size().toTuple(), window.windowTitle()) == ((900, 640), "ChatDesk")
    assert window.start.isVisible()
    window.show_chat(screen, "Robotics Workshop")
    assert (window.size().toTuple(), window.windowTitle()) == ((1200, 800), "Robotics Workshop – ChatDesk")
    assert screen.isVisible()
    assert not window.start.isVisible()


def test_it_gets_no_smaller_than_the_tokens_allow(window: MainWindow) -> None:
    window.show_start()
    window.resize(100, 100)
    assert window.size().toTuple() == (360, 240)


def test_each_is_as_large_as_it_was_the_last_time(
    window: MainWindow, screen: ChatScreen, theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    window.show_start()
    window.resize(700, 500)
    window.show_chat(screen, "A")
    window.resize(780, 700)
    window.show_start()
    assert window.size().toTuple() == (700, 500)
    window.show_chat(screen, "A")
    assert window.size().toTuple() == (780, 700)
    window.resize(770, 710)
    window.close()
    again = MainWindow(theme, settings)
    qtbot.addWidget(again)
    again.show_start()
    assert again.size().toTuple() == (700, 500)
    other = ChatScreen(theme, SimulatedChat().model, PeopleModel(), SearchHitsModel(), hosting=False)
    again.show_chat(other, "B")
    assert again.size().toTuple() == (770, 710)


def test_what_is_shown_has_the_keys(window: MainWindow, screen: ChatScreen, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.show_start()
        window.activateWindow()
    assert QApplication.focusWidget().accessibleName() == "Your name"
    window.show_chat(screen, "A")
    assert screen.composer.edit.hasFocus()


def test_a_chat_that_was_left_is_forgotten(window: MainWindow, screen: ChatScreen, qtbot: QtBot) -> None:
    window.show_chat(screen, "A")
    with qtbot.waitSignal(screen.destroyed):
        window.remove_chat(screen)
    window.show_start()
    assert window.start.isVisible()


def test_a_toast_outlives_the_chat_it_stood_over(window: MainWindow, screen: ChatScreen, qtbot: QtBot) -> None:
    window.show_chat(screen, "A")
    window.toast.show_text("The network has changed")
    with qtbot.waitSignal(screen.destroyed):
        window.remove_chat(screen)
    window.resize(800, 600)  # the server may still shut down before another screen is shown
    assert window.toast.isVisible()
    assert abs(window.toast.geometry().center().x() - window.rect().center().x()) <= 1


def test_a_chat_that_never_came_about_is_forgotten_too(window: MainWindow, screen: ChatScreen, qtbot: QtBot) -> None:
    window.show_start()
    with qtbot.waitSignal(screen.destroyed):
        window.remove_chat(screen)


def test_closing_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.show_start()
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.isVisible()


def test_the_keys_for_quitting_close_it(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.show_start()
        window.activateWindow()
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("size", [(1200, 800), (640, 480)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_settings_lie_within_the_window(
    window: MainWindow, screen: ChatScreen, theme: Theme, qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    theme.set_scale(scale)
    window.show_chat(screen, "A")
    window.resize(*size)
    sheet = window.settings_sheet
    sheet.show_sheet()
    qtbot.waitUntil(lambda: sheet._animation.state() == QVariantAnimation.State.Stopped)
    assert window.rect().contains(sheet._card.geometry())
    assert [top for top in QApplication.topLevelWidgets() if top.isVisible()] == [window]
