"""The part of a room's messages that is loaded into the timeline, with everything that stands between them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from chatdesk.client.outbox import Outgoing
from chatdesk.client.state import ChatState
from chatdesk.desktop.clock import day_name
from chatdesk.desktop.models.rows import Comings, Day, Row, Said, Unsent, put_comings, rows_of
from chatdesk.protocol.events import Message

ROW = Qt.ItemDataRole.UserRole
"""The role under which a view gets the ``Row`` itself."""
HEAD = ROW + 1
"""The role that changes when a message begins a group, or no longer does: what stands above its words."""

_PAGE = 100
_LOADED = 400
_LOADED_WHILE_READING = 3000
_COMINGS_KEPT = 200

_Index = QModelIndex | QPersistentModelIndex


class TimelineModel(QAbstractListModel):
    """A window of consecutive messages, then what waits to be sent.

    It follows the newest messages and forgets the oldest rows; the state has them, and gives them back on
    ``show_older``. Qt would lay out a hundred thousand rows for ever. ``grew`` tells of new messages, loaded or not.
    """

    grew = Signal()

    def __init__(self, state: ChatState) -> None:
        super().__init__()
        self._state = state
        self._rows: list[Row] = []
        self._unsent: list[Unsent] = []
        self._comings: dict[int, list[Comings]] = {}  # behind the message of this number, one for each day
        self._first_seq = self._last_seq = 0
        self.behind = False
        """Whether there are newer messages than those loaded: a reader is far back."""
        self.restart()

    # What Qt asks

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row)
        return None

    def row(self, index: int) -> Row:
        """The row at this place."""
        return self._rows[index]

    @property
    def newest(self) -> int:
        """The sequence number of the newest message, loaded or not."""
        return self._state.transcript.last_seq

    # What the client tells

    def restart(self) -> None:
        """Show the latest messages, whatever was shown before."""
        self.beginResetModel()
        messages = self._state.messages[-_PAGE:]
        self._unsent = [Unsent(entry) for entry in self._state.outbox]
        rows: list[Row] = []
        before = messages[0].seq - 1 if messages else self.newest
        above = put_comings(rows, self._comings.get(before, ()), None)
        self._rows = [*rows, *self._rows_of(messages, above), *self._unsent]
        self._first_seq = messages[0].seq if messages else 0
        self._last_seq = messages[-1].seq if messages else 0
        self.behind = False
        self.endResetModel()
        self._group_unsent()

    def start_over(self) -> None:
        """The messages do not connect to those before: what stood between those is gone too."""
        self._comings.clear()
        self.restart()

    def take_newer(self, *, following: bool) -> None:
        """Show what has come, unless a reader is so far back that it would only cost time."""
        far_back = not following and len(self._rows) > _LOADED_WHILE_READING
        self.behind = self.newest > self._last_seq and (self.behind or far_back)
        if following and self.newest - self._last_seq > _LOADED:
            self.restart()
        elif not self.behind:
            while self.show_newer():
                pass
            if following:
                self._forget_oldest()
        self._group_unsent()
        self.grew.emit()

    def take_comings(self, joined: Iterable[str], left: Iterable[str]) -> None:
        """Say who came and went, in one line as long as nobody speaks."""
        comings = self._comings_today(self.newest if self.behind else self._last_seq)
        comings.add(joined, left)
        if self.behind:
            return
        end = len(self._rows) - len(self._unsent)
        last = self._rows[end - 1] if end else None
        if last is not comings:
            rows: list[Row] = []
            put_comings(rows, [comings], last)
            self._insert(end, rows)
        elif comings:
            self._replace(end - 1, comings)
        else:
            new_day = end > 1 and isinstance(self._rows[end - 2], Day)
            self._remove(end - 2 if new_day else end - 1, 2 if new_day else 1)
        self._group_unsent()

    def _comings_today(self, seq: int) -> Comings:
        """Those behind a message. On a new day they are others, below a line for that day."""
        days = self._comings.setdefault(seq, [])
        if not days or days[-1].day != date.today():
            days.append(Comings(day=date.today()))
        while len(self._comings) > _COMINGS_KEPT:
            del self._comings[next(iter(self._comings))]
        return days[-1]

    def take_outbox(self) -> None:
        """Show what waits to be sent, as it is now."""
        waiting = {entry.id: entry for entry in self._state.outbox}
        start = len(self._rows) - len(self._unsent)
        for place in reversed(range(len(self._unsent))):
            if self._unsent[place].entry.id not in waiting:
                del self._unsent[place]
                self._remove(start + place, 1)
        for place, shown in enumerate(self._unsent):
            entry = waiting.pop(shown.entry.id)
            if entry != shown.entry:
                self._unsent[place] = replace(shown, entry=entry)
                self._replace(start + place, self._unsent[place])
        self._append_unsent(list(waiting.values()))
        self._group_unsent()

    def _append_unsent(self, entries: list[Outgoing]) -> None:
        new = [Unsent(entry) for entry in entries]
        self._unsent += new
        self._insert(len(self._rows), new)

    def _group_unsent(self) -> None:
        """The first of them stands apart from what others have said, close to what is one's own."""
        start = len(self._rows) - len(self._unsent)
        for place, shown in enumerate(self._unsent):
            above = self._rows[start + place - 1] if start + place else None
            first = not isinstance(above, Unsent) and not (isinstance(above, Said) and above.own)
            if shown.first != first:
                self._unsent[place] = replace(shown, first=first)
                self._replace(start + place, self._unsent[place])

    # What a reader asks

    def show_older(self) -> bool:
        """Load a page above; False when the state has no older ones."""
        messages, end = self._state.messages, self._first_seq - self._seq_of_first()
        if end <= 0:
            return False
        page = messages[max(0, end - _PAGE) : end + 1]  # with the joint: the first message that is loaded already
        rows = self._rows_of(page, None)
        joint = max(place for place, row in enumerate(rows) if isinstance(row, Said))
        above_joint = next(place for place, row in enumerate(self._rows) if isinstance(row, Said))
        self._insert(0, rows[:joint])
        self._remove(joint, above_joint)
        self._regroup(joint, rows[joint])
        self._first_seq = page[0].seq
        return True

    def show_newer(self) -> bool:
        """Load a page below; False when there is nothing newer."""
        messages = self._state.messages
        start = self._last_seq + 1 - self._seq_of_first() if self._last_seq else 0
        if start < 0:  # the state has dropped what came next
            self.restart()
            return True
        page = messages[start : start + _PAGE]
        if not page:
            return False
        place = len(self._rows) - len(self._unsent)
        self._insert(place, self._rows_of(page, self._rows[place - 1] if place else None))
        self._first_seq = self._first_seq or page[0].seq
        self._last_seq = page[-1].seq
        self.behind = self.behind and self.newest > self._last_seq
        return True

    def toggle(self, place: int) -> None:
        """Open or close the line that says who came and went; show a long message to its end."""
        row = self._rows[place]
        match row:
            case Comings() if row.opens:
                row.open = not row.open
            case Said() | Unsent():
                row = replace(row, whole=True)
        if isinstance(row, Unsent):
            self._unsent[place - len(self._rows)] = row
        self._replace(place, row)

    # Rows

    def _rows_of(self, messages: Sequence[Message], above: Row | None) -> list[Row]:
        return rows_of(messages, self._comings, self._state.nickname, above)

    def _seq_of_first(self) -> int:
        return self._state.messages[0].seq if self._state.messages else 0

    def _forget_oldest(self) -> None:
        if len(self._rows) <= _LOADED:
            return
        kept = range(len(self._rows) - _LOADED + _PAGE, len(self._rows))
        cut = next((place for place in kept if isinstance(self._rows[place], Said)), None)
        if cut is None:
            return
        self._remove(0, cut)
        head = self._rows[0]
        if isinstance(head, Said):
            self._first_seq = head.message.seq
            *day, first = rows_of([head.message], {}, self._state.nickname)
            self._regroup(0, first)
            self._insert(0, day)

    def _regroup(self, place: int, wanted: Row) -> None:
        """The message at a place begins a group, or no longer does."""
        row = self._rows[place]
        if isinstance(row, Said) and isinstance(wanted, Said) and row.first != wanted.first:
            self._rows[place] = replace(row, first=wanted.first)
            self.dataChanged.emit(self.index(place), self.index(place), [HEAD])

    def _insert(self, place: int, rows: Sequence[Row]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
        self._rows[place:place] = rows
        self.endInsertRows()

    def _remove(self, place: int, count: int) -> None:
        if not count:
            return
        self.beginRemoveRows(QModelIndex(), place, place + count - 1)
        del self._rows[place : place + count]
        self.endRemoveRows()

    def _replace(self, place: int, row: Row) -> None:
        self._rows[place] = row
        self.dataChanged.emit(self.index(place), self.index(place))


def spoken(row: Row) -> str:
    """A row as a screen reader says it, and as it is copied."""
    match row:
        case Said(message=Message(nickname=nickname, content=content)):
            return f"{nickname}, {row.time}: {content}"
        case Unsent(entry=entry):
            return f"{'Not sent' if row.failed else 'Sending'}: {entry.content}"
        case Comings():
            return row.sentence
        case Day(day=day):
            return day_name(day, day.today())
