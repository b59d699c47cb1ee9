"""``python -m tests.bench.window_markup``: how long the window lays out and paints 200 messages, plain and with markup.

The view is so high that it shows all of them at once. A screen asks for a picture every 16 ms. Processor time is
measured, so that other programs on the machine do not matter.
"""

import os
import time
from collections.abc import Callable
from statistics import median

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # Qt reads it on first use

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from chatdesk.client.state import ChatState
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol.events import History, Limits, Message, ServerInfo, Welcome
from chatdesk.protocol.markup import CodeSpan, Link, Paragraph, Strong

FRAME_MS = 16
_ROWS, _REPEATED = 200, 7
_FIRST = 2
"""First pictures, of which the quicker one counts: something else may take the processor's caches once."""
_WORDS = "Bench {}: the left motor in drive() spins backwards, see the wiring."


def measure(app: QApplication, *, marked: bool, times: int = 1) -> dict[str, float]:
    """Return the milliseconds of processor time of laying out all rows, of the first picture and of each further one.

    ``times`` is how often each message says the same: five lines are four times.
    """
    state = ChatState("Mara")
    limits, server = Limits(65536, 8000, 32, 50, 0), ServerInfo("Bench", "", "")
    state.apply(Welcome(1, "epoch", "Mara", "token", "lobby", 1, limits, server), 0.0)
    said = [_message(seq, times, marked=marked) for seq in range(1, _ROWS + 1)]
    state.apply(History("lobby", "epoch", said, False, 1, _ROWS), 0.0)
    view = TimelineView(Theme(app, "light"), TimelineModel(state))
    view.resize(QSize(920, 100))
    view.show()
    while view._timeline.load_older():
        pass
    laying_out = min(_milliseconds(view._relayout) for _ in range(_REPEATED))
    view.resize(QSize(920, view.row_heights.total + 20))
    app.processEvents()
    first = min(_first_picture(view) for _ in range(_FIRST))
    further = median(_milliseconds(view.viewport().repaint) for _ in range(_REPEATED))
    view.deleteLater()
    return {"lay out": laying_out, "first picture": first, "further pictures": further}


def _first_picture(view: TimelineView) -> float:
    view._relayout()  # forgets the pictures of the rows
    return _milliseconds(view.viewport().repaint)


def _message(seq: int, times: int, *, marked: bool) -> Message:
    words = " ".join([_WORDS.format(seq)] * times)
    link = Link("https://example.com/bench/4", ("the wiring",))
    pieces = (
        f"Bench {seq}: the ",
        Strong(("left motor",)),
        " in ",
        CodeSpan("drive()"),
        " spins backwards, see ",
        link,
        ". ",
    )
    body = (Paragraph(pieces * times),) if marked else None
    return Message("Kit", words, "2026-11-24T10:24:00Z", "lobby", seq, body=body)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1000


def main() -> None:
    """Measure, and print a line for each kind of rows."""
    app = QApplication([])
    for kind, marked, times in (("plain", False, 1), ("of five lines with markup", True, 4), ("with markup", True, 1)):
        figures = measure(app, marked=marked, times=times)
        print(f"{_ROWS} rows {kind}: " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in figures.items()))
    held = "held" if figures["further pictures"] <= FRAME_MS else "missed"
    print(f"at most {FRAME_MS} ms wanted for a picture of rows with markup: {held}")


if __name__ == "__main__":
    main()
