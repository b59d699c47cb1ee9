"""Connections to the log's file: each of them durable, none of them to a file that is not ours."""

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

FILE = "chat.db"
_UNFINISHED = "chat.db-saving"
_REPLACEMENT = "chat.db-saved"
_BUSY_SECONDS = 2.0
_SYNCHRONOUS_FULL = 2
_MAX_VERSION = 10_000
_PROBE_BYTES = 64 * 1024
_DAMAGE_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT)


def connect(folder: Path) -> sqlite3.Connection:
    """A connection to the folder's file, which is made if there is none.

    A commit on it is on the disk when it returns. Raises sqlite3.Error, OSError, and StoreError for a file that is not
    ours, which stays as it is.
    """
    path = folder / FILE
    if not path.exists():
        path.touch(mode=0o600)  # others on this computer have no business with it; SQLite's journal takes after it
    _refuse_emptied(folder)
    db = _connection(str(path))
    try:
        refuse_foreign(db, folder)
        if not read_version(db):
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts for a new file only, but writes into every one
        journal = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA fullfsync = ON")  # macOS keeps what it calls synced in the drive's cache without it
        db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        if journal != "wal" or db.execute("PRAGMA synchronous").fetchone()[0] != _SYNCHRONOUS_FULL:
            raise sqlite3.OperationalError(f"this disk cannot keep a log (journal: {journal})")
    except BaseException:
        db.close()
        raise
    return db


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises sqlite3.Error, also where there is no file."""
    _refuse_emptied(folder)
    db = _connection(f"{(folder / FILE).absolute().as_uri()}?mode=rw", uri=True)
    try:
        db.execute("PRAGMA query_only = ON")
    except BaseException:
        db.close()
        raise
    return db


def close_with_checkpoint(db: sqlite3.Connection) -> None:
    """Close the last connection to a sound file: what is in the journal goes into the file."""
    db.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, False)
    db.close()


def checkpoint(db: sqlite3.Connection) -> bool:
    """Move all of the journal into the file; False, at once, while somebody still reads from it."""
    db.execute("PRAGMA busy_timeout = 0")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    db.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
    return not busy


def probe(db: sqlite3.Connection) -> None:
    """See whether the disk takes a few pages. Raises sqlite3.Error."""
    db.execute("INSERT OR REPLACE INTO about VALUES ('probe', zeroblob(?))", (_PROBE_BYTES,))
    db.execute("DELETE FROM about WHERE name = 'probe'")


def inodes(folder: Path) -> tuple[int, int]:
    """Which file and journal are in the folder now. Raises OSError where one is not."""
    return (folder / FILE).stat().st_ino, (folder / f"{FILE}-wal").stat().st_ino


def _connection(path: str, *, uri: bool = False) -> sqlite3.Connection:
    """A connection that leaves the file as it is when it is closed: it may be damaged, or another's."""
    db = sqlite3.connect(path, uri=uri, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    db.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
    db.text_factory = _decode_text
    return db


def _decode_text(raw: bytes) -> str:
    """A spoilt letter must not make a whole page unreadable."""
    return raw.decode(errors="replace")


class Quarantined(NamedTuple):
    """Where a damaged history was put, and what of it is in the one that has taken its place."""

    path: Path
    salvage: Salvage

    def __str__(self) -> str:
        return f"The history was damaged. {self.salvage} The damaged file is kept as {self.path.absolute()}."


def open_database(folder: Path) -> tuple[sqlite3.Connection, Quarantined | None]:
    """The folder's log, with its tables up to date; and what has become of a damaged one that stood in its place.

    Raises StoreError for a file of a newer version, and for one of another program; sqlite3.Error for trouble.
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
    """Raise sqlite3.DatabaseError where the file's structure is spoilt."""
    result = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if result != "ok":
        raise damage_error(result)


def check_thoroughly(db: sqlite3.Connection) -> None:
    """The same where words are spoilt, or entries are missing; looks at what is in the file, not at what it was."""
    db.execute("PRAGMA shrink_memory")
    check(db)
    db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    rooms = db.execute("SELECT number, first_seq, last_seq FROM room WHERE name IS NOT NULL").fetchall()
    for number, first, last in rooms:
        span = (entry_place(number, first), entry_place(number, last))
        there = "SELECT count(*) FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL"
        if db.execute(there, span).fetchone()[0] != last - first + 1:
            raise damage_error("entries are missing")


def damage_error(what: str) -> sqlite3.DatabaseError:
    """What SQLite raises for a spoilt file, for spoilt places that it cannot see."""
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def is_damage(error: Exception) -> bool:
    """Whether the file itself is spoilt; also where something stands in a place that must be free."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE_CODES


def is_interruption(error: Exception) -> bool:
    """Whether somebody has stopped the work, and nothing is wrong."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT


def replace_damaged(folder: Path) -> Quarantined:
    """Put a damaged file aside, and in its place one with all that can be read of it.

    Until that one is on the disk, nothing has changed; ``finish_replacing`` does the rest after a crash. Raises
    sqlite3.Error and OSError where it cannot be kept.
    """
    _delete_unfinished(folder)
    unfinished = folder / _UNFINISHED
    unfinished.touch(mode=0o600)
    db = _connection(str(unfinished))
    try:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA synchronous = FULL")
        migrate(db)
        saved = salvage(folder / FILE, db)
    finally:
        db.close()
    unfinished.rename(folder / _REPLACEMENT)
    quarantined = quarantine(folder)
    finish_replacement(folder)
    return Quarantined(quarantined, saved)


def finish_replacement(folder: Path) -> None:
    """Where a damaged file was being replaced when the program ended, go on where that was."""
    replacement = folder / _REPLACEMENT
    if replacement.exists():
        if (folder / FILE).exists():
            quarantine(folder)
        replacement.rename(folder / FILE)
    _delete_unfinished(folder)


def _delete_unfinished(folder: Path) -> None:
    for suffix in ("", "-journal"):
        unfinished = folder / f"{_UNFINISHED}{suffix}"
        if (
            unfinished.exists()
        ):  # a disk that may not be written to complains of the attempt, also where there is nothing
            unfinished.unlink()


def quarantine(folder: Path) -> Path:
    """Give a damaged file, and the journal that belongs to it, a name under which nothing will touch them."""
    quarantined = folder / f"damaged-{time.strftime('%Y%m%d-%H%M%S')}.db"
    while quarantined.exists():
        quarantined = quarantined.with_stem(f"{quarantined.stem}-")
    for suffix in ("-wal", "-shm", ""):  # the file itself last: a crash in between is put right by the next start
        source = folder / f"{FILE}{suffix}"
        if source.exists():
            source.rename(f"{quarantined}{suffix}")
    return quarantined


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
    """Raise sqlite3.DatabaseError where the tables are not those that are made: SQLite takes other names for good."""
    if read_version(db) == SCHEMA_VERSION and not _has_our_tables(db):
        raise damage_error("the schema is spoilt")


def _has_our_tables(db: sqlite3.Connection) -> bool:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as reference:
        migrate(reference)
        return _tables(reference) <= _tables(db)


def _tables(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """What they are, but for those of the search index, which SQLite makes itself."""
    found: list[tuple[str, str]] = db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {(name, sql) for name, sql in found if not name.startswith(("search", "word"))}


def _refuse_emptied(folder: Path) -> None:
    """Raise sqlite3.DatabaseError where only the journal holds anything: SQLite deletes it, also when it is to read."""
    path, journal = folder / FILE, folder / f"{FILE}-wal"
    if path.exists() and not path.stat().st_size and journal.exists() and journal.stat().st_size:
        raise damage_error("the file is empty, and its journal is not")


def _refuse_unsound(folder: Path) -> None:
    """Raise sqlite3.DatabaseError for damage that SQLite would not tell of, and would write over."""
    path = folder / FILE
    if path.exists():
        with DamagedFile(path) as file:
            if file.seems_sound:
                return
        _refuse_emptied(folder)
        with suppress(sqlite3.DatabaseError), closing(_connection(str(path))) as db:
            refuse_foreign(db, folder)
        raise damage_error("the header or the journal is spoilt")


def refuse_foreign(db: sqlite3.Connection, folder: Path) -> None:
    """Raises StoreError for a file of another program, and for one of a newer version."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    try:
        empty = not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] and not application
    except UnicodeDecodeError:  # what SQLite says of it quotes what is spoilt
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
