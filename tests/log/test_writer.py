"""The writer thread: batches, back pressure, and no error that ends it."""

import asyncio
import logging
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import DiskStore, open_store
from chatdesk.log.room_log import LogError, Record
from tests.log.harness import ProblemRecorder, RoomHarness, answer, contents, draft, lobby, outside_connection, seqs
from tests.waiting import until


class Statement:
    """A write that is not a message."""

    erased = False

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.told: list[str] = []

    def execute(self, db: sqlite3.Connection) -> None:
        db.execute(self.sql)

    def mark_committed(self) -> None:
        self.told.append("settled")

    def notify_done(self) -> None:
        self.told.append("done")

    def notify_failed(self, error: LogError) -> None:
        self.told.append(error.problem.code)


class FailingWrite(Statement):
    """A write that raises a fault of the program."""

    def __init__(self) -> None:
        super().__init__("")

    def execute(self, db: sqlite3.Connection) -> None:
        raise ValueError("a fault")


async def test_messages_that_come_together_are_one_commit(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.append("first")
        with outside_connection(tmp_path) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            frame = 4096 + 24
            await room.fill(1_000)
            pages = (tmp_path / f"{FILE}-wal").stat().st_size // frame
        assert pages < 200, "with a commit for each message there were some thousand"


async def test_what_comes_until_somebody_waits_for_it_is_one_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathering, is_due = threading.Event(), threading.Event()

    def gather(_seconds: float) -> None:
        gathering.set()
        is_due.wait(10)

    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.append("first")
        told: list[int] = []
        room.log.subscribe(lambda record: told.append(record.seq), lambda: None)
        before = commits(store)
        monkeypatch.setattr(time, "sleep", gather)
        store.room("lobby").gather_until(time.monotonic() + 60)
        room.log.append(draft(), pytest.fail)
        await until(gathering.is_set)
        for _ in range(4):
            await asyncio.sleep(0.001)
            room.log.append(draft(), pytest.fail)
        assert told == []
        is_due.set()
        await until(lambda: len(told) == 5)
        assert commits(store) == before + 1


def commits(store: DiskStore) -> int:
    return store.writer.commits.up_to_bounds()[-1]


async def test_a_write_is_not_held_up_for_long_whatever_it_is_told(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        store.room("lobby").gather_until(time.monotonic() + 3600)
        await asyncio.wait_for(room.append("first"), 10)


async def test_outcomes_are_reported_on_the_loop_in_order(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        order: list[object] = []
        room = RoomHarness(store.room("lobby"))
        room.log.subscribe(
            lambda record: order.append((record.seq, threading.current_thread() is threading.main_thread())),
            order.append,
        )
        for _ in range(3):
            room.log.append(draft(), order.append)
        clearing = room.start_clear()
        room.log.append(draft(), order.append)
        await until(lambda: len(order) == 5)
        await clearing
        assert order == [(1, True), (2, True), (3, True), True, (1, True)]


async def test_a_writer_that_cannot_keep_up_refuses_instead_of_growing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        said = [room.start_append(draft(f"number {number}")) for number in range(20_000)]
        outcomes = await asyncio.wait_for(asyncio.gather(*said), 60)
        refused = [outcome for outcome in outcomes if isinstance(outcome, LogError)]
        kept = [outcome for outcome in outcomes if isinstance(outcome, Record)]
        assert refused
        assert {error.problem.code for error in refused} == {"slow"}
        assert len(kept) + len(refused) == 20_000
        assert len(kept) >= 8_000
        assert seqs(kept) == [*range(1, len(kept) + 1)]
        assert await room.all() == kept


@pytest.mark.parametrize("content", ["\ud800", "a\x00b", "x" * 40_000], ids=["surrogate", "NUL", "huge"])
async def test_no_text_ends_the_thread(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        with caplog.at_level(logging.CRITICAL):
            outcome = room.start_append(draft(content))
            if content == "\ud800":  # which the protocol refuses
                assert isinstance(await outcome, LogError)
                await recorder.wait_until_resolved()
                assert recorder.codes == ["failed", ""]
        record = await room.append("after it")
        assert record == room.records[-1]
        assert contents(await room.all())[-1] == "after it"
        assert store.problem is None


async def test_a_fault_of_the_program_fails_its_batch_and_nothing_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(tmp_path) as store:
        room, recorder, fault = RoomHarness(store.room("lobby")), ProblemRecorder(store), FailingWrite()
        await room.fill(3)
        said = room.start_append(draft("beside it"))
        store.writer.submit(fault)
        outcome = await said
        await until(lambda: fault.told)
        assert fault.told == ["failed"]
        await recorder.wait_until_resolved()
        assert "a fault" in caplog.text
        if isinstance(outcome, LogError):
            await room.append("beside it")
        assert seqs(await room.all()) == [1, 2, 3, 4]
        assert contents(room.records)[-1] == "beside it"


async def test_a_statement_that_fails_takes_its_batch_with_it(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder, wrong, right = (
            RoomHarness(store.room("lobby")),
            ProblemRecorder(store),
            Statement("NONSENSE"),
            Statement("SELECT 1"),
        )
        store.writer.submit(wrong)
        await until(lambda: wrong.told)
        await recorder.wait_until_resolved()
        store.writer.submit(right)
        await until(lambda: len(right.told) == 2)
        assert (wrong.told, right.told) == (["failed"], ["settled", "done"])
        assert (await room.append()).seq == 1


async def test_what_waits_at_the_end_is_written(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        for number in range(3_000):
            room.start_append(draft(f"number {number}"))
    async with lobby(tmp_path) as room:
        assert room.log.seqs == range(1, 3_001)


async def test_a_deleted_history_is_removed_while_writing_goes_on(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(4_000)
        await room.clear()
        for number in range(100):
            await room.append(f"meanwhile {number}")

        def left() -> int:
            with outside_connection(tmp_path) as db:
                found: int = db.execute("SELECT count(*) FROM entry").fetchone()[0]
                return found

        await until(lambda: left() == 100)
        assert await room.all() == room.records


async def test_when_it_is_quiet_nothing_of_a_deleted_history_is_left(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        for batch in range(4):
            await asyncio.gather(
                *(room.start_append(draft(f"Confidential {batch}.{n} {'x' * 200}")) for n in range(1_000))
            )
        await room.append("Unimportant")
        await room.clear()
        await room.append("Afterwards")

        def files() -> bytes:
            return b"".join((tmp_path / f"{FILE}{suffix}").read_bytes() for suffix in ("", "-wal"))

        assert b"Confidential" in files()
        await until(lambda: b"onfidential" not in files() and not (tmp_path / f"{FILE}-wal").stat().st_size, 20)
        assert b"nimportant" not in files()
        assert b"Afterwards" in files()
        assert len(files()) < 200_000


async def test_a_clear_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(3)
        epoch = room.log.epoch
        with outside_connection(tmp_path) as db:
            db.execute("BEGIN IMMEDIATE")
            error = await answer(room.log.clear())
            assert isinstance(error, LogError)
            assert error.problem.code == "locked"
        await recorder.wait_until_resolved()
        assert (room.resets, room.log.epoch) == (0, epoch)
        assert (await room.append("four")).seq == 4
        assert seqs(await room.all()) == [1, 2, 3, 4]


class FaultyOutcome(Statement):
    """A write that is written, and raises a fault of the program when it is told so, on the loop or in the thread."""

    def __init__(self, where: str) -> None:
        super().__init__("SELECT 1")
        self._where = where

    def mark_committed(self) -> None:
        self._perhaps_raise("mark_committed")

    def notify_done(self) -> None:
        self._perhaps_raise("notify_done")
        super().notify_done()

    def _perhaps_raise(self, where: str) -> None:
        if where == self._where:
            raise ValueError("a fault")


@pytest.mark.parametrize("where", ["mark_committed", "notify_done"])
async def test_a_fault_after_a_commit_leaves_nobody_waiting(
    tmp_path: Path, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        first = room.start_append(draft("before"))
        store.writer.submit(FaultyOutcome(where))
        outcomes = await asyncio.wait_for(asyncio.gather(first, room.start_append(draft("after"))), 10)
        if where == "mark_committed":
            await recorder.wait_until_resolved()
        assert recorder.codes == (["failed", ""] if where == "mark_committed" else [])
        assert "a fault" in caplog.text
        await room.append("later")
        said = [
            text for text, outcome in zip(("before", "after"), outcomes, strict=True) if isinstance(outcome, Record)
        ]
        assert contents(await room.all()) == [*said, "later"]
        assert said[:1] == ["before"]


async def test_a_fault_in_maintenance_is_told_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        with monkeypatch.context() as broken:
            broken.setattr(store, "next_maintenance", lambda: 1 / 0)
            await room.append("before")
            await until(lambda: store.problem)
        await recorder.wait_until_resolved()
        assert recorder.codes[-2:] == ["failed", ""]
        await room.append("after")
