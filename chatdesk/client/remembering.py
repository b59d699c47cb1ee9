"""What a client keeps while it runs, so that it is there after the next start. Without a memory it keeps nothing."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from chatdesk.client.changes import Change, Confirmed, Discarded, NotSent, Sending
from chatdesk.client.memory import Card, Memory, Place
from chatdesk.client.outbox import Outgoing
from chatdesk.protocol.events import Welcome

_NOT_KEPT = (
    "Unsent messages cannot be kept on this computer ({}): stay until they are sent, and make room on the disk or "
    "allow ChatDesk to write to its data folder."
)


class Left(NamedTuple):
    """How a place was left: what was unsent, up to where it was read, and what was being written.

    ``unproved`` is what was not sent where nothing proves that it was the same place: only the person can say that it
    is for the people here.
    """

    unsent: list[Outgoing]
    unproved: list[Outgoing]
    epoch: str
    read: int
    written: str = ""


class Remembering:
    """The memory of one client. Of a disk that fails it tells with one sentence, by ``warn``, until it is well again.

    ``given``: the token was not issued to a guest at this address, and is not shown as such a one later.
    """

    def __init__(self, memory: Memory | None, address: str, *, given: bool, warn: Callable[[str], None]) -> None:
        self._memory = memory
        self._address = "" if given else address
        self._warn = warn
        self._warned = False
        self._place: Place | None = None
        self._elsewhere: list[Place] = []

    def look_up(self, nickname: str) -> str | None:
        """Who one last was at this address."""
        return self._memory.token_at(self._address, nickname) if self._memory else None

    def elsewhere(self, nickname: str) -> list[str]:
        """Who one was at other addresses, the latest first; to be told to nobody who does not know it already."""
        return self._memory.tokens_elsewhere(self._address, nickname) if self._memory and self._address else []

    def enter(self, welcome: Welcome, waiting: list[Outgoing]) -> Left | None:
        """Be where the welcome says, with what waits to be sent; None where one has been all along."""
        if self._memory is None:
            return None
        card = Card(self._address, welcome.server.id, welcome.room, welcome.token, welcome.nickname)
        if self._place and self._place.is_of(card):
            return None
        self._leave()
        if not card.server:
            return None
        self._place = self._memory.place(card)
        self._elsewhere = [place for place in self._elsewhere if not place.is_of(card)]
        like = self._memory.like(card)
        self._elsewhere += like
        unproved = [entry for place in like for entry in place.unsent]
        card = self._place.card
        left = Left(self._place.unsent, unproved, card.epoch, card.read, card.written)
        with self._told():
            self._settle(self._place, waiting)
            self._memory.forget_oldest()
        return left

    def note(self, changes: Iterable[Change]) -> None:
        """Keep what has become of the person's own messages, before anything is done about it."""
        for change in changes:
            match change:
                case Sending(entry):
                    self._keep(entry)
                    self._drop(entry.id, self._elsewhere)
                case NotSent(entry) if not self._waits_elsewhere(entry.id):
                    self._keep(entry)
                case Confirmed(message_id) | Discarded(message_id):
                    self._drop(message_id, [*self._elsewhere, *([self._place] if self._place else [])])

    def note_read(self, epoch: str, seq: int) -> None:
        """Keep up to where the person has read."""
        card = self._place.card if self._place else None
        if self._place and card and (card.epoch, card.read) != (epoch, seq):
            card.epoch, card.read = epoch, seq
            with self._told():
                self._place.save()

    def note_written(self, text: str) -> None:
        """Keep what the person is writing."""
        if self._place and self._place.card.written != text:
            self._place.card.written = text
            with self._told():
                self._place.save()

    def _leave(self) -> None:
        """What was not sent in this place stays there."""
        if self._place:
            self._elsewhere.append(self._place)
        self._place = None

    def _settle(self, place: Place, waiting: list[Outgoing]) -> None:
        """What was said before one was anywhere was said here."""
        place.save()
        for entry in waiting:
            if not self._waits_elsewhere(entry.id):
                place.keep(entry)

    def _waits_elsewhere(self, message_id: str) -> bool:
        return any(place.has(message_id) for place in self._elsewhere)

    def _keep(self, entry: Outgoing) -> None:
        if self._place:
            with self._told():
                self._place.keep(entry)

    def _drop(self, message_id: str, places: list[Place]) -> None:
        for place in places:
            # At worst it is here again after the next start; sent again it has no effect.
            with contextlib.suppress(OSError):
                place.drop(message_id)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the person of a disk that fails, once."""
        try:
            yield
        except OSError as error:
            if not self._warned:
                self._warned = True
                self._warn(_NOT_KEPT.format(error.strerror or "the disk fails"))
        else:
            self._warned = False
