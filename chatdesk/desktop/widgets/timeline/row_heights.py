"""The heights of rows, with their running sums."""

from bisect import bisect_right
from itertools import accumulate


class RowHeights:
    """Finds rows by position in the list and by coordinate; in pixels from the top of the first row."""

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._tops: list[int] = [0]

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """The height of all rows together."""
        return self._tops[-1]

    def top(self, position: int) -> int:
        """Return where a row begins; for the position after the last row, where it ends."""
        return self._tops[position]

    def height(self, position: int) -> int:
        """Return the height of a row."""
        return self._heights[position]

    def position_at(self, y: int) -> int | None:
        """Return the position of the row at a coordinate; None if there is none."""
        return bisect_right(self._tops, y) - 1 if 0 <= y < self.total else None

    def positions_between(self, start: int, end: int) -> range:
        """Return the positions of the rows that are visible between two coordinates."""
        first = max(0, bisect_right(self._tops, start) - 1)
        last = bisect_right(self._tops, end - 1)
        return range(min(first, len(self)), min(last, len(self)))

    def insert(self, position: int, heights: list[int]) -> None:
        """Insert rows before a position."""
        self._heights[position:position] = heights
        self._update_tops(position)

    def remove(self, position: int, count: int) -> None:
        """Remove rows."""
        del self._heights[position : position + count]
        self._update_tops(position)

    def replace(self, position: int, heights: list[int]) -> None:
        """Change the heights of rows, from a position on."""
        self._heights[position : position + len(heights)] = heights
        self._update_tops(position)

    def _update_tops(self, start: int) -> None:
        self._tops[start:] = accumulate(self._heights[start:], initial=self._tops[start])
