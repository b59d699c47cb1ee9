"""Sets up logging: a file that only its owner can read, and stderr.

The log tells what happened and where in the program, but contains no messages and no tokens of people.
"""

import asyncio
import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from chatdesk.config import ConfigError
from chatdesk.paths import log_file, make_private
from chatdesk.time_zone import update_time_zone

FILE_BYTES, OLD_FILES = 1_000_000, 4
"""Together 5 MB: weeks of work, and small enough to send by mail."""

FAULT = "ChatDesk has met a fault of its own."

FAULT_NOTICE = "Something went wrong inside ChatDesk. If it goes on, please restart it: its log says more."

_NOTICE_INTERVAL_SECONDS = 60
"""So that a fault in each message does not cover the window with notices."""
logger = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(process)d%(role)s %(levelname)s %(name)s: %(message)s"
_TOKEN_LIKE = re.compile(r"[0-9a-fA-F]{16,}(?:\.[0-9a-fA-F]{16,})*|eyJ[\w-]{8,}(?:\.[\w-]+)*|(?<=/hooks/)[\w-]+")
"""What the chat's own tokens, JWTs and addresses of hooks look like; the log file has "…" in their place."""


def start() -> None:
    """Start logging, uncaught exceptions included. Warnings and errors go to stderr, too, each as one line."""
    root = logging.getLogger()
    file = _log_file()
    if file:
        root.addHandler(file)
    if sys.stderr:  # a windowed program on Windows has none
        stderr = logging.StreamHandler(sys.stderr)
        stderr.setLevel(logging.WARNING)
        stderr.setFormatter(_ConsoleFormatter(file))
        root.addHandler(stderr)
    logging.getLogger("chatdesk").setLevel(logging.INFO)
    sys.excepthook = _on_exception
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_thread_exception


def use_json() -> None:
    """Write to stderr what goes into the file, as one JSON object a line, for programs that collect logs."""
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler and handler.stream is sys.stderr:
            handler.setLevel(logging.NOTSET)
            handler.setFormatter(_JsonFormatter())


def watch_loop(loop: asyncio.AbstractEventLoop, notify: Callable[[str], None] | None = None) -> None:
    """Log exceptions on the loop that nobody awaits; call ``notify`` with a sentence for the person after any fault.

    asyncio's own handler would log the arguments of the failed call, too, which may be somebody's message.
    """
    loop.set_exception_handler(_on_loop_exception)
    if notify:
        logging.getLogger().addHandler(_FaultNotifier(loop, notify))


class LogFile(RotatingFileHandler):
    """The log file and older ones. It is created with the first line; ``problem`` says why if it cannot be written."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)
        self.problem = ""
        self.setFormatter(_FileFormatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        make_private(Path(self.baseFilename).parent)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        """Whether the file is full. Checks the file on disk: another ChatDesk may have written to it, or rotated it."""
        if self.stream and _is_at(self.stream, self.baseFilename):
            self.stream.seek(0, os.SEEK_END)
        elif self.stream:
            self.stream.close()
            self.stream = None
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:
        """Start a new file. If the old one cannot be renamed, as on Windows while others write to it, it is emptied."""
        try:
            super().doRollover()
        except OSError:
            os.truncate(self.baseFilename, 0)

    def handleError(self, record: logging.LogRecord) -> None:
        """Warn once if the disk cannot be written, instead of printing a traceback for each line."""
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


def _without_tokens(text: str) -> str:
    return _TOKEN_LIKE.sub("…", text)


def _role(record: logging.LogRecord) -> str:
    """Which of several processes of a chat has written it, such as ``worker 2``; empty where there is one."""
    return "" if record.processName in (None, "MainProcess") else str(record.processName)


class _FileFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.role = f" {role}" if (role := _role(record)) else ""
        return _without_tokens(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Local time with its offset: a log may cover several time zones if the computer moves."""
        update_time_zone()
        return datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")


class _JsonFormatter(logging.Formatter):
    """``time`` is in UTC, and ``exception`` has the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": _without_tokens(record.getMessage()),
        }
        if role := _role(record):
            line["role"] = role
        if record.exc_info:
            line["exception"] = _without_tokens(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class _ConsoleFormatter(logging.Formatter):
    """One line for a person, which names the log file for the rest; the whole record if there is no log file."""

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
    """Calls ``notify`` after unexpected faults, once a minute at most: it might cause the next one itself."""

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
    except ConfigError:  # the system has no folder for it
        return None


def _on_exception(exc_type: type[BaseException], exc: BaseException, traceback: TracebackType | None) -> None:
    if not issubclass(exc_type, KeyboardInterrupt):  # not a fault
        logger.critical(FAULT, exc_info=(exc_type, exc, traceback))


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
