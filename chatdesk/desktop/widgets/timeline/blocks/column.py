"""Blocks one below the other: the whole of a message, or of what is quoted or listed in it."""

from chatdesk.desktop.models.chunk import MAX_SHOWN_CHARACTERS
from chatdesk.desktop.widgets.timeline.blocks.block import ANY_NUMBER, Block, Budget, Placed
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Paragraph, RichText, Style, TargetSpan, link_format
from chatdesk.desktop.widgets.timeline.targets import Toggle

_SHOW_ALL = "Show all"
"""The line below a message that is cut."""


class Column(Block):
    """Blocks one below the other."""

    __slots__ = ()

    def add(self, block: Block, gap: int = 0) -> None:
        """Add a block below the others; no gap above the first one."""
        top = self.height + (gap if self.children else 0)
        self.children.append(Placed(0, top, block))
        self.height = top + block.height
        self.width = max(self.width, block.width)

    def finish(self) -> None:
        """Place what reads leftwards at the right edge, once all blocks are here."""
        if any(child.block.leftwards for child in self.children):
            self.children = [
                Placed(self.width - block.width, y, block) if block.leftwards else Placed(x, y, block)
                for x, y, block in self.children
            ]
        if self.children:
            last = self.children[-1].block
            self.last_width = 0.0 if last.leftwards else last.last_width
            self.leftwards = self.children[0].block.leftwards


class Body(Column):
    """The whole of a message, of at most ``max_lines`` lines.

    If ``cut``, the message is longer, and the last line shows all of it.
    """

    __slots__ = ("cut",)

    def finish_within(self, budget: Budget, style: Style, width: float) -> None:
        """Finish it; if not all was within the budget, say so in a last line."""
        self.cut = budget.cut
        if self.cut:
            length = len(_SHOW_ALL)
            words = RichText(_SHOW_ALL, [link_format(0, length, style.link)], [TargetSpan(0, length, Toggle())])
            words.inserted.extend(range(length))
            line = Paragraph(words, style, width, Budget())
            line.joint = ""
            self.add(line)
        self.finish()


def budget_of(max_lines: int) -> Budget:
    """Return how much of a message is laid out: a message that is cut has a limit of characters, too."""
    return Budget(max_lines, ANY_NUMBER if max_lines == ANY_NUMBER else MAX_SHOWN_CHARACTERS)
