"""Reads new messages aloud through the screen reader: several as one, and not between typed letters."""

from collections.abc import Sequence
from itertools import groupby
from time import monotonic

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from chatdesk.client.own_identity import person_key
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.protocol.events import Message
from chatdesk.protocol.markup import plain_text
from chatdesk.protocol.text import isolated

_GATHER_SECONDS = 0.6
"""Seconds in which messages are collected into one announcement: a second one would cut the first off."""

_TYPING_SECONDS = 1.0
"""Seconds after a key press in which more are likely; each one silences the reader."""

_MAX_WAIT = 10.0
"""Seconds after which messages are announced even if the person never stops typing."""

_SECONDS_PER_CHARACTER, _MAX_SPEECH = 0.06, 10.0
"""Seconds that a reader is assumed to speak, for each character and at most; an announcement in between would cut the
one before off."""

_MAX_READ = 5
"""Messages that are read in full; of more, only their number and the last one."""
_MAX_READ_CHARACTERS = 500
"""Characters of a message that are read, half a minute of speech; the rest is in the timeline."""


class MessageAnnouncer(QObject):
    """Announces messages for ``screen``: ``add`` each message by others, call ``note_key`` for each typed letter."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._screen = screen
        self._waiting: list[Message] = []
        self._count = 0
        self._waiting_since = self._typed_at = self._speech_ends_at = 0.0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._announce_next)

    def add(self, message: Message) -> None:
        """Announce a message by somebody else, soon."""
        if not QAccessible.isActive():
            return
        if not self._count:
            self._waiting_since = monotonic()
            self._next.start(round(_GATHER_SECONDS * 1000))
        self._waiting.append(message)
        self._count += 1
        del self._waiting[: -_MAX_READ - 1]  # of more, the last one is read and the others are counted

    def note_key(self) -> None:
        """Note that the person has typed a letter now."""
        self._typed_at = monotonic()

    def _announce_next(self) -> None:
        now = monotonic()
        typing_ends = min(self._typed_at + _TYPING_SECONDS, self._waiting_since + _MAX_WAIT)
        if (left := max(typing_ends, self._speech_ends_at) - now) > 0:
            self._next.start(round(left * 1000) + 1)
            return
        text = announcement(self._waiting, self._count)
        self._waiting, self._count = [], 0
        self._speech_ends_at = now + min(len(text) * _SECONDS_PER_CHARACTER, _MAX_SPEECH)
        announce(self._screen, text)


def announcement(messages: Sequence[Message], count: int) -> str:
    """Return the text to announce: ``Ben: Good morning. Is the printer on? Ines: Yes.``

    Of more than five messages it has the number and the last one. ``count`` is the number of all; ``messages`` need
    only be the last ones.
    """
    if count > _MAX_READ:
        return f"{count} new messages. The last is from {_by_one_author(messages[-1:])}"
    return " ".join(_by_one_author(list(group)) for _, group in groupby(messages, person_key))


def _by_one_author(messages: Sequence[Message]) -> str:
    return f"{isolated(messages[0].nickname)}: {' '.join(map(_sentence, map(_words, messages)))}"


def _words(message: Message) -> str:
    return plain_text(message.body) if message.body else message.content


def _sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends in a punctuation mark that ends a sentence."""
    sentence = " ".join(text.split())
    sentence = sentence if len(sentence) <= _MAX_READ_CHARACTERS else f"{sentence[:_MAX_READ_CHARACTERS].rstrip()}…"
    return sentence if sentence[-1:] in set(".!?…:;。！？") else f"{sentence}."
