"""New messages, as screen readers say them: who and what, several as one, and not between typed letters."""

from collections.abc import Sequence
from itertools import groupby
from time import monotonic

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.protocol.events import Message
from chatdesk.protocol.text import isolated

_GATHER_SECONDS = 0.6
"""Seconds in which messages that come together become one."""

_TYPING_SECONDS = 1.0
"""Seconds after a letter in which more letters are likely: a reader falls silent at each key."""

_MAX_WAIT = 10.0
"""Seconds after which messages are said even to somebody who never stops typing."""

_SECONDS_PER_CHARACTER, _MAX_SPEECH = 0.06, 10.0
"""Seconds that a reader takes for what was said last; what came next would cut it off."""

_MAX_READ = 5
_MAX_READ_CHARACTERS = 500
"""Characters of a message that are said; the others are in the timeline."""


class MessageAnnouncer(QObject):
    """Tells the readers of ``screen``; to be told of every message by others, and of every letter typed."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._screen = screen
        self._waiting: list[Message] = []
        self._count = 0
        self._waiting_since = self._typed_at = self._speech_ends_at = 0.0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._announce_next)

    def add(self, message: Message) -> None:
        """Somebody else has said this."""
        if not QAccessible.isActive():
            return
        if not self._count:
            self._waiting_since = monotonic()
            self._next.start(round(_GATHER_SECONDS * 1000))
        self._waiting.append(message)
        self._count += 1
        del self._waiting[: -_MAX_READ - 1]  # of more, the last one is said and the others are counted

    def note_key(self) -> None:
        """The person has typed a letter."""
        self._typed_at = monotonic()

    def _announce_next(self) -> None:
        now = monotonic()
        typing_ends = min(self._typed_at + _TYPING_SECONDS, self._waiting_since + _MAX_WAIT)
        if (left := max(typing_ends, self._speech_ends_at) - now) > 0:
            self._next.start(round(left * 1000) + 1)
            return
        words = announcement(self._waiting, self._count)
        self._waiting, self._count = [], 0
        self._speech_ends_at = now + min(len(words) * _SECONDS_PER_CHARACTER, _MAX_SPEECH)
        announce(self._screen, words)


def announcement(messages: Sequence[Message], count: int) -> str:
    """``Ben: Good morning. Is the printer on? Ines: Yes.``; many are counted, and the last one is said.

    There are ``count`` of them; the last ones are enough.
    """
    if count > _MAX_READ:
        return f"{count} new messages. The last is from {_by_one_sender(messages[-1:])}"
    return " ".join(_by_one_sender(list(group)) for _, group in groupby(messages, lambda message: message.nickname))


def _by_one_sender(messages: Sequence[Message]) -> str:
    return f"{isolated(messages[0].nickname)}: {' '.join(_sentence(message.content) for message in messages)}"


def _sentence(text: str) -> str:
    """The text with a full stop, where it does not end in something like one."""
    words = " ".join(text.split())
    words = words if len(words) <= _MAX_READ_CHARACTERS else f"{words[:_MAX_READ_CHARACTERS].rstrip()}…"
    return words if words[-1:] in set(".!?…:;。！？") else f"{words}."
