"""How many others have read the person's messages in a room, and who has read the one that a view asks about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatdesk.client.changes import Change, MessageUpdated, ReadersChanged
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.people import MAX_PEOPLE
from chatdesk.client.requests import Request, Requested, RequestKind
from chatdesk.client.transcript import Transcript
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import events, reading_commands, room_events
from chatdesk.protocol.limits import MESSAGES_PAGE
from chatdesk.protocol.room_events import Reader

_ASKED_AGAIN = 200
"""Own messages, at most, that are asked about again by themselves: more than a screen shows."""


@dataclass(frozen=True, slots=True)
class ShownReaders:
    """Who has read message ``seq``: ``count`` of ``people`` who could have, of whom ``readers`` are loaded.

    Nothing is known yet while ``busy`` with none of them.
    """

    seq: int
    readers: tuple[Reader, ...] = ()
    count: int = 0
    people: int = 0
    more: bool = False
    busy: bool = True


class RoomReceipts:
    """The receipts of one room. Counts are asked for when a view shows a message, and again after a lost connection.

    They are asked for, and known, only while there are receipts: see ``set_active``.
    """

    def __init__(self, own: OwnIdentity, transcript: Transcript) -> None:
        self._own = own
        self._transcript = transcript
        self._active = False
        self._counts: dict[int, int] = {}
        self._known: set[int] = set()
        """Messages whose changes the server tells, or that a view has shown."""
        self._open: list[int] = []
        """Those that the server is to be asked about."""
        self.shown: ShownReaders | None = None

    def count(self, message: events.Message) -> int | None:
        """How many others have read a message; None where that is not told, or not yet."""
        if message.deleted or not self._own.is_mine(message):
            return None
        if message.seq not in self._known:
            self._known.add(message.seq)
            self._open.append(message.seq)
        return self._counts.get(message.seq) if self._active else None

    @property
    def asks(self) -> bool:
        """Whether something has to be asked."""
        return self._active and (bool(self._open) or (self.shown is not None and self.shown.busy))

    def said(self, message: events.Message) -> None:
        """The person has said something just now: nobody has read it, and the server tells when they have."""
        if message.seq not in self._known:
            self._known.add(message.seq)
            self._counts.setdefault(message.seq, 0)

    def show(self, seq: int) -> list[Change]:
        """A view shows who has read a message from now on."""
        self.shown = ShownReaders(seq)
        return [ReadersChanged()]

    def load_more(self) -> None:
        """The view wants further names."""
        if self.shown and self.shown.more:
            self.shown = replace(self.shown, busy=True)

    def hide(self) -> None:
        """No view shows names any more."""
        self.shown = None

    def wanted(self) -> Iterator[tuple[RequestKind, Requested]]:
        """The questions that are wanted now."""
        if self._active and self._open:
            yield "receipts", reading_commands.Receipts(tuple(self._open[-MESSAGES_PAGE:]))
        if self._active and self.shown and self.shown.busy:
            yield "readers", reading_commands.Readers(self.shown.seq, len(self.shown.readers))

    # What the server says

    def set_active(self, active: bool) -> list[Change]:
        """There are receipts for the person, or none: then nothing of them is known any more."""
        if active == self._active:
            return []
        self._active = active
        self._ask_again()
        self.hide()
        told, self._counts = [*self._counts], {}
        return [*self._redrawn(told), ReadersChanged()]

    def receive(self, event: room_events.Receipts, request: Request | None) -> list[Change]:
        """Take counts, perhaps the answer to a question."""
        if request and isinstance(request.command, reading_commands.Receipts):
            self._answered(request.command)
        if not self._active or event.epoch != self._transcript.epoch:
            return []
        wanted = self._known | self._counts.keys()  # others are asked about once a view shows them
        news = {each.seq: each.readers for each in event.messages if each.seq in wanted}
        changed = [seq for seq, readers in news.items() if self._counts.get(seq) != readers]
        self._counts |= news
        if self.shown and self.shown.seq in changed and not self.shown.busy:
            self.shown = replace(self.shown, readers=(), busy=True)  # the old ones stay in the view until others come
        return self._redrawn(changed)

    def receive_readers(self, event: room_events.Readers, request: Request) -> list[Change]:
        """Take a page of names. Raises InvalidEventError for an answer to another question."""
        asked = request.command
        if not isinstance(asked, reading_commands.Readers) or asked.seq != event.seq:
            raise InvalidEventError("an answer to another question")
        shown = self.shown
        if shown is None or (shown.seq, len(shown.readers)) != (asked.seq, asked.skip):
            return []
        readers = (*shown.readers, *event.readers)
        more = event.more and bool(event.readers) and len(readers) < MAX_PEOPLE
        self.shown = ShownReaders(event.seq, readers, event.count, event.people, more, busy=False)
        return [ReadersChanged()]

    def refuse(self, request: Request) -> list[Change]:
        """The server does not answer: there are no receipts any more, or no such message."""
        if isinstance(request.command, reading_commands.Receipts):
            self._answered(request.command)
            return []
        self.hide()
        return [ReadersChanged()]

    def disconnected(self) -> None:
        """Others go on reading meanwhile, and the server will not tell."""
        self._ask_again()

    def restart(self) -> None:
        """The room has another log, in which numbers mean other messages."""
        self._known.clear()
        self._open.clear()
        self._counts.clear()
        self.hide()

    def _ask_again(self) -> None:
        """About the newest; others are asked about when a view makes their rows again."""
        self._open = sorted(self._known)[-_ASKED_AGAIN:]
        self._known = set(self._open)

    def _answered(self, asked: reading_commands.Receipts) -> None:
        self._open = [seq for seq in self._open if seq not in asked.seqs]

    def _redrawn(self, seqs: list[int]) -> list[Change]:
        return [MessageUpdated(message) for seq in seqs if (message := self._transcript.find(seq))]
