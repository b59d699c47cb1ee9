"""Parses a search, matches messages and cuts excerpts. Whatever is typed is text, never an expression."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from chatdesk.log.database import is_interruption
from chatdesk.log.room_log import Hit, Hits, Record
from chatdesk.log.search_operators import split_operators
from chatdesk.log.tokenizer import END, HANGUL, LETTER, START, Word, index_tokens, mark_words, words
from chatdesk.protocol.search_folding import fold, source_spans

_MAX_WORDS = 16
"""Words that the index is asked for: more take long and hardly exclude anything. A phrase is still compared whole."""
_EXCERPT_CHARS = 160
"""Length of an excerpt: two lines of the list of hits."""
_CONTEXT_CHARS = 40
"""Characters before the first hit: a quarter of the excerpt, since what follows tells more."""
_MIN_PREFIX_CHARS = 2
"""One letter begins too many words."""
_MAX_RESULT_CHARS = 16 * 1024
"""Text that one search looks through for excerpts: fifty usual messages, fewer long ones."""

_CHUNK = re.compile(r"(?<!\S)[\"“”„«»「『＂](?P<quoted>[^\"“”„«»「」『』＂]+)[\"“”«»」』＂](?!\S)|\S+")
"""Matches what is written without spaces, or between quotation marks."""
_LEADING = re.compile(r"[./\\~_-]+$")
"""Signs that count before a word, as in .net and --force."""
_OPTIONAL_SIGNS = re.compile("['·・-]*")
"""Signs between words that do not count: many people write a space or another sign there."""
_SPACE_SENSITIVE_SIGNS = frozenset("#&+<=>@|./\\_~")
"""Signs that mean something else with a space between them and a word."""
_ANYTHING_BETWEEN = f"[^{START}]*"


class _Phrase(NamedTuple):
    """Words that must stand together: the first ones as index tokens, all as a pattern for a marked text.

    ``prefix`` is the last word if it may be incomplete, else empty.
    """

    words: tuple[str, ...]
    pattern: str
    prefix: str = ""

    @property
    def expression(self) -> str:
        """The phrase as an FTS5 expression; tokens hold no quotation marks, so nothing can be misread."""
        return f"{_quoted(self.words)}{' *' if self.prefix else ''}"


class SearchQuery:
    """A search: a message must hold all words, and phrases as they are typed.

    A phrase is what is written without spaces or in quotation marks. Outside of quotation marks the last word may be
    incomplete, and Korean words may continue with an ending. Signs within words and before them count. Of many phrases
    only the first count. ``operators`` restrict it further, and can do without words.
    """

    def __init__(self, text: str) -> None:
        words, self.operators = split_operators(text)
        self._phrases = _phrases(words)
        self._patterns = [re.compile(phrase.pattern) for phrase in self._phrases]

    def __bool__(self) -> bool:
        """Return whether there is anything to search for."""
        return self.has_words or self.operators.selects

    @property
    def has_words(self) -> bool:
        """Whether the search index knows an answer."""
        return bool(self._phrases)

    @property
    def prefix(self) -> str:
        """The last word if it may be incomplete, else empty."""
        return self._phrases[-1].prefix

    def expression(self, completions: Sequence[str] = ()) -> str:
        """Return the query for FTS5. It may find too much, as it ignores signs between words; ``excerpt`` decides.

        ``completions`` are the words with the query's prefix, if they are known.
        """
        *whole, last = self._phrases
        before = last.words[:-1]
        alternatives = " OR ".join(_quoted([*before, word]) for word in completions) or last.expression
        return " AND ".join([*(phrase.expression for phrase in whole), f"({alternatives})"])

    def matches(self, marked_text: str) -> bool:
        """Return whether a text matches; it is given as ``mark_words`` returns it."""
        return all(pattern.search(marked_text) for pattern in self._patterns)

    def excerpt(self, text: str) -> list[str]:
        """Return the text around the first hit in parts, every second one a hit; empty if the text does not match.

        Without words to find it is the beginning of the text.
        """
        if not self.has_words:
            return _cut_excerpt(text, []) if text else []
        marked_text = mark_words(text)
        if not self.matches(marked_text):
            return []
        return _cut_excerpt(text, _spans_in_text(text, marked_text, list(self._find(marked_text))))

    def _find(self, marked_text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of the hits, as far as an excerpt may show them."""
        found = [pattern.finditer(marked_text) for pattern in self._patterns]
        spans = sorted(span for hits in found for span in islice((hit.span() for hit in hits), _EXCERPT_CHARS))
        return takewhile(lambda span: span[0] < spans[0][0] + 4 * _EXCERPT_CHARS, spans)


