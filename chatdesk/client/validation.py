"""Checks what a server sends: a client does not have to trust the server at an address."""

import ipaddress
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter

from chatdesk.client.body_validation import is_drawable
from chatdesk.protocol import admission_events, connection_events, events, order_events, pace_events, room_events
from chatdesk.protocol.limits import CONTENT_CHARS, PROOF_IDENTITIES
from chatdesk.protocol.room_events import RoomInfo
from chatdesk.protocol.text import one_line

MAX_EVENT_BYTES = 16 * 1024 * 1024
"""Longest frame a server may send: a page of history in which every character is escaped."""

_CONTENT_CHARS = 2 * CONTENT_CHARS
"""Twice the limit of our own server: a later version may allow more."""
_NAME_CHARS = 256
"""Eight times the longest nickname of our own server."""
_SENTENCE_CHARS = 2_000
"""A long paragraph; it is truncated further before it is shown."""
_EXCERPT_CHARS = 2_000
"""Our own server sends about 160 characters."""
_PAGE = 1_000
"""Five times the largest page of our own server."""
_MAX_EXCERPT_PARTS = 1_000
"""More parts than an excerpt has words."""
_MAX_REACTIONS, _MAX_REACTORS = 100, 50
"""Of a message, and people of a reaction: several times what our own server sends."""
_MAX_ADDRESSES = 1_000
"""More addresses than a computer has; only REACH_ADDRESSES of them are called."""
_LONGEST_WAIT_SECONDS = 366 * 24 * 3600
"""Our own server lets nobody wait for longer than a day."""
_TOO_LONG = "a text that is too long to be shown"


class InvalidEventError(Exception):
    """The server has sent an event that no server may send: the text says what, such as ``a history with gaps``."""


def validate(event: events.Event) -> None:
    """Raise InvalidEventError for an event that is too long to be shown, or that contradicts itself.

    The decoder has checked the types of fields and the range of numbers.
    """
    match event:
        case events.Message():
            _check_message(event)
        case events.Updated():
            _check_message(event.message)
            if event.seq != event.message.seq:
                raise InvalidEventError("a change of another message")
        case events.History():
            _check_history(event)
        case events.Messages() | events.Pins():
            _check_count(event.messages, _PAGE)
            for message in event.messages:
                _check_message(message)
        case events.OwnReactions():
            _check_count(event.messages, _PAGE)
            for found in event.messages:
                _check_count(found.emoji, _MAX_REACTIONS)
                _check_names(found.emoji)
        case events.Reactions():
            _check_count(event.people, _PAGE)
            _check_names((event.emoji, *(person.nickname for person in event.people)))
            _check_names(person.author for person in event.people)
        case events.Search():
            _check_search(event)
        case events.Users():
            _check_people(event.users)
        case events.Presence():
            _check_people((*event.joined, *event.changed))
            _check_length(event.timestamp, _NAME_CHARS)
            for names in (map(attrgetter(field), event.left) for field in ("nickname", "author")):
                _check_names(names)
        case events.Renamed():
            _check_names((event.old, event.nickname, event.timestamp, event.author))
        case events.UserJoined() | events.UserLeft():
            _check_names((event.nickname, event.timestamp, event.author))
        case events.Typing():
            _check_names((event.nickname, event.author))
        case _:
            _validate_apart_from_messages(event)


def _validate_apart_from_messages(event: events.Event) -> None:
    """Check what is about the chat, the connection and the list of rooms; messages and people come before it."""
    match event:
        case events.System():
            _check_length(event.timestamp, _NAME_CHARS)
            _check_length(event.content, _SENTENCE_CHARS)
        case events.Error():
            _check_names((event.code, event.ref or "", event.by, event.room, event.until))
            _check_length(event.content + event.reason, _SENTENCE_CHARS)
        case events.Storage():
            _check_length(event.problem, _NAME_CHARS)
            _check_length(event.content, _SENTENCE_CHARS)
        case connection_events.Reach():
            _check_count(event.addresses, _MAX_ADDRESSES)
            _check_names((event.nonce, *event.addresses))
            _check_addresses(event.addresses)
        case connection_events.Nodes():
            _check_nodes(event.nodes)
        case connection_events.Proof():
            _check_count(event.proofs, 2 * PROOF_IDENTITIES)
            _check_names(event.proofs)
        case events.Welcome():
            _check_welcome(event)
        case room_events.Rooms():
            _check_count(event.rooms, _PAGE)
            for info in event.rooms:
                _check_room(info)
        case room_events.Room():
            _check_room(event.room)
        case room_events.Read():
            _check_names((event.room, event.epoch))
        case room_events.Receipts():
            _check_names((event.room, event.epoch))
            _check_count(event.messages, _PAGE)
        case room_events.Readers():
            _check_count(event.readers, _PAGE)
            for names in (map(attrgetter(field), event.readers) for field in ("nickname", "author", "read_at")):
                _check_names(names)
        case _:
            _validate_order_and_pace(event)


