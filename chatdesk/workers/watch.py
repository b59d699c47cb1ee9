"""Tells a process that hangs from one that only does not get to work, because the machine is busy or was asleep."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

LOOK_SECONDS = 1.0
"""Between two looks at a process, which shows as often that it is at work."""
HANGS_SECONDS = 10.0
"""Of doing nothing, until a process is ended: so its people are back before others see them leave, after 15."""
_LATE_SECONDS = 2.0
"""After a longer time between two looks the one that looks was held up, too: all were stopped, or the machine was."""
_NANO = 1e-9


class Seen(NamedTuple):
    """A process at a moment of the monotonic clock: what it has shown last, and what the system says of its loop.

    ``waited`` is for how many seconds it has wanted a processor since it began and got none.
    """

    at: float
    beat: int
    waited: float
    at_disk: bool


class Watch:
    """Watches one process, from its first beat on."""

    def __init__(self) -> None:
        self._last: Seen | None = None
        self._idle = 0.0

    def hangs(self, seen: Seen) -> bool:
        """Whether it has done nothing for too long, by this look and all before it.

        What it waits for a processor does not count, nor what it waits for the disk: another one would wait for the
        same, and nothing ends a process that does.
        """
        last, self._last = self._last, seen
        if last is None or not seen.beat or seen.beat != last.beat or seen.at - last.at > _LATE_SECONDS:
            self._idle = 0.0
        elif not seen.at_disk:
            self._idle += max(0.0, seen.at - last.at - (seen.waited - last.waited))
        return self._idle >= HANGS_SECONDS


def look(pid: int, beat: int, at: float) -> Seen:
    """Return what the system says of the first thread of a process, which runs its loop."""
    state, waited = "", 0
    with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended, or the system does not count that
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        waited = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1])
    return Seen(at, beat, waited * _NANO, state == "D")
