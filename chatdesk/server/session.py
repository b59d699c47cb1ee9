"""A peer on a connection: first a stranger, after a join a user in a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from chatdesk.protocol import codec, commands, events
from chatdesk.server.frames import text_frame

if TYPE_CHECKING:
    from chatdesk.server.presence import Person
    from chatdesk.server.room import Room


class SessionConnection(Protocol):
    """What a session asks of its connection."""

    writable: bool
    address: str | None
    """The peer's, where it has one."""
    local_address: str | None
    """The one of this machine by which the peer has come."""
    local_port: int
    cookie_tokens: tuple[str, ...]
    """What proves who the peer's browser has been on this machine."""

    @property
    def closing(self) -> bool: ...

    def write(self, data: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def pause_reading(self) -> None:
        """Read nothing more from the peer until ``release``."""

    def resume_reading(self) -> None: ...


class StreamPosition(NamedTuple):
    """How far into a room's log: up to this message of this incarnation; 0 is before the first."""

    epoch: str
    seq: int


STREAM_START = StreamPosition("", 0)
"""In no log that there is."""


class Session:
    """One peer. ``first_item`` and ``catch_up_from`` tell how far the room's fan-out has brought it."""

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
        """Whether it receives ``presence`` batches."""
        self.can_probe = False
        """Whether it calls this machine's addresses when asked."""
        self.first_item = 0
        """The first item of the fan-out that is for this session; what was before it came from the log."""
        self.log_position = STREAM_START
        """The last message that came from the log."""
        self.catch_up_from: StreamPosition | None = None
        """The last message a slow reader has; None for one that keeps up."""
        self.catching_up = False
        """Whether the log has been asked for what a slow reader has missed."""
        self.awaiting_log = False
        """Whether a command waits for the log's answer; those that come meanwhile are ``queued_commands``."""
        self.queued_commands: list[commands.Command] = []
        self.typing_at = 0.0

    def send(self, event: events.Event) -> None:
        """Send an event to this peer alone."""
        self.send_payload(codec.encode(event))

    def send_payload(self, payload: bytes) -> None:
        """Send an encoded event to this peer alone."""
        self.connection.write(text_frame(payload))
