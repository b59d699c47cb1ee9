"""The focus ring: two pixels wide, two pixels from the control or at the window's edge, for keyboard users only."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button

_NAVIGATION_KEYS = frozenset(
    {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
)


class FocusRing(QWidget):
    """A widget over the window that surrounds its focused button, once a key has moved the focus.

    It watches the window's native handle for keys and clicks, once per window, instead of every control.
    """

    # Class attributes, too: Qt calls the event filter while the window is being destroyed.
    _button: QWidget | None = None
    _watched: tuple[QWidget, ...] = ()  # the button and its ancestors, which move it

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._keyboard_used = False
        border = theme.tokens["border"]
        self._width, self._reach = border["focus"], border["focus"] + border["focusGap"]
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        window.winId()  # creates the native handle
        window.windowHandle().installEventFilter(self)
        window.windowHandle().focusObjectChanged.connect(self._focus_moved)
        theme.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched in self._watched:
            if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show):
                self._update_geometry()
        elif kind == QEvent.Type.MouseButtonPress:
            self._set_keyboard_used(False)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _NAVIGATION_KEYS:
            self._set_keyboard_used(True)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._button is None:
            return
        role = self._button.ring if isinstance(self._button, Button) else "focus"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(role), self._width))
        inset = self._width // 2
        radius = self._theme.tokens["radius"]["control"] + self._reach - inset
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.end()

    def _set_keyboard_used(self, used: bool) -> None:
        if used != self._keyboard_used:
            self._keyboard_used = used
            self._update_geometry()

    def _focus_moved(self, focused: QObject | None) -> None:
        for part in filter(isValid, self._watched):
            part.removeEventFilter(self)
        self._button = focused if isinstance(focused, QAbstractButton) else None
        self._watched = tuple(_ancestors(self._button, self.window()))
        for part in self._watched:
            part.installEventFilter(self)
        self._update_geometry()

    def _update_geometry(self) -> None:
        shown = self._keyboard_used and self._button is not None and self._button.isVisible()
        if shown and self._button is not None:
            corner = self._button.mapTo(self.window(), self._button.rect().topLeft())
            reach = self._reach
            around = QRect(corner, self._button.size()).adjusted(-reach, -reach, reach, reach)
            self.setGeometry(around.intersected(self.window().rect()))
            self.raise_()
        self.setVisible(shown)


def _ancestors(part: QWidget | None, window: QWidget) -> Iterator[QWidget]:
    """Yield a widget and its ancestors below the window."""
    while part is not None and part is not window:
        yield part
        part = part.parentWidget()
