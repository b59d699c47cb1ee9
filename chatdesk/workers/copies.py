"""The history of each worker: the first has that of the chat, the others have copies, which are made again at need.

Whatever has happened to a folder before (served by one process, given a backup, its disk damaged): its ``chat.db`` is
the chat.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from chatdesk.cluster.belonging import Belonging, belonging_of
from chatdesk.log.database import FILE, close_with_checkpoint, connect, open_database, set_aside
from chatdesk.log.lock import FolderLock
from chatdesk.log.operations import HELD_NUMBERS, message_key
from chatdesk.log.ordered_batch import forget_place, write_place
from chatdesk.log.storage_errors import open_error
from chatdesk.paths import make_private
from chatdesk.workers.order_file import BEGUN, KEPT_MS, Beginning, OrderFile
from chatdesk.workers.order_file import FILE as ORDER_FILE

logger = logging.getLogger(__name__)

_FOLDER = "workers"
_KEY_BYTES = 15
_SECRET_BYTES = 32
_MAY_PASS = ("full", "readonly", "locked")
"""Codes of problems that say nothing of what is in a file."""
_ASIDE = (
    "The order of the workers in %s cannot be followed any more: it is kept as %s, and the chat goes on with its"
    " history as it is there. What was said in the last seconds before a crash may be missing in it."
)


def worker_folder(folder: Path, worker: int) -> Path:
    """Return the folder of a worker's history; ``folder`` is that of the chat."""
    return folder if worker == 1 else folder / _FOLDER / str(worker)


def prepare(folder: Path, workers: int) -> bytes:
    """Make the order go on from the history of the chat, and remove the copies of workers that there are no more.

    Return the secret by which new rooms get their epochs.

    The caller has the lock of the folder, and no worker runs. Raises StoreError.
    """
    try:
        _remove_copies(folder, beyond=workers)
        db, quarantined = open_database(folder)
        with closing(db), contextlib.ExitStack() as stack:
            if quarantined:
                logger.warning(str(quarantined))
            belonging = belonging_of(db)
            _set_unfit_order_aside(folder, db)
            order = stack.enter_context(OrderFile(folder))
            if not order.continues(belonging):
                key = secrets.token_urlsafe(_KEY_BYTES)
                order.begin(
                    Beginning(belonging.server_id, secrets.token_bytes(_SECRET_BYTES), key, _rooms(db), _known_keys(db))
                )
                db.execute("BEGIN IMMEDIATE")
                write_place(db, BEGUN, key)
                db.execute("COMMIT")
            close_with_checkpoint(db)
            return order.epochs
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, folder) from None


def follow(folder: Path, worker: int) -> Belonging:
    """Return how far a worker's history has followed; a copy that cannot go on is made again. Raises StoreError."""
    own = worker_folder(folder, worker)
    try:
        if worker > 1 and not _continues(own, folder):
            _copy(folder, own)
        with closing(connect(own)) as db:
            return belonging_of(db)
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, own) from None


def sync(folder: Path, workers: int) -> None:
    """Let all that workers have written be on the disk. Raises OSError."""
    for worker in range(1, workers + 1):
        for ending in ("-wal", ""):  # in this order: what leaves the one is in the other
            descriptor = os.open(worker_folder(folder, worker) / f"{FILE}{ending}", os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def is_behind(folder: Path) -> bool:
    """Whether workers have told of what the chat's file does not have, as after a crash. Raises StoreError."""
    if not (_has_order(folder) and (folder / FILE).exists()):
        return False
    try:
        with closing(connect(folder)) as db, OrderFile(folder) as order:
            order.check()
            belonging = belonging_of(db)
            return order.continues(belonging) and belonging.place != order.number
    except (sqlite3.Error, OSError) as error:
        _raise_if_it_may_pass(error, folder)
        return False  # what is wrong with the chat's file is found when it is opened, and the order is set aside then


def leave_order(folder: Path) -> None:
    """Remove the order and the copies, if there are any: one process has the chat from now on. Raises StoreError.

    The chat's file is not behind; see ``is_behind``. An order that it cannot follow is set aside. The caller has no
    lock of the folder, and has not opened the history.
    """
    if not _has_order(folder):
        return
    try:
        with closing(FolderLock(folder)):
            db, quarantined = open_database(folder)
            if quarantined:
                logger.warning(str(quarantined))
            with closing(db):
                _set_unfit_order_aside(folder, db)
                with OrderFile(folder) as order:
                    order.forget_followed(order.number)  # if a crash comes next, there is nothing to be set aside
                forget_place(db)
                close_with_checkpoint(db)
            for ending in ("-wal", "-shm", ""):
                (folder / f"{ORDER_FILE}{ending}").unlink(missing_ok=True)
            _remove_copies(folder, beyond=1)
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, folder) from None


