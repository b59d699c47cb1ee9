"""A session: one peer on one connection; after its join, a person, who may be in several rooms."""

from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.errors import CloseCode, ErrorCode
from chatdesk.server.auth import Principal
from chatdesk.server.frames import text_frame
from chatdesk.server.membership import Membership
from chatdesk.server.person import Person
from chatdesk.server.rate_limits import TokenBucket
from chatdesk.server.session_connection import SessionConnection

NEEDS_TOKEN = "a valid token is needed"  # noqa: S105
"""The reason of a close with UNAUTHORIZED."""


class Session:
    """One peer, and its memberships in the order in which it entered the rooms."""

    __slots__ = (
        "awaiting_log",
        "batched",
        "can_probe",
        "connection",
        "errors",
        "hears_bots",
        "hears_pace",
        "hears_queue",
        "idle",
        "keeps_order",
        "left",
        "lists_rooms",
        "markup",
        "memberships",
        "person",
        "principal",
        "queued_commands",
        "receipts",
        "signed_in",
    )

    def __init__(self, connection: SessionConnection) -> None:
        self.connection = connection
        self.person: Person | None = None
        self.principal: Principal | None = None
        """Who has joined; None before the join, and after the end."""
        self.signed_in: Principal | None = None
        """Whom a token has proved: at the handshake, or by a join that was refused for another reason."""
        self.memberships: tuple[Membership, ...] = ()
        self.batched = False
        """Whether it receives ``presence`` batches in place of single events."""
        self.left = False
        """Whether the peer has gone for good, and not lost its connection."""
        self.lists_rooms = False
        """Whether the client has a list of rooms, and is told of whatever changes in it."""
        self.hears_bots = True
        """Whether it receives what bots say; a bot does only if it asks for that."""
        self.hears_queue = False
        """Whether the client shows who waits for approval, and which invitations there are."""
        self.hears_pace = False
        """Whether the client shows what waits for approval, and raised hands."""
        self.markup = False
        """Whether it receives the tree of a message as its ``body``."""
        self.receipts = False
        """Whether the client shows who has read what its person wrote."""
        self.keeps_order = False
        """Whether the client shows what its person may do, and is told of it by ``standing``."""
        self.can_probe = False
        """Whether the client can call this machine's addresses when it receives ``reach``."""
        self.idle = False
        """Whether nobody uses the client's device."""
        self.awaiting_log = False
        """Whether a command waits for the log; commands that arrive meanwhile go to ``queued_commands``."""
        self.errors: TokenBucket | None = None
        """The errors that it may still make; None while it has made none."""
        self.queued_commands: list[commands.Command] = []

    def membership(self, room_name: str) -> Membership | None:
        """The membership in this room, if there is one."""
        return next((membership for membership in self.memberships if membership.room.name == room_name), None)

    @property
    def entered(self) -> tuple[Membership, ...]:
        """The memberships in rooms that the peer has entered itself."""
        return tuple(membership for membership in self.memberships if not membership.silent)

    def add(self, membership: Membership) -> None:
        """Begin a membership. What several rooms have for the peer is written together."""
        self.memberships += (membership,)
        self.connection.join_writes(len(self.memberships) > 1)

    def remove(self, membership: Membership) -> None:
        """Forget a membership that ends."""
        self.memberships = tuple(other for other in self.memberships if other is not membership)
        self.connection.join_writes(len(self.memberships) > 1)

    def close_expired(self) -> None:
        """End the connection of a principal whose time is over."""
        self.connection.close(CloseCode.EXPIRED, "your sign-in has expired")

    def close_unauthorized(self, sentence: str) -> None:
        """End the connection of a peer whose token opens nothing, and tell it why."""
        self.send(events.Error(ErrorCode.UNAUTHORIZED, sentence))
        self.connection.close(CloseCode.UNAUTHORIZED, NEEDS_TOKEN)

    def send(self, event: events.Event) -> None:
        """Encode an event and send it to this peer alone."""
        self.send_payload(codec.encode(event))

    def send_payload(self, payload: bytes) -> None:
        """Send an encoded event to this peer alone."""
        self.connection.write(text_frame(payload))

    def send_together(self, *payloads: bytes) -> None:
        """Send encoded events to this peer alone, in one write."""
        self.connection.write(b"".join(map(text_frame, payloads)))

    def catch_up(self) -> None:
        """The peer has read all that waited for it: bring its memberships up to date."""
        for membership in self.memberships:
            membership.catch_up()
