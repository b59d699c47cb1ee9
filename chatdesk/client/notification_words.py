"""The words of notifications, as plain text. The page has the same (``js/notification-words.js``)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatdesk.protocol.events import Message
from chatdesk.protocol.markup import plain_text
from chatdesk.protocol.text import isolated, one_line

_MOST_CHARACTERS = 200
"""Of a message: notifications show two or three lines."""
_MOST_PLACES = 3
"""Rooms that are named where messages were missed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A room; ``partner`` is the nickname of the other person in a private one."""

    room: str
    partner: str | None = None

    def __str__(self) -> str:
        return isolated(self.partner) if self.partner else f"#{isolated(self.room)}"


def words(place: Place, last: Message, count: int, mentions: int) -> tuple[str, str, str]:
    """Return title, body and the quiet body, which says nothing of what was written.

    ``last`` is the last of ``count`` messages, of which ``mentions`` mention the person.
    """
    author, text = isolated(last.nickname), isolated(_text(last))
    said = f"{author} {text}" if last.action else text
    if place.partner:
        return (author, said, "Private message") if count == 1 else (f"{count} messages from {author}", said, "")
    if count == 1:
        return f"{author} {'mentions you ' if mentions else ''}in {place}", said, "New message"
    return f"{count} new messages in {place}", said if last.action else f"{author}: {text}", _mentions(mentions)


def missed_words(places: Sequence[Place], count: int) -> tuple[str, str, str]:
    """Return title, body and quiet body for messages that came while the connection was lost."""
    title = "You missed a message" if count == 1 else f"You missed {count} messages"
    named = ", ".join(map(str, places[:_MOST_PLACES]))
    further = len(places) - _MOST_PLACES
    body = f"{named} and {further} more" if further > 0 else named
    return title, body, body


def _mentions(count: int) -> str:
    if not count:
        return ""
    return "One mentions you" if count == 1 else f"{count} mention you"


def _text(message: Message) -> str:
    line = one_line(plain_text(message.body) if message.body else message.content, _MOST_CHARACTERS + 1)
    return line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 1].rstrip()}…"
