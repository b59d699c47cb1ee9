"""Heights of rows: where each begins, and which is at a coordinate."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.desktop.widgets.timeline.row_heights import RowHeights

HEIGHTS = st.lists(st.integers(1, 50), min_size=1, max_size=30)


def row_heights(heights: list[int]) -> RowHeights:
    made = RowHeights()
    made.insert(0, heights)
    return made


@given(HEIGHTS, st.lists(st.tuples(st.sampled_from("irx"), st.integers(0, 99), st.integers(1, 50))))
def test_after_any_change_the_sum_is_right(heights: list[int], changes: list[tuple[str, int, int]]) -> None:
    kept, wanted = row_heights(heights), list(heights)
    for what, where, height in changes:
        place = where % len(wanted) if wanted else 0
        if what == "i" or not wanted:
            kept.insert(place, [height, height])
            wanted[place:place] = [height, height]
        elif what == "r":
            kept.remove(place, 1)
            del wanted[place]
        else:
            kept.replace(place, [height])
            wanted[place] = height
    assert len(kept) == len(wanted)
    assert kept.total == sum(wanted)
    assert [kept.top(place) for place in range(len(wanted) + 1)] == [sum(wanted[:n]) for n in range(len(wanted) + 1)]
    assert [kept.height(place) for place in range(len(wanted))] == wanted


@given(HEIGHTS, st.integers(-5, 1600))
def test_the_row_at_a_position_covers_it(heights: list[int], y: int) -> None:
    kept = row_heights(heights)
    place = kept.position_at(y)
    if place is None:
        assert not 0 <= y < kept.total
    else:
        assert kept.top(place) <= y < kept.top(place) + kept.height(place)


@given(HEIGHTS, st.integers(-50, 1600), st.integers(1, 600))
def test_between_two_positions_are_all_rows_that_show(heights: list[int], start: int, span: int) -> None:
    kept = row_heights(heights)
    showing = [
        place
        for place in range(len(heights))
        if kept.top(place) < start + span and kept.top(place) + kept.height(place) > start
    ]
    assert list(kept.positions_between(start, start + span)) == showing


def test_without_rows_there_is_nothing_to_find() -> None:
    empty = RowHeights()
    assert (len(empty), empty.total, empty.position_at(0), list(empty.positions_between(0, 100))) == (0, 0, None, [])
