"""The tables of the log's file, and the way there from every earlier version."""

import hashlib
import secrets
import sqlite3
from collections.abc import Callable

from chatdesk.log.words import folded

APPLICATION_ID = 0x43_44_53_4B
"""Marks the file as ours, in the header where SQLite has a place for that."""

ROOM_BITS = 40
"""An entry's place is its room's number and its own, one behind the other: one tree holds all rooms, each in order."""

_CHUNK = 2_000


def place(number: int, seq: int) -> int:
    """Where an entry of this room lies."""
    return number << ROOM_BITS | seq


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
    """The words of what was said. They come folded already, so that the index has nothing to interpret."""
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (text, content='', columnsize=0, prefix='2 3', tokenize='ascii')"
    )
    last = -1
    while rows := db.execute(
        "SELECT place, content FROM entry WHERE place > ? AND content IS NOT NULL ORDER BY place LIMIT ?",
        (last, _CHUNK),
    ).fetchall():
        db.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", [(at, folded(text)) for at, text in rows])
        last = rows[-1][0]


def _seats(db: sqlite3.Connection) -> None:
    """Who has which nickname, for the time after a restart."""
    db.execute("CREATE TABLE seat (key TEXT PRIMARY KEY, identity TEXT NOT NULL) WITHOUT ROWID")


def _vocabulary(db: sqlite3.Connection) -> None:
    """A view of the index by its words; it holds nothing itself."""
    db.execute("CREATE VIRTUAL TABLE word USING fts5vocab (search, instance)")


def _digests(db: sqlite3.Connection) -> None:
    """What retention leaves of a text: its sender's repetition is told from another message by it."""
    db.execute("ALTER TABLE entry ADD COLUMN digest BLOB")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _rooms_and_entries,
    _search_index,
    _seats,
    _vocabulary,
    _digests,
)
"""The step at place N leads from version N to the next. What has shipped is never changed: a new step is added."""

VERSION = len(MIGRATIONS)


def digest(content: str) -> bytes:
    """Too short to guess a text by, long enough to tell two apart."""
    return hashlib.blake2b(content.encode(errors="surrogatepass"), digest_size=4).digest()


def version(db: sqlite3.Connection) -> int:
    """The version of the tables in this file; 0 for an empty one."""
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables up to date: all steps or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in range(version(db), VERSION):
            MIGRATIONS[step](db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        db.rollback()  # unless SQLite has done so itself
        raise
