"""The bar above the timeline: the room, the user's name, the number of people, the search."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.top_bar import TopBar
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> TopBar:
    made = TopBar(theme)
    qtbot.addWidget(made)
    made.set_room("lobby", "You are Mara in Robotics Workshop")
    made.set_people(12)
    made.resize(900, 52)
    made.show()
    return made


def button(bar: TopBar, name: str) -> QPushButton:
    return next(found for found in bar.findChildren(QPushButton) if found.accessibleName() == name)


def test_it_shows_the_room_and_the_users_name(bar: TopBar) -> None:
    assert texts(bar) == ["lobby", "You are Mara in Robotics Workshop"]
    bar.set_room(HOSTILE, HOSTILE)
    assert texts(bar) == [HOSTILE, HOSTILE]


def test_the_number_of_people_is_a_button_with_a_name(bar: TopBar, qtbot: QtBot) -> None:
    people = button(bar, "12 people here")
    assert people.text() == "12"
    with qtbot.waitSignal(bar.people_requested):
        qtbot.mouseClick(people, Qt.MouseButton.LeftButton)
    bar.set_people(1)
    assert people.accessibleName() == "1 person here"
    assert unnamed(bar) == []


def test_the_menu_button_is_shown_where_the_sidebar_is_not(bar: TopBar, qtbot: QtBot) -> None:
    menu = button(bar, "Show rooms and people")
    assert not menu.isVisible()
    bar.set_narrow(True)
    assert menu.isVisible()
    with qtbot.waitSignal(bar.sidebar_requested):
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton)
    bar.set_waiting(True)
    assert menu.accessibleName() == "Show rooms and people, something is unread"
    dots = menu.grab().toImage()
    bar.set_waiting(False)
    assert menu.grab().toImage() != dots
    bar.set_narrow(False)
    assert not menu.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [640, 900])
def test_nothing_is_cut_but_names(bar: TopBar, theme: Theme, qtbot: QtBot, scale: float, width: int) -> None:
    theme.set_scale(scale)
    bar.set_narrow(True)
    bar.set_people(1000)
    bar.set_room("a-room-with-a-name-of-32-letters", f"You are {'W' * 32} in {'M' * 32}")
    bar.resize(width, bar.height())
    qtbot.waitUntil(lambda: clipped(bar) == [])
    assert bar.height() == theme.px(52)


def test_the_topic_is_cut_before_the_room(bar: TopBar, qtbot: QtBot) -> None:
    bar.set_room("robotics-workshop", f"You are {'W' * 32} in {'M' * 32}")
    bar.resize(420, bar.height())
    room = next(label for label in bar.findChildren(type(bar._room)) if label.text() == "robotics-workshop")
    qtbot.waitUntil(lambda: room.width() >= room.sizeHint().width())


def test_the_search_is_a_field_where_there_is_room_and_else_a_button(bar: TopBar, theme: Theme, qtbot: QtBot) -> None:
    opens = button(bar, "Search messages")
    assert (bar.search_field.isVisible(), opens.isVisible()) == (True, False)
    assert bar.search_field.width() == 216
    bar.resize(500, bar.height())
    assert (bar.search_field.isVisible(), opens.isVisible()) == (False, True)
    qtbot.mouseClick(opens, Qt.MouseButton.LeftButton)
    assert bar.search_field.isVisible()
    assert texts(bar) == []
    qtbot.waitUntil(lambda: bar.search_field.width() > 400)
    bar.search_field.setText("bench")
    bar.close_search()
    assert bar.search_field.text() == ""
    assert texts(bar) == ["lobby", "You are Mara in Robotics Workshop"]
    bar.resize(900, bar.height())
    theme.set_scale(2.0)
    assert opens.isVisible()


def test_a_private_room_has_no_sign_of_a_room(bar: TopBar) -> None:
    bar.set_room("Ana", "You are Mara in Robotics Workshop", None)
    assert not bar._kind.isVisible()
    bar.set_room("lobby", "You are Mara in Robotics Workshop")
    assert bar._kind.isVisible()
