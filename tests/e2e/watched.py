"""``python -m tests.e2e.watched join …``: the program as it is, and how long its window was busy at a stretch.

A timer of the window's own loop notes every few milliseconds how much the window's thread has worked since the note
before: while it works, nothing is drawn and no key is heard. It is time of the processor, so that other programs on the
machine do not count. The window says it in a line each time it is sent SIGUSR1, and begins again.
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

_EVERY_MILLISECONDS = 5


class Watch:
    """Notes the longest stretch of work, in seconds."""

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
        said = {"longest": self.longest, "megabytes": _resident() / 1e6, "work": time.thread_time()}
        print(json.dumps(said), flush=True)
        self.longest = 0.0


def _resident() -> int:
    """Bytes of memory in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class WatchedApplication(application.Application):
    """The application, watched from the beginning."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.watch = Watch()


def main() -> None:
    """Run the program with the process's arguments."""
    application.Application = WatchedApplication  # type: ignore[misc]
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
