"""Makes names and sentences of a host safe to show anywhere.

They are put on one line, truncated, and freed of characters that reverse the writing direction. The content of messages
stays as it is: it is shown in a place of its own, and no text of ours follows it on the same line.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from chatdesk.client.people import MAX_PEOPLE
from chatdesk.client.sanitize_admission import sanitize_admission
from chatdesk.client.sanitize_order import sanitize_order
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import admission_events, events, room_events
from chatdesk.protocol.room_events import RoomInfo
from chatdesk.protocol.text import one_line

_NAME_CHARS = 256
"""As long as validation lets names be."""
_CHAT_CHARS = 100
"""Longer names of a chat do not fit a window's title."""
_SENTENCE_CHARS = 400
"""Two or three lines of the widest notice."""
_NO_REASON = "The host refuses it, and does not say why."
_UNNAMED = "ChatDesk"


def sanitize(event: events.Event) -> events.Event:
    """Return the event with names and sentences that can be shown, and with at most MAX_PEOPLE people.

    Raises InvalidEventError for names of which nothing is visible.
    """
    match event:
        case events.Message():
            return _message(event)
        case events.Updated():
            return replace(event, message=_message(event.message))
        case events.History():
            return replace(event, messages=list(map(_message, event.messages)))
        case events.Messages() | events.Pins():
            return replace(event, messages=list(map(_message, event.messages)))
        case events.Reactions():
            return replace(event, people=[replace(person, nickname=_name(person.nickname)) for person in event.people])
        case events.Search():
            hits = [replace(hit, message=_message(hit.message)) for hit in event.hits]
            return replace(event, hits=hits, note=_sentence(event.note))
        case events.Users():
            return replace(event, users=_people(event.users))
        case events.Presence():
            return replace(
                event,
                joined=_people(event.joined),
                left=[replace(gone, nickname=_name(gone.nickname)) for gone in event.left],
                changed=tuple(_people(event.changed)),
            )
        case events.Renamed():
            return replace(event, nickname=_name(event.nickname), old=_name(event.old))
        case events.UserJoined() | events.UserLeft() | events.Typing():
            return replace(event, nickname=_name(event.nickname))
        case events.System():
            return replace(event, content=_sentence(event.content))
        case events.Error():
            by, reason = one_line(event.by, _NAME_CHARS), _sentence(event.reason)
            return replace(event, content=_sentence(event.content) or _NO_REASON, by=by, reason=reason)
        case events.Storage():
            return replace(event, content=_sentence(event.content), problem=_sentence(event.problem))
        case events.Welcome():
            return _welcome(event)
        case room_events.Rooms():
            return replace(event, rooms=list(map(_room, event.rooms)))
        case room_events.Room():
            return replace(event, room=_room(event.room))
        case (
            admission_events.Waiting()
            | admission_events.Queue()
            | admission_events.Invited()
            | admission_events.Invitations()
        ):
            return sanitize_admission(event)
        case _:
            return sanitize_order(event)


def _message(message: events.Message) -> events.Message:
    name = _name(message.nickname)
    if message.reactions or message.deleted_by:
        reactions, deleted_by = tuple(map(_reaction, message.reactions)), one_line(message.deleted_by, _NAME_CHARS)
        return replace(message, nickname=name, reactions=reactions, deleted_by=deleted_by)
    return message if name == message.nickname else replace(message, nickname=name)


def _reaction(reaction: events.Reaction) -> events.Reaction:
    people = tuple(replace(person, nickname=_name(person.nickname)) for person in reaction.people)
    return replace(reaction, emoji=one_line(reaction.emoji, _NAME_CHARS), people=people)


def _room(info: RoomInfo) -> RoomInfo:
    partner = info.private_with
    partner = partner and replace(partner, nickname=_name(partner.nickname))
    return replace(info, topic=_sentence(info.topic), private_with=partner)


def _people(people: Sequence[events.User]) -> list[events.User]:
    return [_person(person) for person in people[:MAX_PEOPLE]]


def _person(person: events.User) -> events.User:
    name, text = _name(person.nickname), one_line(person.status_text, _CHAT_CHARS)
    same = (name, text) == (person.nickname, person.status_text)
    return person if same else replace(person, nickname=name, status_text=text)


def _welcome(welcome: events.Welcome) -> events.Welcome:
    info = welcome.server
    name, host = one_line(info.name, _CHAT_CHARS) or _UNNAMED, one_line(info.host, _NAME_CHARS)
    token = welcome.token or f"signed-in.{welcome.me}"  # the same for all tokens of the person, and no secret
    server = replace(info, name=name, host=host, version=one_line(info.version, _CHAT_CHARS))
    room = one_line(welcome.room, _NAME_CHARS)
    if not room:
        raise InvalidEventError("a room without a name")
    return replace(welcome, token=token, nickname=_name(welcome.nickname), room=room, server=server)


def _name(name: str) -> str:
    line = one_line(name, _NAME_CHARS)
    if not line:
        raise InvalidEventError("people without a name")
    return line


def _sentence(text: str) -> str:
    line = one_line(text, _SENTENCE_CHARS + 1)
    return line if len(line) <= _SENTENCE_CHARS else f"{line[:_SENTENCE_CHARS].rstrip()}…"
