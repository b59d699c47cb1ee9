"""The window's size and position: entirely on the screen, and as a Wayland compositor lays it out."""

from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_TITLE_BAR = 40
"""Pixels of height assumed for a window's frame before the window manager has added one."""
_PANEL = 60
"""Pixels assumed for the desktop's panel on Wayland, where programs are not told its size."""


class WindowGeometry(QObject):
    """Restores a saved geometry of ``window``, as far as the screen and the compositor allow."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._wayland = (QGuiApplication.platformName() or "").startswith("wayland")
        self._applied = QSize()
        self._pending: tuple[QByteArray, QSize] | None = None

    def restore(self, saved: QByteArray, size: QSize) -> None:
        """Apply the saved geometry, or ``size`` if there is none, made smaller if it does not fit.

        The caller shows the window afterwards.
        """
        self._pending = None
        handle = self._window.windowHandle()
        if self._wayland and self._window.isVisible() and not handle.isExposed():
            self._pending = saved, size  # until the compositor has told the window its size
            handle.installEventFilter(self)
            return
        if self._is_sized_by_compositor():
            return
        before = self._window.size()
        if not self._window.restoreGeometry(saved) and not _fills_screen(self._window):
            self._window.resize(size)
        if not _fills_screen(self._window):
            self._fit_to_screen()
        self._applied = self._window.size()
        if self._wayland and self._applied != self._applied.boundedTo(before):
            self._window.hide()  # shown again, it is placed entirely on the screen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._restore_pending)
        return False

    def _restore_pending(self) -> None:
        if self._pending:
            self.restore(*self._pending)
            self._window.show()

    def _is_sized_by_compositor(self) -> bool:
        """Whether a Wayland compositor has given the window another size, as tiling compositors do.

        A program is not told that it is tiled; what is larger than the tile would be cut off.
        """
        window = self._window
        return self._wayland and window.isVisible() and window.size() != self._applied

    def _fit_to_screen(self) -> None:
        window = self._window
        available = window.screen().availableGeometry()
        frame = window.frameGeometry().size() - window.size()
        if frame.height() == 0:
            frame = QSize(0, _TITLE_BAR)
        max_size = available.size() - frame - QSize(0, _PANEL if self._wayland else 0)
        if window.size() != window.size().boundedTo(max_size):
            window.resize(window.size().boundedTo(max_size))
        if window.isVisible() and not self._wayland:  # the window manager places new windows, Wayland all
            window.move(_inside(QRect(window.pos(), window.size() + frame), available).topLeft())


def _inside(rect: QRect, area: QRect) -> QRect:
    """Move the rectangle inside ``area``; if it is larger, its upper left corner is inside."""
    rect.moveRight(min(rect.right(), area.right()))
    rect.moveBottom(min(rect.bottom(), area.bottom()))
    rect.moveLeft(max(rect.left(), area.left()))
    rect.moveTop(max(rect.top(), area.top()))
    return rect


def _fills_screen(window: QWidget) -> bool:
    return window.isMaximized() or window.isFullScreen()
