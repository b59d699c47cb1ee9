"""The recent entries are consecutive up to the newest, and give the same pages as a whole log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.recent_entries import RecentEntries, fitting_count, join_around
from chatdesk.log.room_log import Entry, HistoryPage
from chatdesk.protocol.limits import HISTORY_BYTES


def entry(seq: int, size: int = 10) -> Entry:
    return Entry(seq, b"x" * size)


def entries(first: int, last: int, size: int = 10) -> list[Entry]:
    return [entry(seq, size) for seq in range(first, last + 1)]


def filled(count: int, max_entries: int = 1000, max_bytes: int = 1_000_000, last_seq: int = 0) -> RecentEntries:
    tail = RecentEntries(max_entries, max_bytes, last_seq)
    for seq in range(last_seq + 1, last_seq + count + 1):
        tail.append(entry(seq))
    return tail


def seqs(page: HistoryPage | list[Entry]) -> list[int]:
    return [each.seq for each in (page.entries if isinstance(page, HistoryPage) else page)]


def test_an_empty_tail_knows_the_newest_number_all_the_same() -> None:
    tail = RecentEntries(10, 1000, last_seq=7)
    assert (tail.last_seq, tail.seqs) == (7, range(8, 8))
    assert tail.before(8, 5) == tail.after(0, 5) == []
    assert tail.page_before(8, 5, 1) == tail.page_after(0, 5) == HistoryPage([], False)


def test_the_oldest_go_for_the_newest_and_are_named() -> None:
    tail = filled(3, max_entries=3)
    assert tail.append(entry(4)) == [entry(1)]
    assert tail.seqs == range(2, 5)
    by_size = RecentEntries(100, 30)
    by_size.append(entry(1))
    by_size.append(entry(2))
    assert by_size.append(entry(3, 25)) == [entry(1), entry(2)]
    assert by_size.append(entry(4, 31)) == [entry(3, 25), entry(4, 31)], "one that is too large alone"
    assert (by_size.last_seq, by_size.seqs) == (4, range(5, 5))


def test_what_comes_before_is_put_in_as_far_as_there_is_room() -> None:
    tail = RecentEntries(5, 1000, last_seq=10)
    tail.append(entry(11))
    tail.prepend(entries(1, 10))
    assert seqs(tail.after(0, 100)) == [7, 8, 9, 10, 11]
    tight = RecentEntries(100, 35, last_seq=10)
    tight.prepend(entries(1, 10))
    assert tight.seqs == range(8, 11)


def test_what_does_not_come_right_before_is_not_put_in() -> None:
    tail = filled(2, last_seq=10)
    tail.prepend(entries(1, 9))
    assert tail.seqs == range(11, 13)
    tail.prepend(entries(8, 12))
    assert tail.seqs == range(11, 13), "it is in it already"


def test_what_was_cut_is_gone_and_makes_room() -> None:
    tail = filled(5, max_entries=5)
    tail.discard_before(4)
    assert tail.seqs == range(4, 6)
    tail.discard_before(100)
    assert (tail.seqs, tail.last_seq) == (range(6, 6), 5)
    for seq in range(6, 11):
        assert tail.append(entry(seq)) == []


def test_an_entry_is_had_by_its_number() -> None:
    tail = filled(5, max_entries=3)
    assert tail.get(3) == entry(3)
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
    page = join_around(entries(1, 5, large), entries(6, 10, large))
    assert 6 in seqs(page)
    assert sum(len(each.payload) for each in page) <= HISTORY_BYTES
    assert seqs(join_around(entries(1, 5), [entry(6, HISTORY_BYTES)])) == [6]
    assert seqs(join_around(entries(1, 5), [])) == [1, 2, 3, 4, 5]


@given(st.lists(st.integers(1, HISTORY_BYTES), max_size=8), st.lists(st.integers(1, HISTORY_BYTES), max_size=8))
def test_a_page_around_a_message_is_never_too_large_nor_without_it(older: list[int], newer: list[int]) -> None:
    before = [entry(seq, size) for seq, size in enumerate(older, 1)]
    after = [entry(seq, size) for seq, size in enumerate(newer, len(older) + 1)]
    page = join_around(before, after)
    assert sum(len(each.payload) for each in page) <= HISTORY_BYTES
    assert [each.seq for each in page] == [*range(page[0].seq, page[0].seq + len(page))] if page else not older + newer
    assert not after or after[0] in page


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 12), st.integers(0, 70), st.integers(1, 15))
def test_every_page_is_what_a_plain_list_would_give(start: int, count: int, kept: int, seq: int, limit: int) -> None:
    tail = filled(count, max_entries=kept, last_seq=start)
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
