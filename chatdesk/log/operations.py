"""What nodes order among themselves: a message that is to be said, or an act on one; and its place in the order."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from chatdesk.log.acts import Act, Delete, Edit, Pin, React
from chatdesk.log.held import Held
from chatdesk.log.hook_file import Hook
from chatdesk.log.invitation import Invitation
from chatdesk.log.order import AuditEntry, Standing
from chatdesk.log.room_log import Draft
from chatdesk.log.rooms import WHOLE_CHAT, RoomSettings, SubscriptionRow
from chatdesk.protocol.commands import Mentioned

HELD_NUMBERS = "\0held"
"""In place of a room, for the numbers of messages that wait for approval: no room has this name."""
RESTART = -1
"""In place of a number of messages: those of the room are counted from 1 again."""
_KEY_BYTES = 15
"""Two of a billion operations have the same key with a probability of one to 10^18."""


class Say(Struct, tag="say", tag_field="do", frozen=True, omit_defaults=True):
    """Somebody says something; the fields are those of ``Draft``."""

    room: str
    nickname: str
    content: str
    identity: str
    id: str | None = None
    reply_to: int | None = None
    mentions: tuple[Mentioned, ...] = ()
    action: bool = False
    held: int = 0


class OrderedEdit(Struct, tag="edit", tag_field="do", frozen=True):
    """Somebody edits what they have said."""

    room: str
    act: Edit


class OrderedDelete(Struct, tag="delete", tag_field="do", frozen=True):
    """Somebody deletes a message."""

    room: str
    act: Delete


class OrderedReact(Struct, tag="react", tag_field="do", frozen=True):
    """Somebody reacts to a message, or takes that back."""

    room: str
    act: React


class OrderedPin(Struct, tag="pin", tag_field="do", frozen=True):
    """Somebody pins a message, or takes that back."""

    room: str
    act: Pin


class OrderedClear(Struct, tag="clear", tag_field="do", frozen=True):
    """The host deletes the history of a room, which begins again."""

    room: str


class OrderedRoomDeletion(Struct, tag="delete_room", tag_field="do", frozen=True):
    """The host deletes a room."""

    room: str


class Erased(Struct, tag="erased", tag_field="do", frozen=True):
    """What was ordered here is not kept any more, since the history of the room was deleted later."""

    room: str


class OrderedSettings(Struct, tag="settings", tag_field="do", frozen=True):
    """Somebody changes these settings of a room, or of the chat where the room is WHOLE_CHAT."""

    room: str
    changed: dict[str, str | int | bool]


class OrderedSubscriptions(Struct, tag="subscriptions", tag_field="do", frozen=True):
    """People have entered rooms or left them, or have read on there: their subscriptions as they are now."""

    rows: tuple[SubscriptionRow, ...]
    room: str = WHOLE_CHAT


class OrderedStandings(Struct, tag="standings", tag_field="do", frozen=True):
    """Somebody keeps order: this begins to hold, that ends, and the entry of the audit trail says why."""

    begun: tuple[Standing, ...]
    ended: tuple[Standing, ...]
    entry: AuditEntry | None
    room: str = WHOLE_CHAT
    id: str = ""


class OrderedInvitation(Struct, tag="invite", tag_field="do", frozen=True):
    """Somebody makes an invitation."""

    invitation: Invitation
    room: str = WHOLE_CHAT


class OrderedUse(Struct, tag="use", tag_field="do", frozen=True):
    """Somebody (``identity``) comes by the invitation of this id; with a ``count`` of -1 they have not."""

    invitation: str
    count: int
    identity: str
    id: str
    room: str = WHOLE_CHAT


class OrderedRevocation(Struct, tag="revoke", tag_field="do", frozen=True):
    """Nobody else may come by the invitation of this id."""

    invitation: str
    id: str
    room: str = WHOLE_CHAT


class OrderedHold(Struct, tag="hold", tag_field="do", frozen=True):
    """A message waits for approval. Its number is the ``seq`` of its place."""

    held: Held
    id: str
    held_room: str
    """The room in which it was said; ``room`` is that of its number."""
    room: str = HELD_NUMBERS


class OrderedDecline(Struct, tag="decline", tag_field="do", frozen=True):
    """The held message of this number was declined, with this sentence for its author."""

    number: int
    sentence: str
    room: str = WHOLE_CHAT


class OrderedForget(Struct, tag="forget", tag_field="do", frozen=True):
    """The held message of this number waits no longer: it was taken back, or its author knows that it was declined."""

    number: int
    room: str = WHOLE_CHAT


class OrderedReceipts(Struct, tag="receipts", tag_field="do", frozen=True):
    """Somebody gives and sees no receipts any more, or does again."""

    identity: str
    off: bool
    id: str
    room: str = WHOLE_CHAT


class OrderedPass(Struct, tag="pass", tag_field="do", frozen=True):
    """Somebody has given the password of this room, or of the chat; or with ``taken`` is asked for it again.

    ``password`` is the mark of the one that they have given.
    """

    identity: str
    place: str
    id: str
    room: str = WHOLE_CHAT
    taken: bool = False
    password: str = ""


class OrderedHooks(Struct, tag="hooks", tag_field="do", frozen=True):
    """Hooks are there from now on, and those of these digests not any more."""

    added: tuple[Hook, ...]
    removed: tuple[str, ...]
    id: str
    room: str = WHOLE_CHAT


LastingOperation = OrderedStandings | OrderedRevocation | OrderedReceipts | OrderedPass | OrderedHooks
"""What is ordered as soon as possible, whatever happens until then; its ``id`` is its key."""
RoomOperation = Say | OrderedEdit | OrderedDelete | OrderedReact | OrderedPin
InvitationOperation = OrderedInvitation | OrderedUse | OrderedRevocation
HeldOperation = OrderedHold | OrderedDecline | OrderedForget
Operation = (
    RoomOperation
    | OrderedClear
    | OrderedRoomDeletion
    | Erased
    | OrderedSettings
    | OrderedSubscriptions
    | OrderedStandings
    | InvitationOperation
    | HeldOperation
    | OrderedReceipts
    | OrderedPass
    | OrderedHooks
)
encode_operation = msgspec.json.Encoder().encode
decode_operation = msgspec.json.Decoder(Operation).decode
"""Raises msgspec.DecodeError for anything that is no operation."""


class Ordered(NamedTuple):
    """An operation in its place.

    ``number`` counts those of all rooms, ``seq`` and ``change`` are the room's after it, ``at`` is in milliseconds
    since 1970. ``key`` is the operation's own: the same operation, sent again, is the same entry.
    """

    number: int
    seq: int
    change: int
    at: int
    key: str
    operation: Operation


def counts(operation: Operation) -> tuple[int, int]:
    """Return how many messages and changes an operation adds to its room; RESTART messages if the room begins again."""
    if isinstance(operation, OrderedClear | OrderedRoomDeletion):
        return RESTART, 0
    return int(isinstance(operation, Say | OrderedHold)), int(isinstance(operation, RoomOperation))


def change_settings(room: str, before: RoomSettings, after: RoomSettings) -> OrderedSettings:
    """Return the operation that gives a room these settings, and leaves alone what others change meanwhile."""
    changed = {name: value for name, value in after._asdict().items() if getattr(before, name) != value}
    return OrderedSettings(room, changed)


def changed_settings(operation: OrderedSettings, before: RoomSettings | None) -> RoomSettings:
    """Return the settings of a room after an operation; ``before`` is None for a new one. The first creator stays."""
    known = RoomSettings._fields if before is None else set(RoomSettings._fields) - {"creator"}
    changed: dict[str, Any] = {name: value for name, value in operation.changed.items() if name in known}
    return (before or RoomSettings())._replace(**changed)


def say(room: str, draft: Draft) -> Say:
    """Return the operation that says this."""
    return Say(room, *draft)


def draft_of(said: Say) -> Draft:
    """Return what is said."""
    about = said.id, said.reply_to, said.mentions, said.action, said.held
    return Draft(said.nickname, said.content, said.identity, *about)


def act_operation(room: str, act: Act) -> Operation:
    """Return the operation that acts on a message."""
    match act:
        case Edit():
            return OrderedEdit(room, act)
        case Delete():
            return OrderedDelete(room, act)
        case React():
            return OrderedReact(room, act)
        case Pin():
            return OrderedPin(room, act)


def new_id() -> str:
    """Return a text that no other call returns."""
    return secrets.token_urlsafe(_KEY_BYTES)


def operation_key(operation: Operation) -> str:
    """Return the key of an operation: for one with an ``id`` always the same, for any other a new one."""
    if isinstance(operation, LastingOperation) and operation.id:
        return operation.id
    if not isinstance(operation, Say) or operation.id is None:
        return new_id()
    return message_key(operation.identity, operation.id)


def message_key(identity: str, message_id: str) -> str:
    """Return the key of a message, by its sender and the ``id`` that they have given it."""
    sender, message = identity.encode(errors="surrogatepass"), message_id.encode(errors="surrogatepass")
    digest = blake2b(message, digest_size=_KEY_BYTES, key=blake2b(sender, digest_size=64).digest())
    return urlsafe_b64encode(digest.digest()).decode()
