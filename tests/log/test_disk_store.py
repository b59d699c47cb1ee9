"""The store of a folder is the same after every restart, also after a kill."""

import asyncio
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import DiskStore, open_store
from chatdesk.log.lock import LOCK
from chatdesk.log.reader import Reader
from chatdesk.log.reservation import Reservation
from chatdesk.log.room_log import Duplicate, IdReused
from chatdesk.log.rooms import KEPT_MINUTES, Reading
from chatdesk.log.storage_errors import StoreError
from tests.log.harness import (
    ProblemRecorder,
    RoomHarness,
    contents,
    copy_as_after_kill,
    draft,
    lobby,
    outside_connection,
    quarantined_files,
    sizes_in,
)
from tests.log.test_lock import locked_elsewhere
from tests.waiting import until


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        rooms = [RoomHarness(store.room(name)) for name in ("lobby", "garden")]
        first = [await room.fill(5) for room in rooms]
        epochs = [room.log.epoch for room in rooms]
        about = (store.server_id, store.secret)
        store.store_reservation(Reservation("kit", "k"))
        store.store_reservation(Reservation("ana", "a"))
        store.delete_reservation("kit")
    async with open_store(tmp_path) as store:
        assert (store.server_id, store.secret) == about
        assert store.reservations() == [Reservation("ana", "a")]
        again = [RoomHarness(store.room(name)) for name in ("lobby", "garden")]
        assert [room.log.epoch for room in again] == epochs
        assert [await room.all() for room in again] == first
        assert (await again[0].append("next")).seq == 6


@pytest.mark.parametrize("restart", [False, True])
async def test_the_same_message_has_one_effect_across_restarts_and_deletions(tmp_path: Path, restart: bool) -> None:
    async with lobby(tmp_path) as room:
        record = await room.append("one", "a1")
    async with lobby(tmp_path) as room:
        assert await room.try_append("one", "a1") == Duplicate(record)
        assert await room.try_append("other", "a1") == IdReused()
        await room.clear()
        if not restart:
            assert (await room.append("one", "a1")).seq == 1
    if restart:
        async with lobby(tmp_path) as room:
            assert (await room.append("one", "a1")).seq == 1


async def test_what_was_announced_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    """Copies of the files, made while messages are written, hold at least what was announced before."""
    copies: list[tuple[Path, int]] = []
    async with lobby(tmp_path / "chat") as room:
        for number in range(8):
            said = [room.start_append(draft(f"{number} {place}", f"{number} {place}")) for place in range(200)]
            await until(lambda: len(room.records) > number * 200)  # noqa: B023
            told = len(room.records)
            copies.append((copy_as_after_kill(tmp_path / "chat", tmp_path / f"copy {number}"), told))
            await until(lambda: all(outcome.done() for outcome in said))  # noqa: B023
        records, epoch = list(room.records), room.log.epoch
    for copy, told in copies:
        async with lobby(copy) as room:
            held = await room.all()
            assert room.log.epoch == epoch
            assert told <= len(held)
            assert held == records[: len(held)]


async def test_an_empty_room_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        epoch = room.log.epoch
    async with lobby(tmp_path) as room:
        assert (room.log.epoch, room.log.seqs) == (epoch, range(1, 1))
        assert await room.all() == []


async def test_a_second_process_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with locked_elsewhere(tmp_path), pytest.raises(StoreError, match="Another ChatDesk on this computer"):
        async with open_store(tmp_path):
            pass
    async with open_store(tmp_path):
        script = "import sys, pathlib; from chatdesk.log import lock; lock.FolderLock(pathlib.Path(sys.argv[1]))"
        second = await asyncio.create_subprocess_exec(sys.executable, "-c", script, tmp_path, stderr=subprocess.PIPE)
        _, complaint = await second.communicate()
        assert b"Another ChatDesk on this computer has this chat open already" in complaint


async def test_a_folder_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="choose another with --data-dir"):
        async with open_store(tmp_path / "file" / "chat"):
            pass


async def test_a_file_that_another_program_holds_is_not_opened(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        pass
    with outside_connection(tmp_path) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="close it, or choose another") as refusal:
            async with open_store(tmp_path):
                pass
    assert refusal.value.problem.code == "locked"


