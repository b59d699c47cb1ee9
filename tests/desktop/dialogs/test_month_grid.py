"""The days of a month, chosen by pointer and by keys."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.month_grid import MonthGrid
from chatdesk.desktop.models.month import DAY, MonthModel
from chatdesk.desktop.theme import Theme

TODAY = date(2026, 11, 24)


@pytest.fixture
def model(qapp: QApplication) -> MonthModel:
    return MonthModel(1)


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme, model: MonthModel) -> MonthGrid:
    made = MonthGrid(theme, model)
    qtbot.addWidget(made)
    made.show_day(TODAY, TODAY)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def current(grid: MonthGrid) -> date:
    found = grid.currentIndex().data(DAY)
    assert isinstance(found, date)
    return found


def test_another_today_keeps_the_current_day_unless_it_is_in_the_future(grid: MonthGrid, model: MonthModel) -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    for today, there in ((tomorrow, TODAY), (yesterday, yesterday)):
        grid.set_today(today)
        assert (model.today, current(grid)) == (today, there)


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (["Left"], date(2026, 11, 23)),
        (["Up", "Up", "Up", "Up"], date(2026, 10, 27)),
        (["PageUp"], date(2026, 10, 24)),
        (["PageUp"] * 11, date(2025, 12, 24)),
        (["Right"], TODAY),
        (["Down", "PageDown"], TODAY),
        (["PageUp", "PageDown"], TODAY),
    ],
)
def test_keys_move_by_days_and_months_but_not_beyond_today(
    grid: MonthGrid, model: MonthModel, qtbot: QtBot, keys: list[str], day: date
) -> None:
    for key in keys:
        qtbot.keyClick(grid, Qt.Key[f"Key_{key}"])
    assert current(grid) == day
    assert model.month == day.replace(day=1)
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert chosen.args == [day]


def test_a_shorter_month_has_its_last_day(grid: MonthGrid) -> None:
    grid.show_day(date(2024, 3, 31), TODAY)
    grid.move_months(-1)
    assert current(grid) == date(2024, 2, 29)
    grid.move_months(-12)
    assert current(grid) == date(2023, 2, 28)


def test_a_click_chooses_a_day_that_is_not_in_the_future(grid: MonthGrid, model: MonthModel, qtbot: QtBot) -> None:
    def at(day: date) -> QPoint:
        return grid.visualRect(model.index_of(day)).center()

    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at(date(2026, 11, 3)))
    assert chosen.args == [date(2026, 11, 3)]
    with qtbot.assertNotEmitted(grid.chosen):
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at(date(2026, 11, 25)))


def test_there_is_no_month_before_the_first_year(grid: MonthGrid) -> None:
    grid.show_day(date(1, 1, 15), TODAY)
    grid.move_months(-1)
    assert current(grid) == date(1, 1, 15)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_all_six_weeks_are_visible_at_any_text_size(grid: MonthGrid, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    assert grid.size().toTuple() == (7 * theme.px(36), 6 * theme.px(32))
    last = grid.visualRect(grid.model().index(5, 6))
    assert grid.viewport().rect().contains(last)


def test_the_current_day_stands_out_and_today_has_an_edge(grid: MonthGrid, model: MonthModel, theme: Theme) -> None:
    grid.show_day(date(2026, 11, 10), TODAY)
    image = grid.viewport().grab().toImage()
    rects = {day: grid.visualRect(model.index_of(date(2026, 11, day))) for day in (10, 11, 24)}
    inside = {day: image.pixelColor(rect.left() + 6, rect.top() + 5) for day, rect in rects.items()}
    assert inside[10] == theme.color("accent") != inside[11]
    edge = [image.pixelColor(x, rects[24].center().y()) for x in range(rects[24].left(), rects[24].left() + 5)]
    assert theme.color("accent") in edge
