"""Rows of different heights, one below the other."""

from bisect import bisect_right
from itertools import accumulate


class Stack:
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

    def top(self, place: int) -> int:
        """Where a row begins; of the place behind the last one, where it would."""
        return self._tops[place]

    def height(self, place: int) -> int:
        """How high a row is."""
        return self._heights[place]

    def at(self, y: int) -> int | None:
        """The row that covers a position."""
        return bisect_right(self._tops, y) - 1 if 0 <= y < self.total else None

    def between(self, start: int, end: int) -> range:
        """The rows that show between two positions."""
        first = max(0, bisect_right(self._tops, start) - 1)
        last = bisect_right(self._tops, end - 1)
        return range(min(first, len(self)), min(last, len(self)))

    def insert(self, place: int, heights: list[int]) -> None:
        """Put rows in before this place."""
        self._heights[place:place] = heights
        self._restack(place)

    def remove(self, place: int, count: int) -> None:
        """Take rows away."""
        del self._heights[place : place + count]
        self._restack(place)

    def replace(self, place: int, height: int) -> None:
        """Give a row another height."""
        self._heights[place] = height
        self._restack(place)

    def _restack(self, start: int) -> None:
        self._tops[start:] = accumulate(self._heights[start:], initial=self._tops[start])
