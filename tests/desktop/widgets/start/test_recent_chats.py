"""Chats joined before: their rows, and the list of the newest three."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.settings import RecentChat
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.start.recent_chats import RecentChatList, RecentChatRow, format_day
from tests.desktop.found_hosts import host
from tests.desktop.inspection import HOSTILE, clipped, texts
from tests.desktop.tooltips import tip
from tests.time_zones import WEST, LocalTimeZone

NEW_YEAR = date(2026, 1, 1)
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (NEW_YEAR, "Today"),
        (date(2025, 12, 31), "Yesterday"),
        (date(2025, 12, 30), "30 Dec 2025"),
        (date(2026, 1, 5), "5 Jan"),
    ],
)
def test_a_day_is_today_yesterday_or_a_date(day: date, name: str) -> None:
    assert format_day(day, NEW_YEAR) == name


def test_another_time_zone_may_change_the_day(qtbot: QtBot, theme: Theme, local_zone: LocalTimeZone) -> None:
    moment = datetime(2025, 12, 31, 12, tzinfo=UTC)
    row = RecentChatRow(theme, RecentChat("Mess deck", "172.16.0.4", NEW_YEAR, moment), NEW_YEAR)
    qtbot.addWidget(row)
    assert texts(row)[-1] == "Today"
    local_zone.set(WEST)
    row.set_today(date(2025, 12, 31))
    assert texts(row)[-1] == "Today"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_hostile_name_is_text_and_only_names_are_cut(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    row = RecentChatRow(Theme(qapp, "light", scale), RecentChat(HOSTILE * 5, "10.0.0.1:8080", NEW_YEAR), NEW_YEAR)
    qtbot.addWidget(row)
    row.resize(400, row.sizeHint().height())
    row.show()
    assert texts(row) == [HOSTILE * 5, "10.0.0.1:8080", "Today"]
    assert clipped(row) == []
    assert all("<b>" not in tip(part) for part in (row, *row.findChildren(Label)))


def test_a_click_on_its_words_is_a_click_on_the_row(qtbot: QtBot, qapp: QApplication) -> None:
    row = RecentChatRow(Theme(qapp, "light"), RecentChat("Mess deck", "172.16.0.4", NEW_YEAR), NEW_YEAR)
    qtbot.addWidget(row)
    row.resize(400, 32)
    row.show()
    label = row.findChildren(Label)[0]
    with qtbot.waitSignal(row.clicked):
        qtbot.mouseClick(row.window().childAt(label.geometry().center()) or row, Qt.MouseButton.LeftButton)
    assert row.childAt(label.geometry().center()) is None


def test_an_open_chat_has_the_lamp_its_current_name_and_its_people(qtbot: QtBot, theme: Theme) -> None:
    row = RecentChatRow(theme, RecentChat("Mess deck", "172.16.0.4", NEW_YEAR), NEW_YEAR)
    qtbot.addWidget(row)
    row.resize(400, 32)
    row.show()
    assert not row._lamp.isVisible()
    row.show_open_chat(host(4, "Galley", people=31))
    assert row._lamp.isVisible()
    assert texts(row) == ["Galley", "172.16.0.4", "31 here"]
    assert row.accessibleName() == "Join Galley at 172.16.0.4, 31 here"
    row.show_open_chat(None)
    assert not row._lamp.isVisible()
    assert texts(row) == ["Mess deck", "172.16.0.4", "Today"]


@pytest.fixture
def recents(qtbot: QtBot, theme: Theme) -> RecentChatList:
    made = RecentChatList(theme)
    qtbot.addWidget(made)
    made.set_chats([RecentChat(f"Room {number}", f"10.0.0.{number}", TODAY) for number in range(8)], TODAY)
    return made


def test_the_newest_three_are_offered(recents: RecentChatList) -> None:
    assert [text for text in texts(recents) if text.startswith("Room")] == ["Room 0", "Room 1", "Room 2"]


def test_new_rows_replace_the_old_ones(recents: RecentChatList) -> None:
    recents.set_chats([RecentChat("Only", "10.0.0.9", TODAY)], TODAY)
    assert [row.address for row in recents.rows] == ["10.0.0.9"]


def test_midnight_makes_yesterday_of_today(recents: RecentChatList) -> None:
    recents.show_open_chat("10.0.0.1", host(1))
    assert texts(recents).count("Today") == 2
    recents.set_today(TODAY + timedelta(days=1))
    assert texts(recents).count("Yesterday") == 2
    recents.show_open_chat("10.0.0.1", None)
    assert texts(recents).count("Yesterday") == 3


def test_without_any_there_is_no_heading(recents: RecentChatList) -> None:
    recents.set_chats([], TODAY)
    assert recents.isHidden()
    recents.set_chats([RecentChat("Only", "10.0.0.9", TODAY)], TODAY)
    assert not recents.isHidden()


def test_only_the_address_that_answers_is_open(recents: RecentChatList) -> None:
    recents.show_open_chat("10.0.0.1", host(1, "Room 1", people=31))
    recents.show_open_chat("10.0.0.77", host(7, "Elsewhere"))
    assert [text for text in texts(recents) if text in ("31 here", "Today", "Elsewhere")] == [
        "Today",
        "31 here",
        "Today",
    ]


def test_a_click_carries_the_address(recents: RecentChatList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(recents.chosen) as blocker:
        recents.rows[2].click()
    assert blocker.args == ["10.0.0.2"]
