"""A file that is damaged while it is open is quarantined unchanged, and the room goes on in another epoch."""

import asyncio
import logging
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import DiskStore, open_store
from chatdesk.log.room_log import IdReused, LogError, Record
from tests.log.harness import (
    ProblemRecorder,
    RoomHarness,
    answer,
    contents,
    draft,
    outside_connection,
    quarantined_files,
)

JUNK = b"\xa7" * 4096
ON_THE_WAY = 20
"""Messages that are said at once, while the damage is noticed. Some may come after it, and are kept then."""


def pages_of(folder: Path, name: str) -> list[int]:
    """Return the database pages of a table or an index."""
    with outside_connection(folder) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return [page - 1 for (page,) in db.execute("SELECT pageno FROM dbstat WHERE name = ?", (name,))]


def spoil(folder: Path, pages: list[int]) -> None:
    """Overwrite these database pages."""
    with (folder / FILE).open("r+b") as file:
        for page in pages:
            file.seek(page * 4096)
            file.write(JUNK)


async def provoke(store: DiskStore, room: RoomHarness, recorder: ProblemRecorder) -> list[str]:
    """Write, read and search until the damage is noticed. Return what was confirmed of what was written."""
    number, confirmed = 0, list[str]()
    while not recorder.problems:
        number += 1
        store.reader.reopen()  # nothing is read from memory
        said = [room.start_append(draft(f"more {number}.{n}", f"more {number}.{n}")) for n in range(ON_THE_WAY)]
        await answer(room.log.around(300, 200))
        await answer(room.log.search("number 3", None, 50))
        confirmed += contents([outcome for outcome in await asyncio.gather(*said) if isinstance(outcome, Record)])
        await asyncio.sleep(0)
    return confirmed


@pytest.mark.parametrize(("part", "saved"), [("entry", 0), ("entry_id", 3000), ("search_data", 3000), ("room", 3000)])
async def test_a_part_of_the_file_is_written_over(
    tmp_path: Path, part: str, saved: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await asyncio.gather(*(room.start_append(draft(f"number {n} {'x' * 300}", f"id {n}")) for n in range(3_000)))
        epoch, server_id, secret = room.log.epoch, store.server_id, store.secret
        pages = pages_of(tmp_path, part)
        spoil(tmp_path, pages)
        with caplog.at_level(logging.WARNING):
            confirmed = await asyncio.wait_for(provoke(store, room, recorder), 30)
            await recorder.wait_until_resolved()
        assert recorder.codes == ["damaged", ""]
        assert (room.resets, room.log.epoch != epoch) == (1, True)
        (aside,) = quarantined_files(tmp_path)
        assert JUNK in aside.read_bytes()
        assert aside.stat().st_size > 500_000, "everything of it is still there"
        told = f"The history was damaged. Saved: {saved:,} of 3,000 messages."
        assert any(said.startswith(told) and str(aside) in said for said in caplog.messages)
        assert contents(await room.all())[saved:] == confirmed, "each that was confirmed once, and no other"
        assert not any(record.exc_info for record in caplog.records)
        assert isinstance(await room.try_append("something else", "id 7"), IdReused if saved else Record), (
            "ids are still known"
        )
        appended = await room.append("on we go")
        assert contents(await room.all())[-1] == "on we go"
        assert room.records[-1] == appended
        epoch = room.log.epoch
        with outside_connection(tmp_path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with open_store(tmp_path) as store:
        assert (store.server_id, store.secret) == (server_id, secret), "tokens and outboxes are good for it still"
        assert store.room("lobby").epoch == epoch
        assert store.notices == ()


async def test_the_first_page_is_written_over(tmp_path: Path) -> None:
    """The journal may hold a sound version, which heals the file; else it is replaced. Either way nothing is lost."""
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(500)
        spoil(tmp_path, pages_of(tmp_path, "sqlite_schema"))
        for number in range(20):
            store.reader.reopen()
            await answer(room.log.around(300, 200))
            await room.try_append(f"afterwards {number}")
        if recorder.problems:
            await recorder.wait_until_resolved()
        await room.append("the end")
        held, begun, epoch = contents(room.records), room.resets, room.log.epoch
    assert begun == len(quarantined_files(tmp_path)) == recorder.codes.count("damaged")
    async with open_store(tmp_path) as store:
        there = contents(await RoomHarness(store.room("lobby")).all())
        assert there[len(there) - len(held) :] == held
        assert store.room("lobby").epoch == epoch
        assert there[:500] == [f"number {number}" for number in range(1, 501)]


async def test_a_search_finds_a_damaged_index(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(500)
        with outside_connection(tmp_path) as db:
            db.execute("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10")
        store.reader.reopen()
        outcome = await answer(room.log.search("number", None, 50))
        assert isinstance(outcome, LogError)
        await recorder.wait_until_resolved()
        assert recorder.codes == ["damaged", ""]
        await room.append("searchable")
        assert await room.search("searchable") == [501]


async def test_a_place_that_is_taken_is_damage(tmp_path: Path) -> None:
    """What another program has written into the file must not stop the room for ever."""
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(5)
        with outside_connection(tmp_path) as db:
            (last,) = db.execute("SELECT max(place) FROM entry").fetchone()
            db.execute(
                "INSERT INTO entry (place, identity, nickname, content, time) VALUES (?, 'x', 'x', 'x', 0)", (last + 1,)
            )
        outcome = await room.try_append("onto it", "a1")
        assert isinstance(outcome, LogError)
        await recorder.wait_until_resolved()
        assert recorder.codes == ["damaged", ""]
        assert (await room.append("onto it", "a1")).seq == 7
        assert len(quarantined_files(tmp_path)) == 1


async def test_damaged_text_is_shown_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        room, recorder = RoomHarness(store.room("lobby")), ProblemRecorder(store)
        await room.fill(5)
        with outside_connection(tmp_path) as db:
            db.execute("UPDATE entry SET content = CAST(x'61ff62' AS TEXT)")
        assert contents((await room.around(3, 4)).records) == ["a\ufffdb"] * 4
        assert recorder.problems == []
