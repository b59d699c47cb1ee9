"""What a person searches for, and what of a message answers it. Whatever is typed is text, never an expression."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, islice, pairwise

from chatdesk.log.database import is_interruption
from chatdesk.log.room_log import Hits
from chatdesk.log.words import Word, folded, words
from chatdesk.protocol import events

_MOST_WORDS = 10
_LONGEST_PHRASE = 8
_EXCERPT_CHARS = 160
_BEFORE_CHARS = 40
_SHORTEST_BEGINNING = 2
_PAGE_CHARS = 16 * 1024
"""Enough for a page of what people usually say; of long texts fewer come at a time: each has to be looked through."""

_Phrase = tuple[str, ...]


class Query:
    """All words must be in the message; what is written together must stand together. The last may be only begun.

    Only the first words of many count.
    """

    def __init__(self, text: str) -> None:
        asked = list(_phrases(text))
        self._phrases = _bounded(asked)
        whole = bool(asked) and asked[-1] == self._phrases[-1]
        self._begun = whole and len(asked[-1][-1]) >= _SHORTEST_BEGINNING
        self._needles = [f" {' '.join(phrase)} ".encode() for phrase in self._phrases]
        if self._begun:
            self._needles[-1] = self._needles[-1][:-1]

    def __bool__(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self._phrases)

    @property
    def beginning(self) -> str:
        """What the last word only begins with; empty where it is whole."""
        return self._phrases[-1][-1] if self._begun else ""

    def expression(self, last_words: Sequence[str] = ()) -> str:
        """The query as FTS5 wants it; words hold no quotation marks, so nothing in it can be misread.

        ``last_words`` are the words with its beginning, where they are known.
        """
        *whole, last = map(_quoted, self._phrases)
        if self._begun:
            before = self._phrases[-1][:-1]
            last = " OR ".join(_quoted([*before, word]) for word in last_words) or f"{last} *"
        return " AND ".join([*whole, f"({last})"])

    def matches(self, said: bytes) -> bool:
        """Whether all is in a text, of which ``spaced`` has been taken."""
        return all(needle in said for needle in self._needles)

    def excerpt(self, text: str) -> list[str]:
        """The part of the text around the first hit; every second element is a hit. Empty where not all is in it."""
        said = spaced(text)
        if not self.matches(said):
            return []
        first = said.count(b" ", 0, min(map(said.find, self._needles)))
        near = list(islice(words(text, first), _EXCERPT_CHARS))
        return _cut(text, sorted(self._find(near)))

    def _find(self, there: Sequence[Word]) -> Iterator[tuple[int, int]]:
        for phrase in self._phrases:
            begun = self._begun and phrase is self._phrases[-1]
            for place in range(len(there) - len(phrase) + 1):
                if not there[place].folded.startswith(phrase[0]):
                    continue
                *whole, last = (word.folded for word in there[place : place + len(phrase)])
                ends = last.startswith(phrase[-1]) if begun else last == phrase[-1]
                if ends and (*whole,) == phrase[:-1]:
                    yield there[place].start, there[place + len(phrase) - 1].end


def spaced(text: str) -> bytes:
    """The words of a text as the index has them, a space on both sides of each."""
    return f" {folded(text)} ".encode()


def page_of_hits(query: Query, messages: Iterable[events.Message], limit: int) -> Hits:
    """The first of these messages, each with what of it answers the query.

    Who has found some of them when the time is up goes on from there another time.
    """
    hits: list[events.Hit] = []
    room = _PAGE_CHARS
    try:
        for message in messages:
            if len(hits) == limit or room <= 0:
                return Hits(hits, True)
            hits.append(events.Hit(message, query.excerpt(message.content) or [message.content]))
            room -= len(message.content)
    except sqlite3.Error as error:
        if not hits or not is_interruption(error):
            raise
        return Hits(hits, True)
    return Hits(hits, False)


def _phrases(text: str) -> Iterator[_Phrase]:
    for chunk in text.split():
        yield from batched((word.folded for word in words(chunk)), _LONGEST_PHRASE)


def _bounded(asked: Iterable[_Phrase]) -> list[_Phrase]:
    """Each once, and no more words than an answer can be found to in a short time."""
    bounded: list[_Phrase] = []
    room = _MOST_WORDS
    for phrase in dict.fromkeys(asked):
        if room:
            bounded.append(phrase[:room])
            room -= len(bounded[-1])
    return bounded


def _quoted(phrase: Sequence[str]) -> str:
    return f'"{" ".join(phrase)}"'


def _cut(text: str, spans: list[tuple[int, int]]) -> list[str]:
    start = _word_start(text, max(0, spans[0][0] - _BEFORE_CHARS), spans[0][0])
    end = min(len(text), start + _EXCERPT_CHARS)
    spans[0] = spans[0][0], min(spans[0][1], end)
    edges = [start]
    for first, last in spans:
        if first >= edges[-1] and last <= end:  # not within the one before, not cut off
            edges += [first, last]
    end = _word_end(text, edges[-1], end)
    parts = [text[first:last] for first, last in pairwise([*edges, end])]
    parts[0] = f"…{parts[0]}" if start else parts[0]
    parts[-1] = f"{parts[-1]}…" if end < len(text) else parts[-1]
    return parts


def _word_start(text: str, start: int, limit: int) -> int:
    """The first place from ``start`` on where a word begins; ``start`` itself where none does before ``limit``."""
    places = (place for place in range(start, limit + 1) if place == 0 or text[place - 1].isspace())
    return next(places, start)


def _word_end(text: str, limit: int, end: int) -> int:
    """The last place up to ``end`` where a word ends; ``end`` itself where none does behind ``limit``."""
    places = (place for place in range(end, limit, -1) if place == len(text) or text[place].isspace())
    return next(places, end)
