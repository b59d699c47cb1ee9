"""Rows of different heights, one below the other."""

from bisect import bisect_right
from itertools import accumulate


class RowHeights:
    """Finds rows by place and by position; all in pixels, from the top of the first row."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._tops: list[int] = [0]

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """Height of all rows together."""
        return self._tops[-1]

    def top(self, position: int) -> int:
        """Where a row begins; of the place behind the last one, where it would."""
        return self._tops[position]

    def height(self, position: int) -> int:
        """How high a row is."""
        return self._heights[position]

    def position_at(self, y: int) -> int | None:
        """The row that covers a position."""
        return bisect_right(self._tops, y) - 1 if 0 <= y < self.total else None

    def positions_between(self, start: int, end: int) -> range:
        """The rows that show between two positions."""
        first = max(0, bisect_right(self._tops, start) - 1)
        last = bisect_right(self._tops, end - 1)
        return range(min(first, len(self)), min(last, len(self)))

    def insert(self, position: int, heights: list[int]) -> None:
        """Put rows in before this place."""
        self._heights[position:position] = heights
        self._update_tops(position)

    def remove(self, position: int, count: int) -> None:
        """Take rows away."""
        del self._heights[position : position + count]
        self._update_tops(position)

    def replace(self, position: int, height: int) -> None:
        """Give a row another height."""
        self._heights[position] = height
        self._update_tops(position)

    def _update_tops(self, start: int) -> None:
        self._tops[start:] = accumulate(self._heights[start:], initial=self._tops[start])
