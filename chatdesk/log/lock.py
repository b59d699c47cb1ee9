"""A lock that lets one process at a time open a folder."""

import sqlite3
from pathlib import Path
from typing import Protocol

from chatdesk.log.room_log import StorageProblem
from chatdesk.log.storage_errors import StoreError, open_error

LOCK = "chat.lock"


class Lock(Protocol):
    """Keeps other processes out of a folder."""

    def reacquire_if_replaced(self) -> None:
        """Acquire the lock again if the folder was moved or deleted, so that its file is another one."""

    def close(self) -> None:
        """Release the lock."""


class HeldLock:
    """The lock of a folder that the process has which started this one; see ``Lock``."""

    def __init__(self, _folder: Path) -> None:
        """Nothing is to be acquired."""

    def reacquire_if_replaced(self) -> None:
        """See ``Lock``. A folder that was replaced is another chat, and its order does not fit."""

    def close(self) -> None:
        """See ``Lock``."""


class FolderLock:
    """Locks a folder for this process until ``close`` or the end of the process.

    It is SQLite's lock on an empty file, which works alike on every system and is not left behind by a crash. Raises
    StoreError if another process has it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._acquire()

    def reacquire_if_replaced(self) -> None:
        """See ``Lock``."""
        path = self._folder / LOCK
        if not path.exists() or path.stat().st_ino != self._inode:
            self.close()
            self._acquire()

    def close(self) -> None:
        """See ``Lock``."""
        self._db.close()

    def _acquire(self) -> None:
        self._db = _lock(self._folder)
        self._inode = (self._folder / LOCK).stat().st_ino


def _lock(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        db.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            sentence = (
                f"Another ChatDesk on this computer has this chat open already (its data is in {folder}): close it, "
                "or give this chat another --name or --data-dir."
            )
            raise StoreError(StorageProblem("locked", sentence)) from None
        raise open_error(error, folder) from None
    return db
