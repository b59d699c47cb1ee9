"""Who may do what: the rights, and the one table that joins them to roles.

``may`` is asked at every command. The fan-out knows members only, and whoever loses READ in a room is no member from
that moment on: see ``Hub.set_role``.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from chatdesk.server.auth import Principal, Role, Scope


class Right(Enum):
    """One for each action."""

    READ = auto()
    """To be in the room, to hear what is said there, and to ask for its history."""
    SEARCH = auto()
    LIST_PEOPLE = auto()
    WRITE = auto()
    """To say something, and to let others see that one types."""
    ADDRESS_ALL = auto()
    """To mention everybody in a room of more than ADDRESSES_FREELY people."""
    EDIT_OWN = auto()
    """To change what oneself has said."""
    CREATE_ROOM = auto()
    """To make a room of one's own. It concerns no room."""
    WRITE_PRIVATELY = auto()
    """To write to one person alone. It concerns no room; ``private_rooms`` says to whom."""
    SET_TOPIC = auto()
    MANAGE_ROOM = auto()
    """To archive or open a room, and to say what newcomers see of it."""
    DELETE_ROOM = auto()
    """To delete a room with all that was said in it."""
    MANAGE_CHAT = auto()
    """To change what holds in all rooms."""
    EDIT_LATE = auto()
    """To do so after the time in which others may."""
    DELETE_OWN = auto()
    """To delete what oneself has said."""
    DELETE_ANY = auto()
    """To delete what others have said."""
    REACT = auto()
    PIN = auto()
    CLEAR = auto()
    """To delete the history."""
    ASK_FREELY = auto()
    """To ask without a rate: the window that hosts exports the whole history."""
    EXAMINE = auto()
    """To read which of the host's addresses others have reached. It concerns no room."""


_GUEST = frozenset({Right.READ, Right.SEARCH, Right.LIST_PEOPLE})
_ACTS = frozenset({Right.EDIT_OWN, Right.DELETE_OWN, Right.REACT, Right.PIN})
_MEMBER = _GUEST | _ACTS | {Right.WRITE, Right.CREATE_ROOM, Right.WRITE_PRIVATELY}
_MODERATOR = _MEMBER | {Right.ADDRESS_ALL, Right.EDIT_LATE, Right.DELETE_ANY, Right.SET_TOPIC}
_HOST = _MODERATOR | {
    Right.MANAGE_ROOM,
    Right.DELETE_ROOM,
    Right.MANAGE_CHAT,
    Right.CLEAR,
    Right.ASK_FREELY,
    Right.EXAMINE,
}

CHANGING = _ACTS | {Right.WRITE, Right.SET_TOPIC}
"""What nobody may in an archived room."""

_OF_ROLE = {Role.GUEST: _GUEST, Role.MEMBER: _MEMBER, Role.MODERATOR: _MODERATOR, Role.HOST: _HOST}
_OF_SCOPE = {Scope.CHAT: frozenset(Right), Scope.DOCTOR: frozenset({Right.EXAMINE})}


class RoomRoles(Protocol):
    """What ``may`` asks a room."""

    @property
    def roles(self) -> Mapping[str, Role | None]:
        """The roles of identities that have another one here than in the chat; None: they may not be here."""

    @property
    def pair(self) -> Container[str] | None:
        """The two identities of a private room, where each is a member like the other; None for any other room."""

    @property
    def closed(self) -> bool:
        """Whether only the host may be in it."""


@dataclass(frozen=True, slots=True)
class IdleRoom:
    """A room that is not in memory, as far as ``may`` asks of it."""

    closed: bool
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    pair: None = None


def may(principal: Principal, right: Right, room: RoomRoles | None) -> bool:
    """Whether the principal has a right in the room; ``room`` is None for a right that concerns none."""
    role = role_in(principal, room)
    if role is None or principal.expired:
        return False
    return right in _OF_ROLE[role] and right in _OF_SCOPE[principal.scope]


def role_in(principal: Principal, room: RoomRoles | None) -> Role | None:
    """The role of the principal in the room, or in the chat; None: they may not be here."""
    if room is None:
        return principal.role
    if room.pair is not None:
        return Role.MEMBER if principal.identity in room.pair else None
    role = room.roles.get(principal.identity, principal.role)
    return role if role is Role.HOST or not room.closed else None
