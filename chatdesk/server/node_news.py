"""What nodes of a chat tell each other of their people, and who hears it on a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from chatdesk.protocol.fields import Availability, ClientKind
from chatdesk.server.auth import Role
from chatdesk.server.hands import Lowered
from chatdesk.server.node_places import Place
from chatdesk.server.person import Person


class Here(Struct, array_like=True, frozen=True):
    """A person as they are on the node that tells it: ``number`` is theirs there, ``rooms`` are those of that node.

    ``status`` is what they say; ``idle``: nobody uses any of their devices there.
    """

    number: int
    rooms: tuple[str, ...]
    identity: str
    nickname: str
    client: ClientKind
    host: bool
    joined_at: str
    status: Availability
    status_text: str
    idle: bool
    role: Role
    muted: bool
    changed_at: float
    """When they have changed their name or their status last, in seconds since 1970."""
    hands: tuple[tuple[str, int], ...] = ()
    """The rooms in which they have raised their hand at that node, and since when, in ms since 1970."""
    networks: tuple[str, ...] = ()
    """From where they are connected to it: somebody may be banned with their address at any node."""


class Gone(Struct, array_like=True, frozen=True):
    """A person has left the node; ``kept``: without a goodbye, so their nickname is kept for them."""

    number: int
    kept: bool


class Types(Struct, array_like=True, frozen=True):
    """A person of the node types, or has stopped."""

    number: int
    room: str
    active: bool


class LoweredHand(Struct, array_like=True, frozen=True):
    """Somebody's hand is lowered in a room, as far as it was raised up to this time; ``by``: who has called them.

    Without an ``author`` all hands of the room are.
    """

    room: str
    author: str
    until: int
    by: str = ""


class NodeNews(Struct, array_like=True):
    """News of a node; ``whole``: nobody else is there. ``place`` is None if it is where it was."""

    whole: bool
    here: list[Here]
    gone: list[Gone]
    typing: list[Types]
    place: Place | None = None
    lowered: list[LoweredHand] = []


encode_news = msgspec.msgpack.Encoder().encode
decode_news = msgspec.msgpack.Decoder(NodeNews).decode
"""Raises msgspec.DecodeError for anything that is no news."""


class Nodes(Protocol):
    """The other nodes, which are told of the people of this one."""

    def addresses(self) -> Sequence[str]:
        """Where clients of this one can go on, as many as one of them is told."""

    def goes_on(self) -> bool:
        """Whether the chat goes on at others when this node ends."""

    def changed(self, person: Person) -> None:
        """Somebody has come, gone, or entered or left a room here, or has another name or status."""

    def types(self, person: Person, room: str, active: bool) -> None:
        """Somebody here types, or has stopped."""

    def lowered(self, room: str, hands: Lowered, by: str = "") -> None:
        """Hands are lowered here, and with ``by`` the one is called by this person."""

    def close(self) -> None:
        """Tell and hear nothing any more."""


class OneHost:
    """The nodes of a chat that has no others; see ``Nodes``."""

    def addresses(self) -> Sequence[str]:
        """There is nowhere else to go."""
        return ()

    def goes_on(self) -> bool:
        """It does not."""
        return False

    def changed(self, person: Person) -> None:
        """Nobody has to hear of it."""

    def types(self, person: Person, room: str, active: bool) -> None:
        """Nobody has to hear of it."""

    def lowered(self, room: str, hands: Lowered, by: str = "") -> None:
        """Nobody has to hear of it."""

    def close(self) -> None:
        """There is nothing to end."""