def collect_hits(query: SearchQuery, records: Iterable[Record], limit: int) -> Hits:
    """Return the first of these records that match, each with its excerpt.

    If the time of the search is up after some were found, those are the result, and ``more`` is true.
    """
    hits: list[Hit] = []
    remaining = _MAX_RESULT_CHARS
    try:
        for record in records:
            if not query.operators.matches_sender(record.nickname) or not (parts := query.excerpt(record.content)):
                continue
            if len(hits) == limit or remaining <= 0:
                return Hits(hits, True)
            hits.append(Hit(record, parts))
            remaining -= len(record.content)
    except sqlite3.Error as error:
        if not hits or not is_interruption(error):
            raise
        return Hits(hits, True)
    return Hits(hits, False)


class _Part(NamedTuple):
    """A phrase of the query: folded, from a sign before its first word to the end of its last."""

    text: str
    quoted: bool


def _phrases(text: str) -> list[_Phrase]:
    parts = [part for chunk in _CHUNK.finditer(text) if (part := _parse_part(chunk))]
    different = list(dict.fromkeys(parts))
    phrases: list[_Phrase] = []
    remaining = _MAX_WORDS
    for part in different:
        if remaining > 0:
            found_words = list(words(part.text))
            is_prefix = part == parts[-1] == different[-1] and not part.quoted
            phrases.append(_phrase(part, found_words, found_words[:remaining], is_prefix=is_prefix))
            remaining -= len(found_words)
    return phrases


def _parse_part(chunk: re.Match[str]) -> _Part | None:
    folded = fold(chunk["quoted"] or chunk[0])
    found_words = list(words(folded))
    if not found_words:
        return None
    sign = _LEADING.search(folded, 0, found_words[0].start)
    start = sign.start() if sign else found_words[0].start
    return _Part(folded[start : found_words[-1].end], chunk["quoted"] is not None)


def _phrase(part: _Part, found_words: list[Word], looked_up: list[Word], *, is_prefix: bool) -> _Phrase:
    pattern = re.escape(part.text[: found_words[0].start])
    for before, word in zip([None, *found_words], found_words, strict=False):
        between = _between(part.text[before.end : word.start], before, word) if before else ""
        pattern += f"{between}{START}{re.escape(word.text)}{END}"
    last = found_words[-1]
    is_prefix = is_prefix and last.kind == LETTER and len(last.text) >= _MIN_PREFIX_CHARS
    if is_prefix or (last.kind == HANGUL and not part.quoted):
        pattern = f"{pattern[: -len(END)]}[^{END}]*{END}"
    return _Phrase(tuple(index_tokens(looked_up)), pattern, last.text if is_prefix and looked_up[-1] is last else "")


def _between(gap: str, before: Word, word: Word) -> str:
    """Return a pattern for what may stand between two words that were typed with ``gap`` between them."""
    if any(map(str.isspace, gap)) or (gap and _OPTIONAL_SIGNS.fullmatch(gap)):
        return _ANYTHING_BETWEEN
    if gap or before.text in _SPACE_SENSITIVE_SIGNS or word.text in _SPACE_SENSITIVE_SIGNS:
        return re.escape(gap)
    return r"\s*"


def _quoted(phrase: Sequence[str]) -> str:
    return f'"{" ".join(phrase)}"'


def _spans_in_text(text: str, marked_text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Convert spans in the marked text to spans in the text."""
    folded = [(_unmarked_offset(marked_text, start), _unmarked_offset(marked_text, end)) for start, end in spans]
    if text.isascii():
        return folded
    sources = source_spans(text)
    return [(sources[start][0], sources[end - 1][1]) for start, end in folded]


def _unmarked_offset(marked_text: str, position: int) -> int:
    return position - marked_text.count(START, 0, position) - marked_text.count(END, 0, position)


def _cut_excerpt(text: str, spans: list[tuple[int, int]]) -> list[str]:
    first_hit = spans[0][0] if spans else 0
    start = _word_start(text, max(0, first_hit - _CONTEXT_CHARS), first_hit)
    end = min(len(text), start + _EXCERPT_CHARS)
    spans[:1] = [(first, min(last, end)) for first, last in spans[:1]]
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
    """Return the first position from ``start`` on where a word begins; ``start`` if none does up to ``limit``."""
    positions = (position for position in range(start, limit + 1) if position == 0 or text[position - 1].isspace())
    return next(positions, start)


def _word_end(text: str, limit: int, end: int) -> int:
    """Return the last position up to ``end`` where a word ends; ``end`` if none does after ``limit``."""
    positions = (position for position in range(end, limit, -1) if position == len(text) or text[position].isspace())
    return next(positions, end)
