"""What a person searches for, and what of a message answers it. Whatever is typed is text, never an expression."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatdesk.log.words import Word, words

_EXCERPT_CHARS = 160
_BEFORE_CHARS = 40
_SHORTEST_BEGINNING = 2


class Query:
    """All words must be in the message; what is written together must stand together. The last may be only begun."""

    def __init__(self, text: str) -> None:
        found = ([word.folded for word in words(chunk)] for chunk in text.split())
        self._phrases = [phrase for phrase in found if phrase]
        self._begun = bool(self._phrases) and len(self._phrases[-1][-1]) >= _SHORTEST_BEGINNING

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

    def excerpt(self, text: str) -> list[str]:
        """The part of the text around the first hit; every second element is a hit. Empty where not all is in it."""
        there = words(text)
        spans = [list(self._find(there, number)) for number in range(len(self._phrases))]
        if not all(spans):
            return []
        return _cut(text, sorted(span for found in spans for span in found))

    def _find(self, there: Sequence[Word], number: int) -> Iterator[tuple[int, int]]:
        phrase = self._phrases[number]
        begun = self._begun and number == len(self._phrases) - 1
        for place in range(len(there) - len(phrase) + 1):
            *whole, last = (word.folded for word in there[place : place + len(phrase)])
            ends = last.startswith(phrase[-1]) if begun else last == phrase[-1]
            if ends and whole == phrase[:-1]:
                yield there[place].start, there[place + len(phrase) - 1].end


def _quoted(phrase: Sequence[str]) -> str:
    return f'"{" ".join(phrase)}"'


def _cut(text: str, spans: list[tuple[int, int]]) -> list[str]:
    start = max(0, spans[0][0] - _BEFORE_CHARS)
    end = min(len(text), max(start + _EXCERPT_CHARS, spans[0][1]))
    edges = [start]
    for first, last in spans:
        if first >= edges[-1] and last <= end:  # not within the one before, not cut off
            edges += [first, last]
    parts = [text[first:last] for first, last in pairwise([*edges, end])]
    parts[0] = f"…{parts[0]}" if start else parts[0]
    parts[-1] = f"{parts[-1]}…" if end < len(text) else parts[-1]
    return parts
