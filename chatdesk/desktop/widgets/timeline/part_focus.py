"""The part of a message that the keys are on: a link, a button; none until Right is pressed."""

from chatdesk.desktop.models.rows import Row
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.blocks.block import Part
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout


class PartFocus:
    """Which part of which row. A changed message is another row, and the keys are then on the row as a whole."""

    def __init__(self) -> None:
        self._row: Row | None = None
        self._number = -1

    def of(self, layout: RowLayout, row: Row) -> Part | None:
        """Return the part of a row that the keys are on."""
        if self._row is not row or self._number < 0:
            return None
        parts = row_painter.parts(layout, row)
        return parts[self._number] if self._number < len(parts) else None

    def move(self, layout: RowLayout, row: Row, step: int) -> Part | None:
        """Move to the next part of a row, or the one before; before the first one is the row as a whole."""
        number = self._number if self._row is row else -1
        last = len(row_painter.parts(layout, row)) - 1
        self._row, self._number = row, min(max(number + step, -1), last)
        return self.of(layout, row)
