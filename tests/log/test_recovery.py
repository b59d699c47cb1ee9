"""After a failed commit the room goes on with what is on the disk, and announces what was not announced."""

import asyncio
from pathlib import Path

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.recovery import recover
from chatdesk.log.room_epoch import Extent, RoomEpoch
from chatdesk.log.room_log import LogError
from chatdesk.log.schema import NEW_ROOM, entry_place
from tests.log.harness import ProblemRecorder, RoomHarness, contents, draft, outside_connection, seqs

NEW_EPOCH = RoomEpoch(9, "lobby", "fresh", str)


async def test_entries_on_the_disk_although_their_commit_failed_are_announced(tmp_path: Path) -> None:
    """Another connection writes records, as if a commit of the writer had seemed to fail."""
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(3)
        with outside_connection(tmp_path) as db:
            (place, number) = db.execute("SELECT max(place), max(place) >> 40 FROM entry").fetchone()
            for seq in (4, 5):
                values = (place - 3 + seq, f"late {seq}")
                columns = "place, identity, nickname, content, time"
                db.execute(f"INSERT INTO entry ({columns}) VALUES (?, 'kit', 'Kit', ?, 0)", values)
            db.execute("UPDATE room SET last_seq = 5, last_change = 5 WHERE number = ?", (number,))
            notification = recover(db, store.room("lobby"), NEW_EPOCH)
        assert notification is not None
        notification.notify_done()
        assert contents(room.records) == ["number 1", "number 2", "number 3", "late 4", "late 5"]
        assert (await room.append("next")).seq == 6
        assert room.resets == 0


async def test_an_edit_that_is_on_the_disk_although_its_commit_failed_is_announced(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        first = (await room.fill(3))[0]
        with outside_connection(tmp_path) as db:
            (number,) = db.execute("SELECT number FROM room").fetchone()
            place = entry_place(number, 1), entry_place(number, 4)
            db.execute("UPDATE entry SET content = 'edited', edited = 9, amended = ?2 WHERE place = ?1", place)
            db.execute("UPDATE room SET last_change = 4")
            notification = recover(db, store.room("lobby"), NEW_EPOCH)
        assert notification is not None
        notification.notify_done()
        assert room.changes[-1] == first._replace(content="edited", edited=9, change=4)
        assert (await room.append("next")).change == 5
        assert (room.resets, await room.all()) == (0, room.records)


async def test_an_earlier_copy_without_the_last_edit_gets_another_epoch(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(3)
        await room.edit(1, "edited")
        with outside_connection(tmp_path) as db:
            db.execute("UPDATE entry SET content = 'number 1', amended = NULL, edited = NULL")
            db.execute("UPDATE room SET last_change = 3")
            notification = recover(db, store.room("lobby"), NEW_EPOCH)
        assert notification is not None
        notification.notify_done()
        assert (room.resets, room.log.epoch, room.log.last_change) == (1, "fresh", 3)


async def test_a_room_as_it_was_has_no_news(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(3)
        log = store.room("lobby")
        log.writing_epoch = RoomEpoch(7, "lobby", "of a clearing that failed", str)
        log.committed_epoch.written = Extent(99, 99)
        with outside_connection(tmp_path) as db:
            assert recover(db, log, NEW_EPOCH) is None
        assert log.writing_epoch is log.committed_epoch
        assert (await room.append("next")).seq == 4


async def test_a_clear_on_the_disk_although_its_commit_failed_is_announced(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(3)
        with outside_connection(tmp_path) as db:
            db.execute("UPDATE room SET name = NULL")
            db.execute(NEW_ROOM, (8, "lobby", "cleared"))
            notification = recover(db, store.room("lobby"), NEW_EPOCH)
        assert notification is not None
        notification.notify_done()
        assert (room.resets, room.log.epoch, room.log.last_seq) == (1, "cleared", 0)
        assert (await room.append("afresh")).seq == 1


async def test_a_room_that_is_not_there_any_more_begins_again(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, empty = RoomHarness(store.room("lobby")), RoomHarness(store.room("garden"))
        await room.fill(3)
        epoch = empty.log.epoch
        with outside_connection(tmp_path) as db:
            db.execute("DELETE FROM room")
            db.execute("DELETE FROM entry")
            notification = recover(db, store.room("lobby"), NEW_EPOCH)
            assert recover(db, store.room("garden"), NEW_EPOCH) is None, "an empty room has lost nothing"
        assert notification is not None
        notification.notify_done()
        assert (room.resets, room.log.epoch, room.log.seqs) == (1, "fresh", range(1, 1))
        assert (await room.append("afresh")).seq == 1
        assert (await empty.append("first")).seq == 1
        assert (empty.resets, empty.log.epoch) == (0, epoch)


@pytest.mark.parametrize("first_seq", [1, 3])
async def test_an_earlier_copy_gets_another_epoch(tmp_path: Path, first_seq: int) -> None:
    async with open_store(tmp_path) as store:
        room = RoomHarness(store.room("lobby"))
        await room.fill(10)
        with outside_connection(tmp_path) as db:
            db.execute("DELETE FROM entry WHERE (place & 0xFFFFFFFFFF) > 5")
            db.execute("UPDATE entry SET content = NULL WHERE (place & 0xFFFFFFFFFF) < ?", (first_seq,))
            db.execute("UPDATE room SET first_seq = ?1, first_change = ?1, last_seq = 5, last_change = 5", (first_seq,))
            notification = recover(db, store.room("lobby"), NEW_EPOCH)
            assert db.execute("SELECT epoch FROM room").fetchone() == ("fresh",)
        assert notification is not None
        notification.notify_done()
        assert (room.resets, room.log.epoch, room.log.seqs) == (1, "fresh", range(first_seq, 6))
        assert seqs(await room.all()) == [*range(first_seq, 6)]
        assert (await room.append("on we go")).seq == 6


async def test_messages_and_a_clearing_amid_trouble_leave_all_in_order(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(5)
        with outside_connection(tmp_path) as db:
            db.execute("BEGIN IMMEDIATE")
            said = [room.start_append(draft(f"refused {number}")) for number in range(3)]
            cleared = room.start_clear()
            said += [room.start_append(draft(f"refused {number}")) for number in range(3, 6)]
            for outcome in said:
                await outcome
        await recorder.wait_until_resolved()
        await asyncio.wait([cleared])
        assert isinstance(cleared.exception(), LogError)
        assert (await room.append("next")).seq == len(room.records)
        assert seqs(room.records) == [*range(1, len(room.records) + 1)]
        assert await room.all() == room.records
