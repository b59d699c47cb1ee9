"""A resume begins after the last change that was received without a gap."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.client.received_changes import ReceivedChanges


def test_changes_in_a_row_count_at_once() -> None:
    received = ReceivedChanges()
    received.add([1, 2, 3])
    assert received.without_gap == 3


def test_beyond_a_gap_nothing_counts_until_it_is_filled() -> None:
    received = ReceivedChanges()
    received.add([1, 3, 4])
    assert received.without_gap == 1
    received.add([2])
    assert received.without_gap == 4


def test_a_page_says_how_far_it_reaches_and_what_was_beyond_it_counts_too() -> None:
    received = ReceivedChanges()
    received.add([8, 9])
    received.reach(7)
    assert received.without_gap == 9
    received.reach(5)
    assert received.without_gap == 9
    received.reset()
    received.add([10])
    assert received.without_gap == 0


@given(st.permutations(range(1, 12)), st.integers(0, 11))
def test_in_any_order_it_ends_at_the_last_one_before_the_first_that_is_missing(order: list[int], missing: int) -> None:
    received = ReceivedChanges()
    received.add(change for change in order if change != missing)
    assert received.without_gap == (missing - 1 if missing else 11)
