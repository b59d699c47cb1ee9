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

_GATHERS = 0.6
"""Seconds in which messages that come together become one."""

_TYPED = 1.0
"""Seconds after a letter in which more letters are likely: a reader falls silent at each key."""

_WAITS = 10.0
"""Seconds after which messages are said even to somebody who never stops typing."""

_PER_CHARACTER, _LONGEST = 0.06, 10.0
"""Seconds that a reader takes for what was said last; what came next would cut it off."""

_FEW = 5
_SHOWN = 500
"""Characters of a message that are said; the others are in the timeline."""


class ReadAloud(QObject):
    """Tells the readers of ``screen``; to be told of every message by others, and of every letter typed."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._screen = screen
        self._waiting: list[Message] = []
        self._count = 0
        self._since = self._typed_at = self._silent_at = 0.0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._go_on)

    def hear(self, message: Message) -> None:
        """Somebody else has said this."""
        if not QAccessible.isActive():
            return
        if not self._count:
            self._since = monotonic()
            self._next.start(round(_GATHERS * 1000))
        self._waiting.append(message)
        self._count += 1
        del self._waiting[: -_FEW - 1]  # of more, the last one is said and the others are counted

    def typed(self) -> None:
        """The person has typed a letter."""
        self._typed_at = monotonic()

    def _go_on(self) -> None:
        now = monotonic()
        typing_ends = min(self._typed_at + _TYPED, self._since + _WAITS)
        if (left := max(typing_ends, self._silent_at) - now) > 0:
            self._next.start(round(left * 1000) + 1)
            return
        words = spoken(self._waiting, self._count)
        self._waiting, self._count = [], 0
        self._silent_at = now + min(len(words) * _PER_CHARACTER, _LONGEST)
        announce(self._screen, words)


def spoken(messages: Sequence[Message], count: int) -> str:
    """``Ben: Good morning. Is the printer on? Ines: Yes.``; many are counted, and the last one is said.

    There are ``count`` of them; the last ones are enough.
    """
    if count > _FEW:
        return f"{count} new messages. The last is from {_said_by(messages[-1:])}"
    return " ".join(_said_by(list(group)) for _, group in groupby(messages, lambda message: message.nickname))


def _said_by(messages: Sequence[Message]) -> str:
    return f"{isolated(messages[0].nickname)}: {' '.join(_sentence(message.content) for message in messages)}"


def _sentence(text: str) -> str:
    """The text with a full stop, where it does not end in something like one."""
    words = " ".join(text.split())
    words = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
    return words if words[-1:] in set(".!?…:;。！？") else f"{words}."
