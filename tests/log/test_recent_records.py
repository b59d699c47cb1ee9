"""The recent records are consecutive up to the newest, and give the same pages as a whole log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.pages import fitting_count, join_around, record_size
from chatdesk.log.recent_records import RecentRecords
from chatdesk.log.room_log import HistoryPage, Record
from chatdesk.protocol.limits import HISTORY_BYTES

EMPTY = Record(0, 0, 0, "", "", "", 0)
KILOBYTE = 1_000


def record(seq: int, size: int = KILOBYTE) -> Record:
    """Return a record that takes ``size`` bytes in a page."""
    return EMPTY._replace(seq=seq, first_change=seq, change=seq, content="x" * (size - record_size(EMPTY)))


def records(first: int, last: int, size: int = KILOBYTE) -> list[Record]:
    return [record(seq, size) for seq in range(first, last + 1)]


def filled(count: int, max_records: int = 1000, max_bytes: int = 1_000 * KILOBYTE, last_seq: int = 0) -> RecentRecords:
    tail = RecentRecords(max_records, max_bytes, last_seq, last_seq)
    for seq in range(last_seq + 1, last_seq + count + 1):
        tail.append(record(seq))
    return tail


def seqs(page: HistoryPage | list[Record]) -> list[int]:
    return [each.seq for each in (page.records if isinstance(page, HistoryPage) else page)]


def test_an_empty_tail_knows_the_newest_number_all_the_same() -> None:
    tail = RecentRecords(10, KILOBYTE, 7, 7)
    assert (tail.last_seq, tail.seqs) == (7, range(8, 8))
    assert tail.before(8, 5) == tail.after(0, 5) == []
    assert tail.page_before(8, 5, 1) == tail.page_after(0, 5) == HistoryPage([], False)


def test_the_oldest_go_for_the_newest_and_are_named() -> None:
    tail = filled(3, max_records=3)
    assert tail.append(record(4)) == [record(1)]
    assert tail.seqs == range(2, 5)
    by_size = RecentRecords(100, 3 * KILOBYTE)
    by_size.append(record(1))
    by_size.append(record(2))
    assert by_size.append(record(3, 2_500)) == [record(1), record(2)]
    assert by_size.append(record(4, 3_001)) == [record(3, 2_500), record(4, 3_001)], "one that is too large alone"
    assert (by_size.last_seq, by_size.seqs) == (4, range(5, 5))


def test_what_comes_before_is_put_in_as_far_as_there_is_room() -> None:
    tail = RecentRecords(5, 100 * KILOBYTE, 10, 10)
    tail.append(record(11))
    tail.prepend(records(1, 10), 0)
    assert seqs(tail.after(0, 100)) == [7, 8, 9, 10, 11]
    tight = RecentRecords(100, 3_500, 10, 10)
    tight.prepend(records(1, 10), 0)
    assert tight.seqs == range(8, 11)


def test_what_does_not_come_right_before_is_not_put_in() -> None:
    tail = filled(2, last_seq=10)
    tail.prepend(records(1, 9), 0)
    assert tail.seqs == range(11, 13)
    tail.prepend(records(8, 12), 0)
    assert tail.seqs == range(11, 13), "it is in it already"


def test_what_was_cut_is_gone_and_makes_room() -> None:
    tail = filled(5, max_records=5)
    tail.discard_before(4)
    assert tail.seqs == range(4, 6)
    tail.discard_before(100)
    assert (tail.seqs, tail.last_seq) == (range(6, 6), 5)
    for seq in range(6, 11):
        assert tail.append(record(seq)) == []


def test_an_entry_is_had_by_its_number() -> None:
    tail = filled(5, max_records=3)
    assert tail.get(3) == record(3)
    for gone in (0, 2, 6):
        with pytest.raises(IndexError):
            tail.get(gone)


def test_a_page_holds_what_clients_take_in_one_frame() -> None:
    assert fitting_count([HISTORY_BYTES]) == 1
    assert fitting_count([HISTORY_BYTES + 1]) == 0
    assert fitting_count([1, HISTORY_BYTES]) == 1
    assert fitting_count([]) == 0


def test_around_a_message_it_comes_first_whatever_the_others_take() -> None:
    large = HISTORY_BYTES // 3
    page = join_around(records(1, 5, large), records(6, 10, large))
    assert 6 in seqs(page)
    assert sum(map(record_size, page)) <= HISTORY_BYTES
    assert seqs(join_around(records(1, 5), [record(6, HISTORY_BYTES)])) == [6]
    assert seqs(join_around(records(1, 5), [])) == [1, 2, 3, 4, 5]


@given(
    st.lists(st.integers(KILOBYTE, HISTORY_BYTES), max_size=8),
    st.lists(st.integers(KILOBYTE, HISTORY_BYTES), max_size=8),
)
def test_a_page_around_a_message_is_never_too_large_nor_without_it(older: list[int], newer: list[int]) -> None:
    before = [record(seq, size) for seq, size in enumerate(older, 1)]
    after = [record(seq, size) for seq, size in enumerate(newer, len(older) + 1)]
    page = join_around(before, after)
    assert sum(map(record_size, page)) <= HISTORY_BYTES
    assert [each.seq for each in page] == [*range(page[0].seq, page[0].seq + len(page))] if page else not older + newer
    assert not after or after[0] in page


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 12), st.integers(0, 70), st.integers(1, 15))
def test_every_page_is_what_a_plain_list_would_give(start: int, count: int, kept: int, seq: int, limit: int) -> None:
    tail = filled(count, max_records=kept, last_seq=start)
    held = [*range(start + 1, start + count + 1)][-kept:]
    first = held[0] if held else start + 1
    older, newer = [number for number in held if number < seq], [number for number in held if number > seq]
    assert list(tail.seqs) == held
    assert seqs(tail.page_before(seq, limit, first)) == older[-limit:]
    assert tail.page_before(seq, limit, first).more == (len(older) > limit)
    assert seqs(tail.page_after(seq, limit)) == newer[:limit]
    assert tail.page_after(seq, limit).more == (len(newer) > limit)
    from_it = [number for number in held if number >= seq]
    half = older[len(older) - min(len(older), limit // 2) :]
    assert seqs(tail.page_around(seq, limit, first)) == half + from_it[: (limit + 1) // 2]


def edited(before: Record, change: int, content: str = "edited") -> Record:
    return before._replace(change=change, content=content, edited=1)


def test_an_update_takes_the_place_of_what_was_there() -> None:
    tail = filled(5)
    assert tail.update(edited(record(3), 6)) == []
    assert (tail.last_seq, tail.last_change, tail.seqs) == (5, 6, range(1, 6))
    assert [each.content for each in tail.before(5, 3)][1:] == ["edited", record(4).content]
    assert tail.since(4, 10).records == [record(5), edited(record(3), 6)]
    tail.update(edited(record(3), 7, "again"))
    assert tail.since(5, 10).records == [edited(record(3), 7, "again")], "only as it is now"


def test_an_update_that_is_larger_takes_the_room_of_the_oldest() -> None:
    tail = filled(3, max_bytes=3 * KILOBYTE)
    assert tail.update(edited(record(3), 4, "x" * KILOBYTE)) == [record(1)]
    assert tail.complete_after == 1
    assert tail.update(edited(record(3), 5, "x")) == []
    assert tail.append(record(4)._replace(first_change=6, change=6)) == []


def test_of_what_is_not_held_the_changes_are_not_all_known() -> None:
    tail = filled(10, max_records=4)
    assert tail.complete_after == 6
    tail.update(edited(record(2), 11))
    assert tail.complete_after == 11
    tail.update(edited(record(7), 12))
    tail.append(record(11)._replace(first_change=13, change=13))
    assert tail.complete_after == 12, "an updated record went: what happened to it before is told by the disk"
    assert seqs(tail.since(12, 5).records) == [11]


def test_what_is_put_in_before_completes_the_changes() -> None:
    tail = RecentRecords(4, 100 * KILOBYTE, 10, 13)
    assert tail.complete_after == 13
    older = [*records(5, 8), edited(record(9), 12), record(10)]
    tail.prepend(older, 11)
    assert (tail.seqs, tail.complete_after) == (range(7, 11), 11)
    assert tail.since(11, 5).records == [edited(record(9), 12)]
    none_left = filled(4, max_records=4, last_seq=10)
    none_left.prepend(records(1, 10), 0)
    assert none_left.complete_after == 10


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=40),
    st.integers(1, 12),
    st.integers(0, 45),
    st.integers(1, 50),
)
def test_what_has_changed_is_told_in_order_and_as_it_is_now(
    course: list[int | None], kept: int, since: int, limit: int
) -> None:
    """``course``: None appends a message, a number edits the one so many before the last."""
    tail = RecentRecords(kept, 1_000 * KILOBYTE)
    now: dict[int, Record] = {}
    told: list[Record] = []
    for change, back in enumerate(course, 1):
        if back is None or back >= len(now):
            told.append(EMPTY._replace(seq=len(now) + 1, first_change=change, change=change))
            tail.append(told[-1])
        else:
            told.append(edited(now[len(now) - back], change, str(change)))
            tail.update(told[-1])
        now[told[-1].seq] = told[-1]
    if not tail.complete_after <= since <= len(course):
        return
    seen: list[Record] = []
    position, more = since, True
    while more:
        page = tail.since(position, limit)
        assert len(page.records) <= limit
        seen += page.records
        assert page.end == (page.records[-1].change if page.more else tail.last_change)
        assert page.last_seq == max([each.seq for each in told[: page.end] if not each.is_update], default=0)
        position, more = page.end, page.more
    expected = [
        each._replace(content=now[each.seq].content, edited=now[each.seq].edited)
        for each in told[since:]
        if not each.is_update or each == now[each.seq]
    ]
    assert seen == expected
