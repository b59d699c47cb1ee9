"""The empty room: three steps for a host, a sentence for a guest."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.text import NO_NETWORK
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.empty_room import EmptyRoom
from chatdesk.desktop.widgets.common.lamp import Lamp
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from tests.desktop.inspection import clipped, settled_picture, texts, unnamed
from tests.desktop.invitations import AT_LONGEST, AT_WIFI

AT_LONG = Invitation("192.168.104.200", 18080, AT_WIFI.network)


def bottom(room: EmptyRoom, part: QWidget) -> int:
    """Return the bottom of a part in the viewport, in pixels."""
    return part.mapTo(room.viewport(), part.rect().bottomLeft()).y()


def bar(room: EmptyRoom) -> ScrollBar:
    found = room.verticalScrollBar()
    assert isinstance(found, ScrollBar)
    return found


@pytest.fixture
def room(qtbot: QtBot, theme: Theme) -> EmptyRoom:
    made = EmptyRoom(theme)
    qtbot.addWidget(made)
    made.resize(920, 600)
    made.show()
    return made


def test_a_guest_sees_how_many_are_here(room: EmptyRoom) -> None:
    room.set_people(1)
    assert texts(room) == ["The room is open", "Nobody else is here yet."]
    room.set_people(3)
    assert "3 people are here, and nobody has said anything yet." in texts(room)


def test_in_a_room_besides_that_of_the_join_nobody_is_invited_from_outside(room: EmptyRoom) -> None:
    room.set_room("Nobody has written in #build yet", "Write the first message below.")
    room.set_invitation(AT_WIFI)
    room.set_people(2)
    assert texts(room) == ["Nobody has written in #build yet", "Write the first message below."]
    assert not room.findChildren(Lamp)[0].isVisible()
    room.set_room()
    assert {"The room is open", "192.168.4.20:8080"} <= set(texts(room))


def test_a_host_sees_three_steps_and_the_address(room: EmptyRoom) -> None:
    room.set_invitation(AT_WIFI)
    room.set_people(1)
    assert {"192.168.4.20:8080", "Nobody here yet. Three steps, and everyone is in."} <= set(texts(room))
    room.set_people(2)
    assert "2 people are here, and nobody has said anything yet." in texts(room)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Show on projector", "projector_requested"),
        ("Copy address", "copy_requested"),
        ("Check the connection", "check_requested"),
    ],
)
def test_its_buttons_emit_its_signals(room: EmptyRoom, qtbot: QtBot, text: str, signal: str) -> None:
    room.set_invitation(AT_WIFI)
    button = next(button for button in room.findChildren(QPushButton) if button.text() == text)
    with qtbot.waitSignal(getattr(room, signal)):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert unnamed(room) == []


def test_code_and_steps_are_side_by_side_where_there_is_room(room: EmptyRoom, qtbot: QtBot, theme: Theme) -> None:
    room.set_invitation(AT_WIFI)
    code = room.findChild(QrCode)
    step = next(label for label in room.findChildren(type(room._explanation)) if label.text() == "Same network")

    def beside() -> bool:
        return step.mapTo(room, step.rect().topLeft()).x() > code.mapTo(room, code.rect().topRight()).x()

    qtbot.waitUntil(beside)
    theme.set_scale(2.0)
    qtbot.waitUntil(lambda: not beside())
    theme.set_scale(1.0)
    qtbot.waitUntil(beside)
    room.resize(600, 480)
    qtbot.waitUntil(lambda: not beside())


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [580, 640, 1400])
def test_nothing_is_cut_and_nothing_scrolls_sideways(
    room: EmptyRoom, theme: Theme, qtbot: QtBot, scale: float, width: int
) -> None:
    theme.set_scale(scale)
    room.set_invitation(AT_LONGEST)
    room.set_people(1)
    room.resize(width, 480)
    qtbot.waitUntil(lambda: room.widget().width() <= room.viewport().width())
    qtbot.waitUntil(lambda: clipped(room.widget()) == [])


def test_lamp_and_numbers_grow_with_the_text(room: EmptyRoom, theme: Theme, qtbot: QtBot) -> None:
    room.set_invitation(AT_WIFI)
    before = settled_picture(room, qtbot)
    theme.set_scale(2.0)
    assert settled_picture(room, qtbot) != before
    theme.set_scale(1.0)
    qtbot.waitUntil(lambda: room.grab().toImage() == before)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("size", [(920, 660), (670, 660), (640, 340)])
def test_the_code_shrinks_so_that_nothing_must_scroll(
    room: EmptyRoom, theme: Theme, qtbot: QtBot, size: tuple[int, int], name: str
) -> None:
    """The sizes are what remains of windows of 1200x800, 950x800 and 640x480."""
    theme.choose(name)
    room.set_invitation(AT_LONG)
    room.set_people(1)
    room.resize(*size)
    copy = next(button for button in room.findChildren(QPushButton) if button.text() == "Copy address")
    qtbot.waitUntil(lambda: bar(room).maximum() == 0 and bottom(room, copy) < room.viewport().height())
    assert clipped(room.widget()) == []
    assert not bar(room).shown


@pytest.mark.parametrize(
    ("scale", "size"), [(2.0, (920, 540)), (2.0, (640, 340)), (1.0, (360, 400)), (1.0, (640, 310))]
)
def test_what_does_not_fit_scrolls_and_a_bar_says_so(
    room: EmptyRoom, theme: Theme, qtbot: QtBot, scale: float, size: tuple[int, int]
) -> None:
    theme.set_scale(scale)
    room.set_invitation(AT_LONG)
    room.set_people(1)
    room.resize(*size)
    code = room.findChild(QrCode)
    qtbot.waitUntil(lambda: bar(room).shown and bottom(room, code) < room.viewport().height())
    assert code.width() >= 120
    height = room.viewport().height()

    def no_button_is_cut() -> bool:
        buttons = room.findChildren(QPushButton)
        return all(bottom(room, it) - it.height() + 1 >= height or bottom(room, it) < height for it in buttons)

    qtbot.waitUntil(no_button_is_cut)


def test_a_scroll_bar_disappears_once_it_is_not_needed(room: EmptyRoom, qtbot: QtBot) -> None:
    """Text is lower without a scroll bar; where it fits only so, code and gaps must not bring the bar back."""
    room.set_invitation(AT_LONG)
    room.set_people(1)
    buttons = room.findChildren(QPushButton)
    for height in range(500, 560, 5):
        room.resize(411, 300)
        qtbot.waitUntil(lambda: bar(room).shown)
        room.resize(411, height)
        qtbot.waitUntil(
            lambda: (
                all(bottom(room, button) < room.height() for button in buttons)
                or all(bottom(room, button) - button.height() + 1 >= room.height() for button in buttons)
            )
        )


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_a_loopback_address_promises_nothing_to_others(room: EmptyRoom, address: str) -> None:
    room.set_invitation(Invitation(address, 8080))
    room.set_people(1)
    shown = set(texts(room))
    assert {"This computer only", "ChatDesk listens on this computer’s own address: others cannot join."} <= shown
    assert "Nobody here yet." in shown
    assert "Same network" not in shown
    room.set_invitation(AT_WIFI)
    room.set_people(1)
    assert {"Same network", "Nobody here yet. Three steps, and everyone is in."} <= set(texts(room))


def test_without_a_network_it_says_what_to_do_until_there_is_one(room: EmptyRoom) -> None:
    room.set_invitation(None)
    shown = texts(room)
    assert shown == ["The room is open", f"Nobody here yet. {NO_NETWORK}"]
    room.set_invitation(AT_WIFI)
    assert "192.168.4.20:8080" in texts(room)


def test_a_lost_connection_turns_the_lamp_off(room: EmptyRoom) -> None:
    lamp = room.findChild(Lamp)
    lit = lamp.grab().toImage()
    room.set_open(False)
    assert texts(room)[0] == "Not connected"
    middle = lamp.grab().toImage().pixelColor(lamp.rect().center())
    assert middle != lit.pixelColor(lamp.rect().center())
    assert middle.lightness() > 200
    room.set_open(True)
    assert texts(room)[0] == "The room is open"
    assert lamp.grab().toImage() == lit
