"""A peer on a connection: first a stranger, after a join a user in a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from chatdesk.protocol import codec, commands, events
from chatdesk.server.framing import text_frame

if TYPE_CHECKING:
    from chatdesk.server.presence import Person
    from chatdesk.server.room import Room


class Link(Protocol):
    """What a session asks of its connection."""

    writable: bool
    address: str | None
    """The peer's, where it has one."""
    local_address: str | None
    """The one of this machine by which the peer has come."""
    local_port: int
    tokens: tuple[str, ...]
    """What proves who the peer's browser has been on this machine."""

    @property
    def closing(self) -> bool: ...

    def write(self, data: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def hold(self) -> None:
        """Read nothing more from the peer until ``release``."""

    def release(self) -> None: ...


class Mark(NamedTuple):
    """How far into a room's log: up to this message of this incarnation; 0 is before the first."""

    epoch: str
    seq: int


NOWHERE = Mark("", 0)
"""In no log that there is."""


class Session:
    """One peer. ``since`` and ``missed_after`` tell how far the room's fan-out has brought it."""

    __slots__ = (
        "batched",
        "busy",
        "calls",
        "catching_up",
        "link",
        "missed_after",
        "person",
        "reached",
        "room",
        "since",
        "typing_at",
        "waiting",
    )

    def __init__(self, link: Link) -> None:
        self.link = link
        self.person: Person | None = None
        self.room: Room | None = None
        self.batched = False
        """Whether it receives ``presence`` batches."""
        self.calls = False
        """Whether it calls this machine's addresses when asked."""
        self.since = 0
        """The first item of the fan-out that is for this session; what was before it came from the log."""
        self.reached = NOWHERE
        """The last message that came from the log."""
        self.missed_after: Mark | None = None
        """The last message a slow reader has; None for one that keeps up."""
        self.catching_up = False
        """Whether the log has been asked for what a slow reader has missed."""
        self.busy = False
        """Whether a command waits for the log's answer; those that come meanwhile are ``waiting``."""
        self.waiting: list[commands.Command] = []
        self.typing_at = 0.0

    def send(self, event: events.Event) -> None:
        """Send an event to this peer alone."""
        self.send_payload(codec.encode(event))

    def send_payload(self, payload: bytes) -> None:
        """Send an encoded event to this peer alone."""
        self.link.write(text_frame(payload))
