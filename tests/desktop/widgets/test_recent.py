"""Rows of chats joined before."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.settings import Recent
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.recent import RecentRow, day_name
from tests.desktop.looking import HOSTILE, clipped, texts
from tests.desktop.nearby import host
from tests.desktop.tips import tip
from tests.zones import WEST, Journey

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (TODAY, "Today"),
        (date(2025, 12, 31), "Yesterday"),
        (date(2025, 12, 30), "30 Dec 2025"),
        (date(2026, 1, 5), "5 Jan"),
    ],
)
def test_a_day_is_called_as_people_call_it(day: date, name: str) -> None:
    assert day_name(day, TODAY) == name


def test_in_another_time_zone_it_was_joined_on_another_day(qtbot: QtBot, theme: Theme, journey: Journey) -> None:
    moment = datetime(2025, 12, 31, 12, tzinfo=UTC)
    row = RecentRow(theme, Recent("Mess deck", "172.16.0.4", TODAY, moment), TODAY)
    qtbot.addWidget(row)
    assert texts(row)[-1] == "Today"
    journey.begin(WEST)
    row.tell_today(date(2025, 12, 31))
    assert texts(row)[-1] == "Today"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_hostile_name_is_text_and_only_names_are_cut(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    row = RecentRow(Theme(qapp, "light", scale), Recent(HOSTILE * 5, "10.0.0.1:8080", TODAY), TODAY)
    qtbot.addWidget(row)
    row.resize(400, row.sizeHint().height())
    row.show()
    assert texts(row) == [HOSTILE * 5, "10.0.0.1:8080", "Today"]
    assert clipped(row) == []
    assert all("<b>" not in tip(part) for part in (row, *row.findChildren(Label)))


def test_a_click_on_its_words_is_a_click_on_the_row(qtbot: QtBot, qapp: QApplication) -> None:
    row = RecentRow(Theme(qapp, "light"), Recent("Mess deck", "172.16.0.4", TODAY), TODAY)
    qtbot.addWidget(row)
    row.resize(400, 32)
    row.show()
    label = row.findChildren(Label)[0]
    with qtbot.waitSignal(row.clicked):
        qtbot.mouseClick(row.window().childAt(label.geometry().center()) or row, Qt.MouseButton.LeftButton)
    assert row.childAt(label.geometry().center()) is None


def test_an_open_one_shows_the_lamp_what_it_is_called_now_and_how_many_are_there(qtbot: QtBot, theme: Theme) -> None:
    row = RecentRow(theme, Recent("Mess deck", "172.16.0.4", TODAY), TODAY)
    qtbot.addWidget(row)
    row.resize(400, 32)
    row.show()
    assert not row._lamp.isVisible()
    row.show_now(host(4, "Galley", people=31))
    assert row._lamp.isVisible()
    assert texts(row) == ["Galley", "172.16.0.4", "31 here"]
    assert row.accessibleName() == "Join Galley at 172.16.0.4, 31 here"
    row.show_now(None)
    assert not row._lamp.isVisible()
    assert texts(row) == ["Mess deck", "172.16.0.4", "Today"]
