"""The list of people."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QAccessible, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.people.people_list import PeopleList
from chatdesk.protocol.events import User
from chatdesk.protocol.text import isolated
from tests.desktop.inspection import HOSTILE
from tests.desktop.people import named

KINDS = ("window", "browser", "phone", "terminal")


def user(nickname: str, kind: str = "phone", *, host: bool = False, status: str = "online") -> User:
    return User(nickname, status, "", kind, host)  # type: ignore[arg-type]


@pytest.fixture
def model(qapp: QApplication) -> PeopleModel:
    return PeopleModel()


@pytest.fixture
def people(qtbot: QtBot, theme: Theme, model: PeopleModel) -> PeopleList:
    made = PeopleList(theme, model)
    qtbot.addWidget(made)
    made.resize(280, 400)
    made.show()
    return made


def row_picture(people: PeopleList, row: int) -> QImage:
    rect = people.visualRect(people.model().index(row, 0))
    return people.viewport().grab(rect).toImage()


def test_rows_are_as_high_as_the_tokens_have_it_and_grow(
    people: PeopleList, model: PeopleModel, theme: Theme, qtbot: QtBot
) -> None:
    model.set_people([user("Mara"), user("Kit")], named("Mara"))
    for scale in (1.0, 2.0):
        theme.set_scale(scale)
        qtbot.waitUntil(lambda: people.visualRect(people.model().index(1, 0)).top() == theme.px(34))


def test_each_kind_of_client_has_its_icon_and_the_host_a_tag(people: PeopleList, model: PeopleModel) -> None:
    pictures: list[QImage] = []
    for kind in KINDS:
        model.set_people([user("Kit", kind)], named("Mara"))
        pictures.append(row_picture(people, 0))
    model.set_people([user("Kit", host=True)], named("Mara"))
    pictures.append(row_picture(people, 0))
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


def test_each_presence_has_a_shape_and_an_unknown_one_is_online(people: PeopleList, model: PeopleModel) -> None:
    pictures: dict[str, QImage] = {}
    for status in ("online", "away", "busy", "offline", HOSTILE):
        model.set_people([user("Kit", status=status)], named("Mara"))
        pictures[status] = row_picture(people, 0)
    assert pictures[HOSTILE] == pictures["online"]
    assert pictures["away"] != pictures["online"] != pictures["offline"]


def test_only_matching_names_are_shown(people: PeopleList, model: PeopleModel) -> None:
    model.set_people([user("Mara"), user("Marco"), user("Kit"), user("a.*b")], named(""))
    assert people.show_matches("mar") == 2
    assert people.show_matches(" KIT ") == 1
    assert people.show_matches(".*") == 1
    assert people.show_matches("nobody") == 0
    model.apply_changes([user("Nobody knows")], [])
    assert people.show_matches("nobody") == 1
    assert people.show_matches("") == 5


def test_the_tooltip_has_the_whole_name_as_text(people: PeopleList, model: PeopleModel) -> None:
    model.set_people([user(HOSTILE)], named("Mara"))
    index = people.model().index(0, 0)
    point = people.visualRect(index).center()
    event = QHelpEvent(QEvent.Type.ToolTip, point, people.viewport().mapToGlobal(point))
    people.itemDelegate().helpEvent(event, people, QStyleOptionViewItem(), index)
    assert "&lt;img" in QToolTip.text()
    QToolTip.hideText()


def test_a_long_name_does_not_reach_into_the_icon(people: PeopleList, model: PeopleModel, theme: Theme) -> None:
    model.set_people([user("W" * 32)], named("Mara"))
    picture = row_picture(people, 0)
    icon_left = people.viewport().width() - 19 - 16
    between = [picture.pixelColor(x, 17) for x in range(icon_left - 6, icon_left - 1)]
    assert len({color.name() for color in between}) == 1


def test_a_screen_reader_gets_name_presence_and_client(people: PeopleList, model: PeopleModel) -> None:
    model.set_people([user("Mara", "window", host=True), user(HOSTILE)], named("Mara"))
    interface = QAccessible.queryAccessibleInterface(people)
    names = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]
    assert names == ["Mara, online, you, host", f"{isolated(HOSTILE)}, online, phone"]
    assert people.indexAt(QPoint(20, 20)).isValid()


def test_in_large_text_you_keeps_its_distance_from_the_name(
    people: PeopleList, model: PeopleModel, theme: Theme, qtbot: QtBot
) -> None:
    model.set_people([user("l")], named("l"))
    theme.set_scale(2.0)
    qtbot.waitUntil(lambda: people.visualRect(people.model().index(0, 0)).height() == theme.px(34))
    picture = row_picture(people, 0)
    ground, middle = picture.pixelColor(1, 1), picture.height() // 2
    name_left = 18 + theme.px(24) + 9
    inked = [
        x
        for x in range(name_left, picture.width() - 60)
        if any(picture.pixelColor(x, y) != ground for y in range(middle - 12, middle + 12))
    ]
    gaps = [after - before for before, after in pairwise(inked)]
    assert max(gaps) > 8


def test_another_search_is_read_from_its_beginning(people: PeopleList, model: PeopleModel, qtbot: QtBot) -> None:
    model.set_people([user(f"Guest {number:03}") for number in range(200)], named("Mara"))
    qtbot.waitUntil(lambda: people.verticalScrollBar().maximum() > 0)
    people.scrollToBottom()
    people.show_matches("g")
    qtbot.waitUntil(lambda: people.verticalScrollBar().value() == 0)
    assert people.visualRect(people.model().index(0, 0)).top() == 0


def test_at_its_end_it_asks_for_more(people: PeopleList, model: PeopleModel, qtbot: QtBot) -> None:
    model.set_people([user(f"Guest {number:03}") for number in range(200)], named("Mara"))
    qtbot.waitUntil(lambda: people.verticalScrollBar().maximum() > 0)
    with qtbot.assertNotEmitted(people.more_requested, wait=50):
        people.verticalScrollBar().setValue(10)
    with qtbot.waitSignal(people.more_requested):
        people.scrollToBottom()