async def test_a_file_that_was_damaged_before_the_start_is_quarantined_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(500)
    spoilt = bytearray((tmp_path / FILE).read_bytes())
    for page in range(2, len(spoilt) // 4096, 3):
        spoilt[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    (tmp_path / FILE).write_bytes(spoilt)
    with caplog.at_level(logging.WARNING):
        async with open_store(tmp_path) as store:
            (notice,) = store.notices
            room = RoomHarness(store.room("lobby"))
            held = contents(await room.all())
            assert 0 < len(held) < 500
            await room.append("on we go")
    (aside,) = quarantined_files(tmp_path)
    assert aside.read_bytes() == spoilt
    assert notice.startswith(f"The history was damaged. Saved: {len(held)} of ")
    assert notice.endswith(f". The damaged file is kept as {aside}.")
    assert notice in caplog.messages
    async with open_store(tmp_path) as store:
        assert store.notices == ()
        assert contents(await RoomHarness(store.room("lobby")).all()) == [*held, "on we go"]


async def test_a_tidy_end_leaves_one_file_and_an_empty_lock(tmp_path: Path) -> None:
    async with lobby(tmp_path) as room:
        await room.fill(10)
    sizes = sizes_in(tmp_path)
    assert sizes.pop(FILE) > 0
    assert sizes == {LOCK: 0}


async def test_rooms_that_nobody_opened_are_read_as_they_are_after_trouble(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await RoomHarness(store.room("garden")).fill(3)
    async with open_store(tmp_path) as store:
        lounge, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        store.reader.reopen()
        for file in (FILE, f"{FILE}-wal"):
            (tmp_path / file).unlink()  # the journal, too, of which some of it could be put together again
        await lounge.try_append("lost")
        await recorder.wait_until_resolved()
        garden = RoomHarness(store.room("garden"))
        assert garden.log.seqs == range(1, 1), "it went with the file"
        assert (await garden.append("afresh")).seq == 1
        assert contents(await garden.all()) == ["afresh"]


async def test_each_name_has_one_log(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        assert store.room("lobby") is store.room("lobby")
        assert store.room("lobby") is not store.room("garden")


async def _stored_reservations(store: DiskStore, folder: Path) -> list[tuple[str, str]]:
    await RoomHarness(store.room("lobby")).append("after them")
    with outside_connection(folder) as db:
        return db.execute("SELECT * FROM seat").fetchall()


async def test_a_reservation_is_on_the_disk_with_the_next_message(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        store.store_reservation(Reservation("kit", "k"))
        store.store_reservation(Reservation("kit", "k2"))
        assert await _stored_reservations(store, tmp_path) == [("kit", "k2")]


async def test_a_reservation_is_on_the_disk_without_any_message_a_moment_later(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        for number in range(3):
            store.store_reservation(Reservation(f"kit {number}", "k"))
        with outside_connection(tmp_path) as db:
            await until(lambda: len(db.execute("SELECT * FROM seat").fetchall()) == 3)


async def test_opening_that_is_cancelled_leaves_the_folder_free(tmp_path: Path) -> None:
    opening = open_store(tmp_path / "chat")
    entering = asyncio.create_task(opening.__aenter__())
    await asyncio.sleep(0)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    async with open_store(tmp_path / "chat"):
        pass


async def test_closing_that_is_cancelled_leaves_no_thread_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping, stop = asyncio.Event(), Reader.stop

    async def tell(reader: Reader) -> None:
        stopping.set()
        await stop(reader)

    async def open_and_close() -> None:
        async with open_store(tmp_path):
            pass

    monkeypatch.setattr(Reader, "stop", tell)
    task = asyncio.create_task(open_and_close())
    await stopping.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any(thread.name.startswith("chatdesk-log") for thread in threading.enumerate())


async def test_a_room_that_is_released_is_the_same_when_somebody_comes_again(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("garden"))
        said = room.start_append(draft("just before"))
        store.release("garden")
        await said
        await until(lambda: store.room("garden") is not room.log)
        again = RoomHarness(store.room("garden"))
        assert (again.log.epoch, again.log.last_seq) == (room.log.epoch, 1)
        assert contents((await again.latest()).records) == ["just before"]
        assert (await again.append("and after")).seq == 2


async def test_a_room_that_is_opened_before_it_is_closed_is_the_same(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("garden"))
        store.release("garden")
        assert store.room("garden") is room.log
        store.release("garden")
        assert store.room("garden") is room.log
        await room.append("still here")
        assert store.room("garden") is room.log


async def test_a_room_in_which_nobody_has_spoken_leaves_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        for number in range(50):
            store.room(f"room-{number}")
            store.release(f"room-{number}")
        await RoomHarness(store.room("lobby")).append("the only one")
    with outside_connection(tmp_path) as db:
        assert db.execute("SELECT name FROM room").fetchall() == [("lobby",)]


async def test_the_file_knows_what_the_chat_is_called(tmp_path: Path) -> None:
    async with open_store(tmp_path, name="Robotics Workshop"):
        pass
    with outside_connection(tmp_path) as db:
        assert db.execute("SELECT value FROM about WHERE name = 'name'").fetchone() == ("Robotics Workshop",)


async def test_when_somebody_read_is_forgotten_after_a_week_also_if_they_never_come_again(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        store.store_reading(Reading("ana", "lobby", 1_000, 1))
        store.store_reading(Reading("kit", "lobby", 1_000, 1))
        store.store_reading(Reading("kit", "lobby", 1_001 + KEPT_MINUTES, 2))
    with outside_connection(tmp_path) as db:
        assert db.execute("SELECT identity, minute FROM reading").fetchall() == [("kit", 1_001 + KEPT_MINUTES)]
