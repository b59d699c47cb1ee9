"""Files that are moved, deleted or replaced while they are open, which SQLite does not notice."""

import shutil
from pathlib import Path

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.lock import FolderLock
from chatdesk.log.room_log import Duplicate, LogError, Record
from chatdesk.log.storage_errors import StoreError
from tests.log.harness import ProblemRecorder, RoomHarness, contents, copy_as_after_kill, seqs
from tests.log.test_lock import locked_elsewhere


async def test_a_folder_that_is_deleted_and_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        about, epoch = store.server_id, room.log.epoch
        await room.fill(10)
        shutil.rmtree(folder)
        outcome = await room.try_append("nowhere", "a1")
        assert isinstance(outcome, LogError), "a confirmation would be false"
        assert "put it back" in str(outcome)
        assert isinstance(await room.try_append("nowhere", "a1"), LogError)
        assert recorder.codes == ["failed"]
        folder.mkdir()
        await recorder.wait_until_resolved()
        assert room.resets == 1
        assert room.log.epoch != epoch
        assert (await room.append("nowhere", "a1")).seq == 1
        epoch = room.log.epoch
    async with open_store(folder) as store:
        room = RoomHarness(store.room("lobby"))
        assert (store.server_id, room.log.epoch) == (about, epoch)
        assert contents(await room.all()) == ["nowhere"]


async def test_a_folder_that_is_moved_and_put_back(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)
        folder.rename(tmp_path / "elsewhere")
        assert isinstance(await room.try_append("out of sight", "a1"), LogError)
        (tmp_path / "elsewhere").rename(folder)
        await recorder.wait_until_resolved()
        assert room.resets == 0
        outcome = await room.try_append("out of sight", "a1")
        assert isinstance(outcome, (Duplicate, Record)), "whether it was written is found out, and told"
        assert contents(await room.all()).count("out of sight") == 1
        assert await room.all() == room.records


async def test_a_file_that_is_deleted(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)
        for path in tmp_path.glob(f"{FILE}*"):  # noqa: ASYNC240
            path.unlink()
        assert isinstance(await room.try_append("nowhere"), LogError)
        await recorder.wait_until_resolved()
        assert room.resets == 1
        assert (await room.append("afresh")).seq == 1
        assert await room.all() == room.records


async def test_a_journal_that_is_deleted(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(10)
        (tmp_path / f"{FILE}-wal").unlink()
        assert isinstance(await room.try_append("nowhere", "a1"), LogError)
        await recorder.wait_until_resolved()
        await room.append("somewhere", "a2")
        held = contents(await room.all())
        assert held[-1] == "somewhere"
        assert held.count("nowhere") <= 1
    async with open_store(tmp_path) as store:
        assert contents(await RoomHarness(store.room("lobby")).all()) == held


async def test_a_file_that_is_replaced_by_an_earlier_copy(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        epoch = room.log.epoch
        await room.fill(5)
        copy = copy_as_after_kill(folder, tmp_path / "copy")
        await room.fill(5, 6)
        for path in copy.iterdir():
            path.replace(folder / path.name)
        assert isinstance(await room.try_append("onto the copy"), LogError)
        await recorder.wait_until_resolved()
        assert room.resets == 1, "clients know more than the copy: it must be another incarnation to them"
        assert room.log.epoch != epoch
        assert contents((await room.latest()).records) == [f"number {number}" for number in range(1, 6)]
        assert (await room.append("onto the copy")).seq == 6
        assert seqs(await room.all()) == [*range(1, 7)]
        epoch = room.log.epoch
    async with open_store(folder) as store:
        assert store.room("lobby").epoch == epoch


async def test_a_folder_that_another_has_taken_meanwhile_is_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(5)
        shutil.rmtree(folder)
        folder.mkdir()
        with locked_elsewhere(folder):
            assert isinstance(await room.try_append("into theirs"), LogError)
            outcome = await room.try_append("into theirs")
            assert isinstance(outcome, LogError)
            assert outcome.problem.code == "locked"
            assert not (folder / FILE).exists()
        await recorder.wait_until_resolved()
        await room.append("into ours again")
        try:
            FolderLock(folder).close()
        except StoreError:
            return
        raise AssertionError("the folder must be locked again")
