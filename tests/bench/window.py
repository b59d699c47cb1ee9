"""``python -m tests.bench.window host …``: the unchanged program, with a record of when its timeline was painted.

The timeline requests a frame every 16 ms, as a screen would, and receives every message of the room. The times are
written to the file named by the variable BENCH_FRAMES.
"""

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent

from chatdesk.cli import run
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat import chat_screen
from chatdesk.desktop.widgets.timeline.view import TimelineView

_FRAME_MILLISECONDS = 16  # a screen of 60 Hz

painted: list[float] = []
"""In seconds of the monotonic clock."""


class WatchedTimeline(TimelineView):
    """The timeline, painted sixty times a second."""

    def __init__(self, theme: Theme, model: TimelineModel) -> None:
        super().__init__(theme, model)
        self._frames = QTimer(self, interval=_FRAME_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self.viewport().update)
        self._frames.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painted.append(time.monotonic())


def main() -> None:
    """Run the program with the process's arguments, then write the times of its frames."""
    chat_screen.TimelineView = WatchedTimeline  # type: ignore[misc]  # a class in place of a class
    code = run(sys.argv[1:])
    Path(os.environ["BENCH_FRAMES"]).write_text(json.dumps(painted))
    sys.exit(code)


if __name__ == "__main__":
    main()
