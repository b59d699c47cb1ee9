"""Labels: plain text in a type of the design, on that type's line height, wrapped or elided where there is no room."""

from collections.abc import Iterator
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.text_painting import elided as elide
from chatdesk.desktop.widgets.common.text_painting import emoji_formats, format_range, text_width, utf16_length
from chatdesk.desktop.widgets.common.tooltip import set_tooltip

_MIN_ELIDED_WIDTH = 24
"""Pixels at 100 percent text: enough for one or two letters and the ellipsis."""


class Label(QLabel):
    """A text in the type ``font`` of the design tokens and in the colour of ``role``.

    ``size`` (pixels at 100 percent text) and ``weight`` replace those of the type. ``wrap`` allows several lines;
    otherwise ``elide`` allows cutting the text, and the tooltip then has all of it. ``tabular`` gives all figures the
    same width, for numbers that change.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        font: str = "ui",
        role: str = "text",
        weight: int | None = None,
        size: int | None = None,
        tabular: bool = False,
        wrap: bool = False,
        elide: bool = False,
    ) -> None:
        super().__init__()
        self._theme, self._token, self._role = theme, font, role
        self._weight, self._size, self._tabular = weight, size, tabular
        self._elide = elide
        self._strong = ""
        self._counted: tuple[str, str, str] | None = None
        """Text, strong part and font of which ``_line_counts`` knows the number of lines, by width."""
        self._line_counts: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setText(text)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def set_text(self, text: str, strong: str = "") -> None:
        """Show this text; the part of it that equals ``strong`` is semibold."""
        if (text, strong) == (self.text(), self._strong):
            return
        self._strong = strong
        self.setText(text)
        self.updateGeometry()
        self._update_tooltip()

    def set_role(self, role: str) -> None:
        """Use the colour of another role."""
        self._role = role
        self.update()

    def set_size(self, size: int) -> None:
        """Set the size of the font, in pixels at 100 percent text."""
        if size != self._size:
            self._size = size
            self._apply_theme()

    def sizeHint(self) -> QSize:
        font = self._strong_font() if self._strong else self.font()
        widths = [text_width(line, font) for line in self.text().split("\n")]
        return QSize(ceil(max(widths)), len(widths) * self._line_height())

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        if self.wordWrap() or self._elide:
            hint.setWidth(min(hint.width(), self._theme.px(_MIN_ELIDED_WIDTH)))
        return hint

    def heightForWidth(self, width: int) -> int:
        return self._line_count(width) * self._line_height() if self.wordWrap() else -1

    def _line_count(self, width: int) -> int:
        """Return the number of lines, for which Qt's layouts ask many times with the same width."""
        shown = (self.text(), self._strong, self.font().key())
        if shown != self._counted:
            self._counted = shown
            self._line_counts.clear()
        if width not in self._line_counts:
            self._line_counts[width] = sum(1 for _ in self._lines(self._text_layout(), width))
        return self._line_counts[width]

    def showEvent(self, event: QShowEvent) -> None:
        """Set the font again: the stylesheet, applied when a label is first shown, may have restored an old one."""
        super().showEvent(event)
        self._apply_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color(self._role if self.isEnabled() else "text-disabled"))
        layout = self._text_layout(elided=not self.wordWrap())
        lines = list(self._lines(layout, self.width()))
        top = self._first_line_top(len(lines) * self._line_height())
        for line in lines:
            ascent_gap = (self._line_height() - line.height()) / 2
            line.setPosition(QPointF(0, top + ascent_gap))
            top += self._line_height()
        layout.draw(painter, QPointF(0, 0))
        painter.end()

    def _first_line_top(self, height: int) -> float:
        if self.alignment() & Qt.AlignmentFlag.AlignTop:
            return 0
        return (self.height() - height) / 2

    def _text_layout(self, *, elided: bool = False) -> QTextLayout:
        text = self.text()
        if elided:
            text = elide(text, self.font(), self.width() + 0.5)
        layout = QTextLayout(text.replace("\n", "\u2028"), self.font(), self)
        alignment = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        option = QTextOption(alignment | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        wrap = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if self.wordWrap() else QTextOption.WrapMode.ManualWrap
        option.setWrapMode(wrap)
        layout.setTextOption(option)
        layout.setFormats([*emoji_formats(text, self.font()), *self._formats(text)])
        return layout

    def _formats(self, text: str) -> list[QTextLayout.FormatRange]:
        start = text.find(self._strong) if self._strong else -1
        if start < 0:
            return []
        style = QTextCharFormat()
        style.setFont(self._strong_font())
        return [format_range(utf16_length(text[:start]), utf16_length(self._strong), style)]

    def _lines(self, layout: QTextLayout, width: float) -> Iterator[QTextLine]:
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            yield line
        layout.endLayout()

    def _line_height(self) -> int:
        if self._size is None:
            return self._theme.line(self._token)
        return self._theme.px(round(self._size * 1.3))

    def _strong_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _update_tooltip(self) -> None:
        """Show the whole text as a tooltip where it is cut."""
        cut = self._elide and self.sizeHint().width() > self.width()
        set_tooltip(self, self.text() if cut else "")

    def _apply_theme(self) -> None:
        font = self._theme.font(self._token, self._weight, tabular=self._tabular)
        if self._size is not None:
            font.setPixelSize(self._theme.px(self._size))
        self.setFont(font)
        self.updateGeometry()
        self.update()
