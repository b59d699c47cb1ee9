"""The days of a month, with those of its neighbours at both ends."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.month import DAY, MonthModel

MONDAY, SUNDAY = 1, 7


def month(day: date, today: date, first: int = MONDAY) -> MonthModel:
    made = MonthModel(first)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.show_month(day, today)
    return made


def day_at(model: MonthModel, row: int, column: int) -> date:
    found = model.index(row, column).data(DAY)
    assert isinstance(found, date)
    return found


@pytest.mark.parametrize(
    ("day", "first", "corner"),
    [
        (date(2026, 11, 24), MONDAY, date(2026, 10, 26)),
        (date(2026, 11, 24), SUNDAY, date(2026, 11, 1)),
        (date(2024, 2, 29), MONDAY, date(2024, 1, 29)),
        (date(2027, 2, 1), MONDAY, date(2027, 2, 1)),
    ],
)
def test_weeks_begin_with_the_day_they_begin_with_here(qapp: QApplication, day: date, first: int, corner: date) -> None:
    model = month(day, day, first)
    assert day_at(model, 0, 0) == corner
    assert model.index_of(day).data(DAY) == day
    assert (model.rowCount(), model.columnCount()) == (6, 7)


def test_days_to_come_cannot_be_chosen(qapp: QApplication) -> None:
    model = month(date(2026, 11, 24), date(2026, 11, 24))
    flags = {day: model.index_of(date(2026, 11, day)).flags() for day in (23, 24, 25)}
    assert [bool(flags[day] & Qt.ItemFlag.ItemIsEnabled) for day in (23, 24, 25)] == [True, True, False]


def test_a_screen_reader_hears_the_whole_date(qapp: QApplication) -> None:
    model = month(date(2026, 11, 24), date(2026, 11, 24))
    spoken = [model.index_of(date(2026, 11, day)).data(Qt.ItemDataRole.AccessibleTextRole) for day in (23, 24)]
    assert spoken == ["Monday 23 November 2026", "Tuesday 24 November 2026, today"]
    assert model.index(0, 0).data() == "26"


def test_columns_are_called_by_their_days_and_rows_not_at_all() -> None:
    model = MonthModel(7)
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert [model.headerData(place, across) for place in (0, 1, 6)] == ["Sunday", "Monday", "Saturday"]
    assert model.headerData(0, down) is None
