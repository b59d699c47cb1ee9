"""What can be wrong with the disk, in sentences that say what to do.

LogError
 +-- StoreError
 +-- GoneError
"""

import errno
import logging
import os
import shutil
import sqlite3
from pathlib import Path

from chatdesk.log.room_log import LogError, Problem

logger = logging.getLogger(__name__)
_NEARLY_NOTHING = 1024 * 1024
_AND_THEN = "Messages that wait then go out by themselves."

_SENTENCES = {
    "full": f"The host's disk is full, so nothing new can be kept: whoever hosts must free some space. {_AND_THEN}",
    "readonly": f"The host may not write into its data folder: whoever hosts must make it writable again. {_AND_THEN}",
    "locked": f"Another program holds the host's history locked: whoever hosts must close that program. {_AND_THEN}",
    "damaged": f"The host's history is damaged. What can be read of it is saved, which may take a while. {_AND_THEN}",
    "failed": f"The host's disk does not work as it should: whoever hosts must look after it. {_AND_THEN}",
}
_GONE = Problem(
    "failed",
    f"The host's data folder, or what was in it, has gone: whoever hosts must put it back. {_AND_THEN}",
)
_FAULT = Problem(
    "failed", f"ChatDesk has met a fault of its own. It tries again; where it goes on, restart the host. {_AND_THEN}"
)
_WORDS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CONSTRAINT: "damaged",
}
_ERRNO_WORDS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
}


class StoreError(LogError):
    """The log of a folder cannot be opened."""


class GoneError(LogError):
    """The file is not in its folder any more: whatever is written into it goes with it."""

    def __init__(self) -> None:
        super().__init__(_GONE)


def explain(error: Exception, folder: Path) -> Problem:
    """What an error means to people. One that neither disk nor file is to blame for goes to the program's log, too."""
    if isinstance(error, LogError):
        return error.problem
    if not isinstance(error, (sqlite3.Error, OSError)):
        logger.error("A fault of the program in the log.", exc_info=error)
        return _FAULT
    if not folder.is_dir():
        return _GONE
    word = _word(error, folder)
    return Problem(word, _SENTENCES[word])


def cannot_open(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    """Why the folder's log cannot be opened."""
    if isinstance(error, OSError):
        reason = (error.strerror or str(error)).lower()
        sentence = f"ChatDesk cannot use the folder {folder} ({reason}): choose another with --data-dir."
        return StoreError(Problem("readonly", sentence))
    word = _word(error, folder)
    sentence = {
        "full": f"The disk with the folder {folder} is full: free some space, or choose another with --data-dir.",
        "readonly": f"ChatDesk may not write into the folder {folder}: choose another with --data-dir.",
        "locked": f"Another program holds the history in {folder} locked: close it, or choose another with --data-dir.",
    }.get(word, f"ChatDesk cannot read the history in {folder} ({error}): choose another folder with --data-dir.")
    return StoreError(Problem(word, sentence))


def _word(error: sqlite3.Error | OSError, folder: Path) -> str:
    if isinstance(error, OSError):
        return _ERRNO_WORDS.get(error.errno or 0, "failed")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest of it tells details
    word = _WORDS.get(code, "failed")
    if word in ("failed", "readonly") and _is_full(folder):
        return "full"  # SQLite reports some full disks as a failed write, or as a file that cannot be made
    if word == "failed" and not os.access(folder, os.W_OK):
        return "readonly"  # and so it does with a disk that may not be written to any more
    return word


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NEARLY_NOTHING
    except OSError:
        return False
