"""A text without markup: each line is a paragraph in its own direction, with links."""

from chatdesk.desktop.widgets.timeline.blocks.block import ANY_NUMBER
from chatdesk.desktop.widgets.timeline.blocks.column import Body, budget_of
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Paragraph, Style, plain_text
from chatdesk.protocol.text import lines


class TextBlock(Body):
    """A text of at most ``width`` pixels."""

    __slots__ = ()

    def __init__(self, text: str, style: Style, width: float, max_lines: int = ANY_NUMBER) -> None:
        super().__init__()
        budget = budget_of(max_lines)
        for line in lines(text):
            budget.cut = budget.cut or not budget.lines
            if budget.cut:
                break
            shown = budget.take(line).expandtabs(4)
            self.add(Paragraph(plain_text(shown, style), style, width, budget))
        self.finish_within(budget, style, width)
