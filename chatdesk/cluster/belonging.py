"""What makes a folder one of a cluster: the identity and the secret of the chat, and the place in its order."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from chatdesk.cluster.lasting import read_waiting, write_waiting
from chatdesk.cluster.ordered_hooks import keep_own_hooks, read_hooks, read_unwritten
from chatdesk.log.database import (
    begin_empty,
    check,
    check_schema,
    close_with_checkpoint,
    is_damage,
    open_database,
    refuse_foreign,
)
from chatdesk.log.hook_file import Hook
from chatdesk.log.lock import FolderLock
from chatdesk.log.operations import LastingOperation, Ordered, OrderedHooks, RoomOperation, counts
from chatdesk.log.ordered_batch import read_key, read_place, read_restarts, write_place
from chatdesk.log.restore import holds_messages
from chatdesk.log.room_epoch import EMPTY, Extent
from chatdesk.log.storage_errors import open_error
from chatdesk.paths import make_private

_LEFT_HOOKS = "cluster_left_hooks"
"""In a history that has taken the place of another one: the digests of the hooks that all nodes had, as that one knew.
Others may have removed these meanwhile."""


class Belonging(NamedTuple):
    """Whose folder it is; ``place`` is None if it belongs to no cluster, and ``used``: something was said in it.

    ``key`` is that of the entry at ``place``, ``waiting`` what it has done that is not ordered yet, and
    ``restarts`` the numbers in the order at which rooms have begun again. ``hooks`` are those of all nodes, by digest;
    see ``HooksInOrder`` for those that are ``unwritten``. ``extents`` are the newest numbers of its rooms.
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
    extents: Mapping[str, Extent] = MappingProxyType({})

    def is_continued_by(self, following: Ordered) -> bool:
        """Whether the file can write what follows its place.

        It cannot if something was said in the room beside the order: once, the server was started without --cluster.
        """
        if not isinstance(following.operation, RoomOperation):
            return True
        messages, changes = counts(following.operation)
        last = self.extents.get(following.operation.room, EMPTY)
        return (following.seq, following.change) == (last.seq + messages, last.change + changes)


def read_belonging(folder: Path) -> Belonging:
    """Return whose folder it is, which is made if needed. Raises StoreError."""

    def read(db: sqlite3.Connection) -> Belonging:
        _keep_own_hooks(folder, db)
        belonging = belonging_of(db)
        if belonging.place is not None:
            _take_epochs(db, belonging.secret, belonging.restarts)
        return belonging

    return _in_folder(folder, read)


def belonging_of(db: sqlite3.Connection) -> Belonging:
    """Return whose file it is. Raises sqlite3.Error."""
    about = dict(db.execute("SELECT name, value FROM about WHERE name IN ('server_id', 'secret')"))
    rooms = db.execute("SELECT name, last_seq, last_change FROM room WHERE name IS NOT NULL")
    extents = {name: Extent(seq, change) for name, seq, change in rooms}
    ordered = read_key(db), read_waiting(db), read_restarts(db), read_hooks(db), read_unwritten(db), extents
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


def join_cluster(folder: Path, server_id: str, secret: bytes) -> None:
    """Make an unused folder one of a cluster, which has followed nothing yet. Raises StoreError."""
    _in_folder(folder, lambda db: _join(db, server_id, secret, ()))


def _join(db: sqlite3.Connection, server_id: str, secret: bytes, waiting: Iterable[LastingOperation]) -> None:
    with _transaction(db):
        db.execute("DELETE FROM room")  # a chat of one machine that nobody has used
        for name, value in (("server_id", server_id), ("secret", secret)):
            db.execute("UPDATE about SET value = ? WHERE name = ?", (value, name))
        write_place(db, 0, "")
        write_waiting(db, waiting)


def prepare_empty(file: Path, left: Belonging, secret: bytes) -> None:
    """Begin the history in this file that takes the place of the one ``left``, and has followed nothing yet.

    What has to be ordered yet is kept, and so are hooks that no other node knows. Raises OSError and sqlite3.Error.
    """
    with contextlib.closing(begin_empty(file)) as db:
        _join(db, left.server_id, secret, left.waiting)
        _leave(db, left)


def prepare_copy(folder: Path, file: Path, left: Belonging, server_id: str) -> Belonging:
    """Make the copy of another node's history in this file the one that takes the place of the one ``left``.

    Returns whose it is; see ``prepare_empty``. Raises ValueError for one that is damaged or of another cluster than
    ``server_id``, StoreError and sqlite3.Error.
    """
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        belonging = _checked(db, folder)
        if belonging.place is None or belonging.server_id != server_id:
            raise ValueError("it is not of this cluster")
        with _transaction(db):
            write_waiting(db, left.waiting)
        _leave(db, left)
    return belonging


def _leave(db: sqlite3.Connection, left: Belonging) -> None:
    """Let the file say which hooks all nodes had; the next one who reads whose it is takes them out of the folder."""
    db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (_LEFT_HOOKS, msgspec.json.encode(list(left.hooks))))


def _keep_own_hooks(folder: Path, db: sqlite3.Connection) -> None:
    row = db.execute("SELECT value FROM about WHERE name = ?", (_LEFT_HOOKS,)).fetchone()
    if row:
        keep_own_hooks(folder, msgspec.json.decode(row[0], type=list[str]))
        db.execute("DELETE FROM about WHERE name = ?", (_LEFT_HOOKS,))


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    yield
    db.execute("COMMIT")  # where it gets here: an error ends the connection


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
