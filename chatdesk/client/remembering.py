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
    """How a place was left: what was unsent, and up to where it was read."""

    unsent: list[Outgoing]
    epoch: str
    read: int


class Remembering:
    """The memory of one client. Of a disk that fails it tells with one sentence, by ``warn``, until it is well again.

    ``given``: the token comes from elsewhere, so none is looked up, nor remembered for others.
    """

    def __init__(self, memory: Memory | None, address: str, *, given: bool, warn: Callable[[str], None]) -> None:
        self._memory = memory
        self._address = address
        self._given = given
        self._warn = warn
        self._warned = False
        self._place: Place | None = None
        self._tokens: list[str] = []
        self._tried: set[str] = set()

    def look_up(self, nickname: str) -> str | None:
        """Who one last was at this address."""
        if self._memory and not self._given:
            self._tokens = self._memory.tokens_at(self._address, nickname)
        return self.next_token()

    def next_token(self) -> str | None:
        """Who else one was at this address, which several chats may have had; each is named once."""
        return self._tokens.pop(0) if self._tokens else None

    def better_token(self, welcome: Welcome) -> str | None:
        """Who one was in this room, where the server takes one for somebody new; worth one attempt."""
        if self._memory is None or self._given or not welcome.server.id:
            return None
        token = self._memory.token_in(welcome.server.id, welcome.room, welcome.nickname)
        if token is None or token == welcome.token or token in self._tried:
            return None
        self._tried.add(token)
        return token

    def enter(self, welcome: Welcome, waiting: list[Outgoing]) -> Left | None:
        """Be where the welcome says, with what waits to be sent; None where one has been all along."""
        if self._memory is None or not welcome.server.id:
            return None
        card = Card(welcome.server.id, welcome.room, welcome.token, welcome.nickname, self._given)
        if self._place and self._place.is_of(card):
            return None
        before, self._place = self._place, self._memory.place(card, self._address)
        left = Left(self._place.unsent, self._place.card.epoch, self._place.card.read)
        with self._told():
            self._move(waiting, before, self._place)
            self._memory.forget_oldest()
        return left

    def note(self, changes: Iterable[Change]) -> None:
        """Keep what has become of the person's own messages, before anything is done about it."""
        if self._place is None:
            return
        for change in changes:
            match change:
                case Sending(entry) | NotSent(entry):
                    with self._told():
                        self._place.keep(entry)
                case Confirmed(message_id) | Discarded(message_id):
                    with contextlib.suppress(
                        OSError
                    ):  # at worst it is here again after the next start; sent again it has no effect
                        self._place.drop(message_id)

    def note_read(self, epoch: str, seq: int) -> None:
        """Keep up to where the person has read."""
        card = self._place.card if self._place else None
        if self._place and card and (card.epoch, card.read) != (epoch, seq):
            card.epoch, card.read = epoch, seq
            with self._told():
                self._place.save()

    def _move(self, waiting: list[Outgoing], before: Place | None, place: Place) -> None:
        place.save()
        for entry in waiting:
            place.keep(entry)
        if before:
            for entry in waiting:
                before.drop(entry.id)

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
