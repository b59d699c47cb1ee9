"""Checks the tree of a message: a host that is not trusted must neither freeze what draws it nor lead people astray."""

from collections.abc import Iterator

from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.markup import (
    MARKUP_DEPTH,
    Block,
    Break,
    CodeBlock,
    CodeSpan,
    Inline,
    Link,
    List,
    Mention,
    Quote,
    Table,
    is_link,
)

_PIECES = 10_000
"""Four times what our own server makes of the densest text."""
_CHARS = 4 * CONTENT_CHARS
"""Twice the longest content that is accepted: a link has its address beside its words."""

type _Piece = Block | Inline


def is_drawable(body: tuple[Block, ...]) -> bool:
    """Return whether a tree is small and flat enough, and whether what it says of itself is true."""
    pieces = chars = 0
    waiting: list[tuple[_Piece, int]] = [(block, 1) for block in body]
    while waiting:
        piece, depth = waiting.pop()
        pieces += 1
        chars += _length(piece)
        if depth > MARKUP_DEPTH or pieces + len(waiting) > _PIECES or chars > _CHARS or not _is_consistent(piece):
            return False
        waiting.extend((inner, depth + 1) for inner in _inside(piece))
    return True


def _inside(piece: _Piece) -> Iterator[_Piece]:
    match piece:
        case str() | CodeBlock() | CodeSpan() | Mention() | Break():
            pass
        case Quote():
            yield from piece.blocks
        case List():
            for item in piece.items:
                yield from item
        case Table():
            for cell in (*piece.head, *(cell for row in piece.rows for cell in row)):
                yield from cell
        case _:
            yield from piece.content


def _length(piece: _Piece) -> int:
    """Return the characters of a piece itself; an item or cell counts as one, for it is drawn even if it is empty."""
    match piece:
        case str():
            return len(piece)
        case CodeBlock():
            return len(piece.text) + len(piece.language) + len(piece.spans)
        case CodeSpan():
            return len(piece.text)
        case Link():
            return len(piece.url)
        case Mention():
            return len(piece.name) + len(piece.author)
        case List():
            return len(piece.items)
        case Table():
            return len(piece.head) * (len(piece.rows) + 1)
        case _:
            return 0


def _is_consistent(piece: _Piece) -> bool:
    match piece:
        case Link():
            return is_link(piece.url)
        case CodeBlock():
            return sum(length for length, _ in piece.spans) <= len(piece.text)
        case Table():
            return {len(piece.align)} == set(map(len, (piece.head, *piece.rows)))
        case _:
            return True
