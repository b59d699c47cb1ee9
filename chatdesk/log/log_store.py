"""The interface of the store: the logs of all rooms, in memory or on the disk, and what else a server remembers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from chatdesk.log.held import HeldTable
from chatdesk.log.hook_file import Hook
from chatdesk.log.invitation import InvitationTable
from chatdesk.log.log_error import LogError, StorageProblem
from chatdesk.log.node_channel import OtherServers
from chatdesk.log.order import OrderStore
from chatdesk.log.passes import Passes
from chatdesk.log.reservation import Reservation
from chatdesk.log.room_log import FoundRooms, IndexProgress, RoomLog, Unsubscribe
from chatdesk.log.rooms import Reading, RoomExtent, RoomSettings, StoredSubscription, Unread
from chatdesk.log.timings import LogTimings


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
