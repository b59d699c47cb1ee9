"""The thread that writes: batches, back pressure, and no error that ends it."""

import asyncio
import logging
import sqlite3
import threading
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.room_log import Entry, LogError
from chatdesk.log.store import open_store
from tests.log.keeping import Room, Watch, answer, contents, draft, file_of, lobby, seqs
from tests.waiting import until


class Statement:
    """Something else to be written."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.told: list[str] = []

    def carry_out(self, db: sqlite3.Connection) -> None:
        db.execute(self.sql)

    def settle(self) -> None:
        self.told.append("settled")

    def done(self) -> None:
        self.told.append("done")

    def failed(self, error: LogError) -> None:
        self.told.append(error.problem.word)


class Fault(Statement):
    """A fault of the program."""

    def __init__(self) -> None:
        super().__init__("")

    def carry_out(self, db: sqlite3.Connection) -> None:
        raise ValueError("a fault")


async def test_what_comes_together_is_one_commit(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = Room(store.room("lobby"))
        await room.keep("first")
        with file_of(tmp_path) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            frame = 4096 + 24
            await room.fill(1_000)
            pages = (tmp_path / f"{FILE}-wal").stat().st_size // frame
        assert pages < 200, "with a commit for each message there were some thousand"


async def test_all_is_told_on_the_loop_in_the_order_in_which_it_was_put(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        order: list[object] = []
        room = Room(store.room("lobby"))
        room.log.follow(
            lambda entry: order.append((entry.seq, threading.current_thread() is threading.main_thread())),
            lambda: order.append("begun"),
        )
        for _ in range(3):
            room.log.append(draft(), order.append)
        room.log.clear(order.append)
        room.log.append(draft(), order.append)
        await until(lambda: len(order) == 6)
        assert order == [(1, True), (2, True), (3, True), "begun", None, (1, True)]


async def test_a_writer_that_cannot_keep_up_refuses_instead_of_growing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = Room(store.room("lobby"))
        said = [room.put(draft(f"number {number}")) for number in range(20_000)]
        outcomes = await asyncio.wait_for(asyncio.gather(*said), 60)
        refused = [outcome for outcome in outcomes if isinstance(outcome, LogError)]
        kept = [outcome for outcome in outcomes if isinstance(outcome, Entry)]
        assert refused
        assert {error.problem.word for error in refused} == {"slow"}
        assert len(kept) + len(refused) == 20_000
        assert len(kept) >= 8_000
        assert seqs(kept) == [*range(1, len(kept) + 1)]
        assert await room.all() == kept


@pytest.mark.parametrize("content", ["\ud800", "a\x00b", "x" * 40_000], ids=["surrogate", "NUL", "huge"])
async def test_no_text_ends_the_thread(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    async with open_store(tmp_path) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        with caplog.at_level(logging.CRITICAL):
            outcome = room.put(draft(content))
            if content == "\ud800":  # which no protocol lets through
                assert isinstance(await outcome, LogError)
                await watch.all_well()
                assert watch.words == ["failed", ""]
        entry = await room.keep("after it")
        assert entry == room.entries[-1]
        assert contents(await room.all())[-1] == "after it"
        assert store.problem is None


async def test_a_fault_of_the_program_fails_its_batch_and_nothing_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(tmp_path) as store:
        room, watch, fault = Room(store.room("lobby")), Watch(store), Fault()
        await room.fill(3)
        said = room.put(draft("beside it"))
        store.writer.put(fault)
        outcome = await said
        await until(lambda: fault.told)
        assert fault.told == ["failed"]
        await watch.all_well()
        assert "a fault" in caplog.text
        if isinstance(outcome, LogError):
            await room.keep("beside it")
        assert seqs(await room.all()) == [1, 2, 3, 4]
        assert contents(room.entries)[-1] == "beside it"


async def test_a_statement_that_fails_takes_its_batch_with_it(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, watch, wrong, right = (
            Room(store.room("lobby")),
            Watch(store),
            Statement("NONSENSE"),
            Statement("SELECT 1"),
        )
        store.writer.put(wrong)
        await until(lambda: wrong.told)
        await watch.all_well()
        store.writer.put(right)
        await until(lambda: len(right.told) == 2)
        assert (wrong.told, right.told) == (["failed"], ["settled", "done"])
        assert (await room.keep()).seq == 1


async def test_what_waits_at_the_end_is_written(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        for number in range(3_000):
            room.put(draft(f"number {number}"))
    async with lobby(tmp_path) as room:
        assert room.log.seqs == range(1, 3_001)


async def test_a_history_deleted_amid_writing_is_swept_out_while_writing_goes_on(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(4_000)
        assert await room.clear() is None
        for number in range(100):
            await room.keep(f"meanwhile {number}")

        def left() -> int:
            with file_of(tmp_path) as db:
                found: int = db.execute("SELECT count(*) FROM entry").fetchone()[0]
                return found

        await until(lambda: left() == 100)
        assert await room.all() == room.entries


async def test_when_it_is_quiet_nothing_of_a_deleted_history_is_left(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        for batch in range(4):
            await asyncio.gather(*(room.put(draft(f"Confidential {batch}.{n} {'x' * 200}")) for n in range(1_000)))
        await room.keep("Unimportant")
        assert await room.clear() is None
        await room.keep("Afterwards")

        def files() -> bytes:
            return b"".join((tmp_path / f"{FILE}{suffix}").read_bytes() for suffix in ("", "-wal"))

        assert b"Confidential" in files()
        await until(lambda: b"onfidential" not in files() and not (tmp_path / f"{FILE}-wal").stat().st_size, 20)
        assert b"nimportant" not in files()
        assert b"Afterwards" in files()
        assert len(files()) < 200_000


async def test_a_clear_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(3)
        epoch = room.log.epoch
        with file_of(tmp_path) as db:
            db.execute("BEGIN IMMEDIATE")
            error = await answer(room.log.clear)
            assert isinstance(error, LogError)
            assert error.problem.word == "locked"
        await watch.all_well()
        assert (room.begun, room.log.epoch) == (0, epoch)
        assert (await room.keep("four")).seq == 4
        assert seqs(await room.all()) == [1, 2, 3, 4]
