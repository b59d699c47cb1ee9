"""What somebody wrote, as HTML: text stays text, and of addresses only those of web pages can be followed."""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LINE = re.compile("\r\n|[\n\r\u2028\u2029]")
_LINK = re.compile('https?://[^\\s<>"`{}|\\\\^\u200e\u200f\u202a-\u202e\u2066-\u2069]+', re.IGNORECASE)
"""Without the characters that turn the reading direction: they would show another address than the one followed."""
_BEHIND_A_LINK = ".,:;!?'’”*_…"
_PARAGRAPHS = 100
"""With a direction of their own; a message of more lines keeps them in its last one."""


def text(words: str) -> str:
    """Words between tags or in an attribute's quotation marks; what HTML cannot hold becomes a replacement sign."""
    return escape(_UNFIT.sub("\ufffd", words))


def paragraphs(content: str) -> str:
    """Every line of a message as a paragraph that finds its own direction."""
    lines = _LINE.split(content, maxsplit=_PARAGRAPHS)
    return "".join(f'<p dir="auto">{"".join(_linked(line)) or "<br>"}</p>' for line in lines)


def _linked(line: str) -> Iterator[str]:
    end = 0
    for found in _LINK.finditer(line):
        address = _without_punctuation(found[0])
        if not _is_web_page(address):
            continue
        yield text(line[end : found.start()])
        yield f'<a href="{text(address)}" rel="noreferrer noopener" target="_blank" dir="ltr">{text(address)}</a>'
        end = found.start() + len(address)
    yield text(line[end:])


def _without_punctuation(address: str) -> str:
    """The sentence's own punctuation is no part of the address, nor is a bracket that opened before it."""
    return address.rstrip(_BEHIND_A_LINK if "(" in address else f"{_BEHIND_A_LINK})")


def _is_web_page(address: str) -> bool:
    """Whether it leads where it seems to: one with a user's name in it shows another host than its own."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.username is None and (parts.port or 0) >= 0
    except ValueError:
        return False
