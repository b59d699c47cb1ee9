"""What all rows share: the columns, and the messages that are laid out already."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from PySide6.QtGui import QFontMetricsF

from chatdesk.desktop.models.rows import MessageRow, UnsentRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.blocks.block import ANY_NUMBER, Block
from chatdesk.desktop.widgets.timeline.blocks.body import MarkupBody
from chatdesk.desktop.widgets.timeline.blocks.column import Body
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Style
from chatdesk.desktop.widgets.timeline.blocks.reactions import Reactions
from chatdesk.desktop.widgets.timeline.blocks.reply_quote import Answer
from chatdesk.desktop.widgets.timeline.blocks.styles import Styles
from chatdesk.desktop.widgets.timeline.text_block import TextBlock
from chatdesk.protocol.emoji import is_few_emoji
from chatdesk.protocol.markup import Mention

_MAX_CACHED = 400
"""Texts kept laid out: all rows while the newest message is followed. Each holds about eight kilobytes."""
_MAX_LINES = 40
"""Lines of a message before it is cut; the longest message has eight thousand, which would bury all others."""


class RowLayout:
    """The columns at one width and one theme; a change of either needs a new RowLayout.

    ``text_left`` is the edge at which all text begins, ``measure`` the length of the longest line, in pixels.
    ``is_own(mention)`` tells whether a mention means oneself.
    """

    def __init__(self, theme: Theme, width: int, is_own: Callable[[Mention], bool] = lambda _: False) -> None:
        sizes = theme.tokens["size"]["timeline"]
        self.theme = theme
        self.width = width
        self.side = theme.px(sizes["side"])
        self.avatar = theme.px(theme.tokens["size"]["avatar"]["timeline"])
        self.text_left = self.side + self.avatar + theme.px(sizes["gap"])
        self.right = width - self.side
        self.measure = max(theme.px(80), min(theme.px(sizes["measure"]), self.right - self.text_left))
        self.hang = theme.px(sizes["slipHang"])
        self.group_gap = theme.px(sizes["groupGap"])
        self.row_gap = theme.px(sizes["rowGap"])
        self._is_own = is_own
        self._styles, self._slip_styles = Styles(theme, is_own), Styles(theme, is_own, on_slip=True)
        self._label = Style(theme.font("label", 400), theme.line("label"), theme.color("link"))
        self._small = QFontMetricsF(theme.font("small", tabular=True))
        self._small_widths: dict[str, float] = {}
        self._blocks: OrderedDict[tuple[object, ...], Block] = OrderedDict()

    def resized(self, width: int) -> "RowLayout":
        """Return the columns at another width; where the longest line stays as long, all that is laid out stays."""
        resized = RowLayout(self.theme, width, self._is_own)
        if resized.measure == self.measure:
            resized._blocks = self._blocks
        return resized

    def message(self, row: MessageRow | UnsentRow) -> Body:
        """Return what a message says, laid out; own messages leave room for the bubble's right padding."""
        own = isinstance(row, UnsentRow) or row.own
        width = self.measure - self.hang if own else self.measure
        max_lines = ANY_NUMBER if row.is_expanded else _MAX_LINES
        words = self._words(row, width, max_lines)
        if not row.quoted:
            return words
        key, quoted = (id(words), row.quoted, width), row.quoted
        return self._cached(key, lambda: Answer(quoted, words, self.theme, width))

    def reactions(self, row: MessageRow | UnsentRow) -> Reactions | None:
        """Return the pills below a message; None without reactions."""
        if not isinstance(row, MessageRow) or not row.message.reactions:
            return None
        found, own, seq = row.message.reactions, row.own_reactions, row.message.seq
        return self._cached((seq, found, own), lambda: Reactions(found, own, seq, self.theme, self.measure))

    def label(self, text: str, strong: tuple[str, ...] = ()) -> Body:
        """Return a sentence between messages, laid out, with the ``strong`` names in a heavier weight."""
        style = replace(self._label, strong=strong)
        return self._cached((text, strong), lambda: TextBlock(text, style, self.measure))

    def small_width(self, text: str) -> float:
        """Return the width of a time, or of a word beside one; they are few, and many rows have the same."""
        if text not in self._small_widths:
            self._small_widths[text] = self._small.horizontalAdvance(text)
        return self._small_widths[text]

    def gap(self, *, first: bool) -> int:
        """Return the gap above a row: larger where a group begins."""
        return self.group_gap if first else self.row_gap

    def _words(self, row: MessageRow | UnsentRow, width: int, max_lines: int) -> Body:
        if isinstance(row, MessageRow) and (tree := row.message.body) and not is_few_emoji(row.text):
            styles = self._slip_styles if row.own else self._styles
            return self._cached((id(tree), width, max_lines), lambda: MarkupBody(tree, styles, width, max_lines))
        return self._cached((row.text, width, max_lines), lambda: self._plain(row.text, width, max_lines))

    def _plain(self, text: str, width: int, max_lines: int) -> Body:
        style = self._styles.emoji if is_few_emoji(text) else self._styles.message
        return TextBlock(text, style, width, max_lines)

    def _cached[B: Block](self, key: tuple[object, ...], lay_out: Callable[[], B]) -> B:
        """Return what is laid out already. It holds what its key has the id of, so that this is not reused."""
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = lay_out()
            if len(self._blocks) > _MAX_CACHED:
                self._blocks.popitem(last=False)
        return cast(B, block)
