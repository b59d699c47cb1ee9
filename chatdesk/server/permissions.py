"""Who may do what: the rights, and the one table that joins them to roles.

``may`` is asked at every command. The fan-out knows members only, and a person who loses READ in a room is no member
from that moment on: see ``Hub.set_role``.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from chatdesk.log.bots import owner_of
from chatdesk.log.order import Standing
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
    NAME_ONESELF = auto()
    """To have another name, and to say something about one's status. It concerns no room."""
    GIVE_ROLES = auto()
    """To make somebody a moderator, a member or a guest."""
    REMOVE = auto()
    """To send somebody out of the room, or out of the chat."""
    BAN = auto()
    """To keep somebody out of the chat, and to let them in again. It concerns no room."""
    MUTE = auto()
    """To take the right to say something from somebody, and to give it back."""
    RENAME_OTHERS = auto()
    """To give somebody else another name. It concerns no room."""
    SEE_AUDIT = auto()
    """To read who has removed, banned, muted or renamed whom, and why. It concerns no room."""
    ENTER_FREELY = auto()
    """To pass the gate: whatever keeps others out, of the chat or of a room. It concerns no room."""
    GUARD_ENTRY = auto()
    """To set a password, to lock, and to let nobody in without approval."""
    INVITE = auto()
    """To make invitations and to revoke them. It concerns no room."""
    ADMIT = auto()
    """To see who waits for approval, and to decide."""
    SET_PACE = auto()
    """To slow a room down, to hold its messages for approval, and to make it a room of announcements."""
    SPEAK_FREELY = auto()
    """To say something at once where others have to wait, or may not."""
    APPROVE = auto()
    """To see the messages that wait for approval, and to decide about them."""
    RAISE_HAND = auto()
    CALL_HANDS = auto()
    """To call somebody who has raised a hand, and to lower the hands of others."""


_GUEST = frozenset({Right.READ, Right.SEARCH, Right.LIST_PEOPLE, Right.NAME_ONESELF})
_ACTS = frozenset({Right.EDIT_OWN, Right.DELETE_OWN, Right.REACT, Right.PIN})
_MEMBER = _GUEST | _ACTS | {Right.WRITE, Right.CREATE_ROOM, Right.WRITE_PRIVATELY, Right.RAISE_HAND}
_KEEPING_ORDER = frozenset(
    {
        *(Right.REMOVE, Right.BAN, Right.MUTE, Right.RENAME_OTHERS, Right.SEE_AUDIT, Right.INVITE, Right.ADMIT),
        *(Right.SET_PACE, Right.SPEAK_FREELY, Right.APPROVE, Right.CALL_HANDS, Right.ENTER_FREELY, Right.GUARD_ENTRY),
    }
)
_MODERATOR = _MEMBER | _KEEPING_ORDER | {Right.ADDRESS_ALL, Right.EDIT_LATE, Right.DELETE_ANY, Right.SET_TOPIC}
_HOST = _MODERATOR | {
    Right.MANAGE_ROOM,
    Right.DELETE_ROOM,
    Right.MANAGE_CHAT,
    Right.CLEAR,
    Right.ASK_FREELY,
    Right.EXAMINE,
    Right.GIVE_ROLES,
}

CHANGING = _ACTS | {Right.WRITE, Right.SET_TOPIC}
"""What nobody may in an archived room."""

SPEAKING = frozenset(
    {
        *(Right.WRITE, Right.EDIT_OWN, Right.REACT, Right.PIN, Right.SET_TOPIC, Right.CREATE_ROOM),
        *(Right.WRITE_PRIVATELY, Right.NAME_ONESELF, Right.RAISE_HAND),
    }
)
"""What nobody may who is muted: whatever others can read something in."""

_RANKS = (Role.GUEST, Role.MEMBER, Role.MODERATOR, Role.HOST)
_OF_ROLE = {Role.GUEST: _GUEST, Role.MEMBER: _MEMBER, Role.MODERATOR: _MODERATOR, Role.HOST: _HOST}
_OF_SCOPE = {Scope.CHAT: frozenset(Right), Scope.DOCTOR: frozenset({Right.EXAMINE})}


class RoomRoles(Protocol):
    """What ``may`` asks a room."""

    @property
    def name(self) -> str: ...

    @property
    def roles(self) -> Mapping[str, Role | None]:
        """The roles of identities that have another one here than in the chat; None: they may not be here."""

    @property
    def muted(self) -> Mapping[str, Standing]:
        """The identities that can only read here."""

    @property
    def pair(self) -> Container[str] | None:
        """The two identities of a private room, where each is a member like the other; None for any other room."""

    @property
    def closed(self) -> bool:
        """Whether only the host may be in it."""


@dataclass(frozen=True, slots=True)
class IdleRoom:
    """A room that is not in memory, as far as ``may`` asks of it."""

    name: str
    closed: bool
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    muted: Mapping[str, Standing] = field(default_factory=dict)
    pair: None = None


def may(principal: Principal, right: Right, room: RoomRoles | None) -> bool:
    """Whether the principal has a right in the room; ``room`` is None for a right that concerns none."""
    role = role_in(principal, room)
    if role is None or principal.expired or (right in SPEAKING and muting(principal, room)):
        return False
    return right in _OF_ROLE[role] and right in _OF_SCOPE[principal.scope]


def muting(principal: Principal, room: RoomRoles | None) -> Standing | None:
    """What makes the principal only read, in the whole chat or in the room; None if nothing does."""
    identity = principal.identity
    here = room.muted if room is not None else {}
    return principal.muted or here.get(identity) or here.get(owner_of(identity))


def at_most_member(role: Role) -> Role:
    """What somebody of a role is where they keep no order: as a bot, and in a private room."""
    return Role.GUEST if role is Role.GUEST else Role.MEMBER


def outranks(role: Role | None, other: Role | None) -> bool:
    """Whether somebody with a role may act on somebody with the other one; None is no role, below all others."""
    ranks = [_RANKS.index(each) if each else -1 for each in (role, other)]
    return ranks[0] > ranks[1]


def rights_of(principal: Principal, room: RoomRoles | None) -> frozenset[Right]:
    """All rights of the principal, such as for a client that shows what somebody may do."""
    return frozenset(right for right in Right if may(principal, right, room))


OF_THE_CHAT = frozenset(
    {
        *(Right.BAN, Right.RENAME_OTHERS, Right.SEE_AUDIT, Right.INVITE, Right.ADMIT, Right.GUARD_ENTRY),
        *(Right.ENTER_FREELY, Right.MANAGE_CHAT, Right.EXAMINE),
    }
)
"""What a role in one room does not give: it is about the whole chat."""
MEMBERS = _MEMBER
"""What every member may."""


def role_in(principal: Principal, room: RoomRoles | None) -> Role | None:
    """The role of the principal in the room, or in the chat; None: they may not be here."""
    if room is None:
        return principal.role
    if room.pair is not None:
        return at_most_member(principal.role) if principal.identity in room.pair else None
    if not principal.may_be_in(room.name):
        return None
    identity, owner = principal.identity, owner_of(principal.identity)
    role = room.roles.get(identity, principal.role)
    if owner in room.roles and identity not in room.roles:
        given = room.roles[owner]
        role = given and at_most_member(given)
    return role if role is Role.HOST or not room.closed else None
