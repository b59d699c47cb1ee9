"""The reader threads answer in order; no page waits for a search, and no search takes for ever."""

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

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
    outside_connection,
    quarantined_files,
)
from tests.waiting import until


async def test_answers_come_in_the_order_of_the_questions(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        answers: list[int | LogError] = []
        for number in range(200):
            store.reader.submit(
                lambda db, number=number: db.execute("SELECT ?", (number,)).fetchone()[0], answers.append
            )
        await until(lambda: len(answers) == 200)
        assert answers == [*range(200)]


async def test_a_question_that_fails_is_answered_and_the_next_one_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(db: sqlite3.Connection) -> int:
        raise KeyError("a fault")

    async with open_store(tmp_path) as store:
        for question in (fault, lambda db: db.execute("NONSENSE")):
            with caplog.at_level(logging.ERROR):
                error = await answer(lambda reply, question=question: store.reader.submit(question, reply))
            assert isinstance(error, LogError)
            assert error.problem.code == "failed"
        assert "a fault" in caplog.text
        assert await answer(lambda reply: store.reader.submit(_constant, reply)) == 7
        assert store.problem is None, "writing goes on"


async def test_a_reader_that_finds_no_file_says_so(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(3)
        store.reader.reopen()
        (tmp_path / FILE).rename(tmp_path / "elsewhere.db")
        error = await answer(lambda reply: room.log.around(1, 1, reply))
        assert isinstance(error, LogError)
        (tmp_path / "elsewhere.db").rename(tmp_path / FILE)
        assert len((await room.around(2, 2)).entries) == 2


async def test_damage_that_a_reader_meets_has_the_file_replaced(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(1_000)
        epoch = room.log.epoch
        with outside_connection(tmp_path) as db:  # a gap, which only a read of this range notices
            db.execute("DELETE FROM entry WHERE place = ?", (entry_place(1, 77),))
        error = await answer(lambda reply: room.log.before(300, 250, reply))
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

        assert isinstance(await answer(lambda reply: store.reader.submit(spoilt, reply)), LogError)
        await room.append("after the check")
        assert recorder.problems == []
        assert room.resets == 0
        assert quarantined_files(tmp_path) == []


async def test_a_search_that_takes_too_long_fails_and_the_next_one_is_answered(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        recorder = ProblemRecorder(store)
        before = await answer(lambda reply: store.reader.submit_search(_connection, reply))
        error = await answer(lambda reply: store.reader.submit_search(_endless, reply))
        assert isinstance(error, LogError)
        assert error.problem == ("slow", "This search takes too long: use rarer words.")
        assert await answer(lambda reply: store.reader.submit_search(_constant, reply)) == 7
        assert await answer(lambda reply: store.reader.submit_search(_connection, reply)) is before, (
            "nothing was wrong with it"
        )
        assert await RoomHarness(store.room("lobby")).append("goes on")
        assert recorder.problems == []


async def test_no_page_waits_for_a_search(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        with held(store.reader.submit_search):
            assert await answer(lambda reply: store.reader.submit(_constant, reply)) == 7


async def test_a_search_waits_behind_so_many_others_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MAX_WAITING_SEARCHES", 3)
    async with open_store(tmp_path) as store:
        answers: list[int | LogError] = []
        with held(store.reader.submit_search):
            for _ in range(4):
                store.reader.submit_search(_constant, answers.append)
            (refused,) = answers
            assert isinstance(refused, LogError)
            assert refused.problem.code == "slow"
        await until(lambda: answers[1:] == [7, 7, 7])


@pytest.mark.parametrize("line", ["submit", "submit_search"])
async def test_what_has_been_asked_does_not_hold_up_the_end(tmp_path: Path, line: str) -> None:
    begun = threading.Event()
    answers: list[object] = []

    def endless(db: sqlite3.Connection) -> None:
        begun.set()
        _endless(db)

    async with asyncio.timeout(PATIENCE_SECONDS):
        async with open_store(tmp_path) as store:
            for _ in range(50):
                getattr(store.reader, line)(endless, answers.append)
            await asyncio.to_thread(begun.wait)
    assert len(answers) < 50


async def test_each_question_sees_one_state_of_the_file(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:

        def twice(db: sqlite3.Connection) -> tuple[int, int]:
            first = _count_reservations(db)
            with outside_connection(tmp_path) as other:
                other.execute("INSERT INTO seat VALUES ('kit', 'a')")
                assert _count_reservations(other) == 1
            return first, _count_reservations(db)

        assert await answer(lambda reply: store.reader.submit(twice, reply)) == (0, 0)
        assert await answer(lambda reply: store.reader.submit(_count_reservations, reply)) == 1


async def test_the_file_is_closed_once_the_current_read_has_ended(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        before = await answer(lambda reply: store.reader.submit(_connection, reply))
        with store.reader.closed(), pytest.raises(sqlite3.ProgrammingError, match="closed"):
            before.execute("SELECT 1")
        assert await answer(lambda reply: store.reader.submit(_connection, reply)) is not before

        course: list[str] = []

        def close() -> None:
            with store.reader.closed():
                course.append("closed")

        closing = threading.Thread(target=close)
        with held(store.reader.submit_search, lambda: course.append("read")):
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
        before = await answer(lambda reply: store.reader.submit(_connection, reply))
        with held(store.reader.submit), store.reader.closed():
            (tmp_path / FILE).rename(tmp_path / "elsewhere.db")
            (tmp_path / "elsewhere.db").rename(tmp_path / FILE)
        assert await answer(lambda reply: store.reader.submit(_connection, reply)) is not before


@contextlib.contextmanager
def held(ask: Callable[..., None], read: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Keep a read running within the block; ``read`` is called at its end."""
    begun, released = threading.Event(), threading.Event()

    def question(_db: sqlite3.Connection) -> None:
        begun.set()
        released.wait(PATIENCE_SECONDS)
        read()

    ask(question, lambda _answer: None)
    assert begun.wait(PATIENCE_SECONDS)
    try:
        yield
    finally:
        released.set()


def _constant(_db: sqlite3.Connection) -> int:
    return 7


def _connection(db: sqlite3.Connection) -> sqlite3.Connection:
    return db


def _count_reservations(db: sqlite3.Connection) -> int:
    count: int = db.execute("SELECT count(*) FROM seat").fetchone()[0]
    return count


def _endless(db: sqlite3.Connection) -> None:
    db.execute("WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n").fetchone()
