"""A clock that nobody sets, and that goes on while the machine sleeps."""

import time

_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""What goes on: Linux and macOS have names for it, on Windows it is Python's own monotonic clock."""


def boot_seconds() -> float:
    """Seconds since some moment in the past.

    ``time.monotonic`` stands still while a Linux machine or a Mac sleeps, so it cannot tell that it has.
    """
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
