"""The days of one month by weeks, with the days of its neighbours that complete the first and last week."""

from datetime import date, timedelta

from PySide6.QtCore import QAbstractTableModel, QDate, QLocale, QModelIndex, QPersistentModelIndex, Qt

DAY = Qt.ItemDataRole.UserRole
"""The role for the date itself."""

WEEK = 7
_WEEKS = 6
"""As many as the longest month touches."""

_Index = QModelIndex | QPersistentModelIndex


class MonthModel(QAbstractTableModel):
    """Six weeks; every month fits. Days after ``today`` are disabled: there are no messages yet."""

    def __init__(self, first_weekday: int) -> None:
        super().__init__()
        self._first_weekday = first_weekday
        self.today = self.month = date.today().replace(day=1)
        """``month`` is the first day of the month that is shown."""
        self._start = self.month

    def show_month(self, day: date, today: date) -> None:
        """Show the month of a day."""
        self.beginResetModel()
        self.today, self.month = today, day.replace(day=1)
        before = (self.month.isoweekday() - self._first_weekday) % WEEK
        self._start = self.month - timedelta(days=before)
        self.endResetModel()

    def index_of(self, day: date) -> QModelIndex:
        """Return the index of a day of the shown month."""
        position = (day - self._start).days
        return self.index(position // WEEK, position % WEEK)

    def day(self, index: _Index) -> date:
        """Return the day at an index."""
        return self._start + timedelta(days=index.row() * WEEK + index.column())

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else _WEEKS

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else WEEK

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        day = self.day(index)
        if role == DAY:
            return day
        if role == Qt.ItemDataRole.DisplayRole:
            return str(day.day)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            full_date = QLocale.c().toString(QDate(day.year, day.month, day.day), "dddd d MMMM yyyy")
            return f"{full_date}, today" if day == self.today else full_date
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the names of weekdays, for screen readers: Qt would number the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return QLocale.c().dayName((self._first_weekday - 1 + section) % WEEK + 1)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) if self.day(index) <= self.today else Qt.ItemFlag.NoItemFlags
