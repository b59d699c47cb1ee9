"""Writes Qt's messages to the log, and ends the process in order when Qt would abort it.

Qt aborts when it cannot open a window, and ends the process at once when the display of an open window is gone.
"""

import logging
import os
import re
import sys
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, Self

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from chatdesk.desktop.lost_display import outlive_display

logger = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
}
_DISPLAY_LOST = re.compile(r"The (X11|Wayland) connection (broke|experienced a fatal error)")
_RECONNECT_VARIABLE = "QT_WAYLAND_RECONNECT"
"""Set by desktops such as KDE that restart a crashed compositor: Qt then waits for it."""
_DISPLAY_LOST_SENTENCE = (
    "The display has gone away, so ChatDesk has ended. What was said is kept: start it again on another one."
)
_EXIT_NO_WINDOW, _EXIT_DISPLAY_LOST = 2, 1
"""2 as for wrong arguments, since another start can avoid it; 1 for a failure while running."""


class QtMessages:
    """Handles Qt's messages while the context lasts. ``display_lost`` is called before the process ends for it."""

    def __init__(self) -> None:
        self.display_lost: Callable[[], None] | None = None
        self._before: list[str] = []

    def __enter__(self) -> Self:
        qInstallMessageHandler(self._handle)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        qInstallMessageHandler(None)

    def _handle(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if self.display_lost and _DISPLAY_LOST.match(message) and not os.environ.get(_RECONNECT_VARIABLE):
            outlive_display()
            self.display_lost()
            _exit_process(_DISPLAY_LOST_SENTENCE, _EXIT_DISPLAY_LOST)
        if kind == QtMsgType.QtFatalMsg:
            logger.info("Qt: %s", message)
            _exit_process(_cannot_open(), _EXIT_NO_WINDOW)
        category = context.category or "Qt"
        logger.log(min(_LEVELS[kind], self._max_level(category, message)), "%s: %s", category, message)

    def _max_level(self, category: str, message: str) -> int:
        """Return the highest log level of a message: nobody can act on those about readers and platform plugins."""
        if category.startswith("qt.accessibility") or message.startswith(("QSpi", "WARNING QAccessible")):
            return logging.DEBUG  # a reader asks for objects that are gone, thousands of times, or that float on a list
        return logging.INFO if category.startswith("qt.qpa") or not self.display_lost else logging.ERROR


def _cannot_open() -> str:
    chosen = os.environ.get("QT_QPA_PLATFORM")
    where = f" with QT_QPA_PLATFORM={chosen}: unset that variable" if chosen else " here: the log says why"
    return f"Qt cannot open a window{where}. To host without a window: chatdesk serve."


def _exit_process(sentence: str, code: int) -> NoReturn:
    """End the process without returning to Qt, and without Python's own shutdown in the middle of a Qt call."""
    logger.error(sentence)
    for stream in (sys.stdout, sys.stderr):
        if stream:
            stream.flush()
    os._exit(code)
