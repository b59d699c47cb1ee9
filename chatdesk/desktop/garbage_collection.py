"""Garbage collection in the window's thread only.

Python collects garbage in whichever thread happens to allocate memory, such as the log's writer. Garbage may include
widgets, and these must be destroyed in the thread that made them.
"""

import gc
from types import TracebackType
from typing import Self

from PySide6.QtCore import QTimer

_INTERVAL_MS = 250
"""How often the thresholds are checked, which costs microseconds. What a busy chat allocates in a second takes 6 ms to
traverse, a third of a frame; in a quarter of it, under 2 ms."""


class MainThreadCollection:
    """While the context lasts, collects garbage between events, by Python's own thresholds for each generation."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=_INTERVAL_MS)
        self._timer.timeout.connect(collect)

    def __enter__(self) -> Self:
        gc.disable()
        gc.collect()
        gc.freeze()  # modules and classes are never garbage: do not traverse them again
        self._timer.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def collect() -> None:
    """Collect the oldest generation that has reached its threshold, if any."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = (age for age in (2, 1, 0) if counts[age] > thresholds[age] > 0)
    if (age := next(due, None)) is not None:
        gc.collect(age)
