"""The interface of the log of a room, in memory or on the disk.

Reading is awaitable; what is in memory is answered without suspending, so that an eager task exists only while the disk
is read. Writing reports by callbacks on the loop, in the order in which it was submitted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from chatdesk.log.acts import (
    Act,
    AlreadyDeleted,
    NotYours,
    Reaction,
    Reactors,
    Removal,
    TooLate,
    TooManyPins,
    TooManyReactions,
)
from chatdesk.log.log_error import LogError as LogError
from chatdesk.log.log_error import StorageProblem as StorageProblem
from chatdesk.protocol.commands import Mentioned


class Kind(StrEnum):
    """What a record is."""

    MESSAGE = "message"


class Record(NamedTuple):
    """An entry of a room's log, as it is now.

    ``seq`` numbers the records of a room without gaps. Whatever changes the room takes the next ``change``:
    ``first_change`` is the one that added the record, ``change`` its last one. ``author`` is the public id of who said
    it, ``at`` and ``edited`` are in milliseconds since 1970, ``id`` is the sender's own, and ``reply_to`` the number of
    the message that this one answers. What was deleted says by whom (``removed``), and has no content. ``bot``: a
    program has said it, see ``bots``. A ``nameless`` one tells nobody who has. ``action``: the content is what the
    author does. ``verified``: the author had signed in, see ``signed_in``.
    """

    seq: int
    first_change: int
    change: int
    author: str
    nickname: str
    content: str
    at: int
    id: str | None = None
    edited: int | None = None
    reply_to: int | None = None
    kind: Kind = Kind.MESSAGE
    bot: bool = False
    removed: Removal | None = None
    reactions: tuple[Reaction, ...] = ()
    pinned: bool = False
    mentions: tuple[Mentioned, ...] = ()
    action: bool = False
    nameless: bool = False
    verified: bool = False

    @property
    def is_update(self) -> bool:
        """Whether the record was there before its last change."""
        return self.change > self.first_change


class Draft(NamedTuple):
    """A message that is to be appended; ``identity`` (of its sender) and ``id`` together identify it.

    ``reply_to`` is the number of the message that it answers, and ``held`` is that of the one in ``held`` which is
    approved by this: it waits no longer once this is stored.
    """

    nickname: str
    content: str
    identity: str
    id: str | None = None
    reply_to: int | None = None
    mentions: tuple[Mentioned, ...] = ()
    action: bool = False
    held: int = 0


class HistoryPage(NamedTuple):
    """Records in the order of ``seq``, as many as fit into HISTORY_BYTES; ``more``: in the direction asked for."""

    records: list[Record]
    more: bool


class ChangesPage(NamedTuple):
    """What has changed after some position, in the order of ``change``.

    A record that was new then has ``change`` equal to ``first_change``; its later changes follow by themselves. Either
    way its content is the present one. ``end`` is the position after the page, ``last_seq`` the newest message at that
    position; ``more``: there are later changes.
    """

    records: list[Record]
    end: int
    last_seq: int
    more: bool


class IndexProgress(NamedTuple):
    """How many messages the search index covers, of how many."""

    done: int
    total: int


class Hit(NamedTuple):
    """A record that was found; ``parts`` is an excerpt of which every second part matches the query."""

    record: Record
    parts: list[str]


class Hits(NamedTuple):
    """The result of a search, newest message first, and whether there are older ones.

    ``indexing`` says how many messages, from the newest on, it covers while the index is being built.
    """

    hits: list[Hit]
    more: bool
    indexing: IndexProgress | None = None


class FoundRooms(NamedTuple):
    """What a search has found in several rooms, by name, those with the newest hits first.

    ``more``: there was no time to look through all of them.
    """

    rooms: dict[str, Hits]
    more: bool = False


class Duplicate(NamedTuple):
    """The same was stored before: a message of this sender with this ``id``, or what an act would bring about."""

    record: Record


@dataclass(frozen=True, slots=True)
class IdReused:
    """The sender has sent another message with this ``id`` before."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The log holds no message of this number."""


