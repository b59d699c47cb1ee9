"""A computer on the move: its time zone changes while the program runs, and nobody tells the program."""

import time
from collections.abc import Iterator

import pytest

EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""25 hours apart, on the two sides of the date line: it is never the same day, nor the same time."""


class Journey:
    """Where the computer is."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def begin(self, zone: str) -> None:
        """The program starts in this time zone."""
        self.move(zone)
        time.tzset()

    def move(self, zone: str) -> None:
        """The computer is in this time zone; the C library has not looked yet."""
        self._patch.setenv("TZ", zone)

    def end(self) -> None:
        """Be back at home."""
        self._patch.undo()
        time.tzset()


@pytest.fixture
def journey() -> Iterator[Journey]:
    """One that begins in the east."""
    journey = Journey(pytest.MonkeyPatch())
    journey.begin(EAST)
    yield journey
    journey.end()
