"""Connections to the log's file, checks of it, and replacing it when it is damaged.

Commits on a writing connection are durable. A file of another program is never changed.
"""

import logging
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from chatdesk.log.damaged_file import DamagedFile
from chatdesk.log.room_log import StorageProblem
from chatdesk.log.salvage import Salvage, salvage
from chatdesk.log.schema import APPLICATION_ID, SCHEMA_VERSION, entry_place, migrate, read_version
from chatdesk.log.storage_errors import StoreError

logger = logging.getLogger(__name__)

FILE = "chat.db"
_UNFINISHED = "chat.db-saving"
"""What is to take the place of the file, while it is written; worthless after a crash."""
_DAMAGED = "damaged"
REPLACED = "chat"
"""These words begin the name of a file that was set aside: of a damaged one, and of a sound one."""
_REPLACEMENTS = {_DAMAGED: "chat.db-saved", REPLACED: "chat.db-taken"}
"""The same when it is complete, by the word for the file whose place it takes."""
_BUSY_SECONDS = 2.0
"""How long to wait for another program's lock before a write fails; the senders wait meanwhile."""
_SYNCHRONOUS_FULL = 2
"""What ``PRAGMA synchronous`` returns for FULL."""
_MAX_VERSION = 10_000
"""A larger schema version is damage, not a newer program."""
_PROBE_BYTES = 64 * 1024
"""Written to test the disk: several messages, so that a disk with a few bytes left still counts as full."""
_COMPLETED = (
    "The program ended while another history took the place of the one in %s, which is done now. The old one is kept as"
    " %s: chatdesk export reads it, once it lies as chat.db in a --data-dir of its own."
)
_SPOILT = "the header or the journal is spoilt"
_DAMAGE_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT)


