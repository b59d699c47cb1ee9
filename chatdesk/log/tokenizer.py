"""Splits text into words, by the same rules for the search index, for queries and for marking hits.

Text is folded first; then the kind of each character decides. In scripts without spaces each character is a word, with
the marks on it, so that any part of a sentence can be found. So are signs such as emoji and #, and dots and slashes
right before a word, as in .net. A Korean word is one word, but indexed by syllables, because an ending may follow any
of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chatdesk.protocol.search_folding import CharMap, fold, in_ranges, is_mark

FTS5_TOKENIZER = "ascii tokenchars '#$%&+<=>@|./\\_~^'"
"""Setting of FTS5 with which it splits what ``index_text`` returns at the spaces."""

RULES_VERSION = f"2 of Unicode {unicodedata.unidata_version}"
"""Version of the rules: an index that was built by others is built again. Increase the number with every change."""

START, END = "\x02", "\x03"
"""Characters around each word in the result of ``mark_words``."""

_UNSPACED = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x1000, 0x10A0),  # Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x1950, 0x1A00),  # Tai Le, New Tai Lue
    range(0x1A20, 0x1AB0),  # Lanna
    range(0x1B00, 0x1B80),  # Balinese
    range(0x2E80, 0x3130),  # radicals, kana, bopomofo
    range(0x3190, 0xA4D0),  # ideographs, Yi
    range(0xA980, 0xAA00),  # Javanese, Shan
    range(0xAA60, 0xAAE0),  # Khamti, Tai Viet
    range(0x16FE0, 0x18D80),  # Tangut
    range(0x1AFF0, 0x1B300),  # kana
    range(0x20000, 0x40000),  # rare ideographs
)
"""Scripts without spaces between words: each of their characters is a word for the index."""
_HANGUL = (range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xA960, 0xA980), range(0xAC00, 0xD800))
"""Letters, letters of older encodings, old letters, and syllables with more old letters."""
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)  # regional indicators: two of them are a flag
_ASCII_SIGNS = "#$%&+<=>@|"
_DOTS = "./\\_~"
_KEYCAP = "\u20e3"

BETWEEN, LETTER, HANGUL, SIGN, _FLAG, _MARK, _DOT = " lhsfmd"
_LONGEST_WORD = 64
"""Longer ones are split: nobody types them, and each would be an entry of its own in the index."""
_WORD = re.compile(f"l[lm]{{0,{_LONGEST_WORD - 1}}}m*|h[hm]{{0,{_LONGEST_WORD - 1}}}m*|ff?m*|sm*|d(?=[lhsf])")
"""Matches a word in a text of kinds: marks belong to the character before them, two flag letters make a flag."""
_ASCII_WORD = re.compile(
    f"[a-z0-9]{{1,{_LONGEST_WORD}}}|[{_ASCII_SIGNS}]|[{re.escape(_DOTS)}](?=[a-z0-9{_ASCII_SIGNS}])"
)


class Word(NamedTuple):
    """A word at ``start`` to ``end`` of a folded text."""

    start: int
    end: int
    text: str
    kind: str


def words(folded: str) -> Iterator[Word]:
    """Yield the words of a folded text, in order."""
    kinds = folded.translate(_KINDS)
    for match in _WORD.finditer(kinds):
        start, end = match.span()
        yield Word(start, end, folded[start:end], kinds[start])


def index_text(text: str) -> str:
    """Return a text for the index: its words, separated by spaces."""
    if text.isascii():  # the same result, many times as fast
        return " ".join(_ASCII_WORD.findall(text.lower()))
    return " ".join(index_tokens(words(fold(text))))


def index_tokens(found_words: Iterable[Word]) -> Iterator[str]:
    """Yield words for the index: Korean ones by syllable, with a ^ before the first."""
    for word in found_words:
        if word.kind == HANGUL:
            yield f"^{word.text[0]}"
            yield from word.text[1:]
        else:
            yield word.text


def mark_words(text: str) -> str:
    """Return the folded text with START and END around each word, for the patterns of a query."""
    folded = fold(text)
    if text.isascii():
        return _ASCII_WORD.sub(rf"{START}\g<0>{END}", folded)
    parts: list[str] = []
    at = 0
    for word in words(folded):
        parts += folded[at : word.start], START, word.text, END
        at = word.end
    return "".join([*parts, folded[at:]])


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    if char == _KEYCAP or char in _ASCII_SIGNS:
        return SIGN
    if char in _DOTS:
        return _DOT
    if is_mark(char):
        return _MARK
    if category[0] in "LN":
        return SIGN if in_ranges(char, _UNSPACED) else HANGUL if in_ranges(char, _HANGUL) else LETTER
    if ord(char) in _FLAG_LETTERS:
        return _FLAG
    symbol = category in ("So", "Sk", "Sm", "Sc", "Co", "Cn")  # unassigned ones (Cn) may be new emoji
    return SIGN if symbol and not char.isascii() else BETWEEN


_KINDS = CharMap(_kind)
"""Maps each folded character to its kind."""


def pack_marks(marked: str) -> bytes:
    """Return a marked text in less space: the marks between neighbouring words become one character."""
    return marked.replace(f"{END} {START}", "\4").replace(f"{END}{START}", "\5").encode()


def unpack_marks(marked: bytes) -> str:
    """Return the text that ``pack_marks`` has packed."""
    return marked.decode().replace("\5", f"{END}{START}").replace("\4", f"{END} {START}")
