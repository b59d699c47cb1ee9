"""Converts messages to HTML: all text is escaped, and only web addresses become links."""

import re
from collections.abc import Iterator
from html import escape

from chatdesk.protocol.links import links
from chatdesk.protocol.text import lines, one_line

_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PARAGRAPHS = 100
"""Lines with a writing direction of their own; the rest of a longer message shares one element, to spare browsers."""


def escape_text(text: str) -> str:
    """Escape text for an element or a quoted attribute; characters that HTML cannot hold become U+FFFD."""
    return escape(_UNFIT.sub("\ufffd", text))


def escape_name(text: str) -> str:
    """Escape a name: on one line, and without characters that would change the writing direction after it."""
    return escape_text(one_line(text, len(text)))


def paragraphs(content: str) -> str:
    """Return the lines of a message as elements, each of which finds its own writing direction.

    The first is inline, so that it follows name and time when the message is copied.
    """
    shown = lines(content)
    shown[_PARAGRAPHS:] = filter(None, ["\n".join(shown[_PARAGRAPHS:])])
    first, *others = ("".join(_linked(line)) or "<br>" for line in shown)
    return f'<span dir="auto">{first}</span>{"".join(f'<div dir="auto">{line}</div>' for line in others)}'


def _linked(line: str) -> Iterator[str]:
    end = 0
    for start, address in links(line):
        yield escape_text(line[end:start])
        shown = escape_text(address)
        yield f'<a href="{shown}" rel="noreferrer noopener" target="_blank" dir="ltr">{shown}</a>'
        end = start + len(address)
    yield escape_text(line[end:])
