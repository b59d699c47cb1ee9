"""The date of the topmost message, floating while the timeline is scrolled."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.date_format import format_day
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat import date_pill as module
from chatdesk.desktop.widgets.chat.date_pill import DatePill
from chatdesk.desktop.widgets.timeline.view import TimelineView
from tests.desktop.simulated_chat import NOON, SimulatedChat


@pytest.fixture
def chat(qapp: QApplication) -> SimulatedChat:
    made = SimulatedChat()
    made.receive_messages(40)
    made.clock += timedelta(days=1)
    made.receive_messages(40)
    return made


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, chat: SimulatedChat) -> TimelineView:
    made = TimelineView(theme, chat.model)
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    return made


@pytest.fixture
def pill(view: TimelineView, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> DatePill:
    monkeypatch.setattr(module, "_SHOWN_MS", 30)
    return DatePill(theme, view, view)


def test_it_names_the_day_at_the_top_and_hides_again(pill: DatePill, view: TimelineView, qtbot: QtBot) -> None:
    assert not pill.isVisible()
    for place, day in ((300, NOON.date()), (view.verticalScrollBar().maximum() - 300, NOON.date() + timedelta(days=1))):
        view.verticalScrollBar().setValue(place)
        assert pill.isVisible()
        assert pill.text() == format_day(day, date.today())
        qtbot.waitUntil(lambda: not pill.isVisible())


def test_at_the_newest_message_there_is_none(pill: DatePill, view: TimelineView, chat: SimulatedChat) -> None:
    view.verticalScrollBar().setValue(300)
    view.scroll_to_end()
    assert not pill.isVisible()
    chat.receive_messages(3)
    assert view.following
    assert not pill.isVisible()


def test_it_is_24_high_at_the_top_centred_on_the_text(
    pill: DatePill, view: TimelineView, theme: Theme, qtbot: QtBot
) -> None:
    for width in (800, 600, 1200):
        view.resize(width, 400)
        view.verticalScrollBar().setValue(300 + width // 10)
        assert abs(pill.geometry().center().x() - view.text_center) <= 1
    assert pill.height() - 2 * 3 == 24
    assert pill.y() + 3 == 8
    pill.set_top_offset(40)
    assert pill.y() + 3 == 48
    theme.set_scale(2.0)
    view.verticalScrollBar().setValue(900)
    assert pill.sizeHint().height() - 2 * 3 == 48
    with qtbot.waitSignal(pill.clicked):
        qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)


def test_midnight_makes_yesterday_of_today(
    pill: DatePill, view: TimelineView, chat: SimulatedChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(date):
        now = chat.clock.astimezone().date()

        @classmethod
        def today(cls) -> date:
            return cls.now

    monkeypatch.setattr(module, "date", Clock)
    pill.update_day_name()
    assert not pill.isVisible()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() - 300)
    assert pill.text().startswith("Today, ")
    Clock.now += timedelta(days=1)
    pill.update_day_name()
    assert pill.text().startswith("Yesterday, ")
    assert pill.accessibleName().startswith("Yesterday, ")
