"""All dates and times in the window follow the time zone and the date."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest_asyncio
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from pytestqt.qtbot import QtBot

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.history import _file_name
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.date_format import format_day
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.export.formats import Format
from tests.desktop.simulated_chat import NOON, SimulatedChat
from tests.time_zones import EAST, WEST, LocalTimeZone
from tests.waiting import until


@pytest_asyncio.fixture
async def program(local_zone: LocalTimeZone, application: Application) -> AsyncIterator[Application]:
    """The program, started in an eastern time zone."""
    yield application


def spoken(conversation: Conversation) -> list[str]:
    timeline = conversation.timeline
    return [str(timeline.index(place).data(Qt.ItemDataRole.AccessibleTextRole)) for place in range(timeline.rowCount())]


def here(moment: datetime) -> tuple[str, date]:
    """Return local time and date of a moment."""
    local = time.localtime(moment.timestamp())
    return time.strftime("%H:%M", local), date(*local[:3])


async def test_the_window_follows_the_time_zone(
    program: Application, local_zone: LocalTimeZone, conversation: Conversation, priya: ChatClient
) -> None:
    priya.send("First")
    await until(lambda: conversation.timeline.position_of(1) is not None)
    conversation.set_active(False)
    priya.send("News")
    await until(lambda: conversation.timeline.position_of(2) is not None)
    conversation.set_active(True)
    await until(lambda: conversation.timeline.unread)
    conversation.search("First")
    await until(conversation.search_hits.rowCount)
    program.history.open_calendar(QPoint())
    first = next(row.moment for row in map(conversation.timeline.row, range(9)) if isinstance(row, MessageRow))
    assert first is not None
    local_zone.set_unnoticed(WEST)
    await until(lambda: spoken(conversation)[0] == format_day(here(first)[1], date.today()))
    at, _ = here(first)
    told = spoken(conversation)
    assert f"Priya, {at}: First" in told
    assert f"1 new since {at}" in told
    assert conversation.search_hits.index(0).data() == f"Priya, {at}: First"
    assert program.history.calendar._month.today == here(datetime.now(UTC))[1]
    assert f"{here(datetime.now(UTC))[1]:%Y-%m-%d}" in _file_name("Chat", Format.CSV)


def test_rows_being_read_stay_in_place(local_zone: LocalTimeZone, theme: Theme, qtbot: QtBot) -> None:
    """In the east all is said at midnight, so that every second message begins a day, with its name; elsewhere none."""
    chat = SimulatedChat()
    chat.clock = NOON.replace(hour=9, minute=58)
    for _ in range(60):
        chat.receive_messages()
        chat.clock += timedelta(minutes=4)
        chat.receive_messages()
        chat.clock += timedelta(hours=24, minutes=-4)
    view = TimelineView(theme, chat.model)
    qtbot.addWidget(view)
    view.resize(800, 400)
    view.show()
    bar = view.verticalScrollBar()
    totals = set()
    for part in (0.2, 0.5, 0.8):
        bar.setValue(round(bar.maximum() * part))
        read = next(place for place in view.visible_positions if isinstance(chat.model.row(place), MessageRow))
        index = QPersistentModelIndex(chat.model.index(read))
        top = view.visualRect(index).top()
        for zone in (WEST, "Europe/Paris", EAST):
            local_zone.set(zone)
            chat.model.refresh_times()
            totals.add(view.row_heights.total)
            assert abs(view.visualRect(index).top() - top) <= view.row_height(0), zone
    assert max(totals) - min(totals) > view.height(), "without an anchor the rows would have moved far"
