"""Which day it is here, for words that depend on it: it turns at midnight, and with the time zone."""

import time
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from chatdesk.time_zone import update_time_zone

_CHECK_INTERVAL_MS = 1000


class DateWatch(QObject):
    """``changed`` tells that it is another day, or that this computer is in another time zone, until ``stop``."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known = _date_and_zone()
        self._timer = QTimer(self, interval=_CHECK_INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def check(self) -> None:
        """Find out now; it is done every second, but a computer that slept is looked at before that."""
        known, self._known = self._known, _date_and_zone()
        if self._known != known:
            self.changed.emit()


def _date_and_zone() -> tuple[date, tuple[str, str], int, int]:
    update_time_zone()
    return date.today(), time.tzname, time.timezone, time.altzone