def _has_order(folder: Path) -> bool:
    return any((folder / f"{ORDER_FILE}{ending}").exists() for ending in ("", "-wal"))


def _set_unfit_order_aside(folder: Path, db: sqlite3.Connection) -> None:
    """Set the order aside if it cannot be read, or if it has something that the history of the chat cannot follow.

    People may have seen more then than the history has: so its rooms go on as others, whose numbers nobody has seen.
    """
    try:
        with OrderFile(folder) as order:
            order.check()
            if order.continues(belonging_of(db)) or not order.holds_entries:
                return
    except (sqlite3.Error, OSError) as error:
        _raise_if_it_may_pass(error, folder)
    db.execute("UPDATE room SET epoch = lower(hex(randomblob(8))) WHERE name IS NOT NULL")
    logger.warning(_ASIDE, folder, set_aside(folder, "order", ORDER_FILE))


def _raise_if_it_may_pass(error: sqlite3.Error | OSError, folder: Path) -> None:
    explained = open_error(error, folder)
    if explained.problem.code in _MAY_PASS:
        raise explained from None


def _continues(own: Path, folder: Path) -> bool:
    if not (own / FILE).exists():
        return False
    try:
        with closing(connect(own)) as db, OrderFile(folder) as order:
            return order.continues(belonging_of(db))
    except (sqlite3.Error, OSError):
        logger.warning("The copy of the history in %s cannot be read: it is made again.", own)
        return False


def _copy(folder: Path, own: Path) -> None:
    """Copy the history as it is now, also while the first worker writes to it."""
    shutil.rmtree(own, ignore_errors=True)
    make_private(own)
    part = own / f"{FILE}-copy"
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("VACUUM INTO ?", (str(part),))
    part.chmod(0o600)
    part.rename(own / FILE)


def _remove_copies(folder: Path, *, beyond: int) -> None:
    copies = folder / _FOLDER
    for copy in copies.iterdir() if copies.is_dir() else ():
        if not copy.name.isdecimal() or int(copy.name) > beyond:
            shutil.rmtree(copy)
    if copies.is_dir() and not any(copies.iterdir()):
        copies.rmdir()


def _rooms(db: sqlite3.Connection) -> list[tuple[str, int, int]]:
    """The newest numbers of all rooms, and of messages that wait for approval."""
    last_held = db.execute("SELECT coalesce(max(number), 0) FROM held").fetchone()[0]
    rooms = db.execute("SELECT name, last_seq, last_change FROM room WHERE name IS NOT NULL").fetchall()
    return [*rooms, (HELD_NUMBERS, last_held, 0)]


def _known_keys(db: sqlite3.Connection) -> Iterator[str]:
    """The keys of what was said lately: somebody whose connection was lost may send it again."""
    since = time.time_ns() // 1_000_000 - KEPT_MS
    query = "SELECT identity, id FROM entry WHERE id IS NOT NULL AND time >= ?"
    for identity, message_id in db.execute(query, (since,)):
        yield message_key(identity, message_id)
