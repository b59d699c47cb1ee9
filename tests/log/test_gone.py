"""Files that are moved, deleted or replaced while they are open: SQLite does not notice, but we do."""

import shutil
from pathlib import Path

from chatdesk.log.database import FILE
from chatdesk.log.lock import Lock
from chatdesk.log.problems import StoreError
from chatdesk.log.room_log import Entry, LogError, Repeated
from chatdesk.log.store import open_store
from tests.log.keeping import Room, Watch, as_a_kill_leaves_it, contents, seqs
from tests.log.test_lock import held_elsewhere


async def test_a_folder_that_is_deleted_and_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        about, epoch = store.server_id, room.log.epoch
        await room.fill(10)
        shutil.rmtree(folder)
        outcome = await room.say("nowhere", "a1")
        assert isinstance(outcome, LogError), "a confirmation would be false"
        assert "put it back" in str(outcome)
        assert isinstance(await room.say("nowhere", "a1"), LogError)
        assert watch.words == ["failed"]
        folder.mkdir()
        await watch.all_well(4)
        assert room.begun == 1
        assert room.log.epoch != epoch
        assert (await room.keep("nowhere", "a1")).seq == 1
        epoch = room.log.epoch
    async with open_store(folder) as store:
        room = Room(store.room("lobby"))
        assert (store.server_id, room.log.epoch) == (about, epoch)
        assert contents(await room.all()) == ["nowhere"]


async def test_a_folder_that_is_moved_and_put_back(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(10)
        folder.rename(tmp_path / "elsewhere")
        assert isinstance(await room.say("out of sight", "a1"), LogError)
        (tmp_path / "elsewhere").rename(folder)
        await watch.all_well(4)
        assert room.begun == 0
        outcome = await room.say("out of sight", "a1")
        assert isinstance(outcome, (Repeated, Entry)), "whether it was written is found out, and told"
        assert contents(await room.all()).count("out of sight") == 1
        assert await room.all() == room.entries


async def test_a_file_that_is_deleted(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(10)
        for path in tmp_path.glob(f"{FILE}*"):  # noqa: ASYNC240
            path.unlink()
        assert isinstance(await room.say("nowhere"), LogError)
        await watch.all_well(4)
        assert room.begun == 1
        assert (await room.keep("anew")).seq == 1
        assert await room.all() == room.entries


async def test_a_journal_that_is_deleted(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(10)
        (tmp_path / f"{FILE}-wal").unlink()
        assert isinstance(await room.say("nowhere", "a1"), LogError)
        await watch.all_well(4)
        await room.keep("somewhere", "a2")
        held = contents(await room.all())
        assert held[-1] == "somewhere"
        assert held.count("nowhere") <= 1
    async with open_store(tmp_path) as store:
        assert contents(await Room(store.room("lobby")).all()) == held


async def test_a_file_that_is_replaced_by_an_earlier_copy(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        epoch = room.log.epoch
        await room.fill(5)
        copy = as_a_kill_leaves_it(folder, tmp_path / "copy")
        await room.fill(5, 6)
        for path in copy.iterdir():
            path.replace(folder / path.name)
        assert isinstance(await room.say("onto the copy"), LogError)
        await watch.all_well(4)
        assert room.begun == 1, "clients know more than the copy: it must be another incarnation to them"
        assert room.log.epoch != epoch
        assert contents((await room.latest()).entries) == [f"number {number}" for number in range(1, 6)]
        assert (await room.keep("onto the copy")).seq == 6
        assert seqs(await room.all()) == [*range(1, 7)]
        epoch = room.log.epoch
    async with open_store(folder) as store:
        assert store.room("lobby").epoch == epoch


async def test_a_folder_that_another_has_taken_meanwhile_is_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    async with open_store(folder) as store:
        room, watch = Room(store.room("lobby")), Watch(store)
        await room.fill(5)
        shutil.rmtree(folder)
        folder.mkdir()
        with held_elsewhere(folder):
            assert isinstance(await room.say("into theirs"), LogError)
            outcome = await room.say("into theirs")
            assert isinstance(outcome, LogError)
            assert outcome.problem.word == "locked"
            assert not (folder / FILE).exists()
        await watch.all_well(4)
        await room.keep("into ours again")
        try:
            Lock(folder).close()
        except StoreError:
            return
        raise AssertionError("the folder must be locked again")
