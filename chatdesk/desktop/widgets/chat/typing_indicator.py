"""The line that says who is typing; it keeps its height while empty, so that nothing jumps."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.client.people import MAX_TYPING
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.painting import activity_dots_width, paint_activity_dots
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.protocol.text import isolated

_MAX_NAMES = 3  # more of them would not fit the line


class TypingIndicator(QWidget):
    """Names in semibold, and three dots left of the text."""

    accessible_role = Role.StaticText

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: list[tuple[str, bool]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_names(self, names: Sequence[str]) -> None:
        """Show that these people are typing; an empty list shows nothing."""
        self._parts = sentence_parts(names)
        self.setAccessibleName("".join(text for text, _ in self._parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self._theme.px(self._theme.tokens["size"]["typingLine"]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._parts:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        sizes = theme.tokens["size"]["timeline"]
        left = theme.px(sizes["text"])
        width = activity_dots_width(theme)
        paint_activity_dots(painter, QPointF(left - theme.px(sizes["gap"]) - 2 - width, self.height() / 2), theme)
        painter.setPen(theme.color("text-muted"))
        max_width = self._max_name_width(left)
        for text, strong in self._parts:
            font = theme.font("small", SEMIBOLD if strong else None)
            left += self._paint_text(painter, left, text, font, max_width if strong else self.width())
        painter.end()

    def _max_name_width(self, left: int) -> float:
        """Return the pixels for each name, next to the other words."""
        metrics = QFontMetricsF(self._theme.font("small"))
        other_width = sum(metrics.horizontalAdvance(text) for text, strong in self._parts if not strong)
        name_count = sum(strong for _, strong in self._parts)
        max_width = (self.width() - left - self._theme.px(24) - other_width) / name_count
        return max(0.0, min(max_width, self._theme.px(220)))

    def _paint_text(self, painter: QPainter, left: int, text: str, font: QFont, max_width: float) -> int:
        shown = elided(text, font, max_width)
        width = text_width(shown, font)
        painter.setFont(font)
        paint_line(painter, QRectF(left, 0, width + 1, self.height()), shown)
        return round(width)


def sentence_parts(names: Sequence[str]) -> list[tuple[str, bool]]:
    """Return the parts of a sentence such as "Aiko and Bolt are typing", each with whether it is a name."""
    if len(names) > _MAX_NAMES:
        number = f"{len(names)} or more" if len(names) >= MAX_TYPING else f"{len(names)}"
        return [(f"{number} people", True), (" are typing", False)]
    parts: list[tuple[str, bool]] = []
    for position, name in enumerate(names, 1):
        parts.append((isolated(name), True))
        parts.append((" and " if position == len(names) - 1 else ", ", False))
    return [*parts[:-1], (" is typing" if len(names) == 1 else " are typing", False)] if parts else []