Refusal = Duplicate | IdReused | LogError
ActRefusal = Duplicate | NotFound | NotYours | AlreadyDeleted | TooLate | TooManyReactions | TooManyPins | LogError
Unsubscribe = Callable[[], None]


class RoomLog(Protocol):
    """One room's messages, numbered from 1 without gaps within an epoch, and what has changed them.

    ``epoch`` identifies the epoch. Readers see no message before it was announced to the subscribers. Whatever reads
    raises LogError if it cannot.
    """

    @property
    def epoch(self) -> str: ...

    @property
    def seqs(self) -> range:
        """The numbers of the messages that it holds."""

    @property
    def last_seq(self) -> int:
        """The number of the newest message."""

    @property
    def changes(self) -> range:
        """The changes that it can tell of: retention has deleted messages that earlier ones have added."""

    @property
    def last_change(self) -> int:
        """The newest change."""

    def subscribe(self, on_change: Callable[[Record], None], on_reset: Callable[[bool], None]) -> Unsubscribe:
        """Call ``on_change`` for every change from now on, in order, once it is stored for good.

        It gets the new message, or the present state of an older one (``is_update``). ``on_reset`` is called when the
        log has begun another epoch, after which the old messages are gone; with True if they were deleted by ``clear``.
        Returns a function that ends this.
        """

    def gather_until(self, moment: float) -> None:
        """Nobody waits for a commit before this moment of the monotonic clock: what comes until then may be one."""

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Store the draft under the next number; ``refuse`` is called instead of ``on_change`` if that fails."""

    def find(self, draft: Draft, reply: Callable[[Refusal | None], None]) -> None:
        """Look whether the draft would be refused since its ``id`` is known, after all that was appended before.

        ``reply`` gets that refusal, or None.
        """

    def amend(self, act: Act, reply: Callable[[Record | ActRefusal], None]) -> None:
        """Act on a message. ``reply`` is called after ``on_change`` with the record, or with a refusal."""

    async def latest(self, limit: int) -> HistoryPage:
        """Return the newest messages; ``more`` means older ones."""

    async def before(self, seq: int, limit: int) -> HistoryPage:
        """Return the newest messages older than ``seq``; ``more`` means older ones."""

    async def after(self, seq: int, limit: int) -> HistoryPage:
        """Return the oldest messages newer than ``seq``; ``more`` means newer ones.

        If retention has deleted some of them, the first number is larger than ``seq`` + 1.
        """

    async def around(self, seq: int, limit: int) -> HistoryPage:
        """Return as many messages before ``seq`` as from it on; ``more`` means older ones."""

    async def at(self, moment: int, limit: int) -> HistoryPage:
        """Return messages around the first one from this moment on, or the latest if there is none.

        ``moment`` is in milliseconds since 1970.
        """

    async def since(self, change: int, limit: int) -> ChangesPage | None:
        """Return what has changed after ``change``; None if that cannot be told, see ``changes``."""

    async def records(self, seqs: Sequence[int]) -> HistoryPage:
        """Return the messages of these numbers, in that order and without those that it does not hold.

        ``more``: they are so long that the last of them are left out.
        """

    async def pins(self, before: int | None, limit: int) -> HistoryPage:
        """Return the newest pinned messages, older than ``before`` if given; ``more`` means older ones."""

    async def reactors(self, seq: int, emoji: str, skip: int, limit: int) -> Reactors:
        """Return who has reacted to a message with this emoji, in that order and without the first ``skip`` of them."""

    async def own_reactions(self, identity: str, seqs: range) -> dict[int, list[str]]:
        """Return with what this person has reacted to these messages, by number; messages without one are left out."""

    async def search(self, query: str, before: int | None, limit: int) -> Hits:
        """Return the newest messages, older than ``before`` if given, that ``query`` selects; see ``SearchQuery``."""

    async def clear(self) -> None:
        """Delete all messages and begin another epoch; ``on_reset`` is called before this returns."""
