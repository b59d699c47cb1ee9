"""What can be wrong with the disk, in sentences that say what to do.

LogError
 +-- StoreError
"""

import shutil
import sqlite3
from pathlib import Path

from chatdesk.log.room_log import LogError, Problem

_NEARLY_NOTHING = 1024 * 1024
_AND_THEN = "Messages that wait then go out by themselves."

_SENTENCES = {
    "full": f"The host's disk is full, so nothing new can be kept: free some space on it. {_AND_THEN}",
    "readonly": f"The host may not write into its data folder: make the folder writable again. {_AND_THEN}",
    "locked": f"Another program holds the host's history locked: close that program. {_AND_THEN}",
    "damaged": "The host's history is damaged. It is put aside, and a new one begins.",
    "failed": f"The host's disk does not work as it should: look after it, or restart the host. {_AND_THEN}",
}
_WORDS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_CANTOPEN: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}

FAULT = Problem("failed", "ChatDesk can keep nothing any more, by a fault of its own: restart the host.")


class StoreError(LogError):
    """The log of a folder cannot be opened."""


def explain(error: sqlite3.Error, folder: Path) -> Problem:
    """What an error of SQLite means to people."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest of it tells details
    word = _WORDS.get(code, "failed")
    if word in ("failed", "readonly") and _is_full(folder):
        word = "full"  # SQLite reports some full disks as a failed write, or as a file that cannot be made
    return Problem(word, _SENTENCES[word])


def cannot_open(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    """Why the folder's log cannot be opened."""
    if isinstance(error, OSError):
        reason = (error.strerror or str(error)).lower()
        sentence = f"ChatDesk cannot use the folder {folder} ({reason}): choose another with --data-dir."
        return StoreError(Problem("readonly", sentence))
    word = explain(error, folder).word
    sentence = {
        "full": f"The disk with the folder {folder} is full: free some space, or choose another with --data-dir.",
        "readonly": f"ChatDesk may not write into the folder {folder}: choose another with --data-dir.",
        "locked": f"Another program holds the history in {folder} locked: close it, or choose another with --data-dir.",
    }.get(word, f"ChatDesk cannot read the history in {folder} ({error}): choose another folder with --data-dir.")
    return StoreError(Problem(word, sentence))


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NEARLY_NOTHING
    except OSError:
        return False
