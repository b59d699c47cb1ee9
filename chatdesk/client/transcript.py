"""The messages of a room as one run of sequence numbers without a gap, out of pages and single messages."""

from collections.abc import Sequence
from itertools import pairwise

from chatdesk.client.changes import Appended, Change, Prepended, StartedOver
from chatdesk.client.sanity import UnreadableEventError
from chatdesk.protocol import commands
from chatdesk.protocol.events import History, Message
from chatdesk.protocol.limits import HISTORY_PAGE

MAX_KEPT = 20_000
"""Messages kept in memory; the server has the others."""
_TRIM = 2_000
_MAX_AHEAD = 5_000
_OLDER = 100


class Transcript:
    """Messages in order. What arrives beyond a gap waits until the server has filled it."""

    def __init__(self) -> None:
        self.epoch = ""
        self.messages: list[Message] = []
        self.older = False
        """Whether the server has messages before the first."""
        self._ahead: dict[int, Message] = {}
        self._behind = False
        self._asked_newer = False
        self._asked_older = False
        self._refused = False

    @property
    def last_seq(self) -> int:
        """The newest number that stands here without a gap before it; 0 before the first message."""
        return self.messages[-1].seq if self.messages else 0

    @property
    def resume(self) -> commands.Resume | None:
        """How far this client has read."""
        return commands.Resume(self.epoch, self.last_seq) if self.epoch else None

    def receive(self, message: Message) -> list[Change]:
        """Take in a single message. One that is here already changes nothing."""
        if message.seq <= self.last_seq or len(self._ahead) >= _MAX_AHEAD:
            return []
        self._ahead[message.seq] = message
        return self._close_up()

    def receive_page(self, page: History) -> list[Change]:
        """Take in a page; one that does not connect to what is here replaces it.

        Raises UnreadableEventError for a page that has gaps itself.
        """
        messages = page.messages
        if any(after.seq != before.seq + 1 for before, after in pairwise(messages)):
            raise UnreadableEventError("a page of history has gaps")
        if page.epoch != self.epoch:
            return self._start_over(page.epoch, messages, page.more)
        if not messages:
            return self._receive_nothing()
        if messages[0].seq > self.last_seq + 1:
            return self._start_over(page.epoch, messages, page.more)
        if self.messages and messages[0].seq < self.messages[0].seq:
            return self._prepend(messages, page.more)
        self._asked_newer = False
        last_seq = self.last_seq
        self._ahead.update((message.seq, message) for message in messages if message.seq > last_seq)
        self._behind = page.more and messages[-1].seq > last_seq
        return self._close_up()

    def take_request(self) -> commands.History | None:
        """What to ask the server for now, to close a gap; None when there is none, or it is asked for already."""
        if self._asked_newer or not self.epoch or not (self._behind or self._ahead):
            return None
        self._asked_newer = True
        return commands.History(after=self.last_seq, limit=HISTORY_PAGE)

    def take_older_request(self) -> commands.History | None:
        """What to ask for older messages; None when there are none, or they are asked for already."""
        if self._asked_older or not self.older or not self.messages:
            return None
        self._asked_older = True
        return commands.History(before=self.messages[0].seq, limit=_OLDER)

    def refused(self) -> None:
        """The server does not answer what was asked, for it came too fast."""
        self._refused = True

    def retry(self) -> None:
        """Some time has passed: what was refused may be asked again."""
        if self._refused:
            self._forget_requests()

    def disconnected(self) -> None:
        """The connection has gone, and with it the answers; a resume brings what is missing."""
        self._forget_requests()
        self._ahead.clear()
        self._behind = False

    def _start_over(self, epoch: str, messages: Sequence[Message], older: bool) -> list[Change]:
        self.epoch = epoch
        self.messages = list(messages)
        self.older = older and (not messages or messages[0].seq > 1)
        self._forget_requests()
        self._behind = False
        self._ahead = {seq: message for seq, message in self._ahead.items() if seq > self.last_seq}
        self._close_up()
        return [StartedOver()]

    def _forget_requests(self) -> None:
        self._asked_newer = self._asked_older = self._refused = False

    def _receive_nothing(self) -> list[Change]:
        """An empty page: nothing newer, or else nothing older."""
        if self._asked_newer:
            self._asked_newer = self._behind = False
            return self._skip_the_gap() if self._ahead else []
        if self._asked_older:
            self.older = self._asked_older = False
            return [Prepended(())]
        return []

    def _skip_the_gap(self) -> list[Change]:
        """The server does not have what is missing: begin with what came after it."""
        first = min(self._ahead)
        return self._start_over(self.epoch, [self._ahead.pop(first)], older=True)

    def _prepend(self, messages: Sequence[Message], more: bool) -> list[Change]:
        first = self.messages[0].seq
        self._asked_older = False
        if messages[-1].seq < first - 1:
            return []  # the answer to a question from before a new start
        older = tuple(message for message in messages if message.seq < first)
        self.messages[:0] = older
        self.older = more and older[0].seq > 1
        return [Prepended(older)]

    def _close_up(self) -> list[Change]:
        """Move what connects now from beyond the gap to the end."""
        start = len(self.messages)
        if not self.epoch:
            return []
        while message := self._ahead.pop(self.last_seq + 1, None):
            self.messages.append(message)
        appended = tuple(self.messages[start:])
        self._trim()
        return [Appended(appended)] if appended else []

    def _trim(self) -> None:
        if len(self.messages) > MAX_KEPT:
            del self.messages[:_TRIM]
            self.older = True
