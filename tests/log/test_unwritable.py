"""A read-only folder, a file that another program has locked, and a process without free file descriptors."""

import os
import resource
from pathlib import Path

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.room_log import LogError, Record
from chatdesk.log.storage_errors import StoreError
from tests.log.disks import Disk, FailingDisk
from tests.log.harness import ProblemRecorder, RoomHarness, lobby, outside_connection, seqs
from tests.waiting import until


async def test_a_disk_that_is_readonly_at_the_start(disk: Disk) -> None:
    folder = disk.folder / "chat"
    async with open_store(folder) as store:
        records = await RoomHarness(store.room("lobby")).fill(10)
    disk.make_readonly()
    with pytest.raises(StoreError, match=r"may not write into the folder .* choose another with --data-dir"):
        async with open_store(folder):
            pass
    with pytest.raises(StoreError, match="read-only file system"):
        async with open_store(disk.folder / "another"):
            pass
    disk.make_writable()
    async with open_store(folder) as store:
        assert await RoomHarness(store.room("lobby")).all() == records


if os.geteuid() == 0:  # loop devices belong to root alone; in a namespace there are none

    async def test_a_disk_that_becomes_readonly_under_open_files(hardware: FailingDisk) -> None:
        folder = hardware.folder / "chat"
        async with open_store(folder) as store:
            room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
            await room.fill(50)
            hardware.fail()
            outcome = await room.try_append("x" * 7_000, "a1")
            assert isinstance(outcome, LogError)
            await until(lambda: recorder.codes[-1] == "readonly")
            outcome = await room.try_append("x" * 7_000, "a1")
            assert isinstance(outcome, LogError)
            assert "the host must make it writable again" in str(outcome)
            assert len((await room.latest()).records) == 50
            hardware.repair()
            await recorder.wait_until_resolved()
            assert isinstance(await room.try_append("x" * 7_000, "a1"), Record)
            assert (room.resets, seqs(await room.all())) == (0, [*range(1, 52)])
        async with open_store(folder) as store:
            assert RoomHarness(store.room("lobby")).log.seqs == range(1, 52)

    async def test_a_disk_that_is_unplugged(hardware: FailingDisk) -> None:
        folder = hardware.folder / "chat"
        async with open_store(folder) as store:
            room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
            await room.fill(50)
            hardware.unplug()
            outcome = await room.try_append("nowhere", "a1")
            assert isinstance(outcome, LogError)
            assert "put it back" in str(outcome)
            hardware.plug_in()
            await recorder.wait_until_resolved()
            assert room.resets == 0
            outcome = await room.try_append("nowhere", "a1")
            assert not isinstance(outcome, LogError)
            assert [record.seq for record in await room.all()] == [*range(1, 52)]


async def test_a_file_that_another_program_holds(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)
        with outside_connection(tmp_path) as db:
            db.execute("BEGIN EXCLUSIVE")
            outcome = await room.try_append("held up", "a1")
            assert isinstance(outcome, LogError)
            assert outcome.problem.code == "locked"
            assert "close that program" in str(outcome)
            assert recorder.codes == ["locked"]
            assert (await room.around(5, 3)).records == room.records[3:6], "who reads goes on"
        await recorder.wait_until_resolved()
        assert recorder.codes == ["locked", ""]
        assert (await room.append("held up", "a1")).seq == 11


async def test_a_short_hold_is_waited_for(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)
        with outside_connection(tmp_path) as db:
            db.execute("BEGIN EXCLUSIVE")
            said = room.try_append("held up for a moment")
        assert isinstance(await said, Record)
        assert recorder.problems == []


async def test_a_process_without_files_left(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(600)
        (tmp_path / "chat.db").rename(tmp_path / "away")  # so that it must be opened again
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            assert isinstance(await room.try_append("nowhere", "a1"), LogError)
            (tmp_path / "away").rename(tmp_path / "chat.db")
            await until(lambda: "failed" in recorder.codes)
            assert isinstance(await room.try_append("nowhere", "a1"), LogError)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        await recorder.wait_until_resolved()
        assert room.resets == 0
        assert not isinstance(await room.try_append("nowhere", "a1"), LogError)
        assert seqs(await room.all()) == [*range(1, 602)]


async def test_reading_goes_on_where_writing_fails(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(1_200)
        with outside_connection(tmp_path) as db:
            db.execute("BEGIN EXCLUSIVE")
            assert isinstance(await room.try_append("held up"), LogError)
            assert await room.all() == room.records
