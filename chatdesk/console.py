"""Printing for people and scripts. A terminal that is gone, or a full disk, is no reason to end a chat."""

import contextlib
import logging
import os
import sys
from typing import TextIO

logger = logging.getLogger(__name__)


def print_line(line: str) -> bool:
    """Print a line at once. Characters that the terminal's encoding lacks are escaped.

    Returns False if nobody can read it: then whatever is printed is dropped.
    """
    if sys.stdout is None:  # in a windowed program on Windows
        return False
    encoding = sys.stdout.encoding
    return write_and_flush(sys.stdout, line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def write_and_flush(out: TextIO, text: str) -> bool:
    """Write text that ``out`` can encode, at once.

    Returns False after an error, from which on whatever is written there is dropped.
    """
    try:
        out.write(text)
        out.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # so that the rest of the buffer causes no error
        if not isinstance(error, BrokenPipeError):
            logger.warning("ChatDesk cannot print (%s).", (error.strerror or str(error)).lower())
        return False
    return True


def print_stderr(line: str) -> None:
    """Print a line for people to stderr. Errors are ignored: the terminal may be gone."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def open_standard_streams() -> None:
    """Open closed standard streams on /dev/null, so that no file or socket gets their numbers: libuv would abort."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
