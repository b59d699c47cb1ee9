"""The text of a message as a tree: what the host makes of its marks, and what window, page and exports draw.

A text has blocks, one below the other; blocks hold inline pieces or further blocks. Nothing in a tree is a command to a
browser: each piece is drawn as what it is, and every ``url`` is an address or a link of the chat itself.
``tests/markup/cases.json`` keeps all who draw it equal.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Literal
from unicodedata import normalize

from msgspec import Meta, Struct

from chatdesk.protocol.links import links

MARKUP_CAPABILITY = "markup"
"""A client with this capability receives the tree of a message as its ``body``."""
MARKUP_DEPTH = 20
"""Pieces within pieces, at most: nobody writes more, and programs that draw them would run out of stack."""

_URL = re.compile(r"[^\s\x00-\x1f\x7f<>\"\\]{1,2000}")
_SERVER = re.compile("https?://[^/?#]*", re.IGNORECASE)
_OTHER_LINK = re.compile(r"mailto:[\w.+-]+@[\w.-]+|#[\w-]+/[0-9]+|chatdesk://.+", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://|mailto:[^@]*@)(\[[^\]]*\]|[^/?#:]*)", re.IGNORECASE)
_LOOKED_AT = 1_000
"""Characters of a link's words in which hosts are looked for: some become many in the form that is compared."""
_WORD = re.compile(r"[\w.-]+")
_NAMED_HOST = re.compile(r"(?:[^.]+\.)+[^\W\d_]{2,}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
"""What looks like a host: a domain, or an IPv4 address."""

Align = Literal["", "left", "right", "center"]
Kind = Literal["", "keyword", "string", "comment", "number"]
"""What a part of code is, for its colour."""
Span = tuple[Annotated[int, Meta(ge=1, le=2**31)], Kind]
"""So many characters (Unicode code points) of code are of this kind."""


class Strong(Struct, tag="strong", frozen=True):
    """Bold text."""

    content: "tuple[Inline, ...]"


class Emphasis(Struct, tag="emphasis", frozen=True):
    """Text in italics."""

    content: "tuple[Inline, ...]"


class Strike(Struct, tag="strike", frozen=True):
    """Text that is struck through."""

    content: "tuple[Inline, ...]"


class CodeSpan(Struct, tag="code", frozen=True):
    """Code within a line."""

    text: str


class Link(Struct, tag="link", frozen=True):
    """A link to an http, https or mailto address, or to a message or chat (``#room/12``, ``chatdesk://…``)."""

    url: str
    content: "tuple[Inline, ...]"


class Mention(Struct, tag="mention", frozen=True):
    """A person who is meant, under the name that was written; ``room`` without an author is everybody in the room."""

    name: str
    author: str


class Break(Struct, tag="break", frozen=True):
    """The end of a line within a block."""


Inline = str | Strong | Emphasis | Strike | CodeSpan | Link | Mention | Break


class Paragraph(Struct, tag="paragraph", frozen=True):
    """Lines of text."""

    content: tuple[Inline, ...]


class CodeBlock(Struct, tag="code", frozen=True, omit_defaults=True):
    """Lines of code. ``language`` is the word that was written; without ``spans`` the text has no colours."""

    text: str
    language: str = ""
    spans: tuple[Span, ...] = ()


class Quote(Struct, tag="quote", frozen=True):
    """Words of somebody else."""

    blocks: "tuple[Block, ...]"


class List(Struct, tag="list", frozen=True, omit_defaults=True):
    """A list with dots, or with numbers from ``start`` on; each item has its own blocks."""

    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False
    start: Annotated[int, Meta(ge=0, le=2**31)] = 1


class Table(Struct, tag="table", frozen=True):
    """A table; ``align``, ``head`` and each row have as many entries as there are columns."""

    align: tuple[Align, ...]
    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Paragraph | CodeBlock | Quote | List | Table


def plain_text(blocks: Iterable[Block]) -> str:
    """Return the words of a tree without marks, with single line breaks: for readers, notifications and copies."""
    return "\n".join(map(_block_text, blocks))


def inline_text(content: Iterable[Inline]) -> str:
    """Return the words of inline pieces."""
    return "".join(map(_inline_text, content))


def is_link(url: str) -> bool:
    """Return whether a link may lead there: a plain http or https address, somebody's mail, or a place in a chat."""
    if not _URL.fullmatch(url):
        return False
    if server := _SERVER.match(url):
        return next(links(f"{server[0]}/"), None) == (0, f"{server[0]}/")
    return _OTHER_LINK.fullmatch(url) is not None


def foreign_host(link: Link) -> str:
    """Return the host that a link leads to if its words name another one, so that it is shown beside them."""
    leads = _HOST.match(link.url)
    host = leads[1].lower() if leads else ""
    shown = normalize("NFKC", inline_text(link.content)[:_LOOKED_AT]).lower()
    words = (word.strip(".-") for word in _WORD.findall(shown))
    named = filter(_NAMED_HOST.fullmatch, words)
    return host if any(not f".{host}".endswith(f".{name.removeprefix('www.')}") for name in named) else ""


def _block_text(block: Block) -> str:
    match block:
        case Paragraph():
            return inline_text(block.content)
        case CodeBlock():
            return block.text
        case Quote():
            return _prefixed("> ", "> ", plain_text(block.blocks))
        case List():
            marks = (f"{block.start + index}. " if block.ordered else "• " for index in range(len(block.items)))
            return "\n".join(
                _prefixed(mark, " " * len(mark), plain_text(item))
                for mark, item in zip(marks, block.items, strict=True)
            )
        case Table():
            return "\n".join("\t".join(map(inline_text, row)) for row in (block.head, *block.rows))


def _prefixed(first: str, further: str, text: str) -> str:
    return first + text.replace("\n", f"\n{further}")


def _inline_text(piece: Inline) -> str:
    match piece:
        case str():
            return piece
        case CodeSpan():
            return piece.text
        case Mention():
            return f"@{piece.name}"
        case Break():
            return "\n"
        case _:
            return inline_text(piece.content)
