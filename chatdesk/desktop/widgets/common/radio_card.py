"""One of several choices, with a sentence about it."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_PAD, _GAP, _DISC, _DOT = 12, 12, 16, 8


class RadioCard(QRadioButton):
    """A radio button as a card that can be clicked anywhere."""

    def __init__(self, theme: Theme, name: str, sentence: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = Label(theme, name, weight=600, wrap=True)
        self._sentence = Label(theme, sentence, font="label", weight=400, role="text-muted", wrap=True)
        for label in (self._name, self._sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        text_column = QVBoxLayout()
        text_column.setSpacing(0)
        text_column.addWidget(self._name)
        text_column.addWidget(self._sentence)
        self._row = QHBoxLayout(self)
        self._row.addLayout(text_column)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name)
        self.setAccessibleDescription(sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._update_text_colors)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def sizeHint(self) -> QSize:
        return self._row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.totalMinimumSize()

    def heightForWidth(self, width: int) -> int:
        return self._row.totalHeightForWidth(width)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, chosen = self._theme, QPainter(self), self.isChecked()
        fill = "accent-soft" if chosen else "raised-hover" if self.underMouse() else "surface-raised"
        border = theme.color("accent" if chosen else "border-strong")
        paint_panel(painter, QRectF(self.rect()), theme.tokens["radius"]["control"], theme.color(fill), border)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc, dot = theme.px(_DISC) / 2, theme.px(_DOT) / 2
        x = _PAD + disc
        center = QPointF(self.width() - x if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else x, 0)
        center.setY(self._name.geometry().top() + theme.line("ui") / 2)
        painter.setPen(QPen(border, 1.5))
        painter.drawEllipse(center, disc - 0.75, disc - 0.75)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(border)
            painter.drawEllipse(center, dot, dot)
        painter.end()

    def _update_text_colors(self) -> None:
        self._name.set_role("accent-soft-text" if self.isChecked() else "text")
        self._sentence.set_role("text" if self.isChecked() else "text-muted")

    def _apply_theme(self) -> None:
        self._row.setContentsMargins(_PAD + self._theme.px(_DISC) + _GAP, _PAD - 2, _PAD, _PAD - 2)
        self.updateGeometry()
        self.update()
