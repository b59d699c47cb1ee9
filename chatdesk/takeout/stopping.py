"""Ends in order: what is half done is taken away, however the program is told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = ("SIGTERM", "SIGHUP")
"""Beside Ctrl-C; the second one is what a closed terminal sends, where there are such."""


@contextmanager
def as_ctrl_c() -> Iterator[None]:
    """Let these signals raise KeyboardInterrupt, as Ctrl-C does."""
    numbers = [signal.Signals[name] for name in _SIGNALS if name in signal.Signals.__members__]
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
