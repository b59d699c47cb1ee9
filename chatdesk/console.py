"""What is printed for people and scripts; that nobody can read it is no reason to end a chat."""

import contextlib
import logging
import os
import sys
from typing import TextIO

logger = logging.getLogger(__name__)


def print_line(line: str) -> None:
    """Print it at once, in letters that the terminal knows. Where nobody reads any more, nothing more is printed."""
    if sys.stdout is None:  # a program with a window, on Windows
        return
    write_and_flush(sys.stdout, line.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding) + "\n")


def write_and_flush(out: TextIO, text: str) -> None:
    """Write text that ``out`` knows the letters of, at once. Where nobody reads any more, nothing more is written."""
    try:
        out.write(text)
        out.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # for what is left in the buffer
        if not isinstance(error, BrokenPipeError):
            logger.warning("ChatDesk cannot print (%s).", (error.strerror or str(error)).lower())


def print_stderr(line: str) -> None:
    """Print it for people alone, beside what is the program's answer. The terminal may be gone."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def open_standard_streams() -> None:
    """Let no file of ours take the place of a standard stream that is closed: libuv ends a program where one does."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
