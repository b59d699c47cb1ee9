"""What all rows share: the columns, the texts laid out already, and the targets of a click."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF

from chatdesk.desktop.models.rows import MessageRow, UnsentRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.text_block import ANY_NUMBER, SHOW_ALL, Style, TextBlock

_MAX_CACHED_BLOCKS = 200
"""Texts kept laid out: some windows full, as painted rows are kept as pictures. Each holds about eight kilobytes."""
_MAX_LINES = 40
"""Lines of a message before it is cut; the longest message has eight thousand, which would bury all others."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link."""

    url: str


@dataclass(frozen=True, slots=True)
class Resend:
    """The action that sends a refused message again."""

    id: str


@dataclass(frozen=True, slots=True)
class Edit:
    """The action that moves a refused message back into the composer."""

    id: str


@dataclass(frozen=True, slots=True)
class Discard:
    """The action that deletes a refused message."""

    id: str


@dataclass(frozen=True, slots=True)
class Toggle:
    """What opens or closes the row, or shows a long message to its end."""


@dataclass(frozen=True, slots=True)
class OpenCalendar:
    """The name of a day, which opens the calendar."""


ClickTarget = Link | Resend | Edit | Discard | Toggle | OpenCalendar


class RowLayout:
    """The columns at one width and one theme; a change of either needs a new RowLayout.

    ``text_left`` is the edge at which all text begins, ``measure`` the length of the longest line, in pixels.
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
        """Return a message's text, laid out; own messages leave room for the bubble's right padding."""
        own = isinstance(row, UnsentRow) or row.own
        width = self.measure - self.hang if own else self.measure
        return self._block(row.text, self._message, width, ANY_NUMBER if row.is_expanded else _MAX_LINES)

    def label(self, text: str, strong: tuple[str, ...] = ()) -> TextBlock:
        """Return a sentence between messages, laid out, with the ``strong`` names in a heavier weight."""
        return self._block(text, replace(self._label, strong=strong), self.measure, ANY_NUMBER)

    def message_target(self, row: MessageRow | UnsentRow, point: QPointF) -> ClickTarget | None:
        """Return what a click on a message's text means; ``point`` is relative to its upper left corner."""
        url = self.message(row).link_at(point.x(), point.y())
        if url == SHOW_ALL:
            return Toggle()
        return Link(url) if url else None

    def gap(self, *, first: bool) -> int:
        """Return the gap above a row: larger where a group begins."""
        return self.group_gap if first else self.row_gap

    def _block(self, text: str, style: Style, width: int, max_lines: int) -> TextBlock:
        key = (text, style.line, style.strong, width, max_lines)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = TextBlock(text, style, width, max_lines)
            if len(self._blocks) > _MAX_CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        return block
