"""Ctrl-C and the signals that end the program: at once while it loads, in order once something is open."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator

TYPE_CHECKING = False  # not from typing: this module is loaded first, and has to be quick
if TYPE_CHECKING:
    import asyncio
    from types import FrameType

EXIT_STOPPED = 130
"""The exit code that shells report after Ctrl-C."""
_TERMINATION_SIGNALS = ("SIGTERM", "SIGHUP")
"""Besides SIGINT. SIGHUP is sent when the terminal closes; Windows has none."""


def exit_on_ctrl_c() -> None:
    """Let Ctrl-C exit at once and silently from now on, as long as nothing has to be closed. Keeps it ignored if it is.

    A KeyboardInterrupt would print a traceback, or look like a failed import.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit)


@contextlib.contextmanager
def exiting_on_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C exit at once within the context, such as while modules are loaded."""
    before = signal.getsignal(signal.SIGINT)
    exit_on_ctrl_c()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def signals_as_ctrl_c() -> Iterator[None]:
    """Let the other signals raise KeyboardInterrupt within the context, as Ctrl-C does."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _termination_signals()}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def stop_on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], object]) -> None:
    """Call ``stop`` on Ctrl-C and on the other signals that end the program."""
    for number in (signal.SIGINT, *_termination_signals()):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # the loops of Windows have no signal handlers
            signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(stop))


def on_termination(loop: asyncio.AbstractEventLoop, act: Callable[[], object]) -> None:
    """Call ``act`` on SIGTERM, by which service managers end a program, in place of what was called before."""
    with contextlib.suppress(NotImplementedError):  # on Windows, where nobody sends it
        loop.add_signal_handler(signal.SIGTERM, act)


def reload_on_hangup(loop: asyncio.AbstractEventLoop, reload: Callable[[], object], stop: Callable[[], object]) -> None:
    """Call ``reload`` on SIGHUP, as services expect, where it would end the program otherwise.

    It still ends if its terminal has gone, for that sends the same signal. Windows has none.
    """
    had_terminal = _has_terminal()
    hangup = signal.Signals.__members__.get("SIGHUP")
    if hangup is not None:
        loop.add_signal_handler(hangup, lambda: stop() if had_terminal and not _has_terminal() else reload())


def _has_terminal() -> bool:
    """Whether the program belongs to a terminal that is still there."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _exit(_number: int, _frame: FrameType | None) -> None:
    os._exit(EXIT_STOPPED)


def _termination_signals() -> list[signal.Signals]:
    """The signals to handle. One that is ignored stays ignored: under nohup, the program outlives its terminal."""
    known = [signal.Signals[name] for name in _TERMINATION_SIGNALS if name in signal.Signals.__members__]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
