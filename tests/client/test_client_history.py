"""A reader of a long history: scrolls, jumps and searches, and what is new is marked."""

import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.client import client as module
from chatdesk.client.changes import (
    Appended,
    Jumped,
    NewestChanged,
    NoticeReceived,
    Prepended,
    TranscriptReset,
    UnreadChanged,
)
from chatdesk.log import search_index
from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryLog
from chatdesk.log.room_log import Draft
from chatdesk.protocol.times import milliseconds, timestamp
from tests.archive.history import outdate_index, write_many
from tests.client.person import LastingStore, Person, cut, person
from tests.server.chat import Chat, chat
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")  # for the loop of the window

MESSAGES = 600


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.reconnecting._FIRST_SECONDS", 0.02)
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.05)


def fill(log: MemoryLog, count: int) -> None:
    for number in range(log.last_seq + 1, log.last_seq + count + 1):
        log.append(Draft("Ana", f"this is number {number}", "ana"), lambda _refusal: None)


@contextlib.asynccontextmanager
async def long_chat(count: int = MESSAGES) -> AsyncIterator[tuple[Chat, MemoryLog]]:
    log_store = LastingStore()
    fill(log_store.room("lobby"), count)
    async with chat(store=log_store, message_rate=0) as c:
        yield c, log_store.room("lobby")


async def jumped(somebody: Person, seq: int | None) -> None:
    await until(lambda: Jumped(seq) in somebody.changes)
    somebody.changes.clear()


async def test_a_jump_and_the_way_back_to_the_latest() -> None:
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        kit.client.go_to(100)
        await jumped(kit, 100)
        assert kit.seqs == [*range(50, 150)]
        assert not kit.state.shown.transcript.live
        ana = await c.join("Ana")
        ana.send("message", content="news")
        await until(lambda: kit.changes_of(NewestChanged))
        assert kit.seqs[-1] == 149
        assert kit.state.shown.transcript.newest == MESSAGES + 1
        kit.client.load_newer()
        await until(lambda: kit.seqs == [*range(50, 250)])
        kit.client.go_to_latest()
        await jumped(kit, None)
        assert kit.said[-1] == "news"
        assert kit.state.shown.transcript.live
        kit.client.send("here again")
        await until(lambda: kit.said[-1] == "here again")


async def test_of_two_jumps_the_last_one_counts() -> None:
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        kit.client.go_to(100)
        kit.client.go_to(300)
        await jumped(kit, 300)
        assert kit.seqs == [*range(250, 350)]
        kit.client.search("number 7")  # what is answered later than both
        await until(lambda: kit.state.search.results.hits)
        assert kit.seqs == [*range(250, 350)]
        assert not kit.changes_of(Jumped)


async def test_a_date_is_gone_to() -> None:
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        kit.client.go_to_moment("2000-01-01T00:00:00Z")
        await jumped(kit, 1)
        later = milliseconds(kit.state.shown.transcript.messages[0].timestamp)
        assert later
        kit.client.go_to_moment(timestamp(later + 10_000_000))
        await jumped(kit, MESSAGES)
        kit.client.go_to_moment("tomorrow")
        await until(lambda: kit.changes_of(NoticeReceived))


async def test_scrolling_back_and_forth_reaches_both_ends_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.client.transcript.MAX_KEPT", 250)
    monkeypatch.setattr("chatdesk.client.transcript._TRIM", 50)
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        transcript = kit.state.shown.transcript
        while transcript.has_older:
            kit.changes.clear()
            kit.client.load_older()
            await until(lambda: kit.changes_of(Prepended))
            assert len(kit.seqs) <= 250
        assert kit.seqs[0] == 1
        assert not transcript.live
        while not transcript.live:
            kit.changes.clear()
            kit.client.load_newer()
            await until(lambda: kit.changes_of(Appended))
            assert len(kit.seqs) <= 250
        assert kit.seqs[-1] == MESSAGES


async def test_a_detached_reader_keeps_the_place_while_the_connection_breaks() -> None:
    async with long_chat() as (c, log), person(c.server.port, "Kit") as kit:
        kit.client.go_to(100)
        await jumped(kit, 100)
        cut(c, "Kit")
        fill(log, 300)
        await until(lambda: not kit.state.online)
        await until(lambda: kit.state.online)
        assert kit.seqs == [*range(50, 150)]
        await until(lambda: kit.state.shown.transcript.newest == MESSAGES + 300)
        assert kit.seqs == [*range(50, 150)]
        assert not kit.changes_of(TranscriptReset)


