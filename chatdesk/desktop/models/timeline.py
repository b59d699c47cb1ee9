"""The timeline's model: the loaded part of a room's messages, with everything that stands between them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal

from chatdesk.client.state import ChatState
from chatdesk.desktop.models.chunk import MAX_MESSAGES, chunk_length, fits_chunk
from chatdesk.desktop.models.presence_rows import PresenceRows
from chatdesk.desktop.models.row_list_model import GROUP_HEADER
from chatdesk.desktop.models.rows import (
    DaySeparator,
    MessageRow,
    PresenceRow,
    Row,
    UnreadSeparator,
    UnsentRow,
    append_presence,
    message_row,
    rows_for,
    shows_another_time,
)
from chatdesk.desktop.models.unsent_rows import UnsentRowsModel
from chatdesk.protocol.events import Message
from chatdesk.protocol.markup import Mention
from chatdesk.protocol.times import local_time

_MAX_ROWS = 400
"""Rows loaded while the newest message is followed: some windows full, so that scrolling up begins at once."""
_MAX_ROWS_READING = 3000
"""Rows loaded while somebody reads further up: scrolling back and forth rarely loads, and a resize stays quick."""


class TimelineModel(UnsentRowsModel):
    """A window of consecutive messages, then the unsent ones if these are the newest.

    It follows the newest messages and unloads the oldest rows, which ``load_older`` brings back from the state: a view
    cannot lay out a hundred thousand rows. ``newest_changed`` is emitted for new messages, loaded or not,
    ``unread_changed`` when the separator above the unread messages has changed.
    """

    newest_changed = Signal()
    unread_changed = Signal()

    def __init__(self, state: ChatState) -> None:
        super().__init__(state)
        self._presence = PresenceRows()
        self._first_seq = self._last_seq = 0
        self.unread: UnreadSeparator | None = None
        """The separator above the unread messages, loaded or not."""
        self.behind = False
        """Whether there are newer messages than the loaded ones."""
        self.show_latest()

    @property
    def own_name(self) -> str:
        """The own nickname."""
        return self._state.nickname

    def is_mentioned(self, mention: Mention) -> bool:
        """Whether a mention means oneself."""
        return self._state.own.is_meant(mention)

    @property
    def newest(self) -> int:
        """The sequence number of the newest message, loaded or not."""
        return self._state.shown.transcript.newest

    @property
    def unread_position(self) -> int | None:
        """The position of the separator above the unread messages; None if it is not loaded."""
        return next((position for position, row in enumerate(self._rows) if row is self.unread), None)

    def begins_after(self, seq: int) -> bool:
        """Whether the message after this one is further up than the loaded ones."""
        return self._first_seq > seq + 1

    # Changes of the client's state

    def show_latest(self) -> None:
        """Replace all rows by the newest messages that the client has."""
        messages = self._state.shown.transcript.messages
        self._replace_all(messages[len(messages) - chunk_length(reversed(messages)) :])

    def reset_history(self) -> None:
        """Replace all rows: the messages do not continue those before, and presence rows are dropped."""
        self._presence.clear()
        self.show_latest()

    def append_newest(self, *, following: bool) -> None:
        """Append new messages, unless somebody reads so far up that loading them would be wasted.

        ``following`` tells whether the view shows the end.
        """
        far_back = not following and len(self._rows) > _MAX_ROWS_READING
        self.behind = self.newest > self._last_seq and (self.behind or far_back)
        if following and not self._fit(self._newer_messages()):
            self.show_latest()
        elif not self.behind:
            self._load_all_newer()
            if following:
                self._unload_oldest(_MAX_ROWS)
        self._group_unsent()
        self.newest_changed.emit()

    def _newer_messages(self) -> list[Message]:
        """Return the messages newer than the loaded ones, or one more of them than is loaded at once."""
        messages = self._state.shown.transcript.messages
        start = max(0, self._last_seq + 1 - self._first_available_seq()) if self._last_seq else 0
        return messages[start : start + _MAX_ROWS + 1]

    def _fit(self, messages: Sequence[Message]) -> bool:
        return len(messages) <= _MAX_ROWS and fits_chunk(messages)

    def _load_all_newer(self) -> None:
        """Load all newer messages, or only a chunk if they are many."""
        if self._fit(self._newer_messages()):
            while self.load_newer():
                pass
        elif self.load_newer() and self.newest > self._last_seq:
            self.behind = True
            self.update_outbox()

    def change_presence(self, change: Callable[[PresenceRow], None]) -> None:
        """Change who joined, left or has another name: one row until the next message."""
        presence = self._presence.row_for_today(self.newest if self.behind else self._last_seq)
        change(presence)
        if self.behind:
            return
        end = self._unsent_start
        last = self._rows[end - 1] if end else None
        if last is not presence:
            rows: list[Row] = []
            append_presence(rows, [presence], last)
            self._insert(end, rows)
        elif presence:
            self._replace(end - 1, presence)
        else:
            new_day = end > 1 and isinstance(self._rows[end - 2], DaySeparator)
            self._remove(end - 2 if new_day else end - 1, 2 if new_day else 1)
        self._group_unsent()

    def update_outbox(self) -> None:
        """Update the rows of unsent messages."""
        self._show_unsent([] if self.behind else list(self._state.shown.outbox))

    def update_message(self, message: Message) -> None:
        """Show the present state of a message, if it is loaded."""
        position = self.position_of(message.seq)
        if position is None or not isinstance(row := self._rows[position], MessageRow):
            return
        self._replace(position, message_row(message, self._state, first=row.first, is_expanded=row.is_expanded))
        if bool(message.deleted) != bool(row.message.deleted):
            self._group(position)
            self._group(position + 1)

    def update_quotes(self, seqs: Collection[int]) -> None:
        """Show the present state of these messages in the answers to them."""
        for row in list(self._rows):
            if isinstance(row, MessageRow) and row.message.reply_to in seqs:
                self.update_message(row.message)

    def update_unread(self) -> None:
        """Move, change or remove the separator above the unread messages."""
        shown, before = self.unread_position, self.unread
        self.unread = self._unread_separator()
        if shown is not None and before and self.unread and self.unread.after == before.after:
            self._replace(shown, self.unread)
        else:
            if shown is not None:
                self._remove(shown, 1)
                self._group(shown)
            self._insert_unread()
        self.unread_changed.emit()

    def refresh_times(self) -> None:
        """Update dates and times: the date or the time zone has changed, and days begin at other messages."""
        changed: dict[int, Row] = {}
        for position, row in enumerate(self._rebuilt_rows()):
            while isinstance(self._rows[position], DaySeparator) and not isinstance(row, DaySeparator):
                self._remove(position, 1)
            if isinstance(row, DaySeparator) and not isinstance(self._rows[position], DaySeparator):
                self._insert(position, [row])
            elif isinstance(row, DaySeparator | UnreadSeparator) or shows_another_time(row, self._rows[position]):
                changed[position] = row
        self._replace_several(changed)
        self.unread_changed.emit()

    def _rebuilt_rows(self) -> list[Row]:
        """Return the same rows with current dates and times."""
        self.unread = self._unread_separator()
        messages: list[Message] = []
        presence: dict[int, list[PresenceRow]] = defaultdict(list)
        for row in self._rows:
            if isinstance(row, MessageRow):
                messages.append(row.message)
            elif isinstance(row, PresenceRow):
                presence[messages[-1].seq if messages else 0].append(row)
        rows: list[Row] = []
        above = append_presence(rows, presence[0], None)
        rows += rows_for(messages, presence, self._state, above, self.unread)
        expanded = {row.message.seq for row in self._rows if isinstance(row, MessageRow) and row.is_expanded}
        for place, row in enumerate(rows):
            if isinstance(row, MessageRow) and row.message.seq in expanded:
                rows[place] = replace(row, is_expanded=True)
        return [*rows, *self._unsent]

    def _unread_separator(self) -> UnreadSeparator | None:
        divider = self._state.shown.read_position.divider
        return UnreadSeparator(divider.after, divider.count, local_time(divider.since)) if divider else None

    def _insert_unread(self) -> None:
        position = self.position_of(self.unread.after + 1) if self.unread else None
        if position is not None and self.unread:
            self._insert(position, [self.unread])
            self._group(position + 1)

    # Requests by the reader

    def show_around(self, seq: int) -> int | None:
        """Load a message with its neighbours; returns its position, or None if the client does not have it."""
        position = self.position_of(seq)
        if position is None:
            self._replace_all(self._messages_around(seq))
            position = self.position_of(seq)
        return position

    def load_older(self) -> bool:
        """Load a chunk above; False if the state has no older messages."""
        messages, end = self._state.shown.transcript.messages, self._first_seq - self._first_available_seq()
        if end <= 0:
            return False
        start = end - chunk_length(reversed(messages[max(0, end - MAX_MESSAGES) : end]))
        chunk = messages[start : end + 1]  # the last one is the first loaded message: the boundary
        rows = self._rows_of(chunk, None)
        boundary = max(position for position, row in enumerate(rows) if isinstance(row, MessageRow))
        stale_rows = next(position for position, row in enumerate(self._rows) if isinstance(row, MessageRow))
        self._insert(0, rows[:boundary])
        self._remove(boundary, stale_rows)
        self._regroup(boundary, rows[boundary])
        self._first_seq = chunk[0].seq
        self._unload_newest()
        return True

    def load_newer(self) -> bool:
        """Load a chunk below; False if the state has no newer messages."""
        messages = self._state.shown.transcript.messages
        start = self._last_seq + 1 - self._first_available_seq() if self._last_seq else 0
        if start < 0:  # the state has dropped the next messages
            self.show_latest()
            return True
        chunk = messages[start : start + MAX_MESSAGES]
        del chunk[chunk_length(chunk) :]
        if not chunk:
            return False
        position = self._unsent_start
        self._insert(position, self._rows_of(chunk, self._rows[position - 1] if position else None))
        self._first_seq = self._first_seq or chunk[0].seq
        self._last_seq = chunk[-1].seq
        if self.behind:
            self.behind = self.newest > self._last_seq
            self._unload_oldest(_MAX_ROWS_READING)
            self.update_outbox()
        return True

    def _messages_around(self, seq: int) -> list[Message]:
        """Return half a chunk on either side of a message."""
        messages, position = self._state.shown.transcript.messages, max(0, seq - self._first_available_seq())
        before = messages[max(0, position - MAX_MESSAGES // 2) : position]
        after = messages[position : position + MAX_MESSAGES // 2]
        del before[: len(before) - chunk_length(reversed(before))]
        return before + after[: chunk_length(after)]

    def toggle(self, position: int) -> None:
        """Open or close a presence row; show a long message to its end."""
        row = self._rows[position]
        match row:
            case PresenceRow() if row.is_expandable:
                row.is_expanded = not row.is_expanded
            case MessageRow() | UnsentRow():
                row = replace(row, is_expanded=True)
        if isinstance(row, UnsentRow):
            self._unsent[position - len(self._rows)] = row
        self._replace(position, row)

    # Rows

    def _replace_all(self, messages: Sequence[Message]) -> None:
        """Replace all rows by those of these messages."""
        transcript = self._state.shown.transcript
        self.beginResetModel()
        self._first_seq = messages[0].seq if messages else 0
        self._last_seq = messages[-1].seq if messages else 0
        self.behind = not transcript.live or (bool(messages) and self._last_seq < transcript.last_seq)
        self._unsent = [] if self.behind else [self._unsent_row(entry) for entry in self._state.shown.outbox]
        rows: list[Row] = []
        before = messages[0].seq - 1 if messages else self.newest
        above = append_presence(rows, self._presence.get(before, ()), None)
        self._rows = [*rows, *self._rows_of(messages, above), *self._unsent]
        self.endResetModel()
        self._group_unsent()

    def _rows_of(self, messages: Sequence[Message], above: Row | None) -> list[Row]:
        return rows_for(messages, self._presence, self._state, above, self.unread)

    def _first_available_seq(self) -> int:
        return self._state.shown.transcript.messages[0].seq if self._state.shown.transcript.messages else 0

    def _unload_oldest(self, kept: int) -> None:
        """Unload rows at the beginning, keeping about ``kept`` at the end."""
        if len(self._rows) <= kept:
            return
        positions = range(len(self._rows) - kept + MAX_MESSAGES, len(self._rows))
        cut = next((position for position in positions if isinstance(self._rows[position], MessageRow)), None)
        if cut is None:
            return
        self._remove(0, cut)
        oldest = self._rows[0]
        if isinstance(oldest, MessageRow):
            self._first_seq = oldest.message.seq
            *above, first = rows_for([oldest.message], {}, self._state, unread=self.unread)
            self._regroup(0, first)
            self._insert(0, above)

    def _unload_newest(self) -> None:
        """Unload rows at the end, if too many are loaded while somebody reads further up."""
        if len(self._rows) <= _MAX_ROWS_READING:
            return
        positions = range(_MAX_ROWS_READING - MAX_MESSAGES, len(self._rows))
        cut = next((position for position in positions if isinstance(self._rows[position], MessageRow)), None)
        if cut is None:
            return
        while isinstance(self._rows[cut - 1], DaySeparator | UnreadSeparator):
            cut -= 1
        self.behind = True
        self.update_outbox()
        self._remove(cut, len(self._rows) - cut)
        self._last_seq = next(row.message.seq for row in reversed(self._rows) if isinstance(row, MessageRow))

    def _group(self, position: int) -> None:
        """Update whether the message at a position begins a group."""
        row = self._rows[position] if position < len(self._rows) else None
        if isinstance(row, MessageRow):
            *_, wanted = rows_for([row.message], {}, self._state, self._rows[position - 1] if position else None)
            self._regroup(position, wanted)

    def _regroup(self, position: int, wanted: Row) -> None:
        """Replace the message at a position if ``wanted`` begins a group and it does not, or the other way round."""
        row = self._rows[position]
        if isinstance(row, MessageRow) and isinstance(wanted, MessageRow) and row.first != wanted.first:
            self._replace(position, replace(row, first=wanted.first), [GROUP_HEADER])
