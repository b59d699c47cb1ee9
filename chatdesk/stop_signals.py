"""Ends in order: what is open is closed, and what is half done taken away, however the program is told to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TYPE_CHECKING = False  # this is the first that the program loads, and has to be there at once
if TYPE_CHECKING:
    import asyncio
    from types import FrameType

EXIT_STOPPED = 130
"""What a shell makes of Ctrl-C."""
_TERMINATION_SIGNALS = ("SIGTERM", "SIGHUP")
"""Beside Ctrl-C; the second one is what a closed terminal sends, where there are such."""


def exit_on_ctrl_c() -> None:
    """Let Ctrl-C end the program without a word from now on: there is nothing to tidy up. Where ignored, it stays so.

    KeyboardInterrupt would show where it has come, or be taken for a module that is missing.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit)


@contextmanager
def exiting_on_ctrl_c() -> Iterator[None]:
    """The same for a while, such as while modules are loaded."""
    before = signal.getsignal(signal.SIGINT)
    exit_on_ctrl_c()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def signals_as_ctrl_c() -> Iterator[None]:
    """Let what tells the program to end raise KeyboardInterrupt, as Ctrl-C does."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _termination_signals()}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def stop_on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call ``stop`` on Ctrl-C, and on what else tells the program to end."""
    for number in (signal.SIGINT, *_termination_signals()):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows: its loop has no signal handlers
            signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(stop))


def _exit(_number: int, _frame: FrameType | None) -> None:
    os._exit(EXIT_STOPPED)


def _termination_signals() -> list[signal.Signals]:
    """Who starts a program under nohup wants it to outlive the terminal: what is ignored at the start stays so."""
    known = [signal.Signals[name] for name in _TERMINATION_SIGNALS if name in signal.Signals.__members__]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
