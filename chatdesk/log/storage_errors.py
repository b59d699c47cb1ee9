"""Errors of the log's storage, as stable codes and sentences that say what to do.

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

from chatdesk.log.room_log import LogError, StorageProblem

logger = logging.getLogger(__name__)
_FULL_BELOW_BYTES = 1024 * 1024
"""With less free space, a failed write counts as a full disk: SQLite needs room for its WAL and index."""
_RETRY = "Messages that wait then go out by themselves."

_SENTENCES = {
    "full": f"The host's disk is full, so nothing new can be kept: the host must free some space. {_RETRY}",
    "readonly": f"The host may not write into its data folder: the host must make it writable again. {_RETRY}",
    "locked": f"Another program holds the host's history locked: the host must close that program. {_RETRY}",
    "damaged": f"The host's history is damaged. What can be read of it is saved, which may take a while. {_RETRY}",
    "failed": f"The host's disk does not work as it should: the host must look after it. {_RETRY}",
}
_GONE = StorageProblem(
    "failed",
    f"The host's data folder, or what was in it, has gone: the host must put it back. {_RETRY}",
)
FAULT = StorageProblem(
    "failed",
    f"ChatDesk has met a fault of its own. It tries again; where it goes on, restart the host. {_RETRY}",
)
"""A fault of the program itself."""
_SQLITE_CODES = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CONSTRAINT: "damaged",
}
_ERRNO_CODES = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
}


class StoreError(LogError):
    """The log of a folder cannot be opened."""


class FileGoneError(LogError):
    """The file is no longer in its folder, so what is written to it would be lost."""

    def __init__(self) -> None:
        super().__init__(_GONE)


def explain(error: Exception, folder: Path) -> StorageProblem:
    """Return the problem that an error means; a fault of the program itself is logged, too."""
    if isinstance(error, LogError):
        return error.problem
    if not isinstance(error, (sqlite3.Error, OSError)):
        logger.error("A fault of the program in the log.", exc_info=error)
        return FAULT
    if not folder.is_dir():
        return _GONE
    code = _problem_code(error, folder)
    return StorageProblem(code, _SENTENCES[code])


def open_error(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    """Return the error that says why the folder's log cannot be opened."""
    if isinstance(error, OSError):
        reason = (error.strerror or str(error)).lower()
        sentence = f"ChatDesk cannot use the folder {folder} ({reason}): choose another with --data-dir."
        return StoreError(StorageProblem("readonly", sentence))
    code = _problem_code(error, folder)
    sentence = {
        "full": f"The disk with the folder {folder} is full: free some space, or choose another with --data-dir.",
        "readonly": f"ChatDesk may not write into the folder {folder}: choose another with --data-dir.",
        "locked": f"Another program holds the history in {folder} locked: close it, or choose another with --data-dir.",
    }.get(code, f"ChatDesk cannot read the history in {folder} ({error}): choose another folder with --data-dir.")
    return StoreError(StorageProblem(code, sentence))


def _problem_code(error: sqlite3.Error | OSError, folder: Path) -> str:
    if isinstance(error, OSError):
        return _ERRNO_CODES.get(error.errno or 0, "failed")
    sqlite_code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the upper bits are details
    code = _SQLITE_CODES.get(sqlite_code, "failed")
    if code in ("failed", "readonly") and _is_full(folder):
        return "full"  # SQLite reports some full disks as a failed write, or a file that cannot be created
    if code == "failed" and not os.access(folder, os.W_OK):
        return "readonly"  # and so it does with some read-only disks
    return code


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BELOW_BYTES
    except OSError:
        return False
