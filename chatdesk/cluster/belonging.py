"""What makes a folder one of a cluster: the identity and the secret of the chat, and the place in its order."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from chatdesk.cluster.lasting import read_waiting, write_waiting
from chatdesk.cluster.ordered_hooks import keep_own_hooks, read_hooks, read_unwritten
from chatdesk.log.database import (
    check,
    check_schema,
    close_with_checkpoint,
    is_damage,
    open_database,
    refuse_foreign,
    replace_with_finished,
    set_aside,
)
from chatdesk.log.hook_file import Hook
from chatdesk.log.lock import FolderLock
from chatdesk.log.operations import LastingOperation, OrderedHooks
from chatdesk.log.ordered_batch import read_key, read_place, read_restarts, write_place
from chatdesk.log.restore import holds_messages
from chatdesk.log.storage_errors import open_error
from chatdesk.paths import make_private

_ASIDE = "chat"
"""Begins the name of a history that was set aside."""


class Belonging(NamedTuple):
    """Whose folder it is; ``place`` is None if it belongs to no cluster, and ``used``: something was said in it.

    ``key`` is that of the entry at ``place``, ``waiting`` what it has done that is not ordered yet, and
    ``restarts`` the numbers in the order at which rooms have begun again. ``hooks`` are those of all nodes, by digest;
    see ``HooksInOrder`` for those that are ``unwritten``.
    """

    server_id: str
    secret: bytes
    place: int | None
    used: bool
    key: str = ""
    waiting: tuple[LastingOperation, ...] = ()
    restarts: Mapping[str, int] = MappingProxyType({})
    hooks: Mapping[str, Hook] = MappingProxyType({})
    unwritten: Mapping[int, OrderedHooks] = MappingProxyType({})


def read_belonging(folder: Path) -> Belonging:
    """Return whose folder it is, which is made if needed. Raises StoreError."""

    def read(db: sqlite3.Connection) -> Belonging:
        belonging = belonging_of(db)
        if belonging.place is not None:
            _take_epochs(db, belonging.secret, belonging.restarts)
        return belonging

    return _in_folder(folder, read)


def belonging_of(db: sqlite3.Connection) -> Belonging:
    """Return whose file it is. Raises sqlite3.Error."""
    about = dict(db.execute("SELECT name, value FROM about WHERE name IN ('server_id', 'secret')"))
    ordered = read_key(db), read_waiting(db), read_restarts(db), read_hooks(db), read_unwritten(db)
    return Belonging(about["server_id"], about["secret"], read_place(db), holds_messages(db), *ordered)


def ordered_epoch(secret: bytes, room: str, restart: int) -> str:
    """Return the epoch of a room of the cluster: the same on each node, as clients go from one to the other.

    ``restart`` is the number at which the room has begun again last; 0 if it has not.
    """
    salt = restart.to_bytes(8)
    return blake2b(room.encode(), digest_size=8, key=secret, salt=salt, person=b"epoch").hexdigest()


def _take_epochs(db: sqlite3.Connection, secret: bytes, restarts: Mapping[str, int]) -> None:
    """Give rooms the epochs of the cluster: a backup of another node has new ones."""
    db.create_function("of_cluster", 1, lambda name: ordered_epoch(secret, name, restarts.get(name, 0)))
    db.execute("UPDATE room SET epoch = of_cluster(name) WHERE name IS NOT NULL AND epoch != of_cluster(name)")


def join_cluster(folder: Path, server_id: str, secret: bytes, waiting: Iterable[LastingOperation] = ()) -> None:
    """Make an unused folder one of a cluster, which has followed nothing yet. Raises StoreError.

    ``waiting`` has to be ordered yet.
    """

    def join(db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM room")  # a chat of one machine that nobody has used
        for name, value in (("server_id", server_id), ("secret", secret)):
            db.execute("UPDATE about SET value = ? WHERE name = ?", (value, name))
        write_place(db, 0, "")
        write_waiting(db, waiting)
        db.execute("COMMIT")

    _in_folder(folder, join)


def rejoin_cluster(folder: Path, secret: bytes) -> Path:
    """Set the history of a folder aside, and let it begin again as one of its cluster, which has followed nothing yet.

    What has to be ordered yet is kept, and so are hooks that no other node knows. Returns the path of the old history.
    Raises StoreError.
    """

    left = _in_folder(folder, belonging_of)
    with _in_possession(folder):
        aside = set_aside(folder, _ASIDE)
        keep_own_hooks(folder, left.hooks)
    join_cluster(folder, left.server_id, secret, left.waiting)
    return aside


def prepare_copy(folder: Path, file: Path, server_id: str, waiting: Iterable[LastingOperation]) -> Belonging:
    """Make the copy of another node's history in this file one for this folder, and return whose it is.

    ``waiting`` has to be ordered yet. Raises ValueError for one that is damaged or of another cluster, StoreError and
    sqlite3.Error.
    """
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        belonging = _checked(db, folder)
        if belonging.place is None or belonging.server_id != server_id:
            raise ValueError("it is not of this cluster")
        db.execute("BEGIN IMMEDIATE")
        write_waiting(db, waiting)
        db.execute("COMMIT")
    return belonging


def _checked(copy: sqlite3.Connection, folder: Path) -> Belonging:
    try:
        refuse_foreign(copy, folder)
        check(copy)
        check_schema(copy)
        return belonging_of(copy)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        raise ValueError(f"it has arrived damaged: {error}") from None


def rejoin_with_copy(folder: Path, left: Belonging) -> Path:
    """Let a prepared copy take the place of the history that is ``left``, and set that aside; see ``rejoin_cluster``.

    The caller has the folder to itself. Raises OSError.
    """
    aside = replace_with_finished(folder, _ASIDE)
    keep_own_hooks(folder, left.hooks)
    return aside


def _in_folder[Answer](folder: Path, do: Callable[[sqlite3.Connection], Answer]) -> Answer:
    with _in_possession(folder):
        db, _quarantined = open_database(folder)
        try:
            return do(db)
        finally:
            close_with_checkpoint(db)


@contextlib.contextmanager
def _in_possession(folder: Path) -> Iterator[None]:
    """Nobody else uses the folder meanwhile. Raises StoreError, also for what it contains."""
    with file_errors(folder):
        make_private(folder)
        with contextlib.closing(FolderLock(folder)):
            yield


@contextlib.contextmanager
def file_errors(folder: Path) -> Iterator[None]:
    """Raises StoreError for what goes wrong with the files of a folder."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, folder) from None
