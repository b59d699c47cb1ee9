"""Pages from the file equal those of a plain list; no argument breaks them, and no gap is hidden."""

import sqlite3
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log import history_pages
from chatdesk.log.as_message import as_message
from chatdesk.log.database import is_damage, is_interruption
from chatdesk.log.history_pages import RoomView
from chatdesk.log.room_log import HistoryPage
from chatdesk.log.schema import entry_place, migrate
from chatdesk.log.search_query import SearchQuery
from chatdesk.protocol import codec
from chatdesk.protocol.limits import HISTORY_BYTES
from tests.log.database_room import database, filled_room, set_times
from tests.log.harness import contents, seqs


def test_each_room_has_its_own_pages(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        rooms = [filled_room(db, 5, number, f"room {number}: {{}}") for number in (1, 2, 3)]
        for room in rooms:
            page = history_pages.before(db, RoomView.of(room), 6, 200)
            assert contents(page.records) == [f"room {room.number}: {seq}" for seq in range(1, 6)]
            assert not page.more
            assert [*history_pages.records(db, RoomView.of(room))] == page.records
            assert history_pages.whole_view(db, room.name, str) == RoomView.of(room)
        assert history_pages.whole_view(db, "missing", str) is None


def test_every_page_is_what_a_plain_list_would_give(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = filled_room(db, 30)
        filled_room(db, 3, 2)

        @given(st.integers(1, 30), st.integers(0, 30), st.integers(-3, 2**53), st.integers(0, 40), st.integers(1, 15))
        def compare(first: int, last: int, far: int, near: int, limit: int) -> None:
            whole = RoomView.of(room)._replace(first_seq=first, last_seq=last)
            held = [*range(first, last + 1)]
            for seq in (near, far):
                older = [number for number in held if number < seq]
                newer = [number for number in held if number > seq]
                from_it = [number for number in held if number >= seq]
                page = history_pages.before(db, whole, seq, limit)
                assert (seqs(page.records), page.more) == (older[-limit:], len(older) > limit)
                page = history_pages.after(db, whole, seq, limit)
                assert (seqs(page.records), page.more) == (newer[:limit], len(newer) > limit)
                page = history_pages.around_seq(db, whole, seq, limit)
                wanted = older[len(older) - min(len(older), limit // 2) :] + from_it[: (limit + 1) // 2]
                assert (seqs(page.records), page.more) == (wanted, bool(wanted and wanted[0] > first))

        compare()


def test_a_page_is_bounded_in_bytes(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 100, text="{} " + "ä" * 8000))
        for page in (
            history_pages.before(db, room, 101, 100),
            history_pages.after(db, room, 0, 100),
            history_pages.around_seq(db, room, 50, 100),
        ):
            assert 10 < len(page.records) < 100
            assert sum(len(codec.encode(as_message(record, "lobby"))) for record in page.records) <= HISTORY_BYTES
        assert history_pages.after(db, room, 0, 100).more
        assert 50 in seqs(history_pages.around_seq(db, room, 50, 100).records)


def test_a_hole_is_damage_and_never_a_page(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 10))
        db.execute("DELETE FROM entry WHERE place = ?", (entry_place(1, 5),))
        for question in (history_pages.before, history_pages.after, history_pages.around_seq):
            seq = 0 if question is history_pages.after else 8
            with pytest.raises(sqlite3.DatabaseError, match="missing") as failure:
                question(db, room, seq, 10)
            assert is_damage(failure.value)
        assert seqs(history_pages.after(db, room, 5, 10).records) == [6, 7, 8, 9, 10]


def test_a_page_whose_end_is_missing_is_damage(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 10))
        db.execute("DELETE FROM entry WHERE place >= ?", (entry_place(1, 9),))
        with pytest.raises(sqlite3.DatabaseError, match="missing"):
            history_pages.before(db, room, 11, 5)
        with pytest.raises(sqlite3.DatabaseError, match="missing"):
            history_pages.after(db, room, 5, 10)
        assert seqs(history_pages.after(db, room, 5, 3).records) == [6, 7, 8]


def test_what_retention_takes_meanwhile_is_a_page_that_begins_later(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 10))
        db.execute("UPDATE entry SET content = NULL WHERE place <= ?", (entry_place(1, 4),))
        assert seqs(history_pages.after(db, room, 0, 10).records) == [5, 6, 7, 8, 9, 10]
        assert seqs(history_pages.before(db, room, 11, 10).records) == [5, 6, 7, 8, 9, 10]
        assert history_pages.before(db, room, 4, 10) == HistoryPage([], False)
        assert history_pages.record_at(db, room, 3) is None
        held = history_pages.record_at(db, room, 5)
        assert held is not None
        assert held.seq == 5


