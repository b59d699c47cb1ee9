"""The interface of the log, in memory or on the disk.

Reading is awaitable; what is in memory is answered without suspending, so that an eager task exists only while the disk
is read. Writing reports by callbacks on the loop, in the order in which it was submitted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from chatdesk.log.held import HeldTable
from chatdesk.log.hook_file import Hook
from chatdesk.log.invitation import InvitationTable
from chatdesk.log.log_error import LogError as LogError
from chatdesk.log.log_error import StorageProblem as StorageProblem
from chatdesk.log.node_channel import OtherServers
from chatdesk.log.order import OrderStore
from chatdesk.log.passes import Passes
from chatdesk.log.reservation import Reservation as Reservation
from chatdesk.log.rooms import Reading, RoomExtent, RoomSettings, StoredSubscription, Unread
from chatdesk.log.timings import LogTimings
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


class LogStore(OtherServers, Protocol):
    """The logs of all rooms, and what else the server must remember across a restart."""

    @property
    def server_id(self) -> str:
        """Identifies the server; the same for all rooms and after every restart."""

    @property
    def secret(self) -> bytes:
        """The key with which tokens are signed."""

    @property
    def problem(self) -> StorageProblem | None:
        """Why nothing can be stored now; None if all is well."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the host, such as that a damaged file was replaced."""

    @property
    def timings(self) -> LogTimings | None:
        """How long reads and commits take; None where nothing is on a disk."""

    @property
    def order(self) -> OrderStore:
        """What holds for whom, such as a ban, and the audit trail."""

    def author(self, identity: str) -> str:
        """Return the public id of an identity: always the same, and no way back."""

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> Unsubscribe:
        """Call ``on_problem`` whenever the problem changes, with None when it is over. Returns a function to end it."""

    @property
    def indexing(self) -> IndexProgress | None:
        """Progress of the search index; None if it is complete."""

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> Unsubscribe:
        """Call ``on_progress`` whenever ``indexing`` changes. Returns a function to end it."""

    def room(self, name: str) -> RoomLog:
        """Return the log of a room, which is created if needed; the same one until it is released."""

    def release(self, name: str) -> None:
        """Close the log of a room that nobody is in: it need not be in memory."""

    def room_settings(self) -> dict[str, RoomSettings]:
        """Return all rooms that are kept, by name, as they were when the server started."""

    def extent(self, room: str) -> RoomExtent:
        """Return how far a room is, whether or not it is in memory."""

    def store_settings(self, room: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """Store the settings of a room, new or not. ``reply`` is called when they are stored, or cannot be."""

    def deleted_rooms(self) -> set[str]:
        """Return the names of the rooms that were deleted."""

    def delete_room(self, room: str, reply: Callable[[LogError | None], None]) -> None:
        """Delete a room with all that is kept of it, but for its name; ``reply`` is called then, or with the error.

        Nothing may be written to its log from this call on.
        """

    def forget_deleted(self, room: str) -> None:
        """Forget that a room of this name was deleted."""

    def delete_settings(self, room: str) -> None:
        """Forget a room in which nothing was said."""

    @property
    def passes(self) -> Passes:
        """Who has given which password."""

    def subscriptions(self) -> list[StoredSubscription]:
        """Return all subscriptions that existed when the server last stopped."""

    def store_subscription(self, stored: StoredSubscription) -> None:
        """Store a subscription as it is now. Nobody waits for it."""

    def forget_person(self, identity: str, rooms: Iterable[str], *, choice: bool) -> None:
        """Forget that somebody belongs to these rooms, and their ``choice`` to give no receipts."""

    def restart_subscriptions(self, room: str, last_seq: int) -> None:
        """Store that all subscriptions to a room begin over in another log; see ``Subscription.restart``."""

    def store_reading(self, reading: Reading) -> None:
        """Store how far somebody has come; later than KEPT_MINUTES after that it is forgotten. Nobody waits for it."""

    async def read_minutes(self, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
        """Return in which minute (since 1970) each of these people came past a message of a room, as far as known.

        Raises LogError.
        """

    def receipts_off(self) -> set[str]:
        """Return who had turned receipts off when the server last stopped."""

    def store_receipts_off(self, identity: str, *, off: bool) -> None:
        """Store that somebody has turned receipts off, or on again. Nobody waits for it."""

    async def unread(self, identity: str, seqs: Mapping[str, range]) -> dict[str, Unread]:
        """Return what others than this identity have said in these parts of rooms. Raises LogError."""

    async def search(self, query: str, floors: Mapping[str, int], limit: int) -> FoundRooms:
        """Search these rooms, and in each of them the messages beyond a number: ``limit`` hits in each, at most.

        Raises LogError if it cannot.
        """

    def reservations(self) -> list[Reservation]:
        """Return the reservations that existed when the server last stopped."""

    def store_reservation(self, reservation: Reservation) -> None:
        """Store who has this nickname."""

    def delete_reservation(self, key: str) -> None:
        """Delete the reservation of this nickname."""

    @property
    def held(self) -> HeldTable:
        """What is kept of messages that wait for approval."""

    @property
    def invitations(self) -> InvitationTable:
        """What is kept of invitations."""

    def hook(self, secret: str) -> Hook | None:
        """Return the incoming webhook of this secret; it may be made and removed at any time."""
