"""The whole of a message with markup: its tree of blocks, laid out."""

from collections.abc import Sequence

from chatdesk.desktop.widgets.timeline.blocks.block import ANY_NUMBER, Block, Budget
from chatdesk.desktop.widgets.timeline.blocks.code import Code
from chatdesk.desktop.widgets.timeline.blocks.column import Body, Column, budget_of
from chatdesk.desktop.widgets.timeline.blocks.inline import rich_text
from chatdesk.desktop.widgets.timeline.blocks.list import List, list_indent, list_marks
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Paragraph
from chatdesk.desktop.widgets.timeline.blocks.quote import Quote, quote_indent
from chatdesk.desktop.widgets.timeline.blocks.styles import Styles
from chatdesk.desktop.widgets.timeline.blocks.table import Table
from chatdesk.protocol import markup

_GAP, _PARAGRAPH_GAP = 4, 8
"""Pixels between two blocks, and between two paragraphs, at 100 percent text."""


class MarkupBody(Body):
    """A message with markup, of at most ``width`` pixels; ``source`` is the tree that it was made of."""

    __slots__ = ("source",)

    def __init__(
        self, blocks: Sequence[markup.Block], styles: Styles, width: float, max_lines: int = ANY_NUMBER
    ) -> None:
        super().__init__()
        self.source = blocks
        budget = budget_of(max_lines)
        _lay_out(self, blocks, styles, width, budget)
        self.finish_within(budget, styles.message, width)


def _column(blocks: Sequence[markup.Block], styles: Styles, width: float, budget: Budget) -> Column:
    column = Column()
    _lay_out(column, blocks, styles, width, budget)
    column.finish()
    return column


def _lay_out(column: Column, blocks: Sequence[markup.Block], styles: Styles, width: float, budget: Budget) -> None:
    """Add blocks one below the other, as many as the budget has lines for."""
    before = False
    for block in blocks:
        budget.cut = budget.cut or not budget.lines
        if budget.cut:
            break
        paragraph = isinstance(block, markup.Paragraph)
        column.add(
            _block(block, styles, width, budget), styles.theme.px(_PARAGRAPH_GAP if paragraph and before else _GAP)
        )
        before = paragraph


def _block(block: markup.Block, styles: Styles, width: float, budget: Budget) -> Block:
    match block:
        case markup.Paragraph():
            return Paragraph(rich_text(block.content, styles, styles.message), styles.message, width, budget)
        case markup.CodeBlock():
            return Code(block, styles, width, budget)
        case markup.Quote():
            return Quote(_column(block.blocks, styles, width - quote_indent(styles.theme), budget), styles.theme)
        case markup.Table():
            return Table(block, styles, width, budget)
        case markup.List():
            return _list(block, styles, width, budget)


def _list(block: markup.List, styles: Styles, width: float, budget: Budget) -> List:
    marks, items = list_marks(block), []
    indent = list_indent(marks, styles)
    for item in block.items:
        if budget.cut or not budget.lines:
            budget.cut = True
            break
        items.append(_column(item, styles, width - indent, budget))
    return List(items, marks[: len(items)], styles)
