"""Retention is exact, goes in steps, and leaves no trace."""

import sqlite3
from pathlib import Path

import pytest

from chatdesk.log import history_pages
from chatdesk.log.database import checkpoint, close_with_checkpoint, open_database
from chatdesk.log.history_pages import RoomView
from chatdesk.log.retention import STEP, Retention, apply_retention, delete_cleared, delete_entries, reclaim_space
from chatdesk.log.room_epoch import Extent
from chatdesk.log.room_log import Duplicate, NotFound
from chatdesk.log.schema import NEW_ROOM
from tests.log.database_room import append_drafts, database, edit, filled_room, set_times
from tests.log.harness import bytes_of, draft

DAY = 24 * 60 * 60 * 1000
NOW = 1_800_000_000_000


def held(db: sqlite3.Connection) -> list[int]:
    rows = db.execute("SELECT place & 0xFFFFFFFFFF FROM entry WHERE content IS NOT NULL ORDER BY place")
    return [seq for (seq,) in rows]


def trim_all(db: sqlite3.Connection, keep: Retention, now: int = NOW) -> int:
    while (trimmed := apply_retention(db, 1, keep, now)).more:
        pass
    return trimmed.first.seq


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 25])
def test_by_count_exactly_the_newest_are_left(tmp_path: Path, count: int) -> None:
    with database(tmp_path) as db:
        filled_room(db, count)
        if not count:
            db.execute(NEW_ROOM, (1, "lobby", "e"))
        first = trim_all(db, Retention(messages=10))
        assert held(db) == [*range(1, count + 1)][-10:]
        assert first == max(1, count - 9)
        assert db.execute("SELECT first_seq FROM room").fetchone() == (first,)


def test_by_age_exactly_the_young_are_left(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 5)
        set_times(db, NOW - 3 * DAY, NOW - 2 * DAY - 1, NOW - 2 * DAY, NOW - DAY, NOW)
        assert trim_all(db, Retention(days=2)) == 3
        assert trim_all(db, Retention(days=1.5)) == 4
        assert held(db) == [4, 5]
        assert trim_all(db, Retention(days=1), NOW + 9 * DAY) == 6, "all of it"
        assert held(db) == []


def test_of_two_limits_the_narrower_counts(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 5)
        set_times(db, NOW - 3 * DAY, NOW - 3 * DAY, NOW, NOW, NOW)
        assert trim_all(db, Retention(4, 2)) == 3
        assert trim_all(db, Retention(1, 2)) == 5


def test_no_limit_keeps_everything(tmp_path: Path) -> None:
    assert not Retention()
    with database(tmp_path) as db:
        filled_room(db, 5)
        assert trim_all(db, Retention(), NOW + 10_000 * DAY) == 1


def test_retention_goes_in_steps(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 3 * STEP + 10)
        firsts = []
        while (trimmed := apply_retention(db, 1, Retention(messages=10), NOW)).more:
            firsts.append(trimmed.first.seq)
            assert trimmed.freed
        assert firsts == [STEP + 1, 2 * STEP + 1, 3 * STEP + 1]
        assert not trimmed.freed
        assert held(db) == [*range(3 * STEP + 1, 3 * STEP + 11)]


def test_a_clock_that_went_back_takes_nothing_young_and_stops_nothing_old(tmp_path: Path) -> None:
    """Behaviour 39."""
    with database(tmp_path) as db:
        filled_room(db, 6)
        set_times(db, NOW - DAY, 1_000, NOW - DAY, NOW, NOW, NOW)  # the clock was in 1970 for a moment
        assert trim_all(db, Retention(days=2)) == 1
        set_times(
            db, NOW - 5 * DAY, NOW + 900 * DAY, NOW - 4 * DAY, NOW + 900 * DAY, NOW - DAY, NOW
        )  # and in the future for a moment
        assert trim_all(db, Retention(days=2)) == 4
        assert held(db) == [4, 5, 6]
        assert trim_all(db, Retention(days=2), NOW + 3 * DAY) == 7


def test_edited_messages_go_with_all_that_was_changed(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = filled_room(db, 3)
        edit(db, room, 1, "number one")  # change 4
        append_drafts(db, room, draft("number 4"), draft("number 5"))  # 5 and 6
        edit(db, room, 4, "number four")  # 7
        step = apply_retention(db, 1, Retention(messages=2), NOW)
        assert step.first == Extent(4, 4), "the third message was change 3"
        assert db.execute("SELECT first_seq, first_change FROM room").fetchone() == (4, 4)
        assert db.execute("SELECT count(*) FROM entry WHERE amended IS NOT NULL").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'one'").fetchone() == (0,)
        view = RoomView.of(room)
        assert history_pages.since(db, view, 2, 9) is None
        page = history_pages.since(db, view, 3, 9)
        assert page
        assert [(record.seq, record.change) for record in page.records] == [(4, 5), (5, 6), (4, 7)]
        assert edit(db, room, 1, "again").refusals == [NotFound()]
        assert apply_retention(db, 1, Retention(messages=1), NOW).first == Extent(5, 6), "what follows the fourth"


def test_ids_are_known_for_a_week_after_they_were_said(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = filled_room(db, 2)
        set_times(db, NOW - 8 * DAY, NOW - 6 * DAY)
        assert trim_all(db, Retention(days=1)) == 3
        told = append_drafts(db, room, draft("number 1", "id 1.1"), draft("number 2", "id 1.2"))
        assert [record.seq for record in told.records] == [3], "the older one is forgotten altogether"
        (refusal,) = told.refusals
        assert isinstance(refusal, Duplicate)
        assert refusal.record.seq == 2


def test_a_cleared_room_is_deleted_and_no_other(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 2 * STEP + 5)
        filled_room(db, 3, 2)
        assert not delete_cleared(db)
        db.execute("UPDATE room SET name = NULL WHERE number = 1")
        steps = 0
        while delete_cleared(db):
            steps += 1
        assert steps == 4
        assert db.execute("SELECT number FROM room").fetchall() == [(2,)]
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'number'").fetchone() == (3,)


def test_a_deleted_room_leaves_no_trace_and_returns_its_space(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 5_000, text="Geheimnisvoll {} confidentialword " + "x" * 300)
        filled_room(db, 3, 2, "staysforever {}")
        checkpoint(db)
        large = len(bytes_of(tmp_path))
        assert b"confidentialword" in bytes_of(tmp_path)
        db.execute("UPDATE room SET name = NULL WHERE number = 1")
        while delete_cleared(db):
            pass
        while reclaim_space(db):
            pass
        assert checkpoint(db)
        left = bytes_of(tmp_path)
        assert len(left) < large / 15
        for word in (b"confidentialword", b"onfidentialw", b"Geheimnis", b"geheimnis"):
            assert word not in left
        assert b"staysforever" in left
        assert db.execute("SELECT count(*) FROM search WHERE search MATCH 'staysforever'").fetchone() == (3,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_text_that_retention_takes_leaves_no_trace(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    filled_room(db, 30, text="{}: Confidential-" + "x" * 300)
    trim_all(db, Retention(messages=1))
    reclaim_space(db)
    checkpoint(db)
    assert bytes_of(tmp_path).count(b"Confidential-") == 1
    close_with_checkpoint(db)


def test_deleting_what_is_not_there_does_nothing(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = filled_room(db, 3)
        delete_entries(db, 0, 5)
        assert held(db) == [1, 2, 3]
        assert RoomView.of(room).last_seq == 3
