"""What the program writes down of its own work, for who finds out what went wrong: a file that only its owner reads.

It holds what happened and where in the program, but nothing that was said, and nobody's token.
"""

import asyncio
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from chatdesk.config import ConfigError
from chatdesk.paths import log_file, make_private
from chatdesk.time_zone import update_time_zone

FILE_BYTES = 1_000_000
OLD_FILES = 4

FAULT = "ChatDesk has met a fault of its own."

FAULT_NOTICE = "Something went wrong inside ChatDesk. If it goes on, please restart it: its log says more."

_NOTICE_INTERVAL_SECONDS = 60
logger = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
_TOKEN_LIKE = re.compile(r"[0-9a-fA-F]{16,}(?:\.[0-9a-fA-F]{16,})*")
"""What tokens are made of."""


def start() -> None:
    """Write the log from now on, faults that nobody expected included. Warnings go to stderr, too, each as one line."""
    root = logging.getLogger()
    file = _log_file()
    if file:
        root.addHandler(file)
    if sys.stderr:  # a window's program has none on Windows
        stderr = logging.StreamHandler(sys.stderr)
        stderr.setLevel(logging.WARNING)
        stderr.setFormatter(_ConsoleFormatter(file))
        root.addHandler(stderr)
    logging.getLogger("chatdesk").setLevel(logging.INFO)
    sys.excepthook = _on_exception
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_thread_exception


def watch_loop(loop: asyncio.AbstractEventLoop, notify: Callable[[str], None] | None = None) -> None:
    """Write down what goes wrong on a loop and nobody waits for. ``say`` tells the person, of any fault.

    asyncio itself would tell the arguments of what failed, too: these may be somebody's words.
    """
    loop.set_exception_handler(_on_loop_exception)
    if notify:
        logging.getLogger().addHandler(_FaultNotifier(loop, notify))


class LogFile(RotatingFileHandler):
    """The file and its predecessors. It comes into being with the first line; where it cannot, ``problem`` says why."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)
        self.problem = ""
        self.setFormatter(_FileFormatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        make_private(Path(self.baseFilename).parent)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        """Whether the line would be too much; another ChatDesk may have written meanwhile, or put the file aside."""
        if self.stream and _is_at(self.stream, self.baseFilename):
            self.stream.seek(0, os.SEEK_END)
        elif self.stream:
            self.stream.close()
            self.stream = None
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:
        """Begin a new file. The old one is lost where it cannot be put aside: Windows forbids it while others write."""
        try:
            super().doRollover()
        except OSError:
            os.truncate(self.baseFilename, 0)

    def handleError(self, record: logging.LogRecord) -> None:
        """A disk that takes nothing is no reason to stop, nor to show a traceback."""
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self.problem:
            self.problem = (error.strerror or str(error)).lower()
            logger.warning("ChatDesk cannot write its log %s (%s): it does without.", self.baseFilename, self.problem)


def _is_at(stream: TextIOWrapper, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))  # noqa: PTH116 - Path has no such question
    except FileNotFoundError:
        return False


class _FileFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN_LIKE.sub("…", super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The time here, and by how much that is ahead: a computer on the move has several clocks in one log."""
        update_time_zone()
        return datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")


class _ConsoleFormatter(logging.Formatter):
    """One line for a person, with the place where the rest of it stands; all of it where there is no such place."""

    def __init__(self, file: LogFile | None) -> None:
        super().__init__()
        self._file = file

    def format(self, record: logging.LogRecord) -> str:
        if self._file is None or self._file.problem:
            return super().format(record)
        if not record.exc_info:
            return record.getMessage()
        return f"{record.getMessage().rstrip('.')}: {self._file.baseFilename} says more."


class _FaultNotifier(logging.Handler):
    """Tells of faults that nobody expected, wherever they come from; not of each, for to tell may be at fault."""

    def __init__(self, loop: asyncio.AbstractEventLoop, notify: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._loop, self._notify = loop, notify
        self._quiet_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        if record.name == __name__ and now >= self._quiet_until and not self._loop.is_closed():
            self._quiet_until = now + _NOTICE_INTERVAL_SECONDS
            self._loop.call_soon_threadsafe(self._notify, FAULT_NOTICE)


def _log_file() -> LogFile | None:
    try:
        return LogFile(log_file())
    except ConfigError:  # the system has no place for it
        return None


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):  # whoever pressed Ctrl-C knows
        logger.critical(FAULT, exc_info=(kind, error, trace))


def _on_thread_exception(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value:
        logger.critical(FAULT, exc_info=failed.exc_value)


def _on_unraisable(failed: Any) -> None:
    logger.error(FAULT, exc_info=failed.exc_value)


def _on_loop_exception(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if error := context.get("exception"):
        logger.error(FAULT, exc_info=error)
    else:
        logger.error("%s (%s)", FAULT, context["message"])
