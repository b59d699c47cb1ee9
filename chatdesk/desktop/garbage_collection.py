"""Garbage collection in the window's thread only.

Python collects garbage in whichever thread happens to allocate memory, such as the log's writer. Garbage may include
widgets, and these must be destroyed in the thread that made them.
"""

import gc
from types import TracebackType
from typing import Self

from PySide6.QtCore import QTimer

_INTERVAL_MS = 100
"""How often the thresholds are checked, which costs microseconds. What a busy chat allocates in a second takes 6 ms to
traverse, a third of a frame; in a tenth of it, under a millisecond."""
_YOUNG, _MIDDLE = 2, 100
"""Collections of a generation before the next one is collected, which has all that survived these. With Python's own 10
that is a pause of 26 ms while thousands join, and with these a third of it; the oldest is collected as rarely."""


class MainThreadCollection:
    """While the context lasts, collects garbage between events, each generation when it has reached its threshold."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=_INTERVAL_MS)
        self._timer.timeout.connect(collect)
        self._thresholds = gc.get_threshold()

    def __enter__(self) -> Self:
        gc.disable()
        gc.set_threshold(self._thresholds[0], _YOUNG, _MIDDLE)
        gc.collect()
        gc.freeze()  # modules and classes are never garbage: do not traverse them again
        self._timer.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
        gc.enable()


def collect() -> None:
    """Collect the oldest generation that has reached its threshold, if any."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = (age for age in (2, 1, 0) if counts[age] > thresholds[age] > 0)
    if (age := next(due, None)) is not None:
        gc.collect(age)
