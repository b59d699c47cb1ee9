"""The recent chats: replaced whole, three of them, and told which are open."""

from datetime import date, timedelta

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.settings import Recent
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.recent_list import RecentList
from tests.desktop.looking import texts
from tests.desktop.nearby import host

TODAY = date(2026, 11, 24)


@pytest.fixture
def recents(qtbot: QtBot, theme: Theme) -> RecentList:
    made = RecentList(theme)
    qtbot.addWidget(made)
    made.show_recents([Recent(f"Room {number}", f"10.0.0.{number}", TODAY) for number in range(8)], TODAY)
    return made


def test_the_newest_three_are_offered(recents: RecentList) -> None:
    assert [text for text in texts(recents) if text.startswith("Room")] == ["Room 0", "Room 1", "Room 2"]


def test_new_rows_take_the_place_of_the_old_ones(recents: RecentList) -> None:
    recents.show_recents([Recent("Only", "10.0.0.9", TODAY)], TODAY)
    assert [row.address for row in recents.rows] == ["10.0.0.9"]


def test_midnight_makes_yesterday_of_today(recents: RecentList) -> None:
    recents.show_answer("10.0.0.1", host(1))
    assert texts(recents).count("Today") == 2
    recents.tell_today(TODAY + timedelta(days=1))
    assert texts(recents).count("Yesterday") == 2
    recents.show_answer("10.0.0.1", None)
    assert texts(recents).count("Yesterday") == 3


def test_without_any_there_is_no_heading(recents: RecentList) -> None:
    recents.show_recents([], TODAY)
    assert recents.isHidden()
    recents.show_recents([Recent("Only", "10.0.0.9", TODAY)], TODAY)
    assert not recents.isHidden()


def test_only_the_one_that_answers_is_open(recents: RecentList) -> None:
    recents.show_answer("10.0.0.1", host(1, "Room 1", people=31))
    recents.show_answer("10.0.0.77", host(7, "Elsewhere"))
    assert [text for text in texts(recents) if text in ("31 here", "Today", "Elsewhere")] == [
        "Today",
        "31 here",
        "Today",
    ]


def test_a_click_carries_the_address(recents: RecentList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(recents.chosen) as said:
        recents.rows[2].click()
    assert said.args == ["10.0.0.2"]
