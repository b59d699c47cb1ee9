"""Shows progress in a terminal."""

import time
from types import TracebackType
from typing import Self, TextIO

_INTERVAL_SECONDS = 0.1
"""Between two updates: smooth for the eye, and cheap."""
_SURE_AFTER_SECONDS = 1.0
"""Before that, the time left is a guess and not shown."""
_MINUTES_FROM_SECONDS = 100
"""Longer times are shown in minutes: nobody counts seconds then."""


class Progress:
    """A line such as ``62 %, 4 s left``, which is erased at the end; shows nothing if ``stream`` is not a terminal."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = max(total, 1)
        self._stream = stream
        self._shown = stream.isatty()
        self._start = self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.show("")

    def update(self, done: int) -> None:
        """Show that ``done`` of the total is done."""
        now = time.monotonic()
        if now - self._last >= _INTERVAL_SECONDS:
            self._last = now
            self.show(f"{percent(done, self._total)} %{time_left(done, self._total, now - self._start)}")

    def show(self, text: str) -> None:
        """Show these words in place of the line."""
        if not self._shown:
            return
        try:
            self._stream.write(f"\r{text}\x1b[K")
            self._stream.flush()
        except OSError:  # the terminal is gone
            self._shown = False


def percent(done: int, total: int) -> int:
    """Return the percentage, rounded down: 100 only when all is done."""
    return min(done * 100 // total, 100)


def time_left(done: int, total: int, elapsed: float) -> str:
    """Return words such as ``, 4 s left``; empty while the time cannot be estimated."""
    if elapsed < _SURE_AFTER_SECONDS or not 0 < done < total:
        return ""
    seconds = elapsed * (total - done) / done
    return f", {seconds:.0f} s left" if seconds < _MINUTES_FROM_SECONDS else f", {seconds / 60:.0f} min left"
