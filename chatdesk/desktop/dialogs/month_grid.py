"""The calendar's grid: the days of a month, to be chosen by pointer and by keys."""

from datetime import date, timedelta

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.models.month import DAY, WEEK, MonthModel
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.painting import paint_panel

CELL_SIZE = QSize(36, 32)
"""Pixels of a day at 100 percent text: large enough to be hit, and six weeks fit a small window."""

_DAY_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -WEEK, Qt.Key.Key_Down: WEEK}
_MONTH_STEPS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
"""Days and months that a key moves, as in Qt's own calendar."""


class MonthGrid(QTableView):
    """Shows a MonthModel; ``month_changed`` follows keys that lead to another month, ``chosen`` carries a day."""

    month_changed = Signal()
    chosen = Signal(date)

    def __init__(self, theme: Theme, model: MonthModel) -> None:
        super().__init__()
        self._theme, self._month = theme, model
        self._day = model.today
        self._max_width = self.maximumWidth()
        self.setModel(model)
        self.setItemDelegate(_DayDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Days")
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_day(self, day: date, today: date) -> None:
        """Show the month of ``day``, or of ``today`` if that is earlier, with the day as the current one."""
        self._day = min(day, today)
        self._month.show_month(self._day, today)
        self.setCurrentIndex(self._month.index_of(self._day))
        self.month_changed.emit()

    def set_today(self, today: date) -> None:
        """Update what is today; the current day stays, unless it is now in the future."""
        self.show_day(self._day, today)

    def move_months(self, months: int) -> None:
        """Move by this many months, to the same day if that month has it."""
        month = self._day.year * 12 + self._day.month - 1 + months
        if date.min.year * 12 <= month:
            first = date(month // 12, month % 12 + 1, 1)
            self._move(first + timedelta(days=min(self._day.day, _days_in_month(first)) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _DAY_STEPS:
            self._move(self._day + timedelta(days=_DAY_STEPS[key]))
        elif key in _MONTH_STEPS:
            self.move_months(_MONTH_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._day)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.chosen.emit(index.data(DAY))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self._announce_day)

    def _move(self, day: date) -> None:
        self.show_day(day, self._month.today)
        self._announce_day()

    def _announce_day(self) -> None:
        """Announce the current day: of a table, screen readers read only its name, or a whole row."""
        announce(self, str(self.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)))

    def fit_to_width(self, max_width: int) -> None:
        """Limit the width to this many pixels."""
        if max_width != self._max_width:
            self._max_width = max_width
            self._apply_theme()

    def _apply_theme(self) -> None:
        width, height = (
            min(self._theme.px(CELL_SIZE.width()), self._max_width // WEEK),
            self._theme.px(CELL_SIZE.height()),
        )
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)
        self.setFixedSize(WEEK * width, self._month.rowCount() * height)


class _DayDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: MonthGrid) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, view, day = self._theme, self.parent(), index.data(DAY)
        model = index.model()
        if not isinstance(view, MonthGrid) or not isinstance(model, MonthModel):
            return
        current = index == view.currentIndex()
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        pointed = enabled and view.indexAt(view.viewport().mapFromGlobal(view.cursor().pos())) == index
        fill = "accent" if current else "raised-hover" if pointed else None
        border = "accent" if day == model.today and not current else None
        cell = QRectF(option.rect).adjusted(2, 1, -2, -1)
        colors = [theme.color(role) if role else None for role in (fill, border)]
        paint_panel(painter, cell, theme.tokens["radius"]["control"], *colors)
        foreground = "text" if day.month == model.month.month else "text-muted"
        painter.setPen(theme.color("accent-text" if current else foreground if enabled else "text-disabled"))
        painter.setFont(theme.font("label", SEMIBOLD if day == model.today else 400, tabular=True))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(index.data()))


def _days_in_month(first: date) -> int:
    following = (first + timedelta(days=31)).replace(day=1)
    return (following - first).days