def connect(folder: Path) -> sqlite3.Connection:
    """Return a connection to the folder's file, which is created if there is none.

    A commit on it is on the disk when it returns. Raises sqlite3.Error, OSError, and StoreError for a file of another
    program, which stays as it is.
    """
    path = folder / FILE
    if not path.exists():
        path.touch(mode=0o600)  # for its owner alone; SQLite gives the WAL the same mode
    _refuse_emptied(path)
    db = _connection(str(path))
    try:
        refuse_foreign(db, folder)
        if not read_version(db):
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # only a new file takes it, but it would write to any
        journal = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA fullfsync = ON")  # without it, macOS leaves data in the drive's cache
        db.execute("PRAGMA secure_delete = ON")  # overwrite what is deleted
        if journal != "wal" or db.execute("PRAGMA synchronous").fetchone()[0] != _SYNCHRONOUS_FULL:
            raise sqlite3.OperationalError(f"this disk cannot keep a log (journal: {journal})")
    except BaseException:
        db.close()
        raise
    return db


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing. Raises sqlite3.Error, also if there is no file."""
    _refuse_emptied(folder / FILE)
    db = _connection(f"{(folder / FILE).absolute().as_uri()}?mode=rw", uri=True)
    try:
        db.execute("PRAGMA query_only = ON")
    except BaseException:
        db.close()
        raise
    return db


def close_with_checkpoint(db: sqlite3.Connection) -> None:
    """Close the last connection to a sound file, after moving the WAL into it."""
    db.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, False)
    db.close()


def checkpoint(db: sqlite3.Connection) -> bool:
    """Move all of the WAL into the file and empty it; return False, without waiting, while a reader uses it."""
    db.execute("PRAGMA busy_timeout = 0")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    db.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
    return not busy


def probe(db: sqlite3.Connection) -> None:
    """Test that the disk takes a few pages. Raises sqlite3.Error if not."""
    db.execute("INSERT OR REPLACE INTO about VALUES ('probe', zeroblob(?))", (_PROBE_BYTES,))
    db.execute("DELETE FROM about WHERE name = 'probe'")


def inodes(folder: Path) -> tuple[int, int]:
    """Return the inodes of the file and its WAL in the folder. Raises OSError if one is missing."""
    return (folder / FILE).stat().st_ino, (folder / f"{FILE}-wal").stat().st_ino


def _connection(path: str, *, uri: bool = False) -> sqlite3.Connection:
    """Return a connection that does not touch the file when it is closed: it may be damaged, or another program's."""
    db = sqlite3.connect(path, uri=uri, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    db.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
    db.text_factory = _decode_text
    return db


def _decode_text(raw: bytes) -> str:
    """Decode text so that a damaged character does not make a whole page of history unreadable."""
    return raw.decode(errors="replace")


def size_of_copy(db: sqlite3.Connection) -> int:
    """Return the approximate size in bytes of a copy of this file, which has no unused pages."""
    names = ("page_count", "freelist_count", "page_size")
    pages, unused, page = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return int((pages - unused) * page)


class Quarantined(NamedTuple):
    """Where a damaged history is kept, and what of it was saved into the new one."""

    path: Path
    salvage: Salvage

    def __str__(self) -> str:
        return f"The history was damaged. {self.salvage} The damaged file is kept as {self.path.absolute()}."


def open_database(folder: Path) -> tuple[sqlite3.Connection, Quarantined | None]:
    """Open the folder's log and bring its tables up to date; return also what happened to a damaged file, or None.

    Raises StoreError for a file of a newer version or of another program, and sqlite3.Error for other failures.
    """
    finish_replacement(folder)
    try:
        return _open_checked(folder), None
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
    quarantined = replace_damaged(folder)
    return _open_checked(folder), quarantined


def check(db: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if the structure of the file is damaged."""
    result = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if result != "ok":
        raise damage_error(result)


def check_thoroughly(db: sqlite3.Connection) -> None:
    """Check the search index and the numbers of the entries too, from the file and not from the cache."""
    db.execute("PRAGMA shrink_memory")
    check(db)
    db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    rooms = db.execute("SELECT number, first_seq, last_seq FROM room WHERE name IS NOT NULL").fetchall()
    for number, first, last in rooms:
        span = (entry_place(number, first), entry_place(number, last))
        query = "SELECT count(*) FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL"
        if db.execute(query, span).fetchone()[0] != last - first + 1:
            raise damage_error("entries are missing")


def damage_error(what: str) -> sqlite3.DatabaseError:
    """Return the error that SQLite raises for a damaged file, for damage that SQLite itself cannot see."""
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def is_damage(error: Exception) -> bool:
    """Return whether an error means that the file is damaged, or that a place in it is taken that must be free."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE_CODES


def is_interruption(error: Exception) -> bool:
    """Return whether an error means that the work was interrupted on purpose."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT


def replace_damaged(folder: Path) -> Quarantined:
    """Quarantine a damaged file, and put one with all that can be read of it in its place.

    Nothing changes until the new one is on the disk; after a crash, ``finish_replacement`` does the rest. Raises
    sqlite3.Error and OSError if the new one cannot be written.
    """
    with closing(begin_empty(new_unfinished(folder))) as db:
        saved = salvage(folder / FILE, db)
    return Quarantined(replace_with_finished(folder, _DAMAGED), saved)


def begin_empty(unfinished: Path) -> sqlite3.Connection:
    """Return a connection to a history without anything in it, which begins in the file of ``new_unfinished``."""
    db = _connection(str(unfinished))
    try:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA synchronous = FULL")
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def new_unfinished(folder: Path) -> Path:
    """Return an empty file that nobody else may read, for a history that is to take the place of the folder's."""
    _delete_unfinished(folder)
    unfinished = folder / _UNFINISHED
    unfinished.touch(mode=0o600)
    return unfinished


def replace_with_finished(folder: Path, word: str) -> Path:
    """Let the file of ``new_unfinished``, which is closed, take the place of the other one; return where that is now.

    After a crash, ``finish_replacement`` does the rest. ``word``: see ``set_aside``; one of those above.
    """
    (folder / _UNFINISHED).rename(folder / _REPLACEMENTS[word])
    aside = set_aside(folder, word)
    (folder / _REPLACEMENTS[word]).rename(folder / FILE)
    return aside


def finish_replacement(folder: Path) -> None:
    """Complete a replacement of the file that a crash has interrupted, and log where the old one is."""
    for word, replacement in _REPLACEMENTS.items():
        if (folder / replacement).exists():
            if (folder / FILE).exists():
                set_aside(folder, word)
            (folder / replacement).rename(folder / FILE)
            if aside := max(folder.glob(f"{word}-*.db"), key=lambda path: path.stem, default=None):
                logger.warning(_COMPLETED, folder.absolute(), aside.absolute())
    _delete_unfinished(folder)


def _delete_unfinished(folder: Path) -> None:
    for suffix in ("", "-journal"):
        unfinished = folder / f"{_UNFINISHED}{suffix}"
        if (
            unfinished.exists()
        ):  # a disk that may not be written to complains of the attempt, also where there is nothing
            unfinished.unlink()


def set_aside(folder: Path, word: str, file: str = FILE) -> Path:
    """Rename a file and its WAL by this word, so that nothing touches them any more; return the new path."""
    aside = folder / f"{word}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    while aside.exists():
        aside = aside.with_stem(f"{aside.stem}-")
    for suffix in ("-wal", "-shm", ""):  # the file itself last: the next start completes this after a crash
        source = folder / f"{file}{suffix}"
        if source.exists():
            source.rename(f"{aside}{suffix}")
    return aside


def _open_checked(folder: Path) -> sqlite3.Connection:
    _refuse_unsound(folder)
    db = connect(folder)
    try:
        check(db)
        _migrate(db)
        check_schema(db)
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection) -> None:
    try:
        migrate(db)
    except (sqlite3.OperationalError, UnicodeDecodeError) as error:
        if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:
            raise
        raise damage_error("the schema or its version is spoilt") from None


def check_schema(db: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if the tables are not the expected ones: SQLite accepts any damaged name."""
    if read_version(db) == SCHEMA_VERSION and not _has_our_tables(db):
        raise damage_error("the schema is spoilt")


def _has_our_tables(db: sqlite3.Connection) -> bool:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as reference:
        migrate(reference)
        return _tables(reference) <= _tables(db)


def _tables(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return name and definition of the tables, without those of the search index, which SQLite creates itself."""
    rows: list[tuple[str, str]] = db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {(name, sql) for name, sql in rows if not name.startswith(("search", "word"))}


def _refuse_emptied(path: Path) -> None:
    """Raise sqlite3.DatabaseError if only the WAL holds anything: SQLite would delete it, even when reading."""
    journal = path.with_name(f"{path.name}-wal")
    if path.exists() and not path.stat().st_size and journal.exists() and journal.stat().st_size:
        raise damage_error("the file is empty, and its journal is not")


def _refuse_unsound(folder: Path) -> None:
    """Raise sqlite3.DatabaseError for damage that SQLite would overlook and overwrite."""
    path = folder / FILE
    if path.exists():
        with DamagedFile(path) as file:
            if file.seems_sound:
                return
        _refuse_emptied(path)
        with suppress(sqlite3.DatabaseError), closing(_connection(str(path))) as db:
            refuse_foreign(db, folder)
        raise damage_error(_SPOILT)


def refuse_unsound(path: Path) -> None:
    """Do the same for a file that no other program can have put there."""
    _refuse_emptied(path)
    with DamagedFile(path) as file:
        if not file.seems_sound:
            raise damage_error(_SPOILT)


def refuse_foreign(db: sqlite3.Connection, folder: Path) -> None:
    """Raise StoreError for a file of another program or of a newer version."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    try:
        empty = not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] and not application
    except UnicodeDecodeError:  # SQLite's message quotes the damaged name
        raise damage_error("the schema is spoilt") from None
    is_ours = application == APPLICATION_ID or _has_our_tables(db)
    if is_ours and (application != APPLICATION_ID or not 0 <= read_version(db) <= _MAX_VERSION):
        raise damage_error("the header is spoilt")
    if application != APPLICATION_ID and not empty:
        sentence = f"The file {folder / FILE} belongs to another program: choose another folder with --data-dir."
        raise StoreError(StorageProblem("foreign", sentence))
    if read_version(db) > SCHEMA_VERSION:
        sentence = (
            f"The history in {folder} was written by a newer ChatDesk: update this one, "
            "or choose another folder with --data-dir."
        )
        raise StoreError(StorageProblem("newer", sentence))
