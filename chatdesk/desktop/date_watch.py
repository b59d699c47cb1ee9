"""Watches the date: it changes at midnight, and with the time zone."""

import time
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from chatdesk.time_zone import update_time_zone

_CHECK_INTERVAL_MS = 1000
"""A timer set for midnight would miss changes of the clock and of the time zone."""


class DateWatch(QObject):
    """Emits ``changed`` when the local date or time zone is another one, until ``stop`` is called."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last = _date_and_zone()
        self._timer = QTimer(self, interval=_CHECK_INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def stop(self) -> None:
        """Stop watching."""
        self._timer.stop()

    def check(self) -> None:
        """Check now. A timer does so every second; a caller may need the date sooner, as after sleep."""
        known, self._last = self._last, _date_and_zone()
        if self._last != known:
            self.changed.emit()


def _date_and_zone() -> tuple[date, tuple[str, str], int, int]:
    update_time_zone()
    return date.today(), time.tzname, time.timezone, time.altzone
