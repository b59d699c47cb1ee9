"""A clock that nobody sets, and that keeps running while the machine sleeps."""

import time

_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""Linux and macOS have names for it; on Windows Python's own monotonic clock keeps running."""


def boot_seconds() -> float:
    """Return seconds since some moment in the past.

    ``time.monotonic`` stops while a Linux machine or a Mac sleeps, so it cannot show that the machine slept.
    """
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
