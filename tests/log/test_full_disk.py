"""On a full disk nothing is confirmed that is not stored, and the room goes on when there is space again."""

import asyncio
import logging
import resource
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.room_log import Duplicate, LogError, Record
from chatdesk.log.storage_errors import StoreError
from tests.log.disks import Disk
from tests.log.harness import (
    ProblemRecorder,
    RoomHarness,
    contents,
    copy_as_after_kill,
    draft,
    outside_connection,
    seqs,
)

SENTENCE = (
    "The host's disk is full, so nothing new can be kept: the host must free some space. "
    "Messages that wait then go out by themselves."
)


async def test_a_disk_that_fills_up_while_messages_are_written(
    disk: Disk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = disk.folder / "chat"
    async with open_store(folder) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(50)
        disk.fill(left=400_000)
        refused: list[LogError] = []
        number = 0
        while not refused:
            said = [room.start_append(draft(f"{number}.{n} {'x' * 900}", f"id {number}.{n}")) for n in range(50)]
            outcomes = await asyncio.wait_for(asyncio.gather(*said), 20)
            refused = [outcome for outcome in outcomes if isinstance(outcome, LogError)]
            number += 1
        assert {error.problem for error in refused} == {recorder.problems[0]}
        assert str(refused[0]) == SENTENCE
        assert recorder.codes[0] == "full"
        assert SENTENCE in caplog.messages
        disk.fill()  # to the last byte
        assert isinstance(await room.try_append("still", "s1"), LogError)
        confirmed = list(room.records)
        assert (await room.latest(5)).records == confirmed[-5:], "who reads goes on"
        assert (await room.around(20, 5)).records == confirmed[17:22]
        copy = copy_as_after_kill(folder, tmp_path / "copy")
        disk.free()
        await recorder.wait_until_resolved()
        assert (await room.append("still", "s1")).seq == confirmed[-1].seq + 1
        assert seqs(room.records) == [*range(1, len(room.records) + 1)]
        everything = await room.all()
        assert everything == room.records
    async with open_store(folder) as store:
        assert await RoomHarness(store.room("lobby")).all() == everything
    async with open_store(copy) as store:
        assert await RoomHarness(store.room("lobby")).all() == confirmed, (
            "all that was confirmed, and nothing that was refused"
        )


async def test_a_refused_message_that_is_sent_again_is_stored_once(disk: Disk) -> None:
    folder = disk.folder / "chat"
    async with open_store(folder) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.append("first", "a0")
        disk.fill()
        waiting = [f"a{number}" for number in range(1, 40)]
        while not recorder.problems:
            await room.try_append("x" * 7_000)
        for message_id in waiting:
            assert isinstance(await room.try_append("again and again", message_id), LogError)
        disk.free()
        await recorder.wait_until_resolved()
        for message_id in waiting:
            await room.append("again and again", message_id)
        for message_id in waiting:
            assert isinstance(await room.try_append("again and again", message_id), Duplicate)
        assert contents(await room.all()).count("again and again") == len(waiting)


async def test_a_disk_that_is_full_at_the_start(disk: Disk) -> None:
    disk.fill()
    with pytest.raises(StoreError, match="is full: free some space, or choose another with --data-dir") as refusal:
        async with open_store(disk.folder / "chat"):
            pass
    assert str(disk.folder / "chat") in str(refusal.value)
    disk.free()
    async with open_store(disk.folder / "chat") as store:
        await RoomHarness(store.room("lobby")).append()


async def test_a_disk_that_is_full_at_the_start_of_a_chat_with_a_history(disk: Disk) -> None:
    folder = disk.folder / "chat"
    async with open_store(folder) as store:
        records = await RoomHarness(store.room("lobby")).fill(100)
    disk.fill()
    with pytest.raises(StoreError, match="full"):
        async with open_store(folder):
            pass
    disk.free()
    async with open_store(folder) as store:
        assert await RoomHarness(store.room("lobby")).all() == records


async def test_a_disk_that_fails_to_write(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The system lets no file grow: a failed write of which SQLite does not know the cause."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / f"{FILE}-wal").stat().st_size, hard))
        try:
            with caplog.at_level(logging.CRITICAL):
                outcome = await room.try_append("x" * 7_000, "a1")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert isinstance(outcome, LogError)
        assert outcome.problem.code == "failed"
        await recorder.wait_until_resolved()
        assert isinstance(await room.try_append("x" * 7_000, "a1"), Record)
        assert seqs(room.records) == [*range(1, 12)]
    with outside_connection(tmp_path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
