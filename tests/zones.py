"""A travelling computer, whose time zone changes while the program runs, without a notification."""

import time
from collections.abc import Iterator

import pytest

EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""25 hours apart, on both sides of the date line: the day always differs, and so does the time."""


class Journey:
    """Sets the time zone in which the computer is."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def begin(self, zone: str) -> None:
        """Start the program in this time zone."""
        self.move(zone)
        time.tzset()

    def move(self, zone: str) -> None:
        """Move the computer to this time zone, before the C library has noticed."""
        self._patch.setenv("TZ", zone)

    def end(self) -> None:
        """Restore the real time zone."""
        self._patch.undo()
        time.tzset()


@pytest.fixture
def journey() -> Iterator[Journey]:
    """A journey that begins in the east."""
    journey = Journey(pytest.MonkeyPatch())
    journey.begin(EAST)
    yield journey
    journey.end()
