"""The focus ring: two pixels, two away from the control or at the window's edge, and only for who moves by keys."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button

_MOVES = frozenset(
    {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
)


class FocusRing(QWidget):
    """Lies over a window and surrounds its focused button.

    The window's native handle is watched for keys and clicks, once per window, instead of every control.
    """

    # Of the class, too: Qt asks the event filter while the window is being taken apart.
    _around: QWidget | None = None
    _moving: tuple[QWidget, ...] = ()  # it, and all that it moves with

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._by_keys = False
        border = theme.tokens["border"]
        self._width, self._reach = border["focus"], border["focus"] + border["focusGap"]
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        window.winId()  # makes the native handle
        window.windowHandle().installEventFilter(self)
        window.windowHandle().focusObjectChanged.connect(self._follow)
        theme.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched in self._moving:
            if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show):
                self._place()
        elif kind == QEvent.Type.MouseButtonPress:
            self._set_by_keys(False)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self._set_by_keys(True)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._around is None:
            return
        role = self._around.ring if isinstance(self._around, Button) else "focus"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(role), self._width))
        inset = self._width // 2
        radius = self._theme.tokens["radius"]["control"] + self._reach - inset
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.end()

    def _set_by_keys(self, by_keys: bool) -> None:
        if by_keys != self._by_keys:
            self._by_keys = by_keys
            self._place()

    def _follow(self, focused: QObject | None) -> None:
        for part in filter(isValid, self._moving):
            part.removeEventFilter(self)
        self._around = focused if isinstance(focused, QAbstractButton) else None
        self._moving = tuple(_up(self._around, self.window()))
        for part in self._moving:
            part.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        shown = self._by_keys and self._around is not None and self._around.isVisible()
        if shown and self._around is not None:
            corner = self._around.mapTo(self.window(), self._around.rect().topLeft())
            reach = self._reach
            around = QRect(corner, self._around.size()).adjusted(-reach, -reach, reach, reach)
            self.setGeometry(around.intersected(self.window().rect()))
            self.raise_()
        self.setVisible(shown)


def _up(part: QWidget | None, window: QWidget) -> Iterator[QWidget]:
    """The part of the window and all that it lies on."""
    while part is not None and part is not window:
        yield part
        part = part.parentWidget()
