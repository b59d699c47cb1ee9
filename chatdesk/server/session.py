"""A peer on a connection: first a stranger, after a join a user in a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chatdesk.protocol import codec, events
from chatdesk.server.framing import text_frame

if TYPE_CHECKING:
    from chatdesk.server.presence import Person
    from chatdesk.server.room import Room


class Link(Protocol):
    """What a session asks of its connection."""

    writable: bool

    def write(self, data: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Session:
    """One peer. ``since`` and ``missed_after`` tell how far the room's fan-out has brought it."""

    __slots__ = ("batched", "link", "missed_after", "person", "reached", "room", "since", "typing_at")

    def __init__(self, link: Link) -> None:
        self.link = link
        self.person: Person | None = None
        self.room: Room | None = None
        self.batched = False
        """Whether it receives ``presence`` batches."""
        self.since = 0
        """The first item of the fan-out that is for this session; what was before it came from the log."""
        self.reached = 0
        """The last message that came from the log."""
        self.missed_after: int | None = None
        """The last message a slow reader has; None for one that keeps up."""
        self.typing_at = 0.0

    def send(self, event: events.Event) -> None:
        """Send an event to this peer alone."""
        self.send_payload(codec.encode(event))

    def send_payload(self, payload: bytes) -> None:
        """Send an encoded event to this peer alone."""
        self.link.write(text_frame(payload))
