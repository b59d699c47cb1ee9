"""Connections to the log's file: each of them durable, none of them to a file that is not ours."""

import sqlite3
import time
from pathlib import Path

from chatdesk.log.problems import StoreError, cannot_open
from chatdesk.log.room_log import Problem
from chatdesk.log.schema import APPLICATION_ID, VERSION, migrate, version

FILE = "chat.db"
_LOCK = "chat.lock"
_PATIENCE_SECONDS = 2.0
_FULL = 2
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def connect(folder: Path) -> sqlite3.Connection:
    """A connection to the folder's file, which is made if there is none.

    A commit on it is on the disk when it returns. Raises sqlite3.Error, and StoreError for a file that is not ours.
    """
    db = sqlite3.connect(folder / FILE, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        refuse_foreign(db, folder)
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts for a new file only
        journal = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA fullfsync = ON")  # macOS keeps what it calls synced in the drive's cache without it
        if journal != "wal" or db.execute("PRAGMA synchronous").fetchone()[0] != _FULL:
            raise sqlite3.OperationalError(f"this disk cannot keep a log (journal: {journal})")
    except BaseException:
        db.close()
        raise
    return db


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises sqlite3.Error, also where there is no file."""
    db = sqlite3.connect(
        f"{(folder / FILE).absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_PATIENCE_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    return db


def lock(folder: Path) -> sqlite3.Connection:
    """Take the folder for this process alone, until the connection is closed or the process ends.

    A lock of SQLite on a file without content: it works the same on every system, and no crash leaves it behind.
    Raises StoreError when another process has it.
    """
    db = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        db.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            sentence = (
                f"Another ChatDesk on this computer has this chat open already (its data is in {folder}): close it, "
                "or give this chat another --name or --data-dir."
            )
            raise StoreError(Problem("locked", sentence)) from None
        raise cannot_open(error, folder) from None
    return db


def open_database(folder: Path) -> tuple[sqlite3.Connection, Path | None]:
    """The folder's log, with its tables up to date; and where a damaged one was put that stood in its place.

    Raises StoreError for a file of a newer version, and for one of another program; sqlite3.Error for trouble.
    """
    try:
        return _open_checked(folder), None
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
    aside = put_aside(folder)
    return _open_checked(folder), aside


def check(db: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where the file's structure is spoilt."""
    result = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if result != "ok":
        raise damage(result)


def damage(what: str) -> sqlite3.DatabaseError:
    """What SQLite raises for a spoilt file, for spoilt places that it cannot see."""
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is spoilt."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def put_aside(folder: Path) -> Path:
    """Give a damaged file, and the journal that belongs to it, a name under which nothing will touch them."""
    aside = folder / f"damaged-{time.strftime('%Y%m%d-%H%M%S')}.db"
    while aside.exists():
        aside = aside.with_stem(f"{aside.stem}-")
    for suffix in ("-wal", "-shm", ""):  # the file itself last: a crash in between is put right by the next start
        source = folder / f"{FILE}{suffix}"
        if source.exists():
            source.rename(f"{aside}{suffix}")
    return aside


def _open_checked(folder: Path) -> sqlite3.Connection:
    db = connect(folder)
    try:
        check(db)
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def refuse_foreign(db: sqlite3.Connection, folder: Path) -> None:
    """Raises StoreError for a file of a newer version, and for one of another program."""
    found = version(db)
    if found > VERSION:
        sentence = (
            f"The history in {folder} was written by a newer ChatDesk: update this one, "
            "or choose another folder with --data-dir."
        )
        raise StoreError(Problem("newer", sentence))
    ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours and db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        sentence = f"The file {folder / FILE} belongs to another program: choose another folder with --data-dir."
        raise StoreError(Problem("foreign", sentence))
