"""A session: one peer on one connection; after its join, a person in a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from chatdesk.protocol import codec, commands, events
from chatdesk.server.frames import text_frame

if TYPE_CHECKING:
    from chatdesk.server.presence import Person
    from chatdesk.server.room import Room


class SessionConnection(Protocol):
    """What a session needs from its connection."""

    writable: bool
    address: str | None
    """The peer's address; None if the transport has none."""
    local_address: str | None
    """The address of this machine that the peer connected to."""
    local_port: int
    cookie_tokens: tuple[str, ...]
    """Tokens from the browser's cookies: they prove which identities it had on this machine."""

    @property
    def closing(self) -> bool: ...

    def write(self, data: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def pause_reading(self) -> None:
        """Stop reading from the peer until ``resume_reading``."""

    def resume_reading(self) -> None: ...


class StreamPosition(NamedTuple):
    """A place in a room's log: behind message ``seq`` of the log named ``epoch``; 0 is before the first message."""

    epoch: str
    seq: int


STREAM_START = StreamPosition("", 0)
"""Before everything: no log has this epoch, so a session that reads from here gets the latest page."""


class Session:
    """One peer. ``first_item`` and ``catch_up_from`` tell what it has received from the room's fan-out."""

    __slots__ = (
        "awaiting_log",
        "batched",
        "can_probe",
        "catch_up_from",
        "catching_up",
        "connection",
        "first_item",
        "log_position",
        "person",
        "queued_commands",
        "room",
        "typing_at",
    )

    def __init__(self, connection: SessionConnection) -> None:
        self.connection = connection
        self.person: Person | None = None
        self.room: Room | None = None
        self.batched = False
        """Whether it receives ``presence`` batches in place of single events."""
        self.can_probe = False
        """Whether the client can call this machine's addresses when it receives ``reach``."""
        self.first_item = 0
        """Number of the first fan-out item for this session; everything before it came from the log."""
        self.log_position = STREAM_START
        """Up to where the log was read for this session when it began to follow the fan-out."""
        self.catch_up_from: StreamPosition | None = None
        """The last position that a slow reader has received; None for a session that keeps up."""
        self.catching_up = False
        """Whether the log is being read for what a slow reader has missed."""
        self.awaiting_log = False
        """Whether a command waits for the log; commands that arrive meanwhile go to ``queued_commands``."""
        self.queued_commands: list[commands.Command] = []
        self.typing_at = 0.0

    def send(self, event: events.Event) -> None:
        """Encode an event and send it to this peer alone."""
        self.send_payload(codec.encode(event))

    def send_payload(self, payload: bytes) -> None:
        """Send an encoded event to this peer alone."""
        self.connection.write(text_frame(payload))
