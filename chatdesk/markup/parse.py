"""The text of a message to its tree: `parse`."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import groupby, takewhile
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatdesk.markup.block_rules import BlockParser, TooComplexError
from chatdesk.markup.highlight import Highlighter
from chatdesk.markup.inline_rules import InlineParser, Names
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.markup import (
    MARKUP_DEPTH,
    Align,
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
    inline_text,
)

_SIGNS = ("`", "*", "_", "~", "|", "@", "\uff20", "](")
_SHORT_NAME = re.compile(r":(?:[a-zA-Z+-][a-zA-Z0-9+-]*|100|1234):")
_BLOCK_SIGN = re.compile(r"(?:^|\n)[ \t]*(?:>|[-+][ \t]|[0-9]{1,9}[.)][ \t])")
"""What a text with a tree has somewhere; most messages have nothing of it, and are looked through in a microsecond."""
_FENCED = re.compile(r"(```[\w+#.-]*\n)(.*?)```[ \t]*", re.DOTALL)
"""Code between fences, wherever they stand in their lines."""
_BEFORE_BLOCK = re.compile(r"[\s>*+-]*(?:[0-9]+[.)]\s+)?")
"""What stands before a block in its line."""
_COUNTED = re.compile("[`*_~|@\\[\\\\>\n]")
_MOST_MARKS = 2_000
"""Marks and lines of a text, at most: far more than people write, and a third of the time that a parse may take."""
_LANGUAGE_CHARS = 32
_FIGURE = re.compile(r"\W*\d[\d.,:\u2009\u202f ]*\W?\w{0,4}\W?")
"""A number with its unit, such as ``14.2 s``."""
_NESTING = 2 * MARKUP_DEPTH + 2
"""Where markdown-it leaves text out: it counts a list and its item, and a deeper tree is refused anyway."""


def has_marks(content: str) -> bool:
    """Return whether a text may have a tree."""
    return (
        any(map(content.__contains__, _SIGNS))
        or _BLOCK_SIGN.match(content) is not None
        or (":" in content and _SHORT_NAME.search(content) is not None)
        or ("\n" in content and _BLOCK_SIGN.search(content) is not None)
    )


def parse(content: str, mentions: Mapping[str, str] | None = None) -> tuple[Block, ...] | None:
    """Return the tree of a message; None for a text that is drawn as it stands, with its addresses as links.

    ``mentions`` has the author id for each name that may be mentioned; quotes and code mention nobody. A text is drawn
    as it stands if it has no marks, is longer than a message may be, or has more and deeper marks than people write.
    """
    if not has_marks(content) or len(content) > CONTENT_CHARS or len(_COUNTED.findall(content)) > _MOST_MARKS:
        return None
    parser = _parser()
    environment: dict[str, Any] = {"names": Names(mentions or {}), "quotes": 0, "emoji": False}
    tokens: list[Token] = []
    try:
        parser.block.parse(_FENCED.sub(_split_fence, content), parser, environment, tokens)
        blocks = _Tree(parser, environment).blocks(iter(tokens))
    except TooComplexError:
        return None
    return None if all(map(_is_plain, blocks)) and not environment["emoji"] else blocks


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": _NESTING})
    parser.block, parser.inline = BlockParser(), InlineParser()
    return parser


def _split_fence(found: re.Match[str]) -> str:
    """Return code with its fences on lines of their own, though somebody has put them beside words."""
    text, (start, end) = found.string, found.span()
    before = text[text.rfind("\n", 0, start) + 1 : start]
    last = found[2][found[2].rfind("\n") + 1 :]
    if "`" in before or ">" in before:
        return found[0]
    opening = "" if _BEFORE_BLOCK.fullmatch(before) else "\n"
    closing = "\n" if last.strip() else ""
    further = "" if text[end : end + 1] in "\n`" else "\n"
    return f"{opening}{found[1]}{found[2]}{closing}```{further}"


class _Tree:
    """Makes the tree of the tokens. Each method takes what belongs to one piece, to its closing token."""

    def __init__(self, parser: MarkdownIt, environment: dict[str, Any]) -> None:
        self._parser = parser
        self._environment = environment
        self._highlighter = Highlighter()
        self._depth = 0

    def blocks(self, tokens: Iterator[Token]) -> tuple[Block, ...]:
        """Return the blocks within another one, or all. Raises TooComplexError."""
        return self._nested(self._block, tokens)

    def _nested[Piece](
        self, make: Callable[[Token, Iterator[Token]], Piece], tokens: Iterator[Token]
    ) -> tuple[Piece, ...]:
        self._depth += 1
        if self._depth > MARKUP_DEPTH:
            raise TooComplexError
        pieces = tuple(make(token, tokens) for token in takewhile(lambda token: token.nesting >= 0, tokens))
        self._depth -= 1
        return pieces

    def _block(self, token: Token, tokens: Iterator[Token]) -> Block:
        match token.type:
            case "blockquote_open":
                return self._quote(tokens)
            case "bullet_list_open" | "ordered_list_open":
                items = tuple(self.blocks(tokens) for _ in _opened(tokens))
                return List(items, token.type == "ordered_list_open", int(token.attrs.get("start", 1)))
            case "table_open":
                return self._table(tokens)
            case "fence":
                return self._code(token)
            case _:
                return Paragraph(self._text(tokens))

    def _quote(self, tokens: Iterator[Token]) -> Quote:
        self._environment["quotes"] += 1
        blocks = self.blocks(tokens)
        self._environment["quotes"] -= 1
        return Quote(blocks)

    def _table(self, tokens: Iterator[Token]) -> Table:
        """Return a table. A column of figures without an alignment of its own is right-aligned."""
        styles: list[str] = []
        rows = []
        for _part in _opened(tokens):
            for _row in _opened(tokens):
                cells = []
                for cell in _opened(tokens):
                    styles.append(str(cell.attrs.get("style", "")))
                    cells.append(self._text(tokens))
                rows.append(tuple(cells))
        head, *body = rows
        written = [style.removeprefix("text-align:") for style in styles[: len(head)]]
        align = tuple(cast(Align, word) or _align([row[column] for row in body]) for column, word in enumerate(written))
        return Table(align, head, tuple(body))

    def _code(self, token: Token) -> CodeBlock:
        text = token.content.removesuffix("\n")
        language = (token.info.split() or [""])[0][:_LANGUAGE_CHARS]
        return CodeBlock(text, language, self._highlighter.spans(text, language))

    def _text(self, tokens: Iterator[Token]) -> tuple[Inline, ...]:
        """Return the text of the next token, and take the one that closes its block."""
        source = next(tokens).content
        next(tokens)
        return self._inline(iter(self._parser.inline.parse(source, self._parser, self._environment, [])))

    def _inline(self, tokens: Iterator[Token]) -> tuple[Inline, ...]:
        return _joined(self._nested(self._piece, tokens))

    def _piece(self, token: Token, tokens: Iterator[Token]) -> Inline:
        match token.type:
            case "hardbreak":
                return Break()
            case "code_inline":
                return CodeSpan(token.content)
            case "mention":
                return Mention(token.content, token.info)
            case "address":
                return Link(token.content, (token.content,))
            case "link_open":
                return Link(str(token.attrs["href"]), self._inline(tokens))
            case "strong_open":
                return Strong(self._inline(tokens))
            case "em_open":
                return Emphasis(self._inline(tokens))
            case "s_open":
                return Strike(self._inline(tokens))
            case _:
                return token.content


def _opened(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield the tokens that open the parts of a block, up to the one that closes it."""
    return takewhile(lambda token: token.nesting > 0, tokens)


def _joined(pieces: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return the pieces with neighbouring strings as one, and without empty ones."""
    joined: list[Inline] = []
    for is_text, group in groupby(pieces, lambda piece: isinstance(piece, str)):
        run = list(group)
        joined.extend(filter(None, ["".join(cast(list[str], run))]) if is_text else run)
    return tuple(joined)


def _align(cells: list[tuple[Inline, ...]]) -> Align:
    words = list(filter(None, map(inline_text, cells)))
    return "right" if words and all(map(_FIGURE.fullmatch, words)) else ""


def _is_plain(block: Block) -> bool:
    """Return whether a block looks the same without a tree."""
    if isinstance(block, CodeBlock):
        return not block.text.strip()
    return isinstance(block, Paragraph) and all(
        isinstance(piece, str | Break) or (isinstance(piece, Link) and piece.content == (piece.url,))
        for piece in block.content
    )
