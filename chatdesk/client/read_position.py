"""How far a person has read, and the divider above the messages that are new since they were away."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from chatdesk.client.changes import Change, UnreadChanged
from chatdesk.client.transcript import Transcript
from chatdesk.protocol.events import Message

_MAX_OWN_SEQS = 1_000
"""Own messages tracked while the person is away: they may write in another window."""


@dataclass(frozen=True, slots=True)
class Divider:
    """A line below message ``after``; after it come ``count`` new messages by others.

    ``since`` is the time of the first of them, empty as long as that message has not been loaded; until then own
    messages may follow directly after ``after``.
    """

    after: int
    count: int
    since: str = ""


@dataclass(frozen=True, slots=True)
class ServerMark:
    """How far the person has read on all devices, as the server knows it.

    ``unread`` messages of others are between ``seq`` and ``last_seq``, and ``mentions`` of them mention the person.
    """

    epoch: str
    seq: int
    last_seq: int
    unread: int = 0
    mentions: int = 0


class ReadPosition:
    """The position up to which a person has seen everything, in one epoch of the log.

    The divider is set when the person joins or comes back and there is something new. It stays in place while they
    read, until they send a message or go away with everything seen.
    """

    def __init__(self, is_mine: Callable[[Message], bool] = lambda _message: False) -> None:
        self._is_mine = is_mine
        self.epoch = ""
        self.seq = 0
        self.divider: Divider | None = None
        self.server: ServerMark | None = None
        self._assumed = False
        """Whether all of the log counts as read only because nobody has said what is."""
        self._away = False
        self.untold_back = False
        """Whether the server does not know yet that the person has set the position back."""
        self._held = False
        self._in_view: int | None = None
        """While it is held: the last message in view; a later one is read on to. None: not known yet."""
        self._restored = False
        """Whether the person had set it back when the program last ran, and has not shown the room since."""
        self._own_seqs: set[int] = set()

    @property
    def held(self) -> bool:
        """Whether what is in view does not count as seen: the person has set the position back and is still here."""
        return self._held

    @property
    def untold(self) -> bool:
        """Whether the server does not know yet how far the person has read."""
        server = self.server
        return server is not None and not self._assumed and server.epoch == self.epoch and self.seq > server.seq

    @property
    def _after(self) -> int:
        """The message after which the new ones begin, perhaps following own ones."""
        return self.divider.after if self.divider else self.seq

    def restore(self, epoch: str, seq: int, *, held: bool = False) -> None:
        """Set how far the person had read when the program last ran, and whether they had set it back."""
        self.epoch, self.seq = epoch, seq
        self._held = self._restored = held
        self._in_view = None

    def told(self, server: ServerMark, transcript: Transcript, *, back: bool = False) -> list[Change]:
        """The server says how far the person has read. It has moved forward, or some device has set it ``back``."""
        known, self.server = self.server, server
        if server.epoch != self.epoch or transcript.epoch != self.epoch or self.untold_back:
            return []
        if back and known and self.seq <= known.seq:
            return self._hold(server.seq, transcript)
        self._held = self._held and server.seq <= self.seq
        if self._assumed:
            self._assumed = False
            self.seq = min(server.seq, transcript.newest)
            return self._divide(transcript, self.seq)
        unseen = self.divider is not None and self.seq <= self.divider.after
        self.seq = max(self.seq, min(server.seq, transcript.newest))
        return self._divide(transcript, self.seq) if unseen and self.seq > self._after else []

    def mark(self, seq: int, newest: int) -> None:
        """The person sees this message, unless they are away."""
        if self._held and not self._away:
            self._read_on(seq, newest)
        if not (self._away or self._held) and seq > self.seq:
            self.seq = min(seq, newest)
            self._own_seqs = {own for own in self._own_seqs if own > self._after}

    def _read_on(self, seq: int, newest: int) -> None:
        """The person sees this message since they have set the position back: it is in view, or they have read on.

        What arrives below the end is in view by itself: that is no reading.
        """
        if self._in_view is None:
            self._in_view = _up_to(seq, newest)
        elif seq > self._in_view:
            self.release()

    def release(self) -> None:
        """What is in view counts as seen again: the person has gone on."""
        self._held = self._restored = False

    def mark_away(self, transcript: Transcript) -> list[Change]:
        """The person no longer looks at the chat."""
        self._away = True
        return self._set_divider(None) if self.divider and self.seq >= transcript.newest else []

    def mark_present(self, transcript: Transcript) -> list[Change]:
        """The person looks at the chat again."""
        was_away, self._away = self._away, False
        return self._divide(transcript, self._after) if was_away else []

    def message_sent(self, transcript: Transcript) -> list[Change]:
        """The person has written something, and so has read everything."""
        self._assumed = self.untold_back = False
        self.release()
        self.seq = transcript.newest
        return self._set_divider(None)

    def set_back(self, seq: int, transcript: Transcript) -> list[Change]:
        """The person wants all after this message to be unread again, although it is in view."""
        if seq >= self.seq and not self._held:
            return []
        self.untold_back = self.untold_back or seq < self.seq
        return self._hold(seq, transcript)

    def told_back(self) -> None:
        """The server knows it."""
        self.untold_back = False

    def unread(self, transcript: Transcript) -> int:
        """How many messages of others come after the last one that the person has seen.

        They are counted where all of them are loaded. Otherwise the server has counted, up to some message.
        """
        after = max(self.seq, transcript.first_seq - 1)
        if _is_loaded(transcript, after):
            own = self._own_seqs
            return len([0 for message in transcript.after(after) if message.deleted is None and message.seq not in own])
        server = self.server
        if server and (server.epoch, server.seq) == (self.epoch, self.seq):
            return server.unread + self._count_unread(transcript, max(after, server.last_seq))
        return self._count_unread(transcript, self.seq)

    def mentions(self, transcript: Transcript, is_mentioned: Callable[[Message], bool]) -> int:
        """How many of these mention the person, counted in the same way."""
        server, after, counted = self.server, max(self.seq, transcript.first_seq - 1), 0
        if not _is_loaded(transcript, after) and server and (server.epoch, server.seq) == (self.epoch, self.seq):
            after, counted = max(after, server.last_seq), server.mentions
        return counted + len([0 for message in transcript.after(after) if message.mentions and is_mentioned(message)])

    def add_own(self, messages: Iterable[Message]) -> None:
        """These messages are the person's own: they never count as new."""
        self._own_seqs.update(message.seq for message in messages if message.seq > self._after)
        while len(self._own_seqs) > _MAX_OWN_SEQS:
            self._own_seqs.remove(min(self._own_seqs))

    def joined(self, transcript: Transcript, *, first: bool, own: Iterable[Message] = ()) -> list[Change]:
        """The page that ends a join is here, the ``first`` since the program runs, or another; ``own`` is in it.

        At the first one, messages since the program last ran are new to the person.
        """
        if self.epoch != transcript.epoch:
            changes, server = self.reset(transcript, own), self.server
            return [*changes, *self.told(server, transcript)] if server else changes
        known = self.server.seq if self.server and self.server.epoch == self.epoch else 0
        self.seq = min(self.seq if self._held else max(self.seq, known), transcript.newest)
        return self._divide(transcript, self._after) if first else []

    def reset(self, transcript: Transcript, own: Iterable[Message] = ()) -> list[Change]:
        """The log was replaced: nothing in it is unread, unless the server says so; ``own`` is what it begins with."""
        self.epoch, self.seq, self._assumed = transcript.epoch, transcript.newest, True
        self.release()
        self._own_seqs = {message.seq for message in own}
        return self._set_divider(None)

    def locate_divider(self, transcript: Transcript) -> list[Change]:
        """More of the transcript is loaded: it may hold the first of the new messages."""
        if self.divider is None or self.divider.since:
            return []
        return self._set_divider(self._moved_to_first_unread(transcript, self.divider))

    def divide_unread(self, transcript: Transcript) -> list[Change]:
        """The person jumps to the newest message: what has come below their position is new to them."""
        self.release()
        return self._divide(transcript, self.seq)

    def shown(self, transcript: Transcript) -> list[Change]:
        """The person shows the room: what is in view counts as seen, unless they go on with what was shown before."""
        if not self._restored:
            return self.divide_unread(transcript)
        self._restored = False
        return self._divide(transcript, self.seq)

    def _hold(self, seq: int, transcript: Transcript) -> list[Change]:
        if not self._held:
            self._in_view = _up_to(self.seq, transcript.newest)
        self.seq, self._assumed, self._held = max(0, seq), False, True
        later = (message for message in transcript.messages if message.seq > self.seq)
        self._own_seqs.update(message.seq for message in later if self._is_mine(message))
        return self._divide(transcript, self.seq) or [UnreadChanged()]

    def _divide(self, transcript: Transcript, after: int) -> list[Change]:
        count = self._count_unread(transcript, after)
        return self._set_divider(self._moved_to_first_unread(transcript, Divider(after, count)) if count else None)

    def _count_unread(self, transcript: Transcript, after: int) -> int:
        after = max(after, transcript.first_seq - 1)
        return max(0, transcript.newest - after - sum(own > after for own in self._own_seqs))

    def _moved_to_first_unread(self, transcript: Transcript, divider: Divider) -> Divider:
        """Move the divider directly above the first new message, if that is loaded."""
        if transcript.start > max(divider.after + 1, transcript.first_seq):
            return divider
        unread = (message for message in transcript.messages if message.seq > divider.after)
        first = next((message for message in unread if message.seq not in self._own_seqs), None)
        return replace(divider, after=first.seq - 1, since=first.timestamp) if first else divider

    def _set_divider(self, divider: Divider | None) -> list[Change]:
        if divider == self.divider:
            return []
        self.divider = divider
        return [UnreadChanged()]


def _up_to(seq: int, newest: int) -> int:
    """The last message in view: whatever arrives, if that is the newest one."""
    return seq if seq < newest else sys.maxsize


def _is_loaded(transcript: Transcript, after: int) -> bool:
    """Whether all messages after this one are."""
    return transcript.start <= after + 1 and transcript.last_seq >= transcript.newest
