"""``python -m tests.e2e.watched join …``: the unchanged program, with a record of how long its window was blocked.

A timer in the window's loop measures every few milliseconds how much processor time the window's thread has used since
the last measurement; meanwhile nothing is drawn and no key is handled. Processor time is used so that other programs on
the machine do not matter. They still share its caches and cores, and some machines are slower than others, so a fixed
piece of work is measured as well. On SIGUSR1 the window prints the longest stretch and how slow the machine is as one
line of JSON, and starts over.
"""

import json
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QTimer

from chatdesk.cli import run
from chatdesk.desktop import application

_EVERY_MILLISECONDS = 5  # a fraction of the 100 ms that the window may be busy
_YARDSTICK = json.dumps([{"nickname": f"Guest {number}", "status": "online"} for number in range(4_000)])
_MEASURES = 4
_SECONDS_FOR_IT = 0.0013
"""Processor time to decode it once, on a machine of 2026 that does nothing else."""


class Watch:
    """Records the longest stretch of work, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._before = time.thread_time()
        self._timer = QTimer(interval=_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._note)
        self._timer.start()
        signal.signal(signal.SIGUSR1, self._tell)

    def _note(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._before)
        self._before = now

    def _tell(self, _number: int, _frame: FrameType | None) -> None:
        work = time.thread_time()
        said = {"longest": self.longest, "megabytes": _resident() / 1e6, "work": work, "slowness": _slowness()}
        print(json.dumps(said), flush=True)
        self.longest = 0.0
        self._before += time.thread_time() - work


def _slowness() -> float:
    """Return how many times as long as on an idle machine of 2026 this one takes now for the same work, at least 1."""
    before = time.thread_time()
    for _ in range(_MEASURES):
        json.loads(_YARDSTICK)
    return max(1.0, (time.thread_time() - before) / _MEASURES / _SECONDS_FOR_IT)


def _resident() -> int:
    """Return the resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class WatchedApplication(application.Application):
    """The application, measured from its start."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.watch = Watch()


def main() -> None:
    """Run the program with the process's arguments."""
    application.Application = WatchedApplication  # type: ignore[misc]
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
