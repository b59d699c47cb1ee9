"""What somebody wrote, as HTML: text stays text, and of addresses only those of web pages can be followed."""

import re
from collections.abc import Iterator
from html import escape

from chatdesk.protocol.links import links
from chatdesk.protocol.text import lines, one_line

_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PARAGRAPHS = 100
"""With a direction of their own; a message of more lines keeps them in its last one."""


def escape_text(words: str) -> str:
    """Words between tags or in an attribute's quotation marks; what HTML cannot hold becomes a replacement sign."""
    return escape(_UNFIT.sub("\ufffd", words))


def escape_name(words: str) -> str:
    """The same for a name: on one line, and leaving its ``bdi`` as it was, which an isolate that it opens would not."""
    return escape_text(one_line(words, len(words)))


def paragraphs(content: str) -> str:
    """Every line of a message as a paragraph that finds its own direction.

    The first is no block, so that who copies it has it behind the name and the time.
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