async def test_what_is_wanted_while_the_connection_is_lost_comes_when_it_is_back() -> None:
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        cut(c, "Kit")
        await until(lambda: not kit.state.online)
        kit.client.go_to(100)
        kit.client.search("number 77")
        await jumped(kit, 100)
        await until(lambda: [hit.message.seq for hit in kit.state.search.results.hits] == [77])


async def test_a_search_goes_on_by_itself_while_the_server_prepares_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_step, was_searched = search_index.build_step, threading.Event()

    def build_once_searched(db: sqlite3.Connection) -> bool:
        """As the steps of a history of millions."""
        return build_step(db) if was_searched.wait(0.01) else True

    monkeypatch.setattr(search_index, "build_step", build_once_searched)
    outdate_index(write_many(tmp_path, 100))
    async with (
        open_store(tmp_path) as store,
        chat(store=store, message_rate=0) as c,
        person(c.server.port, "Kit") as kit,
    ):
        kit.client.search('"1 1 1"')  # the very first message
        await until(lambda: kit.state.search.results.note)
        assert (kit.state.search.results.hits, kit.state.search.results.preparing) == ((), True)
        was_searched.set()
        await until(lambda: kit.state.search.results.hits, 20)
        await until(lambda: not kit.state.search.results.note)
        assert [hit.message.seq for hit in kit.state.search.results.hits] == [1]


async def test_a_search_finds_page_after_page_and_a_hit_leads_into_the_history() -> None:
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        kit.client.search("number")
        await until(lambda: not kit.state.search.results.busy)
        found = kit.state.search.results
        assert [hit.message.seq for hit in found.hits] == [*range(MESSAGES, MESSAGES - 50, -1)]
        assert found.hits[0].parts[1] == "number"
        kit.client.search_more()
        await until(lambda: len(kit.state.search.results.hits) == 100)
        kit.client.search("number 12")
        await until(lambda: not kit.state.search.results.busy)
        seqs = [hit.message.seq for hit in kit.state.search.results.hits]
        assert seqs == [*range(129, 119, -1), 12]
        kit.client.go_to(seqs[-1])
        await jumped(kit, 12)
        kit.client.search("")
        assert kit.state.search.results.hits == ()


async def test_requests_that_come_too_fast_are_all_answered_in_the_end() -> None:
    async with long_chat() as (c, _), person(c.server.port, "Kit") as kit:
        for number in range(1, 41):
            kit.client.search(f"number {number}")
            kit.client.go_to(number)
        kit.client.search("number 99")
        kit.client.go_to(400)
        await jumped(kit, 400)
        await until(lambda: not kit.state.search.results.busy)
        assert [hit.message.seq for hit in kit.state.search.results.hits] == [99]
        assert kit.state.online
        assert not kit.changes_of(NoticeReceived)


async def test_the_host_deletes_the_history_and_nobody_else_can() -> None:
    async with long_chat() as (c, _):
        token = c.server.host_token
        async with person(c.server.port, "Mara", token=token) as mara, person(c.server.port, "Kit") as kit:
            kit.client.go_to(100)
            await jumped(kit, 100)
            kit.client.clear_history()
            await until(
                lambda: kit.changes_of(NoticeReceived) == [NoticeReceived("Only the host can delete the history.")]
            )
            mara.client.clear_history()
            await until(lambda: kit.said == mara.said == [])
            notice = NoticeReceived("The host has deleted the history.", "history_deleted")
            await until(lambda: notice in mara.changes)  # it comes after the empty page
            kit.client.send("first again")
            await until(lambda: kit.said == mara.said == ["first again"])
            assert kit.seqs == [1]


async def test_a_person_who_returns_to_the_window_finds_what_is_new() -> None:
    async with long_chat(3) as (c, _), person(c.server.port, "Kit") as kit:
        ana = await c.join("Ana")
        kit.client.mark_read(3)
        kit.client.mark_away()
        ana.send("message", content="news")
        ana.send("message", content="more")
        await until(lambda: kit.said[-1:] == ["more"])
        assert kit.state.shown.read_position.divider is None
        kit.client.mark_present()
        await until(lambda: kit.changes_of(UnreadChanged))
        assert kit.state.shown.read_position.divider
        assert (kit.state.shown.read_position.divider.after, kit.state.shown.read_position.divider.count) == (3, 2)
        kit.client.send("answer")
        assert kit.state.shown.read_position.divider is None
