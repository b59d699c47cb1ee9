"""Sidebar and centre, with a third column in a wide window; in a narrow one, the sidebar becomes a drawer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.theme import Theme

_HANDLE_WIDTH = 8  # pixels: wide enough to be hit beside a line of one pixel
_MIN_CENTRE = 300
"""Pixels at 100 percent text: a narrower centre is hard to read, so larger text makes the drawer appear earlier."""


class ResponsiveColumns(QWidget):
    """Lays out three widgets by its own width; the line between the first two can be dragged.

    ``narrowed`` carries whether the sidebar is a drawer, ``widened`` whether the third column is shown.
    """

    narrowed = Signal(bool)
    widened = Signal(bool)

    def __init__(self, theme: Theme, sidebar: QWidget, centre: QWidget, people_column: QWidget) -> None:
        super().__init__()
        self._theme, self._sidebar, self._centre, self._people_column = theme, sidebar, centre, people_column
        self._size = theme.tokens["size"]["sidebar"]
        self._sidebar_width: int = self._size["default"]
        self._narrow = self._wide = False
        for column in (centre, people_column):
            column.setParent(self)
        people_column.hide()
        self._scrim = _Scrim(theme, self)
        sidebar.setParent(self)
        self._handle = _ResizeHandle(self)
        self._scrim.clicked.connect(self.close_drawer)
        self._handle.dragged.connect(self._drag)
        theme.changed.connect(self._choose_columns)

    def open_drawer(self) -> None:
        """Show the sidebar over the centre, in a narrow window."""
        if self._narrow:
            self._scrim.show()
            self._sidebar.show()
            self._sidebar.setFocus()

    def close_drawer(self) -> None:
        """Hide the drawer, and focus the centre."""
        self._scrim.hide()
        self._sidebar.setVisible(not self._narrow)
        self._centre.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._scrim.isVisible():
            self.close_drawer()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_columns()

    def _choose_columns(self) -> None:
        """Decide which columns there is room for, and lay them out."""
        min_width = self._theme.px(self._size["default"] + _MIN_CENTRE)
        narrow = self.width() < max(self._size["collapseBelow"], min_width)
        if narrow != self._narrow:
            self._narrow = narrow
            self._scrim.hide()
            self._sidebar.setVisible(not narrow)
            self._handle.setVisible(not narrow)
            self.narrowed.emit(narrow)
        self._widen(self.width() >= self._theme.px(self._theme.tokens["size"]["peopleColumnFrom"]))
        self._arrange()

    def _widen(self, wide: bool) -> None:
        if wide != self._wide:
            self._wide = wide
            self._people_column.setVisible(wide)
            self.widened.emit(wide)

    def _arrange(self) -> None:
        beside = min(self._theme.px(self._sidebar_width), self.width() - self._theme.px(_MIN_CENTRE))
        side = self._drawer_width() if self._narrow else beside
        left = 0 if self._narrow else side
        self._sidebar.setGeometry(0, 0, side, self.height())
        people_column = self._theme.px(self._theme.tokens["size"]["peopleColumn"]) if self._wide else 0
        self._centre.setGeometry(left, 0, self.width() - left - people_column, self.height())
        self._people_column.setGeometry(self.width() - people_column, 0, people_column, self.height())
        self._scrim.setGeometry(self.rect())
        self._handle.setGeometry(side - _HANDLE_WIDTH // 2, 0, _HANDLE_WIDTH, self.height())

    def _drawer_width(self) -> int:
        return min(self._theme.px(self._size["default"]), self.width() - 56)

    def _drag(self, x: int) -> None:
        self._sidebar_width = min(max(round(x / self._theme.scale), self._size["min"]), self._size["max"])
        self._arrange()


class _ResizeHandle(QWidget):
    dragged = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = parent
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(self.mapTo(self._columns, event.position().toPoint()).x())


class _Scrim(QWidget):
    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("scrim"))
        painter.end()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.clicked.emit()
