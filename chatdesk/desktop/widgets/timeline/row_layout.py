"""What all rows share: the columns they stand in, the texts already laid out, what a point of a row means."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF

from chatdesk.desktop.models.rows import MessageRow, UnsentRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.text_block import ANY_NUMBER, SHOW_ALL, Style, TextBlock

_MAX_CACHED_BLOCKS = 1500
_MAX_LINES = 40
"""A longer message is cut: eight thousand empty lines would push everything else out of sight."""


@dataclass(frozen=True, slots=True)
class Link:
    """The point is on a link."""

    url: str


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The point is on the word that sends a refused message again."""

    id: str


@dataclass(frozen=True, slots=True)
class Edit:
    """The point is on the word that puts a refused message back into the composer."""

    id: str


@dataclass(frozen=True, slots=True)
class Discard:
    """The point is on the word that throws a refused message away."""

    id: str


@dataclass(frozen=True, slots=True)
class Toggle:
    """The point is on what opens."""


@dataclass(frozen=True, slots=True)
class OpenCalendar:
    """The point is on the name of a day, which leads to others."""


ClickTarget = Link | SendAgain | Edit | Discard | Toggle | OpenCalendar


class RowLayout:
    """The timeline's paper at one width and one look; a change of either takes a new page.

    ``text`` is the edge at which all words begin, ``measure`` the longest line, in pixels.
    """

    def __init__(self, theme: Theme, width: int) -> None:
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
        self._message = Style(theme.font("message"), theme.line("message"), theme.color("link"))
        self._label = Style(theme.font("label", 400), theme.line("label"), theme.color("link"))
        self._blocks: OrderedDict[tuple[object, ...], TextBlock] = OrderedDict()

    def message(self, row: MessageRow | UnsentRow) -> TextBlock:
        """The words of a message; one's own leave room for the edge of their slip."""
        own = isinstance(row, UnsentRow) or row.own
        width = self.measure - self.hang if own else self.measure
        return self._block(row.text, self._message, width, ANY_NUMBER if row.whole else _MAX_LINES)

    def label(self, text: str, strong: tuple[str, ...] = ()) -> TextBlock:
        """A quiet sentence between messages, with these names standing out."""
        return self._block(text, replace(self._label, strong=strong), self.measure, ANY_NUMBER)

    def message_target(self, row: MessageRow | UnsentRow, point: QPointF) -> ClickTarget | None:
        """What a point of a message's words means, reckoned from their upper left corner."""
        url = self.message(row).link_at(point.x(), point.y())
        if url == SHOW_ALL:
            return Toggle()
        return Link(url) if url else None

    def gap(self, *, first: bool) -> int:
        """The space above a row: more where a group begins."""
        return self.group_gap if first else self.row_gap

    def _block(self, text: str, style: Style, width: int, max_lines: int) -> TextBlock:
        key = (text, style.line, style.strong, width, max_lines)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = TextBlock(text, style, width, max_lines)
            if len(self._blocks) > _MAX_CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        return block
