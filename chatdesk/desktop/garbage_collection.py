"""Garbage is collected in the window's own thread, and nowhere else.

Python collects it in whichever thread happens to ask for memory, such as the one that writes the log; and what is
garbage may be a widget, which must not be taken apart anywhere but here.
"""

import gc
from types import TracebackType
from typing import Self

from PySide6.QtCore import QTimer

_INTERVAL_MS = 1000


class MainThreadCollection:
    """From entering to leaving it is collected between events; as seldom, by its age, as Python itself would."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=_INTERVAL_MS)
        self._timer.timeout.connect(collect)

    def __enter__(self) -> Self:
        gc.disable()
        gc.collect()
        gc.freeze()  # what the program itself is made of is no garbage: it need not be looked through again
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def collect() -> None:
    """Collect what is due."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = (age for age in (2, 1, 0) if counts[age] > thresholds[age] > 0)
    if (age := next(due, None)) is not None:
        gc.collect(age)
