"""What makes a folder one of a cluster: the identity and the secret of the chat, and the place in its order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from chatdesk.log.database import close_with_checkpoint, open_database
from chatdesk.log.lock import FolderLock
from chatdesk.log.ordered_batch import read_key, read_place, write_place
from chatdesk.log.restore import holds_messages
from chatdesk.log.storage_errors import open_error
from chatdesk.paths import make_private


class Belonging(NamedTuple):
    """Whose folder it is; ``place`` is None if it belongs to no cluster, and ``used``: something was said in it.

    ``key`` is that of the entry at ``place``.
    """

    server_id: str
    secret: bytes
    place: int | None
    used: bool
    key: str = ""


def read_belonging(folder: Path) -> Belonging:
    """Return whose folder it is, which is made if needed. Raises StoreError."""

    def read(db: sqlite3.Connection) -> Belonging:
        about = dict(db.execute("SELECT name, value FROM about WHERE name IN ('server_id', 'secret')"))
        return Belonging(about["server_id"], about["secret"], read_place(db), holds_messages(db), read_key(db))

    return _in_folder(folder, read)


def join_cluster(folder: Path, server_id: str, secret: bytes) -> None:
    """Make an unused folder one of a cluster, which has followed nothing yet. Raises StoreError."""

    def join(db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM room")  # a chat of one machine that nobody has used
        for name, value in (("server_id", server_id), ("secret", secret)):
            db.execute("UPDATE about SET value = ? WHERE name = ?", (value, name))
        write_place(db, 0, "")
        db.execute("COMMIT")

    _in_folder(folder, join)


def _in_folder[Answer](folder: Path, do: Callable[[sqlite3.Connection], Answer]) -> Answer:
    try:
        make_private(folder)
        lock = FolderLock(folder)
        try:
            db, _quarantined = open_database(folder)
            try:
                return do(db)
            finally:
                close_with_checkpoint(db)
        finally:
            lock.close()
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, folder) from None
