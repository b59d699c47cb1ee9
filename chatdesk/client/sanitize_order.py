"""Makes names and sentences of keeping order and of the pace safe to show; see ``sanitize``."""

from msgspec import Struct
from msgspec.structs import replace

from chatdesk.protocol import events, order_events, pace_events
from chatdesk.protocol.text import clean_text, one_line

_NAME_CHARS = 256
_SENTENCE_CHARS = 400
_UNNAMED = "?"
_MOST_LISTED = 1000
"""More messages and hands in one event than a host sends."""


def sanitize_order(event: events.Event) -> events.Event:
    """Return the event with names and sentences that can be shown; any other event as it is."""
    match event:
        case order_events.Standing() | order_events.Done():
            return _clean(event)
        case order_events.Neighbours():
            cleaned = _clean(event)
            return replace(cleaned, names=tuple(map(_name, event.names)), address=one_line(event.address, _NAME_CHARS))
        case order_events.Bans():
            return replace(event, standings=list(map(_clean, event.standings)))
        case order_events.Audit():
            return replace(event, entries=list(map(_clean, event.entries)))
        case pace_events.Held():
            messages = list(map(_held, event.messages[:_MOST_LISTED]))
            return replace(event, messages=messages, waits_for=one_line(event.waits_for, _NAME_CHARS))
        case pace_events.Hands():
            return replace(event, hands=list(map(_clean, event.hands[:_MOST_LISTED])))
        case pace_events.Called() | pace_events.Asked() | pace_events.Decided():
            return _clean(event)
    return event


def _held(message: pace_events.HeldMessage) -> pace_events.HeldMessage:
    declined, content = one_line(message.declined, _SENTENCE_CHARS), clean_text(message.content)
    return replace(message, nickname=_name(message.nickname), declined=declined, content=content)


def _clean[Kind: Struct](struct: Kind) -> Kind:
    """Return a struct with its names and sentences on one line each."""
    names = {field: _name(value) for field in ("nickname",) if (value := getattr(struct, field, None)) is not None}
    short = ("by", "room", "act", "kind", "value", "detail", "before", "until", "at")
    lines = {
        field: one_line(value, _NAME_CHARS) for field in short if isinstance(value := getattr(struct, field, None), str)
    }
    long = {
        field: one_line(value, _SENTENCE_CHARS)
        for field in ("content", "reason")
        if isinstance(value := getattr(struct, field, None), str)
    }
    return replace(struct, **names, **lines, **long)


def _name(name: str) -> str:
    return one_line(name, _NAME_CHARS) or _UNNAMED
