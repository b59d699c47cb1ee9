"""Finds web addresses in text, for the window and exports; ``js/links.js`` does the same for the page.

A link names its scheme and its host, and ends where the sentence around it continues. The work is linear in the length
of the text. ``tests/link_cases.json`` keeps both implementations equal.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address
from unicodedata import category, normalize
from urllib.parse import urlsplit

from chatdesk.protocol.text import IGNORABLE

Link = tuple[int, str]
"""Start of an address in the text, and the address."""

# The regular expressions run over the shape of a text: each non-ASCII character is replaced by one for its kind.
_LETTER, _EAST_ASIAN, _WITHIN, _END = "\u00e4\u5b57\u2019 "
_RUN = re.compile(r"""[^\s\0-\x1f\x7f<>"`{}|\\^]+""")
_SCHEME = re.compile(r"(?<![a-z0-9+])https?://", re.IGNORECASE | re.ASCII)
_AUTHORITY = re.compile("[^/?#]*")
_LABEL = rf"[\w{_LETTER}][\w{_LETTER}-]*"
_ANY_LABEL = rf"[\w{_LETTER}{_EAST_ASIAN}][\w{_LETTER}{_EAST_ASIAN}-]*"
_HOST = re.compile(
    rf"(?:\[[0-9a-f:.]+\]|(?:{_ANY_LABEL}\.)*(?:{_LABEL}|{_EAST_ASIAN}+))(?::[0-9]+)?", re.IGNORECASE | re.ASCII
)
_BRACKETS = {")": "(", "]": "["}
_TRAILING = ".,:;!?'" + _WITHIN
"""Trailing punctuation that belongs to the sentence."""
_ENCLOSING = "*_~"
"""Marks that enclose an address on both sides, as in Markdown."""
_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
EAST_ASIAN = (
    "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""Characters of scripts that need no spaces between words, and their punctuation, as a regular expression."""
_CJK = re.compile(EAST_ASIAN)
_IGNORABLE = re.compile(f"[{IGNORABLE}]")


def links(text: str) -> Iterator[Link]:
    """Yield the addresses in one line, in order."""
    if "://" not in text:
        return
    shape = text if text.isascii() else "".join(map(_shape, text))
    for run in _RUN.finditer(shape):
        pairs = bracket_pairs(run[0]) if "://" in run[0] else {}
        position = 0
        while scheme := _SCHEME.search(run[0], position):
            end, position = _end(run[0], scheme.start(), scheme.end(), pairs)
            address = text[run.start() + scheme.start() : run.start() + end]
            if end > scheme.end() and _has_plain_host(address):
                yield run.start() + scheme.start(), address


def _end(run: str, start: int, host: int, pairs: dict[int, int]) -> tuple[int, int]:
    """Return the end of the address that begins at ``start``, and where to look for the next one.

    ``host`` is the position after the scheme. An address with user information before its host is no link, because it
    seems to lead elsewhere; its end is then ``host``.
    """
    authority = _AUTHORITY.match(run, host)
    name = _HOST.match(run, host)
    if not authority or not name or "@" in authority[0]:
        return host, authority.end() if authority else host
    if name.end() < authority.end():
        return name.end(), name.end()
    path = authority.end()
    stop = next((position for position in range(path, len(run)) if _ends_path(run, position, path, pairs)), len(run))
    end = next((position for position in range(path, stop) if pairs.get(position, 0) >= stop), stop)
    while end > path and _belongs_to_sentence(run, start, end):
        end -= 1
    return end, stop


def _ends_path(run: str, position: int, path: int, pairs: dict[int, int]) -> bool:
    """Return whether a path ends here: at East Asian text, or at a bracket whose other one is not in the path."""
    return run[position] == _EAST_ASIAN or (run[position] in "()[]" and pairs.get(position, -1) < path)


def _belongs_to_sentence(run: str, start: int, end: int) -> bool:
    """Return whether the last character of the address belongs to the sentence around it."""
    last = run[end - 1]
    return last in _TRAILING or (last in _ENCLOSING and run[start - 1 : start] == last)


def bracket_pairs(run: str) -> dict[int, int]:
    """Return the position of the matching bracket of each bracket that has one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for bracket in re.finditer(r"[()[\]]", run):
        position, sign = bracket.start(), bracket[0]
        if sign not in _BRACKETS:
            opened.append(position)
        elif opened and run[opened[-1]] == _BRACKETS[sign]:
            pairs[position] = opened.pop()
            pairs[pairs[position]] = position
    return pairs


def _has_plain_host(address: str) -> bool:
    """Return whether browsers go to the host that is shown: they read some numbers as another address, or as none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if ":" not in host and _NUMBER.fullmatch(normalize("NFKC", host).rpartition(".")[2]):
            IPv4Address(host)
        return parts.port is None or parts.port >= 0
    except ValueError:
        return False


@lru_cache(4096)  # the characters of one language, and a few hundred kilobytes
def _shape(char: str) -> str:
    """Return the ASCII character, or the one that stands for its kind."""
    if char.isascii():
        return char
    kind = category(char)
    if _IGNORABLE.match(char):
        return _WITHIN if char in "\u200c\u200d" else _END
    if _CJK.match(char):
        return _EAST_ASIAN if kind[0] in "LMN" else _END
    if kind[0] in "LMN":
        return _LETTER
    return _WITHIN if kind in ("Pd", "Sm", "Sc", "Sk") or char in "\u2019\u00b7" else _END
