"""Block rules for markdown-it, where ours differ from CommonMark's: quotes, lists and tables end with their last mark.

A rule is called at a line where a block may begin. It returns whether one does, and then, unless it is only asked
(``silent``), has added the block's tokens and moved ``state.line`` past it.
"""

import re
from itertools import takewhile

from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock, fence, list_block, table

from chatdesk.protocol.markup import MARKUP_DEPTH

_QUOTE = re.compile(r" {0,3}>(?=>*(?: |$)) ?")
"""The mark of a quote, which a space follows: ``>:(`` is a face."""
_ITEM = re.compile(r"\s*(?:[-+*]|[0-9]{1,9}[.)])\s+(?=[^\s*+-]|[*+-]+[^\s*+-])")
"""The mark of a list item, and words behind it: ``- - -`` is a line."""
_CELLS = 1_000
"""Cells of a table, at most: more are text. A short row is filled up, so a few thousand characters could be many."""


class TooComplexError(Exception):
    """A text has more pieces within pieces, or more cells, than people write."""


class BlockParser(ParserBlock):
    """markdown-it's parser of blocks, with our rules."""

    def __init__(self) -> None:
        super().__init__()
        self.ruler.at("table", _table, {"alt": ["paragraph"]})
        self.ruler.at("fence", _fence, {"alt": ["paragraph", "list"]})
        self.ruler.at("blockquote", _quote, {"alt": ["paragraph", "list"]})
        self.ruler.at("list", _list, {"alt": ["paragraph"]})
        self.ruler.at("paragraph", _paragraph)
        self.ruler.enableOnly(["table", "fence", "blockquote", "list", "paragraph"])


def _line(state: StateBlock, line: int) -> str:
    """Return a line without what indents it."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _lines(state: StateBlock, start: int, end: int) -> "takewhile[int]":
    """Return the numbers of the lines that are indented as deep as the block that they may belong to."""
    return takewhile(lambda line: line == start or state.sCount[line] >= state.blkIndent, range(start, end))


def _fence(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    return startLine + 1 < endLine and fence(state, startLine, endLine, silent)


def _list(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    return _ITEM.match(_line(state, startLine)) is not None and list_block(state, startLine, endLine, silent)


def _table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    begins = startLine + 1 < endLine and table(state, startLine, startLine + 2, True)
    if silent or not begins:
        return begins
    rows = sum(1 for _ in takewhile(lambda line: "|" in _line(state, line), _lines(state, startLine, endLine)))
    if rows * _line(state, startLine).count("|") > _CELLS:
        raise TooComplexError
    return table(state, startLine, startLine + rows, False)


def _quote(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Take lines that all begin with ``>``, and parse what stands behind the signs."""
    first = _QUOTE.match(_line(state, startLine))
    if silent or not first or first.end() == len(first.string):
        return first is not None and first.end() < len(first.string)
    if state.env["quotes"] == MARKUP_DEPTH:
        raise TooComplexError
    marks = (_QUOTE.match(_line(state, line)) for line in _lines(state, startLine, endLine))
    words = [mark.string[mark.end() :] for mark in takewhile(bool, marks) if mark]
    state.env["quotes"] += 1
    state.push("blockquote_open", "blockquote", 1)
    state.md.block.parse("\n".join(words), state.md, state.env, state.tokens)
    state.push("blockquote_close", "blockquote", -1)
    state.env["quotes"] -= 1
    state.line = startLine + len(words)
    return True


def _paragraph(state: StateBlock, startLine: int, endLine: int, _silent: bool) -> bool:
    """Take lines up to an empty one, one that is indented less, or another block."""
    rules = state.md.block.ruler.getRules("paragraph")
    former, state.parentType = state.parentType, "paragraph"
    end = startLine + 1
    while (
        end < endLine
        and not state.isEmpty(end)
        and state.sCount[end] >= state.blkIndent
        and not any(rule(state, end, endLine, True) for rule in rules)
    ):
        end += 1
    state.parentType = former
    state.push("paragraph_open", "p", 1)
    token = state.push("inline", "", 0)
    token.content = state.getLines(startLine, end, state.blkIndent, False).rstrip()
    state.push("paragraph_close", "p", -1)
    state.line = end
    return True
