"""How far it is, for who watches a terminal."""

import time
from types import TracebackType
from typing import Self, TextIO

_INTERVAL_SECONDS = 0.1
_SURE_AFTER_SECONDS = 1.0
_MINUTES_FROM_SECONDS = 100


class Progress:
    """A line such as ``62 %, 4 s left`` that is gone at the end; nothing where ``stream`` is no terminal."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = max(total, 1)
        self._stream = stream
        self._shown = stream.isatty()
        self._start = self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.show("")

    def update(self, done: int) -> None:
        """So much of the total is done."""
        now = time.monotonic()
        if now - self._last >= _INTERVAL_SECONDS:
            self._last = now
            self.show(f"{percent(done, self._total)} %{time_left(done, self._total, now - self._start)}")

    def show(self, words: str) -> None:
        """Let the line be this."""
        if not self._shown:
            return
        try:
            self._stream.write(f"\r{words}\x1b[K")
            self._stream.flush()
        except OSError:  # the terminal is gone
            self._shown = False


def percent(done: int, total: int) -> int:
    """100 only when all is done."""
    return min(done * 100 // total, 100)


def time_left(done: int, total: int, elapsed: float) -> str:
    """``, 4 s left``; nothing while that is anybody's guess."""
    if elapsed < _SURE_AFTER_SECONDS or not 0 < done < total:
        return ""
    seconds = elapsed * (total - done) / done
    return f", {seconds:.0f} s left" if seconds < _MINUTES_FROM_SECONDS else f", {seconds / 60:.0f} min left"
