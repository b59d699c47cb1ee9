"""A toggle switch."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_KNOB, _OFF_KNOB = 16, 12


class Toggle(QCheckBox):
    """A check box drawn as a switch; the knob's position and size show its state."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        width, height = self._theme.tokens["size"]["toggle"]
        return QSize(self._theme.px(width), self._theme.px(height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, on = self._theme, QPainter(self), self.isChecked()
        background, radius = QRectF(self.rect()), self.height() / 2
        if not self.isEnabled():
            paint_panel(painter, background, radius, theme.color("surface-hover"))
        elif on:
            paint_panel(painter, background, radius, theme.color("accent"))
        else:
            paint_panel(painter, background, radius, None, theme.color("border-strong"))
        knob = theme.px(_KNOB if on else _OFF_KNOB)
        margin = (self.height() - knob) / 2
        at_end = on != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        left = self.width() - margin - knob if at_end else margin
        foreground = "text-disabled" if not self.isEnabled() else "accent-text" if on else "text-muted"
        paint_panel(painter, QRectF(left, margin, knob, knob), knob / 2, theme.color(foreground))
        painter.end()


def toggle_row(theme: Theme, name: str, explanation: Label, toggle: Toggle) -> QWidget:
    """Return a row with a name, what it means below, and its switch at the end."""
    row, texts = QWidget(), QVBoxLayout()
    texts.setSpacing(2)
    texts.addWidget(Label(theme, name, font="label", wrap=True))
    texts.addWidget(explanation)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(16)
    layout.addLayout(texts, 1)
    layout.addWidget(toggle, 0, Qt.AlignmentFlag.AlignTop)
    return row
