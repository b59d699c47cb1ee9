"""The start screen: a nickname, then hosting or joining, with real keys and clicks."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.settings import RecentChat
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.host_card import HostCard
from chatdesk.desktop.widgets.start.join_card import JoinCard
from chatdesk.desktop.widgets.start.start_screen import StartScreen
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed

TODAY = date(2026, 11, 24)
LONG = RecentChat("A room whose name nobody would ever shorten " * 3, "a-long-name.example.org:18080", date(2025, 1, 2))
RECENTS = [
    RecentChat("Year 9 physics", "10.0.12.7:8080", date(2026, 11, 23)),
    LONG,
    RecentChat(HOSTILE, "10.0.0.1", TODAY),
]


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme) -> StartScreen:
    made = StartScreen(theme)
    qtbot.addWidget(made)
    made.prefill("Mara Lindqvist", "Robotics Workshop", RECENTS, TODAY)
    made.resize(made.sizeHint())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def edit(screen: StartScreen, name: str) -> QLineEdit:
    return next(edit for edit in screen.findChildren(QLineEdit) if edit.accessibleName() == name)


def button(screen: StartScreen, name: str) -> QPushButton:
    buttons = screen.findChildren(QPushButton)
    return next(button for button in buttons if name in (button.text(), button.accessibleName()))


def click(qtbot: QtBot, target: QPushButton) -> None:
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton)


def test_the_last_values_are_filled_in_and_the_name_is_focused(screen: StartScreen) -> None:
    screen.setFocus()
    assert edit(screen, "Your name").hasFocus()
    assert edit(screen, "Your name").text() == "Mara Lindqvist"
    assert edit(screen, "Name of the room").text() == "Robotics Workshop"
    assert {"Year 9 physics", "10.0.12.7:8080", "Yesterday", HOSTILE, "2 Jan 2025"} <= set(texts(screen))


def test_host_carries_the_room_and_the_name_as_it_is_shown(screen: StartScreen, qtbot: QtBot) -> None:
    edit(screen, "Your name").setText("  Mara   Lindqvist ")
    with qtbot.waitSignal(screen.host) as blocker:
        click(qtbot, button(screen, "Host"))
    assert blocker.args == ["Robotics Workshop", "Mara Lindqvist"]


def test_a_room_without_a_name_gets_the_placeholder(screen: StartScreen, qtbot: QtBot) -> None:
    room = edit(screen, "Name of the room")
    room.clear()
    with qtbot.waitSignal(screen.host) as blocker:
        qtbot.keyClick(room, Qt.Key.Key_Return)
    assert blocker.args == [room.placeholderText(), "Mara Lindqvist"]


def test_enter_in_the_name_goes_on_to_the_room(screen: StartScreen, qtbot: QtBot) -> None:
    qtbot.keyClick(edit(screen, "Your name"), Qt.Key.Key_Return)
    assert edit(screen, "Name of the room").hasFocus()


def test_join_carries_the_address_as_it_was_typed(screen: StartScreen, qtbot: QtBot) -> None:
    address = edit(screen, "Address or code of the room")
    qtbot.keyClicks(address, " 192.168.4.20:8080")
    with qtbot.waitSignal(screen.join) as blocker:
        qtbot.keyClick(address, Qt.Key.Key_Return)
    assert blocker.args == ["192.168.4.20:8080", "Mara Lindqvist"]


def test_a_recent_chat_is_joined_by_one_click(screen: StartScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.join) as blocker:
        click(qtbot, button(screen, "Join Year 9 physics at 10.0.12.7:8080"))
    assert blocker.args == ["10.0.12.7:8080", "Mara Lindqvist"]


@pytest.mark.parametrize("nickname", ["", "   ", "x" * 33, "admin\u202e", "server"])
def test_an_invalid_name_shows_why_and_nothing_starts(screen: StartScreen, qtbot: QtBot, nickname: str) -> None:
    edit(screen, "Your name").setText(nickname)
    with qtbot.assertNotEmitted(screen.host), qtbot.assertNotEmitted(screen.join):
        click(qtbot, button(screen, "Host"))
        click(qtbot, button(screen, "Join Year 9 physics at 10.0.12.7:8080"))
    assert any(text.startswith("Choose a") for text in texts(screen))
    assert edit(screen, "Your name").hasFocus()
    assert edit(screen, "Your name").text() == nickname


@pytest.mark.parametrize("address", ["", "ftp://10.0.0.1", "10.0.0.1:99999", "<img src=x>"])
def test_an_invalid_address_shows_what_to_type(screen: StartScreen, qtbot: QtBot, address: str) -> None:
    edit(screen, "Address or code of the room").setText(address)
    with qtbot.assertNotEmitted(screen.join):
        click(qtbot, button(screen, "Join"))
    assert any("such as 192.168.4.20:8080" in text for text in texts(screen))
    assert edit(screen, "Address or code of the room").text() == address


def test_an_error_of_the_host_is_shown_below_its_field(screen: StartScreen) -> None:
    screen.show_address_error("Nobody answers at 10.0.0.1:8080.")
    assert edit(screen, "Address or code of the room").hasFocus()
    screen.show_nickname_error(HOSTILE)
    assert HOSTILE in texts(screen)
    assert "Nobody answers at 10.0.0.1:8080." in texts(screen)
    assert edit(screen, "Your name").selectedText() == "Mara Lindqvist"


def test_enter_in_a_refused_name_joins_again(screen: StartScreen, qtbot: QtBot) -> None:
    screen.set_address("10.0.0.1:8080")
    screen.show_nickname_error("Someone here has this name.", joining=True)
    with qtbot.waitSignal(screen.join) as joined:
        qtbot.keyClick(edit(screen, "Your name"), Qt.Key.Key_Return)
    assert joined.args == ["10.0.0.1:8080", "Mara Lindqvist"]
    screen.set_busy(joining=True)
    screen.set_busy()
    qtbot.keyClick(edit(screen, "Your name"), Qt.Key.Key_Return)
    assert edit(screen, "Name of the room").hasFocus()


def test_while_one_thing_starts_nothing_else_can(screen: StartScreen, qtbot: QtBot) -> None:
    screen.set_busy(joining=True)
    assert not any(field.isEnabled() for field in screen.findChildren(QLineEdit))
    for card in (screen.findChild(HostCard), screen.findChild(JoinCard)):
        assert card is not None
        assert not any(part.isEnabled() for part in card.findChildren(QPushButton))
    assert button(screen, "Joining").isVisible()
    screen.set_busy()
    with qtbot.waitSignal(screen.host):
        click(qtbot, button(screen, "Host"))


def test_an_address_from_the_command_line_is_offered(screen: StartScreen) -> None:
    screen.set_address("10.0.0.9:8080")
    assert edit(screen, "Address or code of the room").text() == "10.0.0.9:8080"


def test_the_theme_button_offers_the_other_theme(screen: StartScreen, theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.dark_requested) as blocker:
        click(qtbot, button(screen, "Dark theme"))
    assert blocker.args == [True]
    theme.choose("dark")
    with qtbot.waitSignal(screen.dark_requested) as blocker:
        click(qtbot, button(screen, "Light theme"))
    assert blocker.args == [False]


def test_the_settings_button_requests_the_settings(screen: StartScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.settings_requested):
        click(qtbot, button(screen, "Settings"))


def test_tab_goes_from_top_to_bottom(screen: StartScreen, qtbot: QtBot) -> None:
    edit(screen, "Your name").setFocus()
    order = []
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        order.append(focused.accessibleName() or focused.text())
    assert order[:2] == ["Name of the room", "Host"]
    assert order[2].startswith("Join Year 9 physics")
    assert order[5:] == ["Address or code of the room", "Token or invitation", "Join"]


def test_every_control_has_a_name(screen: StartScreen) -> None:
    assert unnamed(screen) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [640, 900, 1600])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_is_cut(
    screen: StartScreen, theme: Theme, qtbot: QtBot, scale: float, width: int, direction: Qt.LayoutDirection
) -> None:
    theme.set_scale(scale)
    screen.setLayoutDirection(direction)
    screen.show_nickname_error("Someone here has this name. Try Mara L. or Mara 2.")
    screen.show_address_error(
        "Nobody answers at 10.0.0.1:8080. Is the host's window open, and is this the same network?"
    )
    screen.resize(width, 480)
    qtbot.waitUntil(lambda: clipped(screen.widget()) == [])
    assert screen.horizontalScrollBar().maximum() == 0


def test_in_a_narrow_window_the_cards_stack(screen: StartScreen, qtbot: QtBot) -> None:
    host, join = screen.findChild(HostCard), screen.findChild(JoinCard)
    assert host is not None
    assert join is not None
    assert (host.y(), host.height()) == (join.y(), join.height())
    screen.resize(700, 640)
    qtbot.waitUntil(lambda: join.y() > host.y() + host.height())
    assert host.width() == join.width() == 700 - 64 - screen.verticalScrollBar().width()
