"""The thread that reads: answers in order, and every question gets one."""

import logging
import sqlite3
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.room_log import LogError
from chatdesk.log.schema import place
from chatdesk.log.store import open_store
from tests.log.keeping import Room, Watch, answer, file_of, put_aside
from tests.waiting import until


async def test_answers_come_in_the_order_of_the_questions(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        answers: list[int | LogError] = []
        for number in range(200):
            store.reader.ask(lambda db, number=number: db.execute("SELECT ?", (number,)).fetchone()[0], answers.append)
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
                error = await answer(lambda reply, question=question: store.reader.ask(question, reply))
            assert isinstance(error, LogError)
            assert error.problem.word == "failed"
        assert "a fault" in caplog.text
        assert await answer(lambda reply: store.reader.ask(_seven, reply)) == 7
        assert store.problem is None, "writing goes on"


async def test_a_reader_that_finds_no_file_says_so(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = Room(store.room("lobby"))
        await room.fill(3)
        store.reader.reopen()
        (tmp_path / FILE).rename(tmp_path / "elsewhere.db")
        error = await answer(lambda reply: room.log.around(1, 1, reply))
        assert isinstance(error, LogError)
        (tmp_path / "elsewhere.db").rename(tmp_path / FILE)
        assert len((await room.around(2, 2)).entries) == 2


async def test_damage_that_a_reader_meets_has_the_file_put_aside(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(1_000)
        epoch = room.log.epoch
        with file_of(tmp_path) as db:  # entries are missing: a hole, which only who reads there can see
            db.execute("DELETE FROM entry WHERE place = ?", (place(1, 77),))
        error = await answer(lambda reply: room.log.before(300, 250, reply))
        assert isinstance(error, LogError)
        assert error.problem.word == "damaged"
        await watch.all_well()
        assert watch.words == ["damaged", ""]
        assert (room.begun, room.log.seqs) == (1, range(1, 1))
        assert room.log.epoch != epoch
        assert (await room.keep("anew")).seq == 1
        assert len(put_aside(tmp_path)) == 1


async def test_damage_that_is_not_there_any_more_changes_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(10)

        def spoilt(db: sqlite3.Connection) -> int:
            error = sqlite3.DatabaseError("of a moment ago")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error

        assert isinstance(await answer(lambda reply: store.reader.ask(spoilt, reply)), LogError)
        await room.keep("after the check")
        assert watch.problems == []
        assert room.begun == 0
        assert put_aside(tmp_path) == []


def _seven(_db: sqlite3.Connection) -> int:
    return 7