def test_a_moment_is_found_between_days(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 9))
        set_times(db, 100, 200, 200, 300, 400, 500, 600, 700, 800)
        moments = {0: 1, 100: 1, 101: 2, 200: 2, 201: 4, 800: 9, 801: 10}
        assert {moment: history_pages.seq_at(db, room, moment) for moment in moments} == moments
        assert seqs(history_pages.at_moment(db, room, 301, 4).records) == [3, 4, 5, 6]
        assert seqs(history_pages.at_moment(db, room, 10**20, 4).records) == [7, 8, 9], "later than all: the latest"
        assert seqs(history_pages.at_moment(db, room, -(10**20), 4).records) == [1, 2]
        assert history_pages.at_moment(db, room._replace(last_seq=0), 300, 4) == HistoryPage([], False)


def test_where_the_clock_went_back_every_moment_still_has_a_page(tmp_path: Path) -> None:
    """Behaviour 39."""
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 9))
        set_times(db, 100, 200, 9_000, 9_001, 300, 400, 500, 600, 700)
        for moment in range(0, 10_000, 50):
            assert len(history_pages.at_moment(db, room, moment, 4).records) >= 2
        assert history_pages.seq_at(db, room, 650) == 9
        assert history_pages.seq_at(db, room, 150) == 2
        assert seqs(history_pages.after(db, room, 0, 9).records) == [*range(1, 10)], "the order is that of the numbers"


def test_a_search_is_bounded_by_what_may_be_seen(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 20, text="the same words, number {}"))
        filled_room(db, 5, 2, "the same words")

        def found(query: str, older_than: int | None = None, limit: int = 50, whole: RoomView = room) -> list[int]:
            return [
                hit.record.seq for hit in history_pages.search(db, whole, SearchQuery(query), older_than, limit).hits
            ]

        assert found("same words") == [*range(20, 0, -1)]
        assert found("same", limit=3) == [20, 19, 18]
        assert history_pages.search(db, room, SearchQuery("same"), None, 20).more is False
        assert history_pages.search(db, room, SearchQuery("same"), None, 19).more is True
        assert found("same", older_than=3) == [2, 1]
        assert found("same", older_than=1) == []
        assert found("same", older_than=-(2**60)) == []
        assert found("same", older_than=2**60, limit=1) == [20]
        assert found("same", whole=room._replace(first_seq=19)) == [20, 19]
        assert found("same", whole=room._replace(last_seq=2)) == [2, 1], "not what nobody was told of yet"
        assert found("") == found("   ") == found('"*') == []


def test_a_search_that_is_interrupted_is_a_part_of_the_answer_or_none(tmp_path: Path) -> None:
    with database(tmp_path) as db:
        room = RoomView.of(filled_room(db, 200, text="same words {}"))
        whole = history_pages.search(db, room, SearchQuery("same words"), None, 50)
        course = []
        for steps in range(0, 2_000, 20):
            db.set_progress_handler(partial(next, chain(repeat(0, steps), repeat(1))), 1)
            try:
                part = history_pages.search(db, room, SearchQuery("same words"), None, 50)
            except sqlite3.OperationalError as error:
                course.append(0 if is_interruption(error) else -1)
            else:
                assert part.more
                assert part.hits == whole.hits[: len(part.hits)]
                course.append(len(part.hits))
            db.set_progress_handler(None, 1)
        assert course == sorted(course), "the more time, the more is found"
        assert {0, 50} < set(course)


@given(st.text(max_size=200))
def test_no_query_fails(text: str) -> None:
    assert _search(text) is not None


@pytest.mark.parametrize(
    "query", ["word " * 40, "a-" * 100, '"' * 200, "AND OR NOT NEAR(", "text:x", "日" * 200, "^x*"]
)
def test_no_query_is_too_long_or_too_clever(query: str) -> None:
    assert _search(query) is not None


def _search(text: str) -> object:
    room = RoomView(1, "lobby", 1, 1, 1, str)
    return history_pages.search(_DB, room, SearchQuery(text), None, 5)


def _in_memory() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)
    return db


_DB = _in_memory()
