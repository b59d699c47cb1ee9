"""Tells a process that hangs from one that only does not get to work, because the machine is busy or was asleep."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

LOOK_SECONDS = 1.0
"""Between two looks at a process, which shows as often that it is at work."""
HANGS_SECONDS = 10.0
"""Of doing nothing, until a process is ended: so its people are back before others see them leave, after 15."""
_LATE_SECONDS = 2.0
"""After a longer time between two looks the one that looks was held up, too: all were stopped, or the machine was."""
_AT_DISK, _TRACED, _RUNS = "D", "t", "R"
_NANO = 1e-9


class Thread(NamedTuple):
    """What the system says of a thread: its state, as ps shows it, and for how many seconds it has had a processor,
    and has waited for one, since it began. What it waits for just now is not in that yet.
    """

    state: str
    ran: float
    waited: float


class Watch:
    """Watches a process, and those that take its place, each from its first beat on.

    ``look`` returns the threads of the one that is there, by their numbers.
    """

    def __init__(self, look: Callable[[], Mapping[int, Thread]]) -> None:
        self._look = look
        self._at, self._beat = 0.0, 0
        self._threads: Mapping[int, Thread] = {}
        self._idle = 0.0

    def hangs(self, at: float, beat: int) -> bool:
        """Whether it has done nothing for too long, by this look and all before it; then it is given as long again.

        ``at`` is the time of a monotonic clock, and ``beat`` what it has shown last. What it waits for a processor does
        not count, nor what it waits for the disk, for which another one would wait, too, nor what a debugger holds it.
        """
        seconds, self._at = at - self._at, at
        if not beat or beat != self._beat:
            self._beat, self._threads, self._idle = beat, {}, 0.0
            return False
        before, self._threads = self._threads, self._look()
        if seconds <= _LATE_SECONDS:
            held_up = (_held_up(before[tid], now, seconds) for tid, now in self._threads.items() if tid in before)
            self._idle += max(0.0, seconds - max(held_up, default=seconds))
        if self._idle < HANGS_SECONDS:
            return False
        self._idle = 0.0
        return True


def _held_up(before: Thread, now: Thread, seconds: float) -> float:
    """How long of these seconds a thread was held up; any may be the one for which the loop waits."""
    if now.state in (_AT_DISK, _TRACED):
        return seconds
    return seconds - (now.ran - before.ran) if now.state == _RUNS else now.waited - before.waited


def threads_of(pid: int) -> dict[int, Thread]:
    """Return the threads of a process by their numbers; none where it has ended, or the system does not tell."""
    threads = dict[int, Thread]()
    with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended, or a thread has
        for task in Path(f"/proc/{pid}/task").iterdir():
            state = (task / "stat").read_text().rpartition(")")[2].split()[0]
            ran, waited, *_ = map(int, (task / "schedstat").read_text().split())
            threads[int(task.name)] = Thread(state, ran * _NANO, waited * _NANO)
    return threads
