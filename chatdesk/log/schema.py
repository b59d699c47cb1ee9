"""The tables of the log's file, and the way there from every earlier version."""

import hashlib
import secrets
import sqlite3
from collections.abc import Callable

from chatdesk.log.tokenizer import FTS5_TOKENIZER, RULES_VERSION

APPLICATION_ID = 0x43_44_53_4B
"""Marks the file as ours, in the header where SQLite has a place for that."""

SEQ_BITS = 40
"""An entry's place is its room's number and its own, one behind the other: one tree holds all rooms, each in order."""


def entry_place(number: int, seq: int) -> int:
    """Where an entry of this room lies."""
    return number << SEQ_BITS | seq


def _rooms_and_entries(db: sqlite3.Connection) -> None:
    """A room that was cleared goes on under another number; without a name it waits to be swept out.

    ``content`` is NULL where retention has taken it; the row stays a while, so that its ``id`` is still known.
    """
    db.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID")
    db.execute(
        "CREATE TABLE room (number INTEGER PRIMARY KEY, name TEXT UNIQUE, epoch TEXT NOT NULL,"
        " first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL)"
    )
    db.execute(
        "CREATE TABLE entry (place INTEGER PRIMARY KEY, identity TEXT NOT NULL, id TEXT, nickname TEXT NOT NULL,"
        " content TEXT, time INTEGER NOT NULL)"
    )
    db.execute("CREATE UNIQUE INDEX entry_id ON entry (identity, id) WHERE id IS NOT NULL")
    db.execute(
        "INSERT INTO about VALUES ('server_id', ?), ('secret', ?)", (secrets.token_hex(8), secrets.token_bytes(32))
    )


def _search_index(db: sqlite3.Connection) -> None:
    """The words of what was said; a later step has another one built."""
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (text, content='', columnsize=0, prefix='2 3', tokenize='ascii')"
    )


def _reservations(db: sqlite3.Connection) -> None:
    """Who has which nickname, for the time after a restart."""
    db.execute("CREATE TABLE seat (key TEXT PRIMARY KEY, identity TEXT NOT NULL) WITHOUT ROWID")


def _vocabulary(db: sqlite3.Connection) -> None:
    """A view of the index by its words; it holds nothing itself."""
    db.execute("CREATE VIRTUAL TABLE word USING fts5vocab (search, instance)")


def _digests(db: sqlite3.Connection) -> None:
    """What retention leaves of a text: its sender's repetition is told from another message by it."""
    db.execute("ALTER TABLE entry ADD COLUMN digest BLOB")


def _unindexed(db: sqlite3.Connection) -> None:
    """Where the index is not complete: of the room of this number, it has no entry before this one."""
    db.execute("CREATE TABLE unindexed (number INTEGER PRIMARY KEY, before INTEGER NOT NULL)")


def _reset_index(db: sqlite3.Connection) -> None:
    """Replace the index with an empty one. It is built in steps, of which ``unindexed`` keeps count.

    The pages of the old one are not overwritten first, which takes seconds: the new one comes to lie on them.
    """
    db.execute("PRAGMA secure_delete = OFF")
    try:
        for table in ("word", "search"):
            db.execute(f"DROP TABLE IF EXISTS {table}")
    finally:
        db.execute("PRAGMA secure_delete = ON")
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5"
        f" (text, content='', columnsize=0, prefix='2 3', tokenize=\"{FTS5_TOKENIZER}\")"
    )
    _vocabulary(db)
    db.execute("INSERT OR REPLACE INTO unindexed SELECT number, last_seq + 1 FROM room WHERE last_seq >= first_seq")
    db.execute("INSERT OR REPLACE INTO about VALUES ('index', ?)", (RULES_VERSION,))


def _index_is_outdated(db: sqlite3.Connection) -> bool:
    """Whether it was made by other rules than these, such as those of an older Python."""
    rules: object = db.execute("SELECT value FROM about WHERE name = 'index'").fetchone()
    return rules != (RULES_VERSION,)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _rooms_and_entries,
    _search_index,
    _reservations,
    _vocabulary,
    _digests,
    _unindexed,
)
"""The step at place N leads from version N to the next. What has shipped is never changed: a new step is added."""

SCHEMA_VERSION = len(MIGRATIONS)


def content_digest(content: str) -> bytes:
    """Too short to guess a text by, long enough to tell two apart."""
    return hashlib.blake2b(content.encode(errors="surrogatepass"), digest_size=4).digest()


def read_version(db: sqlite3.Connection) -> int:
    """The version of the tables in this file; 0 for an empty one."""
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables up to date: all steps or none. The index is built later, in small steps."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in range(read_version(db), SCHEMA_VERSION):
            MIGRATIONS[step](db)
        if _index_is_outdated(db):
            _reset_index(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("COMMIT")
    except BaseException:
        db.rollback()  # unless SQLite has done so itself
        raise
