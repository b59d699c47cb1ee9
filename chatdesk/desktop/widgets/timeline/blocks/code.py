"""A block of code: highlighted, left-to-right, with a button that copies it; long lines scroll."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTextLayout

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.text_painting import format_range, utf16_length
from chatdesk.desktop.widgets.timeline.blocks.block import Budget, Part, Placed, Selection
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Paragraph, RichText
from chatdesk.desktop.widgets.timeline.blocks.scrolled import Scrolled
from chatdesk.desktop.widgets.timeline.blocks.styles import Styles
from chatdesk.desktop.widgets.timeline.targets import ClickTarget, CopyCode
from chatdesk.protocol import markup

# Pixels as in the design, at 100 percent text.
_LEFT, _ABOVE, _RIGHT = 13, 9, 49
_BUTTON, _ICON = 28, 16
_BUTTON_EDGE = 4


class Code(Scrolled):
    """A block of code in a message."""

    __slots__ = ("_copy",)

    def __init__(self, code: markup.CodeBlock, styles: Styles, width: float, budget: Budget) -> None:
        theme = styles.theme
        text = RichText(budget.take(code.text).replace("\n", "\u2028"), list(_formats(code, styles)))
        lines = Paragraph(text, styles.code, _UNLIMITED, budget, styles.code_option)
        super().__init__(theme, lines.width + theme.px(_LEFT) + theme.px(_RIGHT), width)
        self.children.append(Placed(theme.px(_LEFT), theme.px(_ABOVE), lines))
        self.height = lines.height + 2 * theme.px(_ABOVE) + self.room_for_thumb
        self._copy = CopyCode(code.text)

    def target_at(self, x: float, y: float) -> ClickTarget | None:
        return self._copy if self._button.contains(x, y) else super().target_at(x, y)

    def parts(self) -> Iterator[Part]:
        yield Part(self._button, self._copy)

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        super().paint(painter, x, y, selection)
        theme, button, side = self._theme, self._button.translated(x, y), self._theme.px(_ICON)
        if any(self.hidden):
            painter.fillRect(button.adjusted(0, 0, theme.px(_BUTTON_EDGE) - 1, 0), theme.color("code"))
        gap = (button.width() - side) // 2
        paint_icon(painter, button.adjusted(gap, gap, -gap, -gap), "copy", theme.color("text-muted"))

    def paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        theme = self._theme
        paint_panel(painter, rect, theme.tokens["radius"]["block"], theme.color("code"), theme.color("border"))
        painter.setPen(theme.color("code-text"))

    @property
    def _button(self) -> QRectF:
        side, edge = self._theme.px(_BUTTON), self._theme.px(_BUTTON_EDGE)
        return QRectF(self.width - edge - side, edge, side, side)


_UNLIMITED = 1e6


def _formats(code: markup.CodeBlock, styles: Styles) -> Iterator[QTextLayout.FormatRange]:
    at = start = 0
    for length, kind in code.spans:
        units = utf16_length(code.text[at : at + length])
        if kind in styles.code_formats:
            yield format_range(start, units, styles.code_formats[kind])
        at, start = at + length, start + units
