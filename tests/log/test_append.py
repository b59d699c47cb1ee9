"""Numbers have no gaps, and each id of a sender has one effect, in whatever batch it comes again."""

from pathlib import Path

import pytest

from chatdesk.log import history_pages
from chatdesk.log.append import insert
from chatdesk.log.history_pages import RoomView, records
from chatdesk.log.retention import Retention, apply_retention
from chatdesk.log.room_epoch import EMPTY, Extent, RoomEpoch
from chatdesk.log.room_log import Duplicate, IdReused
from tests.log.database_room import Outcomes, append_drafts, database, filled_room
from tests.log.harness import contents, draft, seqs


def lobby(number: int = 1, name: str = "lobby") -> RoomEpoch:
    return RoomEpoch(number, name, f"epoch {number}", str)


def test_a_batch_is_numbered_without_gaps_room_by_room(tmp_path: Path) -> None:
    rooms = {name: lobby(number, name) for number, name in enumerate(("lobby", "garden"), 1)}
    names = ["lobby", "garden", "garden", "lobby", "lobby", "garden"]
    with database(tmp_path) as db:
        told = Outcomes()
        appends = [
            append
            for name in names
            for append in told.appends([draft(f"in {name}")], lambda room=rooms[name]: room)  # type: ignore[misc]
        ]
        insert(db, appends)
        for append in appends:
            append.notify_done()
        assert [(record.content, record.seq, record.change) for record in told.records] == [
            ("in lobby", 1, 1),
            ("in garden", 1, 1),
            ("in garden", 2, 2),
            ("in lobby", 2, 2),
            ("in lobby", 3, 3),
            ("in garden", 3, 3),
        ]
        views = [history_pages.whole_view(db, name, str) for name in rooms]
        assert views == [RoomView.of(room) for room in rooms.values()]


def test_the_announced_entries_are_those_in_the_file(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = lobby()
        told = append_drafts(db, room, draft("one", "a1"), draft('"two"\n', None), draft("drei 🎉", "a3"))
        assert told.records == [*records(db, RoomView.of(room))]
        assert [record.id for record in told.records] == ["a1", None, "a3"]


def test_a_repetition_within_a_batch_is_stored_once(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = lobby()
        told = append_drafts(
            db, room, draft("one", "a1"), draft("two"), draft("one", "a1"), draft("other", "a1"), draft("three")
        )
        assert contents(told.records) == ["one", "two", "three"]
        assert seqs(told.records) == [1, 2, 3]
        assert told.refusals == [Duplicate(told.records[0]), IdReused()]
        assert [*records(db, RoomView.of(room))] == told.records
        assert append_drafts(db, room, draft("four")).records[0].seq == 4


def test_a_repetition_in_another_batch_is_the_stored_message(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = lobby()
        first = append_drafts(db, room, draft("one", "a1"), draft("two", "a2"))
        again = append_drafts(
            db, room, draft("three"), draft("two", "a2"), draft("other", "a1"), draft("one", "a1", "ana")
        )
        assert again.refusals == [Duplicate(first.records[1]), IdReused()]
        assert contents(again.records) == ["three", "one"], "to somebody else the id means nothing"
        assert seqs(again.records) == [3, 4]


def test_an_id_belongs_to_one_room(tmp_path: Path) -> None:
    lounge, garden = lobby(), lobby(2, "garden")
    with database(tmp_path) as db:
        append_drafts(db, lounge, draft("one", "a1"))
        assert append_drafts(db, garden, draft("one", "a1")).refusals == [IdReused()]
        told = Outcomes()
        appends = told.appends([draft("two", "a2")], lambda: lounge)
        appends += told.appends([draft("two", "a2")], lambda: garden)
        insert(db, appends)
        for append in appends:
            append.notify_done()
        assert told.refusals == [IdReused()], "in the same batch, too"
        assert garden.written == EMPTY


def test_after_retention_the_id_is_known_without_its_text(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = filled_room(db, 3)
        apply_retention(db, 1, Retention(messages=1), now=0)
        refusal, other = append_drafts(db, room, draft("number 2", "id 1.2"), draft("number 3", "id 1.2")).refusals
        assert other == IdReused(), "the text has gone, but not what tells it from another"
        assert isinstance(refusal, Duplicate)
        assert (refusal.record.seq, refusal.record.content) == (2, "number 2")
        assert room.written == Extent(3, 3)


def test_an_id_that_went_with_a_deleted_history_is_free_again(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        filled_room(db, 3)
        db.execute("UPDATE room SET name = NULL")
        fresh = lobby(2)
        told = append_drafts(db, fresh, draft("number 2", "id 1.2"), draft("number 2", "id 1.2"))
        assert seqs(told.records) == [1]
        assert told.refusals == [Duplicate(told.records[0])]
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (3,)


def test_a_place_that_is_taken_is_no_repetition(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = filled_room(db, 3)
        room.written = Extent(1, 1)
        with pytest.raises(Exception, match=r"UNIQUE constraint failed: entry\.place"):
            append_drafts(db, room, draft("onto another"))


def test_a_huge_batch_with_repetitions_everywhere(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = lobby()
        drafts = [draft(f"number {number % 3_000}", f"id {number % 3_000}") for number in range(10_000)]
        told = append_drafts(db, room, *drafts)
        assert seqs(told.records) == [*range(1, 3_001)]
        assert len(told.refusals) == 7_000
        assert all(isinstance(refusal, Duplicate) for refusal in told.refusals)
        assert append_drafts(db, room, *drafts).records == []


def test_nothing_is_a_batch_too(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        insert(db, [])
        assert db.execute("SELECT count(*) FROM room").fetchone() == (0,)
