"""The date changes at midnight and with the time zone."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop import date_watch as module
from chatdesk.desktop.date_watch import DateWatch
from tests.time_zones import WEST, LocalTimeZone


@pytest.fixture
def today(local_zone: LocalTimeZone, qapp: QApplication) -> DateWatch:
    return DateWatch(QObject(qapp))


def test_another_time_zone_is_noticed_once_by_itself(today: DateWatch, local_zone: LocalTimeZone, qtbot: QtBot) -> None:
    local_zone.set_unnoticed(WEST)
    with qtbot.waitSignal(today.changed):
        pass
    with qtbot.assertNotEmitted(today.changed):
        today.check()


def test_midnight_is_noticed(today: DateWatch, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> "Tomorrow":
            it = date.today() + timedelta(days=1)
            return cls(it.year, it.month, it.day)

    monkeypatch.setattr(module, "date", Tomorrow)
    with qtbot.waitSignal(today.changed, timeout=0):
        today.check()
