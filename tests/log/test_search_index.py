"""The search index of an older file is built again during the conversation; it is correct at every moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore

import pytest

from chatdesk.archive.backup import Backup, backup
from chatdesk.log import history_pages, search_index
from chatdesk.log.database import FILE, checkpoint
from chatdesk.log.disk_store import open_store
from chatdesk.log.history_pages import RoomView
from chatdesk.log.retention import Retention, apply_retention, delete_cleared, reclaim_space
from chatdesk.log.room_epoch import Extent, RoomEpoch
from chatdesk.log.room_log import IndexProgress
from chatdesk.log.search_query import SearchQuery
from chatdesk.log.tokenizer import index_text
from tests.archive.history import outdate_index
from tests.log.database_room import append_drafts, database, filled_room
from tests.log.harness import RoomHarness, bytes_of, copy_as_after_kill, draft
from tests.waiting import until

COUNT = 25
STEP = 10


@pytest.fixture
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "STEP", STEP)


@contextmanager
def unindexed_database(folder: Path, *counts: int) -> Iterator[sqlite3.Connection]:
    """Make a file whose rooms have ``counts`` messages and no index."""
    folder.mkdir(exist_ok=True)
    with database(folder) as db:
        for number, count in enumerate(counts, 1):
            filled_room(db, count, number, "number {} of many")
    outdate_index(folder)
    with database(folder) as db:
        yield db


def assert_sound(db: sqlite3.Connection) -> None:
    """The index holds exactly the words of the messages that it claims to cover."""
    db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    found: dict[int, list[str]] = {}
    for word, at in db.execute("SELECT term, doc FROM word ORDER BY doc, offset"):
        found.setdefault(at, []).append(word)
    rows = db.execute(
        "SELECT place, content FROM entry LEFT JOIN unindexed ON number = place >> 40"
        " WHERE content IS NOT NULL AND place & 0xFFFFFFFFFF >= coalesce(before, 0)"
    )
    assert found == {at: index_text(content).split() for at, content in rows}


def seqs(db: sqlite3.Connection, room: RoomView, query: str) -> list[int]:
    return [hit.record.seq for hit in history_pages.search(db, room, SearchQuery(query), None, 50).hits]


@pytest.mark.usefixtures("short_steps")
def test_it_is_built_from_the_newest_message_of_each_room_on_and_says_how_far_it_is(tmp_path: Path) -> None:
    with unindexed_database(tmp_path, COUNT, 3) as db:
        room = history_pages.whole_view(db, "lobby", str)
        assert room
        course = []
        while search_index.build_step(db):
            assert_sound(db)
            found = history_pages.search(db, room, SearchQuery("number"), None, 50)
            course.append((len(found.hits), found.indexing))
            assert [hit.record.seq for hit in found.hits] == [*range(COUNT, COUNT - len(found.hits), -1)]
        assert course == [(10, IndexProgress(10, 25)), (20, IndexProgress(20, 25)), (25, None), (25, None)]
        assert not search_index.build_step(db)
        assert search_index.progress(db) is None


def test_of_long_messages_a_step_takes_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "STEP_CHARS", 50)
    with unindexed_database(tmp_path, COUNT) as db:
        search_index.build_step(db)
        assert search_index.progress(db) == IndexProgress(3, COUNT)
        while search_index.build_step(db):
            assert_sound(db)


@pytest.mark.usefixtures("short_steps")
def test_what_is_said_meanwhile_is_found_at_once(tmp_path: Path) -> None:
    with unindexed_database(tmp_path, COUNT) as db:
        room = RoomEpoch(1, "lobby", "epoch 1", str, Extent(COUNT, COUNT), Extent(COUNT, COUNT))
        append_drafts(db, room, draft("number new"))
        assert seqs(db, RoomView.of(room), "number new") == [COUNT + 1]
        search_index.build_step(db)
        append_drafts(db, room, draft("number newer"))
        assert seqs(db, RoomView.of(room), "number") == [*range(COUNT + 2, COUNT - 10, -1)]
        assert search_index.progress(db) == IndexProgress(12, 27)
        while search_index.build_step(db):
            assert_sound(db)
        assert seqs(db, RoomView.of(room), "number") == [*range(COUNT + 2, 0, -1)]


@pytest.mark.usefixtures("short_steps")
@pytest.mark.parametrize("steps", range(5))
def test_what_is_forgotten_meanwhile_leaves_no_word(tmp_path: Path, steps: int) -> None:
    """By retention, with a deleted history, and when a sender repeats a message of one."""
    with unindexed_database(tmp_path, COUNT, COUNT) as db:
        for _ in range(steps):
            search_index.build_step(db)
        apply_retention(db, 1, Retention(messages=12), 0)
        assert_sound(db)
        db.execute("UPDATE room SET name = NULL WHERE number = 2")
        append_drafts(
            db, RoomEpoch(3, "room 2", "e", str), *(draft(f"number {seq} of many", f"id 2.{seq}") for seq in (1, 25))
        )
        assert_sound(db)
        while delete_cleared(db):
            assert_sound(db)
        while search_index.build_step(db):
            assert_sound(db)
        assert db.execute("SELECT * FROM unindexed").fetchall() == []
        room = history_pages.whole_view(db, "lobby", str)
        assert room
        assert seqs(db, room, "number") == [*range(25, 13, -1)]


def test_an_index_of_other_rules_is_built_again_and_one_of_the_same_is_not(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, COUNT)
    with database(tmp_path) as db:
        assert search_index.progress(db) is None
    outdate_index(tmp_path)
    with database(tmp_path) as db:
        assert search_index.progress(db) == IndexProgress(0, COUNT)
        assert_sound(db)


async def test_history_is_read_and_messages_are_stored_while_it_is_built(tmp_path: Path) -> None:
    with unindexed_database(tmp_path, 5_000):
        pass
    told: list[IndexProgress | None] = []
    async with open_store(tmp_path) as store:
        store.subscribe_indexing(lambda: told.append(store.indexing))
        room = RoomHarness(store.room("lobby"))
        assert store.indexing == IndexProgress(0, 5_000)
        assert len((await room.before(5_001, 200)).records) == 200
        assert (await room.append("number of my own")).seq == 5_001
        assert await room.search("own") == [5_001]
        await until(lambda: store.indexing is None)
        assert await room.search('"number 1 of"') == [1]
    assert told[-1] is None
    done = [indexing.done for indexing in told if indexing]
    assert done == sorted(done)


async def test_a_kill_in_the_middle_loses_nothing_of_what_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unindexed_database(tmp_path / "chat", 3_000):
        pass
    monkeypatch.setattr(search_index, "STEP", 50)
    steps, extend = Semaphore(0), search_index.build_step

    def extend_when_allowed(db: sqlite3.Connection) -> bool:
        steps.acquire()
        return extend(db)

    monkeypatch.setattr(search_index, "build_step", extend_when_allowed)
    copies: list[Path] = []
    async with open_store(tmp_path / "chat") as store:
        for number in range(3):
            before = store.indexing
            steps.release()
            await until(lambda: store.indexing != before)  # noqa: B023
            copies.append(copy_as_after_kill(tmp_path / "chat", tmp_path / f"copy {number}"))
        steps.release(1_000)
    for copy in copies:
        with database(copy) as db:
            assert_sound(db)
            left = search_index.progress(db)
            assert left
            assert left.done > 0
        async with open_store(copy) as store:
            await until(lambda: store.indexing is None)
            assert await RoomHarness(store.room("lobby")).search('"number 1 of"') == [1]
        with database(copy) as db:
            assert_sound(db)


@pytest.mark.usefixtures("short_steps")
async def test_a_backup_of_a_half_built_one_goes_on_with_it(tmp_path: Path) -> None:
    with unindexed_database(tmp_path / "chat", COUNT) as db:
        search_index.build_step(db)
    backup(Backup(tmp_path / "chat", tmp_path / "copy.db"))
    (tmp_path / "again").mkdir()
    (tmp_path / "copy.db").rename(tmp_path / "again" / FILE)
    with database(tmp_path / "again") as db:
        assert search_index.progress(db) == IndexProgress(10, COUNT)
        assert_sound(db)
    async with open_store(tmp_path / "again") as store:
        await until(lambda: store.indexing is None)
        assert await RoomHarness(store.room("lobby")).search("number", limit=50) == [*range(COUNT, 0, -1)]


def test_words_that_were_deleted_are_not_left_in_what_the_old_index_leaves_behind(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 2_000, text="confidentialword {} " + "x" * 50)
    outdate_index(tmp_path)
    with database(tmp_path) as db:
        while search_index.build_step(db):
            pass
        db.execute("UPDATE room SET name = NULL")
        while delete_cleared(db):
            pass
        while reclaim_space(db):
            pass
        assert checkpoint(db)
        assert b"onfidentialw" not in bytes_of(tmp_path)
