"""Which parts of a text are addresses of web pages: in the window and in exports, and for the page in ``js/links.js``.

An address names its scheme, shows where it leads, and ends where the sentence around it goes on. All is linear in the
text's length. ``tests/link_cases.json`` holds both programs to the same links.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address
from unicodedata import category, normalize
from urllib.parse import urlsplit

from chatdesk.protocol.text import IGNORABLE

Link = tuple[int, str]
"""Where an address begins in a text, and the address."""

# A text is looked at by its shape: every character beyond ASCII is replaced by one that stands for its kind.
_LETTER, _EAST_ASIAN, _WITHIN, _END = "\u00e4\u5b57\u2019 "
_RUN = re.compile(r"""[^\s\0-\x1f\x7f<>"`{}|\\^]+""")
_SCHEME = re.compile(r"(?<![a-z0-9+])https?://", re.IGNORECASE | re.ASCII)
_AUTHORITY = re.compile("[^/?#]*")
_LABEL = rf"[\w{_LETTER}][\w{_LETTER}-]*"
_ANY_LABEL = rf"[\w{_LETTER}{_EAST_ASIAN}][\w{_LETTER}{_EAST_ASIAN}-]*"
_HOST = re.compile(
    rf"(?:\[[0-9a-f:.]+\]|(?:{_ANY_LABEL}\.)*(?:{_LABEL}|{_EAST_ASIAN}+))(?::[0-9]+)?", re.IGNORECASE | re.ASCII
)
_PAIRS = {")": "(", "]": "["}
_BEHIND = ".,:;!?'" + _WITHIN
"""The sentence's own punctuation, where an address ends in it."""
_AROUND = "*_~"
"""Marks that stand on both sides of an address."""
_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_IGNORABLE = re.compile(f"[{IGNORABLE}]")


def links(text: str) -> Iterator[Link]:
    """The addresses in one line, from the first to the last."""
    if "://" not in text:
        return
    shape = text if text.isascii() else "".join(map(_shape, text))
    for run in _RUN.finditer(shape):
        partners = _partners(run[0]) if "://" in run[0] else {}
        at = 0
        while found := _SCHEME.search(run[0], at):
            end, at = _end(run[0], found.start(), found.end(), partners)
            address = text[run.start() + found.start() : run.start() + end]
            if end > found.end() and _leads_there(address):
                yield run.start() + found.start(), address


def _end(run: str, start: int, host: int, partners: dict[int, int]) -> tuple[int, int]:
    """Where an address that begins there ends, and where to look for the next; ``host`` is behind its scheme.

    It is none, and ends where its host begins, if a person's name stands there: it seems to lead elsewhere.
    """
    authority = _AUTHORITY.match(run, host)
    found = _HOST.match(run, host)
    if not authority or not found or "@" in authority[0]:
        return host, authority.end() if authority else host
    if found.end() < authority.end():
        return found.end(), found.end()
    path = authority.end()
    stop = next((at for at in range(path, len(run)) if _stops(run, at, path, partners)), len(run))
    end = next((at for at in range(path, stop) if partners.get(at, 0) >= stop), stop)
    while end > path and _is_around(run, start, end):
        end -= 1
    return end, stop


def _stops(run: str, at: int, path: int, partners: dict[int, int]) -> bool:
    """Whether a path cannot go on there: at East Asian text, and at a bracket that has no partner in it."""
    return run[at] == _EAST_ASIAN or (run[at] in "()[]" and partners.get(at, -1) < path)


def _is_around(run: str, start: int, end: int) -> bool:
    """Whether an address would end in what belongs to the sentence."""
    last = run[end - 1]
    return last in _BEHIND or (last in _AROUND and run[start - 1 : start] == last)


def _partners(run: str) -> dict[int, int]:
    """Of every bracket that has one, where its partner stands."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for bracket in re.finditer(r"[()[\]]", run):
        at, sign = bracket.start(), bracket[0]
        if sign not in _PAIRS:
            opened.append(at)
        elif opened and run[opened[-1]] == _PAIRS[sign]:
            found[at] = opened.pop()
            found[found[at]] = at
    return found


def _leads_there(address: str) -> bool:
    """Whether browsers go where it says: some numbers they would read as another address, or as none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if ":" not in host and _NUMBER.fullmatch(normalize("NFKC", host).rpartition(".")[2]):
            IPv4Address(host)
        return parts.port is None or parts.port >= 0
    except ValueError:
        return False


@lru_cache(4096)
def _shape(char: str) -> str:
    """What a character stands for in an address."""
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
