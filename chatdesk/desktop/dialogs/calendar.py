"""A calendar from which a person goes to the messages of a day."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.month_grid import CELL_SIZE, MonthGrid
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.models.month import WEEK, MonthModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow

# Pixels as in the design, at 100 percent text.
_PAD, _HEADER, _WEEKDAYS = 12, 36, 24
_WINDOW_MARGIN = 8
"""Pixels between the calendar and the window's edges."""


class Calendar(Sheet):
    """Opens at a given point over ``window``; ``chosen`` carries the day."""

    chosen = Signal(date)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        width = WEEK * CELL_SIZE.width() + 2 * _PAD
        super().__init__(theme, window, QSize(width, _HEADER + _WEEKDAYS + 6 * CELL_SIZE.height() + 2 * _PAD))
        self._corner = QPoint()
        first = QLocale().firstDayOfWeek().value
        self._month = MonthModel(first)
        self._days = MonthGrid(theme, self._month)
        self._title = Label(theme, font="ui", weight=600)
        self._earlier = IconButton(theme, "chevron-left", "Month before", shortcut="Page up", side=32)
        self._later = IconButton(theme, "chevron-right", "Month after", shortcut="Page down", side=32)
        self._earlier.clicked.connect(lambda: self._days.move_months(-1))
        self._later.clicked.connect(lambda: self._days.move_months(1))
        self._days.month_changed.connect(self._name_month)
        self._days.chosen.connect(self._choose)
        self.setAccessibleName("Go to a day")
        self.set_content(self._content(first))

    def open_at(self, corner: QPoint, day: date, today: date) -> None:
        """Open with the month of ``day``; ``corner`` is the upper left corner, as a point of the screen."""
        self._corner = self.window().mapFromGlobal(corner)
        self._days.show_day(day, today)
        self.open(self._days)

    def set_today(self, today: date) -> None:
        """Set today's date, when it changes while the calendar is open."""
        self._days.set_today(today)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card, radius = QRectF(self._card.geometry()), self._theme.tokens["radius"]["card"]
        paint_shadow(painter, card, radius, self._theme, "float")
        paint_panel(painter, card, radius, self._theme.color("surface-raised"), self._theme.color("border"))
        painter.end()

    def _position_card(self) -> None:
        size = QSize(self._theme.px(self._size.width()), self._theme.px(self._size.height()))
        available = self.rect().adjusted(_WINDOW_MARGIN, _WINDOW_MARGIN, -_WINDOW_MARGIN, -_WINDOW_MARGIN)
        card = QRect(self._corner, size.boundedTo(available.size()))
        card.moveLeft(max(available.left(), min(card.left(), available.right() + 1 - card.width())))
        card.moveTop(max(available.top(), min(card.top(), available.bottom() + 1 - card.height())))
        self._card.setGeometry(card)
        self._days.fit_to_width(card.width() - 2 * _PAD)
        self.update()

    def _choose(self, day: date) -> None:
        self.dismiss()
        self.chosen.emit(day)

    def _name_month(self) -> None:
        month = self._month.month
        self._title.set_text(QLocale.c().toString(QDate(month.year, month.month, 1), "MMMM yyyy"))
        today = self._month.today
        self._later.setEnabled((month.year, month.month) < (today.year, today.month))

    def _content(self, first: int) -> QWidget:
        content = QWidget()
        header = QHBoxLayout()
        header.setContentsMargins(10, 0, 0, 0)
        header.setSpacing(0)
        header.addWidget(self._title, 1)
        header.addWidget(self._earlier)
        header.addWidget(self._later)
        weekdays = QHBoxLayout()
        weekdays.setSpacing(0)
        for column in range(WEEK):
            weekdays.addWidget(self._weekday((first - 1 + column) % WEEK + 1), 1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addLayout(weekdays)
        layout.addWidget(self._days, 0, Qt.AlignmentFlag.AlignTop)
        return content

    def _weekday(self, number: int) -> Label:
        label = Label(self._theme, QLocale.c().dayName(number)[:2], font="small", role="text-muted")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label
