"""The loaded messages of a room: one run of sequence numbers without a gap, built from pages and single messages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

from msgspec.structs import replace

from chatdesk.client.changes import (
    Appended,
    Change,
    Jumped,
    MessageUpdated,
    NewestChanged,
    Prepended,
    TranscriptReset,
)
from chatdesk.client.requests import Request, RequestKind
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import commands
from chatdesk.protocol.events import History, Message
from chatdesk.protocol.limits import HISTORY_PAGE
from chatdesk.protocol.times import milliseconds

MAX_KEPT = 5_000
"""Messages kept in memory, 3 MB of them: what can be read without the server, which has the others."""
MAX_CHARACTERS = 4_000_000
"""Characters kept in memory; a host may send messages of any length."""
_TRIM = 500
"""How many messages are dropped at once, so that it happens seldom."""
_MAX_AHEAD = 1_000
"""Messages kept beyond a gap: a few pages; the others are requested once the gap is filled."""
_MAX_AHEAD_CHARACTERS = 500_000
"""An eighth of what may be kept in all."""
_PAGE = 100
"""Messages requested at once while a reader scrolls: several screens."""
_LATEST = commands.History()


class Transcript:
    """A window of consecutive messages over the server's log.

    While it is ``live`` it ends with the newest message and grows with the room; messages beyond a gap wait until
    the server has filled it. After a jump it may be detached: then it grows only as far as its reader requests.
    """

    def __init__(self) -> None:
        self.epoch = ""
        self.messages: list[Message] = []
        self.live = True
        """Whether the next message of the room follows the last one here."""
        self.newest = 0
        """The highest sequence number known."""
        self.first_seq = 1
        """The lowest sequence number that the server has."""
        self.preview: Callable[[Message], Message] = _as_it_is
        """Shows a message as it will be once the server has confirmed what the person has done to it."""
        self._stored: dict[int, Message] = {}
        """Messages that are shown otherwise, as the server has them."""
        self._before = 0  # the number before the first message
        self._characters = 0
        self._ahead: dict[int, Message] = {}
        self._ahead_characters = 0
        self._older = self._newer = False
        self._target: commands.History | None = None
        self._continues = False  # whether the next page comes by itself

    @property
    def start(self) -> int:
        """The number of the first message here, or the number that it would have."""
        return self._before + 1

    @property
    def last_seq(self) -> int:
        """The number of the last message here; that before the first when there is none."""
        return self._before + len(self.messages)

    @property
    def has_older(self) -> bool:
        """Whether the server has messages before the first one here."""
        return self.start > self.first_seq

    @property
    def received_seq(self) -> int:
        """The highest number up to which all messages were received, loaded or not."""
        return self.last_seq if self.live else self.newest

    def find(self, seq: int) -> Message | None:
        """Return the message of this number, as it is shown; None if it is not loaded."""
        return self.messages[seq - self.start] if self.start <= seq <= self.last_seq else None

    def after(self, seq: int) -> list[Message]:
        """The loaded messages behind this number."""
        return self.messages[max(0, seq - self._before) :]

    def refresh(self, seq: int) -> list[Change]:
        """Show a message again, with what is pending for it now."""
        before = self.find(seq)
        if before is None:
            return []
        self.messages[seq - self.start] = shown = self._shown(self._stored.get(seq, before))
        self._characters += len(shown.content) - len(before.content)
        return [MessageUpdated(shown)] if shown != before else []

    # What the server says

    def receive(self, message: Message) -> list[Change]:
        """Add a single message. One that is here already changes nothing, unless its change is higher."""
        grew = self._update_newest(message.seq)
        if message.seq <= self.last_seq:
            return self._update([message])
        if not self.live:
            return grew
        if message.seq == self.last_seq + 1 or self._has_space_ahead:
            self._buffer_ahead([message])
        self._continues = self._continues and message.seq == self.last_seq + 1
        return self._append_ready()

    def receive_page(self, page: History, asked: Request | None = None, *, joining: bool = False) -> list[Change]:
        """Add a page: the answer to a request, or what the server sends at a join or after the log was replaced.

        An answer that is no longer wanted changes nothing. Raises InvalidEventError for a page with gaps.
        """
        if any(after.seq != before.seq + 1 for before, after in pairwise(page.messages)):
            raise InvalidEventError("a history with gaps")
        if asked and not self._is_wanted(asked):
            return []
        kind = asked.kind if asked else None
        self._continues = page.more and page.change > 0 if kind is None else self._continues
        if page.epoch != self.epoch or (joining and _end(page) < self.newest):
            return self._reset(page, another=True)
        self.first_seq = page.first_seq
        if kind == "jump":
            return self._finish_jump(page)
        updated = self._update(page.messages)
        if kind == "older":
            return [*updated, *self._receive_older(page)]
        return [*updated, *self._receive_newer(page, asked=kind == "newer")]

    def refuse(self, asked: Request) -> list[Change]:
        """The server refuses what was asked, for good; that of what is no longer wanted changes nothing."""
        match asked.kind if self._is_wanted(asked) else None:
            case "jump":
                self._target = None
            case "older":
                self._older = False
            case "newer" if self.live:
                return self._skip_gap()
            case "newer":
                self._newer = False
        return []

    def disconnected(self) -> None:
        """The connection is lost: a resume brings what is missing."""
        self._buffer_ahead([], alone=True)
        self.newest = self.received_seq
        self._continues = False

    # What a reader wants

    def load_older(self) -> None:
        """Grow at the start, if there is more."""
        self._older = self.has_older

    def load_newer(self) -> None:
        """Grow at the end, if there is more."""
        self._newer = not self.live

    def go_to(self, seq: int) -> list[Change]:
        """Show this message, at once or when the server has answered."""
        if self.start <= seq <= self.last_seq:
            self._target = None
            return [Jumped(seq)]
        self._target = commands.History(around=seq, limit=_PAGE)
        return []

    def go_to_moment(self, timestamp: str) -> None:
        """Show the first message from this time on, when the server has answered."""
        self._target = commands.History(at=timestamp, limit=_PAGE)

    def go_to_latest(self) -> list[Change]:
        """Show the end, at once or when the server has answered."""
        self._target = None if self.live else _LATEST
        return [Jumped(None)] if self.live else []

    def wanted(self) -> Iterator[tuple[RequestKind, commands.History]]:
        """The pages that are wanted now."""
        if self._target:
            yield "jump", self._target
        if self._older:
            yield "older", commands.History(before=self.start, limit=_PAGE)
        if self._newer or (self.live and self.last_seq < self.newest and not self._continues):
            yield "newer", commands.History(after=self.last_seq, limit=HISTORY_PAGE if self.live else _PAGE)

    def _is_wanted(self, asked: Request) -> bool:
        """Whether the answer to this request still fits what is here."""
        command = replace(asked.command, id=None, room=None)
        if not isinstance(command, commands.History):
            return False
        if asked.kind == "jump":
            return command == self._target
        if asked.kind == "older":
            return self._older and command.before == self.start
        return self.start - 1 <= (command.after or 0) <= self.last_seq

    # Pages

    def _reset(self, page: History, *, another: bool = False) -> list[Change]:
        """The page does not continue what is here, or it is of another epoch."""
        if another:
            self._target = None if self.epoch else self._target  # one may be wanted before the room is entered
            self.epoch, self.newest = page.epoch, 0
            self._buffer_ahead([], alone=True)
        self._show(page)
        if not page.messages and self.has_older:
            self._target = _LATEST
        return [TranscriptReset()]

    def _finish_jump(self, page: History) -> list[Change]:
        """Apply the answer to a jump."""
        target, self._target = self._target, None
        self._show(page)
        return [Jumped(_jump_target(target, page.messages))]

    def _show(self, page: History) -> None:
        """Replace all messages with the page."""
        end = _end(page)
        self._stored.clear()
        self.messages = list(map(self._shown, page.messages))
        self._characters = _length(self.messages)
        self._before = page.messages[0].seq - 1 if page.messages else end
        self.first_seq = page.first_seq
        self.live = self.last_seq >= end
        self.newest = max(self.newest, end)
        self._older = self._newer = False
        kept = [message for seq, message in self._ahead.items() if self.live and seq > self.last_seq]
        self._buffer_ahead(kept, alone=True)
        self._append_ready()

    def _receive_older(self, page: History) -> list[Change]:
        self._older = False
        older = tuple(self._shown(message) for message in page.messages if message.seq < self.start)
        if not older or older[-1].seq != self._before:
            self.first_seq = self.start  # there are none, whatever the server said
            return [Prepended(())]
        self.messages[:0] = older
        self._before -= len(older)
        self._characters += _length(older)
        if self._is_full:
            kept = self._fitting(self.messages)
            del self.messages[kept:]
            self.live = self._newer = False
            self._buffer_ahead([], alone=True)
        return [Prepended(older)]

    def _receive_newer(self, page: History, *, asked: bool) -> list[Change]:
        end = _end(page)
        grew = self._update_newest(end)
        if not asked and not self.live:
            return grew
        self._newer = False
        newer = [message for message in page.messages if message.seq > self.last_seq]
        gap = newer[0].seq > self.last_seq + 1 if newer else self.last_seq < end and (asked or end < page.first_seq)
        if gap:
            return self._reset(page)
        if asked and not newer:
            return self._skip_gap()
        self._buffer_ahead(newer)
        self.live = self.live or newer[-1].seq >= end
        return [*grew, *self._append_ready()]

    def _skip_gap(self) -> list[Change]:
        """The server does not have what is missing: continue after the gap, if there is anything."""
        if self._ahead:
            first = self._ahead[min(self._ahead)]
            return self._reset(History("", self.epoch, [first], True, self.first_seq, first.seq))
        self.live, self.newest = True, self.last_seq
        return [Appended(())]

    # The lower end

    def _update_newest(self, seq: int) -> list[Change]:
        """There is a message of this number."""
        if seq <= self.newest:
            return []
        self.newest = seq
        return [] if self.live else [NewestChanged()]

    def _append_ready(self) -> list[Change]:
        """Append the messages from beyond the gap that continue the transcript now."""
        if not self.epoch:
            return []
        run: list[Message] = []
        while message := self._ahead.pop(self.last_seq + len(run) + 1, None):
            self._ahead_characters -= len(message.content)
            run.append(self._shown(message))
        self.messages += run
        self._characters += _length(run)
        self._trim()
        return [Appended(tuple(run))] if run else []

    def _update(self, messages: Iterable[Message]) -> list[Change]:
        """Replace messages by their later states."""
        updated = [message for message in messages if self.start <= message.seq <= self.last_seq]
        updated = [message for message in updated if message.change > self.messages[message.seq - self.start].change]
        shown = [self._shown(message) for message in updated]
        for message in shown:
            self._characters += len(message.content) - len(self.messages[message.seq - self.start].content)
            self.messages[message.seq - self.start] = message
        return [MessageUpdated(message) for message in shown]

    def _shown(self, message: Message) -> Message:
        """Return a message of the server as it is shown."""
        shown = self.preview(message)
        if shown is not message:
            self._stored[message.seq] = message
        else:
            self._stored.pop(message.seq, None)
        return shown

    @property
    def _has_space_ahead(self) -> bool:
        return len(self._ahead) < _MAX_AHEAD and self._ahead_characters < _MAX_AHEAD_CHARACTERS

    def _buffer_ahead(self, messages: Iterable[Message], *, alone: bool = False) -> None:
        """Keep messages that wait for missing ones; ``alone``: drop all others."""
        if alone:
            self._ahead, self._ahead_characters = {}, 0
        for message in messages:
            known = self._ahead.get(message.seq)
            if known is None or message.change > known.change:
                self._ahead[message.seq] = message
                self._ahead_characters += len(message.content) - (len(known.content) if known else 0)

    @property
    def _is_full(self) -> bool:
        return len(self.messages) > MAX_KEPT or self._characters > MAX_CHARACTERS

    def _trim(self) -> None:
        if self._is_full:
            gone = len(self.messages) - self._fitting(reversed(self.messages))
            del self.messages[:gone]
            self._before += gone

    def _fitting(self, messages: Iterable[Message]) -> int:
        """How many of these messages are kept when some must go, with room for a few more."""
        self._characters = count = 0
        for message in islice(messages, MAX_KEPT - _TRIM):
            if self._characters + len(message.content) > MAX_CHARACTERS * 9 // 10:
                break
            self._characters += len(message.content)
            count += 1
        return max(count, 1)


def _as_it_is(message: Message) -> Message:
    return message


def _length(messages: Iterable[Message]) -> int:
    return sum(len(message.content) for message in messages)


def _end(page: History) -> int:
    """The newest number of the log, as far as the page says."""
    return max(page.last_seq, page.messages[-1].seq if page.messages else 0)


def _jump_target(target: commands.History | None, messages: Sequence[Message]) -> int | None:
    """The message of the page that was requested; None for the latest."""
    if target is None or not messages or (target.around is None and target.at is None):
        return None
    if target.around is not None:
        wanted = (message for message in messages if message.seq >= (target.around or 0))
    else:
        moment = milliseconds(target.at or "") or 0
        wanted = (message for message in messages if (milliseconds(message.timestamp) or 0) >= moment)
    return next(wanted, messages[-1]).seq
