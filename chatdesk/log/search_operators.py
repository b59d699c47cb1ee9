"""Operators of a search: ``from:``, ``in:``, ``before:`` and ``after:``, as people know them from other chats.

A value with spaces stands in quotation marks. Days are those of the time zone that the host is in:
clients send times instead.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from chatdesk.protocol.search_folding import fold

_OPERATOR = re.compile(
    r"(?<!\S)(?P<key>from|in|before|after)[:：](?:[\"“„](?P<quoted>[^\"“”„]+)[\"“”](?!\S)|(?P<value>\S+))",
    re.IGNORECASE,
)
_BAD_DATE = "Write a date as in before:2026-11-23 or after:2026-11-23."


class Sender(NamedTuple):
    """A name that messages must be from, folded: the beginning of words of it, or with ``whole`` all of it."""

    name: str
    whole: bool

    def matches(self, nickname: str) -> bool:
        """Return whether somebody of this nickname is meant."""
        folded = fold(nickname)
        return folded == self.name if self.whole else f" {folded}".find(f" {self.name}") >= 0


class Operators(NamedTuple):
    """What restricts a search; ``since`` (included) and ``until`` (not included) are in milliseconds since 1970.

    One of the ``senders`` and one of the ``rooms`` is enough. ``note`` is a sentence about what cannot be understood.
    """

    senders: tuple[Sender, ...] = ()
    rooms: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    note: str = ""

    def matches_sender(self, nickname: str) -> bool:
        """Return whether a message of somebody of this nickname is wanted."""
        return not self.senders or any(sender.matches(nickname) for sender in self.senders)

    @property
    def selects(self) -> bool:
        """Whether they say what is wanted, so that no word is needed."""
        return bool(self.senders) or (self.since, self.until) != (None, None)


def split_operators(text: str) -> tuple[str, Operators]:
    """Return the words of a search, and its operators."""
    found: dict[str, list[re.Match[str]]] = {}
    for match in _OPERATOR.finditer(text):
        found.setdefault(match["key"].lower(), []).append(match)
    if not found:
        return text, Operators()
    ends = [_day(_value(match)) for match in found.get("before", ())]
    starts = [_day(_value(match)) for match in found.get("after", ())]
    operators = Operators(
        tuple(_sender(match) for match in found.get("from", ())),
        tuple(_value(match).lstrip("#＃").casefold() for match in found.get("in", ())),
        max((day.end for day in starts if day), default=None),
        min((day.start for day in ends if day), default=None),
        "" if all([*starts, *ends]) else _BAD_DATE,
    )
    return _OPERATOR.sub(" ", text), operators


class _Span(NamedTuple):
    """A day from its midnight to the next, or a moment; in milliseconds since 1970."""

    start: int
    end: int


def _value(match: re.Match[str]) -> str:
    return match["quoted"] or match["value"]


def _sender(match: re.Match[str]) -> Sender:
    return Sender(fold(_value(match).lstrip("@＠")).strip(), whole=match["quoted"] is not None)


def _day(text: str) -> _Span | None:
    """Return what a date or a time names; None if it is neither."""
    try:
        moment = datetime.fromisoformat(text)
        if len(text) > len("2026-11-23"):
            return _Span(_milliseconds(moment), _milliseconds(moment))
        return _Span(_milliseconds(moment), _milliseconds(moment + timedelta(days=1)))
    except (ValueError, OverflowError, OSError):
        return None


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
