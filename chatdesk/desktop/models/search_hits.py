"""The hits of a search: room by room, and newest first in each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.client.search import SearchResults
from chatdesk.desktop.date_format import format_short_day, format_time
from chatdesk.protocol.events import Hit
from chatdesk.protocol.text import isolated
from chatdesk.protocol.times import local_time

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class HitRow:
    """A message that was found; ``heading`` is the name of its room, above the first one of it."""

    hit: Hit
    heading: str = ""


@dataclass(frozen=True, slots=True)
class MoreRow:
    """Older hits of a room, which come on request; ``title`` is what the room is called."""

    room: str
    title: str


FoundRow = HitRow | MoreRow


class SearchHitsModel(QAbstractListModel):
    """Rows of a search. More hits of the same search are put in their place; another search resets the model."""

    def __init__(self) -> None:
        super().__init__()
        self._query = ""
        self._rows: list[FoundRow] = []

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _accessible_text(self._rows[index.row()])
        return None

    def row(self, position: int) -> FoundRow:
        """Return what is in a row."""
        return self._rows[position]

    @property
    def hits(self) -> list[Hit]:
        """All messages in the rows."""
        return [row.hit for row in self._rows if isinstance(row, HitRow)]

    def set_results(self, results: SearchResults, title: Callable[[str], str], shown: str) -> None:
        """Set what was found so far; ``title`` is what a room is called, and ``shown`` the one that needs no name."""
        rows = list(rows_of(results, title, shown))
        if results.query == self._query:
            self._change(rows)
            return
        self.beginResetModel()
        self._query, self._rows = results.query, rows
        self.endResetModel()

    def refresh_times(self) -> None:
        """Update all texts with dates and times."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _change(self, rows: list[FoundRow]) -> None:
        """Replace what is between the rows that stay at the beginning and those that stay at the end."""
        start = _common(self._rows, rows)
        kept = _common(self._rows[start:][::-1], rows[start:][::-1])
        old_end, new_end = len(self._rows) - kept, len(rows) - kept
        if old_end > start:
            self.beginRemoveRows(QModelIndex(), start, old_end - 1)
            del self._rows[start:old_end]
            self.endRemoveRows()
        if new_end > start:
            self.beginInsertRows(QModelIndex(), start, new_end - 1)
            self._rows[start:start] = rows[start:new_end]
            self.endInsertRows()


def rows_of(results: SearchResults, title: Callable[[str], str], shown: str) -> Iterator[FoundRow]:
    """Yield the rows. The last room's older hits follow by themselves when one scrolls to its end."""
    groups = [(room, list(hits)) for room, hits in groupby(results.hits, lambda hit: hit.message.room)]
    named = len(groups) > 1 or any(room not in ("", shown) for room, _ in groups)
    for room, hits in groups:
        yield HitRow(hits[0], title(room) if named else "")
        yield from map(HitRow, hits[1:])
        if room in results.more_in and room != groups[-1][0]:
            yield MoreRow(room, title(room))


def _common(some: Sequence[FoundRow], others: Sequence[FoundRow]) -> int:
    """Return how many rows are the same at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def _accessible_text(row: FoundRow) -> str:
    if isinstance(row, MoreRow):
        return more_words(row)
    hit = row.hit
    words = f"{isolated(hit.message.nickname)}, {format_hit_time(hit)}: {''.join(hit.parts)}"
    return f"{isolated(row.heading)}. {words}" if row.heading else words


def more_words(row: MoreRow) -> str:
    """Return the words of the row that brings older hits."""
    return f"More in {isolated(row.title)}"


def format_hit_time(hit: Hit) -> str:
    """Return when a hit was written: ``Mon 23 Nov, 10:24``; today only the time."""
    moment = local_time(hit.message.timestamp)
    if moment is None:
        return ""
    day = format_short_day(moment.date(), date.today())
    return f"{day}, {format_time(moment)}" if day else format_time(moment)
