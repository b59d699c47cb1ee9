"""The part of a room's messages that is loaded into the timeline, with everything that stands between them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Signal

from chatdesk.client.outbox import Outgoing
from chatdesk.client.state import ChatState
from chatdesk.desktop.models.chunk import MESSAGES, fits, portion
from chatdesk.desktop.models.presence_rows import Attendance
from chatdesk.desktop.models.row_list_model import HEAD, RowList
from chatdesk.desktop.models.rows import Comings, Day, Row, Said, Unread, Unsent, put_comings, rows_of
from chatdesk.protocol.events import Message, local_time

_LOADED = 400
_LOADED_WHILE_READING = 3000


class TimelineModel(RowList):
    """A window of consecutive messages, then what waits to be sent where these are the newest.

    It follows the newest messages and forgets the oldest rows; the state has them, and gives them back on
    ``show_older``. Qt would lay out a hundred thousand rows for ever. ``grew`` tells of new messages, loaded or not,
    ``divided`` that the divider above what is new is another.
    """

    grew = Signal()
    divided = Signal()

    def __init__(self, state: ChatState) -> None:
        super().__init__()
        self._state = state
        self._unsent: list[Unsent] = []
        self._comings = Attendance()
        self._first_seq = self._last_seq = 0
        self.unread: Unread | None = None
        """The divider above what is new, loaded or not."""
        self.behind = False
        """Whether there are newer messages than those loaded: a reader is far back."""
        self.restart()

    @property
    def own_name(self) -> str:
        """What one is called here."""
        return self._state.nickname

    @property
    def newest(self) -> int:
        """The sequence number of the newest message, loaded or not."""
        return self._state.transcript.newest

    @property
    def unread_place(self) -> int | None:
        """Where the divider above what is new stands; None where it is not loaded."""
        return next((place for place, row in enumerate(self._rows) if row is self.unread), None)

    def begins_after(self, seq: int) -> bool:
        """Whether what follows this message is further up than what is loaded."""
        return self._first_seq > seq + 1

    # What the client tells

    def restart(self) -> None:
        """Show the latest messages that the client has, whatever was shown before."""
        messages = self._state.messages
        self._show(messages[len(messages) - portion(reversed(messages)) :])

    def start_over(self) -> None:
        """The messages do not connect to those before: what stood between those is gone too."""
        self._comings.clear()
        self.restart()

    def take_newer(self, *, following: bool) -> None:
        """Show what has come, unless a reader is so far back that it would only cost time."""
        far_back = not following and len(self._rows) > _LOADED_WHILE_READING
        self.behind = self.newest > self._last_seq and (self.behind or far_back)
        if following and not self._are_few(self._newer()):
            self.restart()
        elif not self.behind:
            self._take_in_newer()
            if following:
                self._forget_oldest(_LOADED)
        self._group_unsent()
        self.grew.emit()

    def _newer(self) -> list[Message]:
        """What is not loaded of the newest messages, or a few more of them than are loaded at once."""
        messages = self._state.messages
        start = max(0, self._last_seq + 1 - self._seq_of_first()) if self._last_seq else 0
        return messages[start : start + _LOADED + 1]

    def _are_few(self, messages: Sequence[Message]) -> bool:
        return len(messages) <= _LOADED and fits(messages)

    def _take_in_newer(self) -> None:
        """Load what has come; where that is much, the beginning, as for a reader who is far back."""
        if self._are_few(self._newer()):
            while self.show_newer():
                pass
        elif self.show_newer() and self.newest > self._last_seq:
            self.behind = True
            self.take_outbox()

    def take_comings(self, joined: Iterable[str], left: Iterable[str], more: int = 0) -> None:
        """Say who came and went, in one line as long as nobody speaks; ``more`` without a name, or fewer below 0."""
        comings = self._comings.today(self.newest if self.behind else self._last_seq)
        comings.add(joined, left, more)
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

    def take_outbox(self) -> None:
        """Show what waits to be sent, as it is now."""
        waiting = {} if self.behind else {entry.id: entry for entry in self._state.outbox}
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

    def take_unread(self) -> None:
        """The divider above what is new stands elsewhere, says something else, or is gone."""
        shown, before = self.unread_place, self.unread
        self.unread = self._divider()
        if shown is not None and before and self.unread and self.unread.after == before.after:
            self._replace(shown, self.unread)
        else:
            if shown is not None:
                self._remove(shown, 1)
                self._group(shown)
            self._insert_unread()
        self.divided.emit()

    def tell_times(self) -> None:
        """It is another day, or another time zone, where days begin at other messages: nothing else moves."""
        told = self._told_again()
        for place, row in enumerate(told):
            while isinstance(self._rows[place], Day) and not isinstance(row, Day):
                self._remove(place, 1)
            if isinstance(row, Day) and not isinstance(self._rows[place], Day):
                self._insert(place, [row])
            elif isinstance(row, Day | Unread) or _tells_more(row, self._rows[place]):
                self._replace(place, row, [HEAD])
        self.divided.emit()

    def _told_again(self) -> list[Row]:
        """The same rows, by the clock of now."""
        self.unread = self._divider()
        messages: list[Message] = []
        comings: dict[int, list[Comings]] = defaultdict(list)
        whole = {row.message.seq for row in self._rows if isinstance(row, Said) and row.whole}
        for row in self._rows:
            if isinstance(row, Said):
                messages.append(row.message)
            elif isinstance(row, Comings):
                comings[messages[-1].seq if messages else 0].append(row)
        rows: list[Row] = []
        above = put_comings(rows, comings[0], None)
        rows += rows_of(messages, comings, self._state.nickname, above, self.unread)
        rows = [replace(row, whole=True) if isinstance(row, Said) and row.message.seq in whole else row for row in rows]
        return [*rows, *self._unsent]

    def _divider(self) -> Unread | None:
        divider = self._state.unread
        return Unread(divider.after, divider.count, local_time(divider.since)) if divider else None

    def _insert_unread(self) -> None:
        place = self.place_of(self.unread.after + 1) if self.unread else None
        if place is not None and self.unread:
            self._insert(place, [self.unread])
            self._group(place + 1)

    # What a reader asks

    def show_around(self, seq: int) -> int | None:
        """Have this message loaded, with its neighbours; its place, None where the client does not have it."""
        place = self.place_of(seq)
        if place is None:
            self._show(self._around(seq))
            place = self.place_of(seq)
        return place

    def show_older(self) -> bool:
        """Load a page above; False when the state has no older ones."""
        messages, end = self._state.messages, self._first_seq - self._seq_of_first()
        if end <= 0:
            return False
        start = end - portion(reversed(messages[max(0, end - MESSAGES) : end]))
        page = messages[start : end + 1]  # with the joint: the first message that is loaded already
        rows = self._rows_of(page, None)
        joint = max(place for place, row in enumerate(rows) if isinstance(row, Said))
        above_joint = next(place for place, row in enumerate(self._rows) if isinstance(row, Said))
        self._insert(0, rows[:joint])
        self._remove(joint, above_joint)
        self._regroup(joint, rows[joint])
        self._first_seq = page[0].seq
        self._forget_newest()
        return True

    def show_newer(self) -> bool:
        """Load a page below; False when the state has nothing newer."""
        messages = self._state.messages
        start = self._last_seq + 1 - self._seq_of_first() if self._last_seq else 0
        if start < 0:  # the state has dropped what came next
            self.restart()
            return True
        page = messages[start : start + MESSAGES]
        del page[portion(page) :]
        if not page:
            return False
        place = len(self._rows) - len(self._unsent)
        self._insert(place, self._rows_of(page, self._rows[place - 1] if place else None))
        self._first_seq = self._first_seq or page[0].seq
        self._last_seq = page[-1].seq
        if self.behind:
            self.behind = self.newest > self._last_seq
            self._forget_oldest(_LOADED_WHILE_READING)
            self.take_outbox()
        return True

    def _around(self, seq: int) -> list[Message]:
        """A portion on either side of this message, each half as long as one."""
        messages, place = self._state.messages, max(0, seq - self._seq_of_first())
        before = messages[max(0, place - MESSAGES // 2) : place]
        after = messages[place : place + MESSAGES // 2]
        del before[: len(before) - portion(reversed(before))]
        return before + after[: portion(after)]

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

    def _show(self, messages: Sequence[Message]) -> None:
        """These and no others."""
        transcript = self._state.transcript
        self.beginResetModel()
        self._first_seq = messages[0].seq if messages else 0
        self._last_seq = messages[-1].seq if messages else 0
        self.behind = not transcript.live or (bool(messages) and self._last_seq < transcript.last_seq)
        self._unsent = [] if self.behind else [Unsent(entry) for entry in self._state.outbox]
        rows: list[Row] = []
        before = messages[0].seq - 1 if messages else self.newest
        above = put_comings(rows, self._comings.get(before, ()), None)
        self._rows = [*rows, *self._rows_of(messages, above), *self._unsent]
        self.endResetModel()
        self._group_unsent()

    def _rows_of(self, messages: Sequence[Message], above: Row | None) -> list[Row]:
        server = self._state.server
        host = server.host if server else ""
        return rows_of(messages, self._comings, self._state.nickname, above, self.unread, host)

    def _seq_of_first(self) -> int:
        return self._state.messages[0].seq if self._state.messages else 0

    def _append_unsent(self, entries: list[Outgoing]) -> None:
        new = [Unsent(entry) for entry in entries]
        self._unsent += new
        self._insert(len(self._rows), new)

    def _forget_oldest(self, kept: int) -> None:
        """Keep about so many rows at the end."""
        if len(self._rows) <= kept:
            return
        places = range(len(self._rows) - kept + MESSAGES, len(self._rows))
        cut = next((place for place in places if isinstance(self._rows[place], Said)), None)
        if cut is None:
            return
        self._remove(0, cut)
        head = self._rows[0]
        if isinstance(head, Said):
            self._first_seq = head.message.seq
            *above, first = rows_of([head.message], {}, self._state.nickname, unread=self.unread)
            self._regroup(0, first)
            self._insert(0, above)

    def _forget_newest(self) -> None:
        """A reader is so far back that what is at the end would only cost time."""
        if len(self._rows) <= _LOADED_WHILE_READING:
            return
        places = range(_LOADED_WHILE_READING - MESSAGES, len(self._rows))
        cut = next((place for place in places if isinstance(self._rows[place], Said)), None)
        if cut is None:
            return
        while isinstance(self._rows[cut - 1], Day | Unread):
            cut -= 1
        self.behind = True
        self.take_outbox()
        self._remove(cut, len(self._rows) - cut)
        self._last_seq = next(row.message.seq for row in reversed(self._rows) if isinstance(row, Said))

    def _group(self, place: int) -> None:
        """Decide again whether the message at a place begins a group."""
        row = self._rows[place]
        if isinstance(row, Said):
            *_, wanted = rows_of([row.message], {}, self._state.nickname, self._rows[place - 1] if place else None)
            self._regroup(place, wanted)

    def _regroup(self, place: int, wanted: Row) -> None:
        """The message at a place begins a group, or no longer does."""
        row = self._rows[place]
        if isinstance(row, Said) and isinstance(wanted, Said) and row.first != wanted.first:
            self._replace(place, replace(row, first=wanted.first), [HEAD])

    def _group_unsent(self) -> None:
        """The first of them stands apart from what others have said, close to what is one's own."""
        start = len(self._rows) - len(self._unsent)
        for place, shown in enumerate(self._unsent):
            above = self._rows[start + place - 1] if start + place else None
            first = not isinstance(above, Unsent) and not (isinstance(above, Said) and above.own)
            if shown.first != first:
                self._unsent[place] = replace(shown, first=first)
                self._replace(start + place, self._unsent[place])


def _tells_more(row: Row, shown: Row) -> bool:
    """Whether a message is shown with another time; moments are equal wherever one is."""
    if not (isinstance(row, Said) and isinstance(shown, Said)):
        return False
    return (row.first, _offset(row)) != (shown.first, _offset(shown))


def _offset(row: Said) -> timedelta | None:
    return row.moment.utcoffset() if row.moment else None
