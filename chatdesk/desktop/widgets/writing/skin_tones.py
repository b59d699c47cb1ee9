"""The choice of a skin tone: six hands, one of which is chosen."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.protocol.emoji import SKIN_TONES, with_tone

HAND = "✋"
TONE_NAMES = ("No skin tone", "Light", "Medium light", "Medium", "Medium dark", "Dark")
_SIDE, _GLYPH = 38, 24


class SkinTones(QWidget):
    """Emits ``chosen`` with the number of a skin tone, ``cancelled`` for Escape."""

    chosen = Signal(object)
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._hands = [_Hand(theme, number) for number in range(len(SKIN_TONES))]
        self.setAccessibleName("Skin tone")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(2)
        for hand in self._hands:
            layout.addWidget(hand)
            hand.taken.connect(self.chosen)
        layout.addStretch(1)

    def choose_from(self, tone: int) -> None:
        """Give the focus to the present tone."""
        self._hands[tone].setChecked(True)
        self._hands[tone].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the tone that has the focus, or leave."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(next(hand.number for hand in self._hands if hand.isChecked()))
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class _Hand(QRadioButton):
    """``taken`` carries its number when it is clicked; arrow keys only check it."""

    taken = Signal(object)

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self._theme, self.number = theme, number
        self.setAccessibleName(TONE_NAMES[number])
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(_SIDE)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.setChecked(True)
        self.taken.emit(self.number)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, rect = self._theme, QRectF(self.rect())
        if self.isChecked():
            border = theme.color("focus") if theme.high_contrast else None
            paint_panel(painter, rect, theme.tokens["radius"]["row"], theme.color("surface-selected"), border)
        paint_hand(painter, rect, theme, self.number)
        painter.end()


def paint_hand(painter: QPainter, rect: QRectF, theme: Theme, tone: int) -> None:
    """Draw the hand that stands for a skin tone."""
    font = theme.font("ui")
    font.setPixelSize(theme.px(_GLYPH))
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, with_tone(HAND, tone))
