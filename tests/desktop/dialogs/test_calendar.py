"""The calendar opens at a point within the window, and goes to a day."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.calendar import Calendar
from chatdesk.desktop.theme import Theme
from tests.desktop.inspection import clipped, texts, unnamed

TODAY = date(2026, 11, 24)


@pytest.fixture
def calendar(window: QWidget, theme: Theme) -> Calendar:
    return Calendar(theme, window)


def button(calendar: Calendar, name: str) -> QPushButton:
    return next(found for found in calendar.findChildren(QPushButton) if found.accessibleName() == name)


def settle(calendar: Calendar) -> None:
    calendar._animation.setCurrentTime(calendar._animation.duration())
    QApplication.processEvents()


@pytest.mark.parametrize("corner", [(300, 100), (880, 20), (10, 590)])
def test_it_opens_at_the_point_but_within_the_window(
    calendar: Calendar, window: QWidget, corner: tuple[int, int]
) -> None:
    calendar.open_at(window.mapToGlobal(QPoint(*corner)), TODAY, TODAY)
    settle(calendar)
    card = calendar._card.geometry()
    assert window.rect().contains(card)
    assert card.topLeft() == QPoint(*corner) or corner != (300, 100)
    assert calendar._days.hasFocus()


def test_a_chosen_day_closes_it_and_escape_chooses_none(calendar: Calendar, window: QWidget, qtbot: QtBot) -> None:
    calendar.open_at(QPoint(300, 100), date(2026, 11, 10), TODAY)
    with qtbot.waitSignal(calendar.chosen) as chosen:
        qtbot.keyClick(calendar._days, Qt.Key.Key_Return)
    assert chosen.args == [date(2026, 11, 10)]
    assert not calendar.isVisible()
    calendar.open_at(QPoint(300, 100), TODAY, TODAY)
    with qtbot.assertNotEmitted(calendar.chosen):
        qtbot.keyClick(calendar._days, Qt.Key.Key_Escape)
    assert not calendar.isVisible()


def test_its_buttons_turn_the_months_up_to_this_one(calendar: Calendar, qtbot: QtBot) -> None:
    calendar.open_at(QPoint(300, 100), TODAY, TODAY)
    assert "November 2026" in texts(calendar)
    assert not button(calendar, "Month after").isEnabled()
    qtbot.mouseClick(button(calendar, "Month before"), Qt.MouseButton.LeftButton)
    assert "October 2026" in texts(calendar)
    qtbot.mouseClick(button(calendar, "Month after"), Qt.MouseButton.LeftButton)
    assert "November 2026" in texts(calendar)


def test_a_day_to_come_opens_it_at_today(calendar: Calendar) -> None:
    calendar.open_at(QPoint(300, 100), date(2027, 3, 1), TODAY)
    assert "November 2026" in texts(calendar)


def test_another_size_of_text_while_it_is_closed_leaves_nothing_out_of_place(
    calendar: Calendar, theme: Theme, qtbot: QtBot
) -> None:
    for scale in (1.0, 1.6, 1.0):
        theme.set_scale(scale)
        calendar.open_at(QPoint(300, 100), TODAY, TODAY)
        settle(calendar)
        qtbot.waitUntil(lambda: clipped(calendar) == [])
        assert calendar._scroll.widget().rect().contains(button(calendar, "Month after").geometry())
        assert len([text for text in texts(calendar) if len(text) == 2]) == 7
        calendar.dismiss()
    assert [part for part in unnamed(calendar) if part.isVisible()] == []


@pytest.mark.parametrize("width", [420, 480, 900])
def test_all_seven_days_are_seen_in_a_narrow_window_with_large_text(
    calendar: Calendar, window: QWidget, theme: Theme, qtbot: QtBot, width: int
) -> None:
    window.resize(width, 600)
    for scale in (1.0, 2.0):
        theme.set_scale(scale)
        calendar.open_at(QPoint(300, 100), TODAY, TODAY)
        settle(calendar)
        qtbot.waitUntil(lambda: calendar._scroll.horizontalScrollBar().maximum() == 0)
        assert clipped(calendar) == []
        calendar.dismiss()
    assert calendar._days.columnWidth(0) == min(2 * 36, (width - 2 * 8 - 2 * 12) // 7)
