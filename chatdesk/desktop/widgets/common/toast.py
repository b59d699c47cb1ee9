"""A short word at the foot of the window that goes by itself."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow

_ABOVE = 16
_ROOM = 32
"""Pixels around the panel that its shadow may take."""


class Toast(QWidget):
    """One at a time, at the bottom centre of ``parent``, for as long as the tokens say."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._ground = theme, parent
        self._foot, self._over = 0, parent
        self._icon = Icon(theme, "check", "tooltip-accent", size=16)
        self._text = Label(theme, font="label", role="tooltip-text", wrap=True)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(10)
        self._layout.addWidget(self._icon)
        self._layout.addWidget(self._text, 1)
        self._stay = QTimer(self, singleShot=True, interval=theme.tokens["motion"]["toastStays"])
        self._stay.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)
        theme.changed.connect(self._place)

    def set_anchor(self, over: QWidget, foot: int = 0) -> None:
        """Stand in the middle of this part of the ground, above so many pixels at its foot."""
        self._foot, self._over = foot, over

    def show_text(self, text: str, *, done: bool = False) -> None:
        """Say this, in place of what may be said now; ``done`` puts a tick before it."""
        self._text.set_text(text)
        self._icon.setVisible(done)
        self._place()
        self.show()
        self.raise_()
        self._stay.start()
        announce(self, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        panel = QRectF(self.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
        radius = self._theme.tokens["radius"]["picture"]
        paint_shadow(painter, panel, radius, self._theme, "float")
        paint_panel(painter, panel, radius, self._theme.color("tooltip"))
        painter.end()

    def _place(self) -> None:
        """As wide as its words, as high as they need in the width there is."""
        side, edge = _ROOM + self._theme.px(14), _ROOM + self._theme.px(10)
        self._layout.setContentsMargins(side, edge, side, edge)
        self._layout.invalidate()
        width = min(self._layout.sizeHint().width(), self._ground.width() - 2 * _ABOVE + 2 * _ROOM)
        height = self._layout.totalHeightForWidth(width)
        bottom = self._ground.height() - self._foot - _ABOVE
        middle = self._over.mapTo(self._ground, self._over.rect().center()).x()
        left = max(_ABOVE - _ROOM, min(middle - width // 2, self._ground.width() - width - _ABOVE + _ROOM))
        self.setGeometry(left, bottom - height + _ROOM, width, height)
