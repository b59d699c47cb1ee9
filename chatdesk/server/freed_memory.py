"""Gives memory back to the system after many connections have closed."""

import ctypes
import sys
from collections.abc import Callable

_CLOSED_CONNECTIONS = 50
"""Fewer leave a few hundred kilobytes."""


class FreedMemory:
    """Counts closed connections, also those that never came further than a TLS handshake or a page.

    glibc keeps what they have freed below anything that is still in use.
    """

    def __init__(self) -> None:
        self._closed = 0
        self._trim = _malloc_trim()

    def connection_closed(self) -> None:
        """A connection is closed."""
        self._closed += 1

    def give_back(self) -> None:
        """Give back what is free, if many have closed since the last time; it takes one or two milliseconds."""
        if self._trim and self._closed >= _CLOSED_CONNECTIONS:
            self._closed = 0
            self._trim(0)


def _malloc_trim() -> Callable[[int], int] | None:
    """glibc's function; None with any other C library."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
