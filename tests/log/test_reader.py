"""The readers answer each question; no page waits for a search or another page, and no search takes for ever."""

import asyncio
import contextlib
import errno
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log import reader
from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.room_log import LogError
from chatdesk.log.schema import entry_place
from tests.log.harness import (
    PATIENCE_SECONDS,
    ProblemRecorder,
    RoomHarness,
    answer,
    begun,
    outside_connection,
    quarantined_files,
)


async def test_each_question_gets_its_answer_and_is_counted(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:

        async def ask(number: int) -> int:
            found: int = await store.reader.read(lambda db: db.execute("SELECT ?", (number,)).fetchone()[0])
            return found

        assert await asyncio.gather(*map(ask, range(200))) == [*range(200)]
        history, search = store.timings.reads["history"], store.timings.reads["search"]
        assert history.took.up_to_bounds()[-1] == history.waited.up_to_bounds()[-1] == 200
        assert 0 < history.took.total < 60
        assert search.took.up_to_bounds()[-1] == 0
        assert history.waiting() == 0


def niceness() -> int:
    """That of the calling thread; a greater one is less urgent."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


async def test_a_search_leaves_the_core_to_the_loop_and_a_page_is_as_urgent_as_it(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        own = niceness()
        assert await answer(store.reader.search(lambda _db: niceness())) == own + 10
        assert await answer(store.reader.read(lambda _db: niceness())) == niceness() == own


async def test_searches_go_on_in_a_sandbox_that_forbids_priorities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "nice", _forbidden)
    async with open_store(tmp_path) as store:
        assert await answer(store.reader.search(_constant)) == 7


async def test_pages_that_the_disk_holds_up_do_not_hold_up_others(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, contextlib.AsyncExitStack() as stack:
        for _ in range(reader._HISTORY_THREADS - 1):
            stack.enter_context(held(store.reader.read))
        assert await answer(store.reader.read(_constant)) == 7


async def test_so_many_pages_wait_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MAX_WAITING_READS", 2)
    async with open_store(tmp_path) as store:
        with contextlib.ExitStack() as stack:
            for _ in range(reader._HISTORY_THREADS):
                stack.enter_context(held(store.reader.read))
            *accepted, refused = [begun(store.reader.read(_constant)) for _ in range(3)]
            with pytest.raises(LogError) as refusal:
                await refused
            assert refusal.value.problem.code == "slow"
            assert store.timings.reads["history"].waiting() == 2
        assert await asyncio.gather(*accepted) == [7, 7]


async def test_a_question_that_fails_is_answered_and_the_next_one_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(db: sqlite3.Connection) -> int:
        raise KeyError("a fault")

    async with open_store(tmp_path) as store:
        for question in (fault, lambda db: db.execute("NONSENSE")):
            with caplog.at_level(logging.ERROR):
                error = await answer(store.reader.read(question))
            assert isinstance(error, LogError)
            assert error.problem.code == "failed"
        assert "a fault" in caplog.text
        assert await answer(store.reader.read(_constant)) == 7
        assert store.problem is None, "writing goes on"


async def test_a_reader_that_finds_no_file_says_so(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(3)
        store.reader.reopen()
        (tmp_path / FILE).rename(tmp_path / "elsewhere.db")
        error = await answer(room.log.around(1, 1))
        assert isinstance(error, LogError)
        (tmp_path / "elsewhere.db").rename(tmp_path / FILE)
        assert len((await room.around(2, 2)).records) == 2


async def test_damage_that_a_reader_meets_has_the_file_replaced(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(1_000)
        epoch = room.log.epoch
        with outside_connection(tmp_path) as db:  # a gap, which only a read of this range notices
            db.execute("DELETE FROM entry WHERE place = ?", (entry_place(1, 77),))
        error = await answer(room.log.before(300, 250))
        assert isinstance(error, LogError)
        assert error.problem.code == "damaged"
        await recorder.wait_until_resolved()
        assert recorder.codes == ["damaged", ""]
        assert (room.resets, room.log.seqs) == (1, range(1, 1_000)), "all but the one"
        assert room.log.epoch != epoch
        assert (await room.append("afresh")).seq == 1_000
        assert len(quarantined_files(tmp_path)) == 1


async def test_damage_that_is_not_there_any_more_changes_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)

        def spoilt(db: sqlite3.Connection) -> int:
            error = sqlite3.DatabaseError("of a moment ago")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error

        assert isinstance(await answer(store.reader.read(spoilt)), LogError)
        await room.append("after the check")
        assert recorder.problems == []
        assert room.resets == 0
        assert quarantined_files(tmp_path) == []


async def test_a_search_that_takes_too_long_fails_and_the_next_one_is_answered(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        recorder = ProblemRecorder(store)
        before = await answer(store.reader.search(_connection))
        error = await answer(store.reader.search(_endless))
        assert isinstance(error, LogError)
        assert error.problem == ("slow", "This search takes too long: use rarer words.")
        assert await answer(store.reader.search(_constant)) == 7
        assert await answer(store.reader.search(_connection)) is before, "nothing was wrong with it"
        assert await RoomHarness(store.room("lobby")).append("goes on")
        assert recorder.problems == []


async def test_no_page_waits_for_a_search(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        with held(store.reader.search):
            assert await answer(store.reader.read(_constant)) == 7


async def test_a_search_waits_behind_so_many_others_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MAX_WAITING_SEARCHES", 3)
    async with open_store(tmp_path) as store:
        with held(store.reader.search):
            *accepted, refused = [begun(store.reader.search(_constant)) for _ in range(4)]
            with pytest.raises(LogError) as refusal:
                await refused
            assert refusal.value.problem.code == "slow"
        assert await asyncio.gather(*accepted) == [7, 7, 7]


@pytest.mark.parametrize("line", ["read", "search"])
async def test_what_has_been_asked_does_not_hold_up_the_end(tmp_path: Path, line: str) -> None:
    reading = threading.Event()

    def endless(db: sqlite3.Connection) -> None:
        reading.set()
        _endless(db)

    async with asyncio.timeout(PATIENCE_SECONDS):
        async with open_store(tmp_path) as store:
            asked = [begun(getattr(store.reader, line)(endless)) for _ in range(30)]
            await asyncio.to_thread(reading.wait)
    await asyncio.wait(asked)
    assert all(question.cancelled() for question in asked)


async def test_each_question_sees_one_state_of_the_file(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:

        def twice(db: sqlite3.Connection) -> tuple[int, int]:
            first = _count_reservations(db)
            with outside_connection(tmp_path) as other:
                other.execute("INSERT INTO seat VALUES ('kit', 'a')")
                assert _count_reservations(other) == 1
            return first, _count_reservations(db)

        assert await answer(store.reader.read(twice)) == (0, 0)
        assert await answer(store.reader.read(_count_reservations)) == 1


async def test_the_file_is_closed_once_the_current_read_has_ended(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        before, *_ = await connections(store.reader)
        with store.reader.closed(), pytest.raises(sqlite3.ProgrammingError, match="closed"):
            before.execute("SELECT 1")
        assert before not in await connections(store.reader)

        course: list[str] = []

        def close() -> None:
            with store.reader.closed():
                course.append("closed")

        closing = threading.Thread(target=close)
        with held(store.reader.search, lambda: course.append("read")):
            closing.start()
            closing.join(0.1)
            assert closing.is_alive()
        await asyncio.to_thread(closing.join)
        assert course == ["read", "closed"]


async def test_a_read_that_hangs_delays_no_closing_and_the_next_one_opens_the_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_CLOSING_SECONDS", 0.0)
    async with open_store(tmp_path) as store:
        before = await connections(store.reader)
        with held(store.reader.read), store.reader.closed():
            (tmp_path / FILE).rename(tmp_path / "elsewhere.db")
            (tmp_path / "elsewhere.db").rename(tmp_path / FILE)
        assert not before & await connections(store.reader)


@contextlib.contextmanager
def held(
    ask: Callable[[Callable[[sqlite3.Connection], None]], Coroutine[Any, Any, None]],
    read: Callable[[], None] = lambda: None,
) -> Iterator[asyncio.Task[None]]:
    """Keep a read running within the block; ``read`` is called at its end."""
    reading, released = threading.Event(), threading.Event()

    def question(_db: sqlite3.Connection) -> None:
        reading.set()
        released.wait(PATIENCE_SECONDS)
        read()

    asked = begun(ask(question))
    assert reading.wait(PATIENCE_SECONDS)
    try:
        yield asked
    finally:
        released.set()


async def connections(asked: reader.Reader) -> set[sqlite3.Connection]:
    """Those of all threads for pages: each waits until all have theirs."""
    together = threading.Barrier(reader._HISTORY_THREADS)

    def meet(db: sqlite3.Connection) -> sqlite3.Connection:
        together.wait(PATIENCE_SECONDS)
        return db

    return {*await asyncio.gather(*(asked.read(meet) for _ in range(reader._HISTORY_THREADS)))}


def _forbidden(_more: int) -> int:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def _constant(_db: sqlite3.Connection) -> int:
    return 7


def _connection(db: sqlite3.Connection) -> sqlite3.Connection:
    return db


def _count_reservations(db: sqlite3.Connection) -> int:
    count: int = db.execute("SELECT count(*) FROM seat").fetchone()[0]
    return count


def _endless(db: sqlite3.Connection) -> None:
    db.execute("WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n").fetchone()
