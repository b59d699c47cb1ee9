"""A list model of timeline rows of which the last are the messages that wait in the outbox."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from chatdesk.client.outbox import Outgoing
from chatdesk.client.state import ChatState
from chatdesk.desktop.models.quotes import quoted
from chatdesk.desktop.models.row_list_model import RowListModel
from chatdesk.desktop.models.rows import MessageRow, UnsentRow


class UnsentRowsModel(RowListModel):
    """Keeps the unsent rows at the end; a subclass decides which others there are."""

    def __init__(self, state: ChatState) -> None:
        super().__init__()
        self._state = state
        self._unsent: list[UnsentRow] = []

    @property
    def _unsent_start(self) -> int:
        """The position of the first of them, or of the end where there is none."""
        return len(self._rows) - len(self._unsent)

    def _show_unsent(self, waiting: Sequence[Outgoing]) -> None:
        """Let these messages of the outbox be the unsent rows, in this order."""
        ids = {entry.id for entry in waiting}
        start = self._unsent_start
        for position in reversed(range(len(self._unsent))):
            if self._unsent[position].entry.id not in ids:
                del self._unsent[position]
                self._remove(start + position, 1)
        self._remove_unsent(sum(1 for _ in takewhile(_is_same_message, zip(self._unsent, waiting, strict=False))))
        for position, (shown, entry) in enumerate(zip(self._unsent, waiting, strict=False)):
            if entry != shown.entry:
                self._unsent[position] = replace(shown, entry=entry)
                self._replace(start + position, self._unsent[position])
        self._append_unsent(waiting[len(self._unsent) :])
        self._group_unsent()

    def _remove_unsent(self, kept: int) -> None:
        """Remove unsent rows from this one on: a message that is sent again has moved behind the others."""
        if removed := len(self._unsent) - kept:
            del self._unsent[kept:]
            self._remove(len(self._rows) - removed, removed)

    def _unsent_row(self, entry: Outgoing) -> UnsentRow:
        return UnsentRow(entry, quoted=quoted(entry.reply_to, self._state))

    def _append_unsent(self, entries: Sequence[Outgoing]) -> None:
        new = [self._unsent_row(entry) for entry in entries]
        self._unsent += new
        self._insert(len(self._rows), new)

    def _group_unsent(self) -> None:
        """Update which unsent rows begin a group: the first one, unless an own message is above it."""
        start = self._unsent_start
        for position, shown in enumerate(self._unsent):
            above = self._rows[start + position - 1] if start + position else None
            first = not isinstance(above, UnsentRow) and not (isinstance(above, MessageRow) and above.own)
            if shown.first != first:
                self._unsent[position] = replace(shown, first=first)
                self._replace(start + position, self._unsent[position])


def _is_same_message(shown_and_waiting: tuple[UnsentRow, Outgoing]) -> bool:
    shown, waiting = shown_and_waiting
    return shown.entry.id == waiting.id
