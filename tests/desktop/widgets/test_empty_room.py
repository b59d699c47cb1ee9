"""Nobody has said anything yet: three steps for who hosts, a quiet word for who has joined."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.empty_room import EmptyRoom
from chatdesk.desktop.widgets.qr import Qr
from tests.desktop.looking import clipped, texts, unnamed


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def room(qtbot: QtBot, theme: Theme) -> EmptyRoom:
    made = EmptyRoom(theme)
    qtbot.addWidget(made)
    made.resize(920, 600)
    made.show()
    return made


def test_who_has_joined_is_told_who_is_here(room: EmptyRoom) -> None:
    room.set_people(1)
    assert texts(room) == ["The room is open", "Nobody else is here yet."]
    room.set_people(3)
    assert "3 people are here, and nobody has said anything yet." in texts(room)


def test_who_hosts_sees_three_steps_and_the_address(room: EmptyRoom) -> None:
    room.set_url("http://192.168.4.20:8080/")
    room.set_people(1)
    assert {"192.168.4.20:8080", "Nobody here yet. Three steps, and everyone is in."} <= set(texts(room))
    room.set_people(2)
    assert "2 people are here, and nobody has said anything yet." in texts(room)


@pytest.mark.parametrize(
    ("text", "signal"), [("Show on projector", "projector_wanted"), ("Copy address", "copy_wanted")]
)
def test_its_buttons_say_what_is_wanted(room: EmptyRoom, qtbot: QtBot, text: str, signal: str) -> None:
    room.set_url("http://192.168.4.20:8080")
    button = next(button for button in room.findChildren(QPushButton) if button.text() == text)
    with qtbot.waitSignal(getattr(room, signal)):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert unnamed(room) == []


def test_code_and_steps_stand_side_by_side_where_there_is_room(room: EmptyRoom, qtbot: QtBot, theme: Theme) -> None:
    room.set_url("http://192.168.4.20:8080")
    code = room.findChild(Qr)
    step = next(label for label in room.findChildren(type(room._about)) if label.text() == "Same network")

    def beside() -> bool:
        return step.mapTo(room, step.rect().topLeft()).x() > code.mapTo(room, code.rect().topRight()).x()

    qtbot.waitUntil(beside)
    theme.set_scale(1.6)
    qtbot.waitUntil(lambda: not beside())
    theme.set_scale(1.0)
    room.resize(640, 480)
    qtbot.waitUntil(lambda: not beside())


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [580, 640, 1400])
def test_nothing_is_cut_and_nothing_scrolls_sideways(
    room: EmptyRoom, theme: Theme, qtbot: QtBot, scale: float, width: int
) -> None:
    theme.set_scale(scale)
    room.set_url("http://a-rather-long-name-for-a-computer.example.org:18080")
    room.set_people(1)
    room.resize(width, 480)
    qtbot.waitUntil(lambda: room.widget().width() <= room.viewport().width())
    qtbot.waitUntil(lambda: clipped(room.widget()) == [])


def test_lamp_and_numbers_grow_with_the_text(room: EmptyRoom, theme: Theme) -> None:
    room.set_url("http://192.168.4.20:8080")
    before = room.grab().toImage()
    theme.set_scale(2.0)
    theme.set_scale(1.0)
    QApplication.processEvents()
    assert room.grab().toImage() == before
