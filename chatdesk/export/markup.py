"""Converts messages to HTML: all text is escaped, and only addresses become links."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from chatdesk.markup.parse import parse
from chatdesk.protocol.emoji import is_few_emoji
from chatdesk.protocol.events import Message
from chatdesk.protocol.links import links
from chatdesk.protocol.markup import (
    Block,
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    Link,
    List,
    Mention,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Table,
    foreign_host,
    plain_text,
)
from chatdesk.protocol.text import is_right_to_left, lines, one_line

_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_NARROW_CHARS = 30
"""What fits a line on every phone."""
_PARAGRAPHS = 100
"""Lines with a writing direction of their own; the rest of a longer message shares one element, to spare browsers."""


def escape_text(text: str) -> str:
    """Escape text for an element or a quoted attribute; characters that HTML cannot hold become U+FFFD."""
    return escape(_UNFIT.sub("\ufffd", text))


def escape_name(text: str) -> str:
    """Escape a name: on one line, and without characters that would change the writing direction after it."""
    return escape_text(one_line(text, len(text)))


def message_text(message: Message) -> str:
    """Return the text of a message as elements: its marks as in window and page, or else its lines as they stand.

    The tree is made here, not taken from a host, which may be anybody's.
    """
    blocks = parse(message.content, {mention.name: mention.author for mention in message.mentions})
    words = plain_text(blocks) if blocks else message.content
    if is_few_emoji(words):
        return f'<span class="few-emoji" dir="auto">{escape_text(words)}</span>'
    if not blocks:
        return paragraphs(message.content)
    first, others = blocks[0], blocks[1:]
    if isinstance(first, Paragraph):  # inline, as without marks
        return f'<span dir="auto">{_inline(first.content)}</span>{_blocks(others)}'
    return _blocks(blocks)


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


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f'<div dir="auto">{_inline(block.content)}</div>'
        case CodeBlock():
            return f'<pre dir="ltr"{_reachable(block)}><code>{"".join(_highlighted(block))}</code></pre>'
        case Quote():
            return f'<blockquote dir="{_direction(block)}">{_blocks(block.blocks)}</blockquote>'
        case List():
            tag, start = ("ol", f' start="{block.start}"') if block.ordered else ("ul", "")
            items = "".join(f"<li>{_blocks(item)}</li>" for item in block.items)
            return f'<{tag}{start} dir="{_direction(block)}">{items}</{tag}>'
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    head = _row(table, table.head, "th")
    rows = "".join(_row(table, row, "td") for row in table.rows)
    return f'<table dir="{_direction(table)}"{_reachable(table)}><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _row(table: Table, cells: Iterable[tuple[Inline, ...]], tag: str) -> str:
    shown = (
        f'<{tag} class="align-{align}" dir="auto">{_inline(cell)}</{tag}>'
        for align, cell in zip(table.align, cells, strict=True)
    )
    return f"<tr>{''.join(shown)}</tr>"


def _direction(block: Block) -> str:
    """Return the direction of what has blocks of its own: a browser does not look into them."""
    return "rtl" if is_right_to_left(plain_text((block,))) else "ltr"


def _reachable(block: Block) -> str:
    """Return what lets the keyboard reach a block that may be too wide for its place, and so scrolls."""
    return ' tabindex="0"' if max(map(len, plain_text((block,)).split("\n"))) > _NARROW_CHARS else ""


def _highlighted(block: CodeBlock) -> Iterator[str]:
    end = 0
    for length, kind in block.spans:
        part = escape_text(block.text[end : end + length])
        yield f'<span class="{kind}">{part}</span>' if kind else part
        end += length
    yield escape_text(block.text[end:])


def _inline(content: Iterable[Inline]) -> str:
    return "".join(map(_piece, content))


def _piece(piece: Inline) -> str:
    match piece:
        case str():
            return escape_text(piece)
        case Strong():
            return f"<strong>{_inline(piece.content)}</strong>"
        case Emphasis():
            return f"<em>{_inline(piece.content)}</em>"
        case Strike():
            return f"<s>{_inline(piece.content)}</s>"
        case CodeSpan():
            return f'<code dir="ltr">{escape_text(piece.text)}</code>'
        case Mention():
            return f'<span class="mention"><bdi>@{escape_name(piece.name)}</bdi></span>'
        case Link():
            return _link(piece)
        case Break():
            return "<br>"


def _link(link: Link) -> str:
    """Return a link; a place in a chat is none in a file."""
    words = _inline(link.content)
    if link.url.startswith("#"):
        return words
    host = foreign_host(link)
    shown = f' <span class="host">(<bdi>{escape_name(host)}</bdi>)</span>' if host else ""
    return f'<a href="{escape_text(link.url)}" rel="noreferrer noopener" target="_blank">{words}</a>{shown}'