def _validate_order_and_pace(event: events.Event) -> None:
    """Check what is about admission, keeping order and the pace; sentences are truncated before they are shown."""
    match event:
        case order_events.Standing():
            _check_count(event.rights, _PAGE)
            _check_names((event.room, *event.rights))
        case order_events.Neighbours():
            _check_count(event.names, _PAGE)
        case order_events.Bans():
            _check_count(event.standings, _PAGE)
        case order_events.Audit():
            _check_count(event.entries, _PAGE)
        case pace_events.Held():
            _check_count(event.messages, _PAGE)
            for message in event.messages:
                _check_names((message.nickname, message.author, message.timestamp, message.id or ""))
                _check_length(message.content, _CONTENT_CHARS)
        case pace_events.Hands():
            _check_count(event.hands, _PAGE)
            for names in (map(attrgetter(field), event.hands) for field in ("nickname", "author", "raised_at")):
                _check_names(names)
        case pace_events.Decided() | pace_events.Called():
            _check_names((event.room, event.ref or ""))
        case pace_events.Wait() if not 0 <= event.seconds <= _LONGEST_WAIT_SECONDS:
            raise InvalidEventError("a wait that never ends")
        case admission_events.Queue():
            _check_count(event.people, _PAGE)
        case admission_events.Invitations():
            _check_count(event.invitations, _PAGE)


def is_plain_address(text: str) -> bool:
    """Whether this is an IP address in its usual spelling and nothing else: no name, port or interface."""
    try:
        return "%" not in text and str(ipaddress.ip_address(text)) == text
    except ValueError:
        return False


def _check_message(message: events.Message) -> None:
    _check_names((message.nickname, message.timestamp, message.id or "", message.author, message.edited or ""))
    _check_names((message.room, message.deleted_by))
    _check_length(message.content, _CONTENT_CHARS)
    _check_count(message.reactions, _MAX_REACTIONS)
    for reaction in message.reactions:
        _check_count(reaction.people, _MAX_REACTORS)
        _check_names((reaction.emoji, *(person.nickname for person in reaction.people)))
        _check_names(person.author for person in reaction.people)
    _check_count(message.mentions, _PAGE)
    for mention in message.mentions:
        _check_names((mention.name, mention.author))
    if message.body and not is_drawable(message.body):
        raise InvalidEventError("a text that cannot be drawn")
    if message.seq < 1:
        raise InvalidEventError("a message without a number")


def _check_history(page: events.History) -> None:
    _check_length(page.epoch, _NAME_CHARS)
    _check_count(page.messages, _PAGE)
    for message in page.messages:
        _check_message(message)
    if not 0 < page.first_seq <= page.last_seq + 1:
        raise InvalidEventError("a history that ends before it begins")


def _check_search(search: events.Search) -> None:
    _check_length(search.query, _NAME_CHARS)
    _check_length(search.note, _SENTENCE_CHARS)
    _check_count(search.hits, _PAGE)
    for hit in search.hits:
        _check_message(hit.message)
        _check_count(hit.parts, _MAX_EXCERPT_PARTS)
        _check_length("".join(hit.parts), _EXCERPT_CHARS)
    _check_count(search.more_in, _PAGE)
    _check_names((search.room, *search.more_in))
    messages = [hit.message for hit in search.hits]
    if any(older.room == newer.room and older.seq >= newer.seq for newer, older in pairwise(messages)):
        raise InvalidEventError("found messages out of order")


def _check_welcome(welcome: events.Welcome) -> None:
    server = welcome.server
    own = welcome.token, welcome.me, welcome.proof_token or ""
    _check_names((welcome.nickname, welcome.room, welcome.epoch, *own))
    _check_names((server.id, server.name, server.host))
    _check_nodes(welcome.nodes)


def _check_nodes(addresses: Sequence[str]) -> None:
    _check_count(addresses, _MAX_ADDRESSES)
    _check_names(addresses)


def _check_room(info: RoomInfo) -> None:
    partner = (info.private_with.nickname, info.private_with.author) if info.private_with else ()
    _check_names((info.room, info.epoch, *partner))
    _check_length(info.topic, _SENTENCE_CHARS)
    if not one_line(info.room, _NAME_CHARS) or one_line(info.room, _NAME_CHARS) != info.room:
        raise InvalidEventError("a room without a name")


def _check_people(people: Sequence[events.User]) -> None:
    for names in (
        map(attrgetter(field), people) for field in ("nickname", "status", "joined_at", "author", "status_text")
    ):
        _check_names(names)


def _check_names(names: Iterable[str]) -> None:
    """Checked without a Python call for each: a crowd has a hundred thousand, and the window waits."""
    if max(map(len, names), default=0) > _NAME_CHARS:
        raise InvalidEventError(_TOO_LONG)


def _check_addresses(addresses: Sequence[str]) -> None:
    if not all(map(is_plain_address, addresses)):
        raise InvalidEventError("an address that is none")


def _check_count(items: Sequence[object], limit: int) -> None:
    if len(items) > limit:
        raise InvalidEventError("too much at once")


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise InvalidEventError(_TOO_LONG)
