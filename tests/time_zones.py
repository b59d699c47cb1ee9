"""The time zone of the computer, which may change while the program runs, without a notification."""

import time
from collections.abc import Iterator

import pytest

EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""25 hours apart, on both sides of the date line: the day always differs, and so does the time."""


class LocalTimeZone:
    """Sets the time zone in which the computer is."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def set(self, zone: str) -> None:
        """Set the time zone, and let the C library notice it."""
        self.set_unnoticed(zone)
        time.tzset()

    def set_unnoticed(self, zone: str) -> None:
        """Set the time zone, as for a travelling computer, before the C library has noticed."""
        self._patch.setenv("TZ", zone)

    def restore(self) -> None:
        """Restore the real time zone."""
        self._patch.undo()
        time.tzset()


@pytest.fixture
def local_zone() -> Iterator[LocalTimeZone]:
    """The computer's time zone, which is east of the date line at first."""
    local_zone = LocalTimeZone(pytest.MonkeyPatch())
    local_zone.set(EAST)
    yield local_zone
    local_zone.restore()
