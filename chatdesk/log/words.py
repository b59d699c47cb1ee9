"""What counts as a word: the same rule for what is put into the index, for what is asked, and for what is marked.

Case and accents do not count. Scripts that write without spaces, and emoji, count each sign as a word, so that part of
a sentence is found in them too.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

_UNSPACED = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x1000, 0x10A0),  # Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x3040, 0x3100),  # kana
    range(0x3400, 0xA000),  # ideographs
    range(0xF900, 0xFB00),
    range(0x20000, 0x40000),
)
_BETWEEN, _LETTER, _SIGN, _MARK = " lsm"
_LONGEST_WORD = 64
_RUN = re.compile(f"l[lm]{{0,{_LONGEST_WORD - 1}}}m*|sm*")
"""A word in a text of kinds: marks belong to what they stand on."""
_ASCII_WORD = re.compile(f"[a-z0-9]{{1,{_LONGEST_WORD}}}")
_KNOWN_CHARS = 16_384
_ACCENTS = 10
"""From this combining class on a mark only says how a letter sounds; below it are the vowel signs of Indic scripts."""


class Word(NamedTuple):
    """A word in a text, from ``start`` to ``end``; ``folded`` is what it has in common with other spellings."""

    start: int
    end: int
    folded: str


class _Kinds(dict[int, str]):
    """The kind of each character; those that have come up lately are known by heart."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _KNOWN_CHARS:
            self.clear()
        kind = self[code] = _kind(chr(code))
        return kind


_KINDS = _Kinds()


def words(text: str, first: int = 0) -> Iterator[Word]:
    """The words of a text in order, from the one of this number on, as far as they are wanted."""
    if text.isascii():
        for found in islice(_ASCII_WORD.finditer(text.lower()), first, None):
            yield Word(*found.span(), found[0])
        return
    runs = _RUN.finditer(text.translate(_KINDS))
    there = ((run, folded) for run in runs if (folded := _fold(text[run.start() : run.end()])))
    for run, folded in islice(there, first, None):
        yield Word(*run.span(), folded)


def folded(text: str) -> str:
    """A text as the index has it: its words, a space between them."""
    if text.isascii():  # the same, found many times as fast
        return " ".join(_ASCII_WORD.findall(text.lower()))
    runs = (_fold(text[run.start() : run.end()]) for run in _RUN.finditer(text.translate(_KINDS)))
    return " ".join(filter(None, runs))


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "M":
        return _MARK
    if category[0] in "LN":
        return _SIGN if any(ord(char) in script for script in _UNSPACED) else _LETTER
    return _SIGN if category in ("So", "Sk") and not char.isascii() else _BETWEEN


@lru_cache(maxsize=16_384)
def _fold(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in decomposed if _counts(char))


def _counts(char: str) -> bool:
    """Whether the index takes it for a part of a word: some signs come apart into spaces and brackets."""
    return unicodedata.combining(char) < _ACCENTS and (char.isalnum() or not char.isascii())
