"""The tables of the log's file, and the migration from every earlier version."""

import hashlib
import secrets
import sqlite3
from collections.abc import Callable

from chatdesk.log.reservation_keys import migrate_reservation_keys
from chatdesk.log.tokenizer import FTS5_TOKENIZER, RULES_VERSION

APPLICATION_ID = 0x43_44_53_4B
"""Marks the file as ours in SQLite's header: "CDSK"."""

SEQ_BITS = 40
"""Bits of a message's number in an entry's place: 10^12 messages in each of 8 million rooms fit into 63 bits."""


NEW_ROOM = "INSERT INTO room (number, name, epoch, first_seq, last_seq) VALUES (?, ?, ?, 1, 0)"
"""Adds a room without messages."""


def entry_place(number: int, seq: int) -> int:
    """Return the key of an entry: the room's number, then the message's. So one tree holds all rooms, each in order.

    The place of a change is made in the same way.
    """
    return number << SEQ_BITS | seq


def _rooms_and_entries(db: sqlite3.Connection) -> None:
    """Create the basic tables.

    A room that is cleared continues under another number; the old row loses its name and is deleted later. ``content``
    is NULL where retention has deleted it; the row stays for a while, so that its ``id`` is still known.
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
    """Create the first search index, which ``_reset_index`` replaces."""
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (text, content='', columnsize=0, prefix='2 3', tokenize='ascii')"
    )


def _reservations(db: sqlite3.Connection) -> None:
    """Create the table of nickname reservations."""
    db.execute("CREATE TABLE seat (key TEXT PRIMARY KEY, identity TEXT NOT NULL) WITHOUT ROWID")


def _vocabulary(db: sqlite3.Connection) -> None:
    """Create a view of the search index by words, without data of its own."""
    db.execute("CREATE VIRTUAL TABLE word USING fts5vocab (search, instance)")


def _digests(db: sqlite3.Connection) -> None:
    """Add the digest of a deleted text, which tells a repeated message from another with the same ``id``."""
    db.execute("ALTER TABLE entry ADD COLUMN digest BLOB")


def _unindexed(db: sqlite3.Connection) -> None:
    """Create the table of rooms whose search index has no entry before number ``before``."""
    db.execute("CREATE TABLE unindexed (number INTEGER PRIMARY KEY, before INTEGER NOT NULL)")


def _changes(db: sqlite3.Connection) -> None:
    """Count changes: what came before had one for each message, so its numbers are the same.

    ``change`` added the entry, NULL for that of its number. ``amended`` is the place of its last change on that axis,
    NULL if it is as it was said; the index is the list of amendments. ``edited`` is a time in ms since 1970.
    """
    for column in ("change", "amended", "edited"):
        db.execute(f"ALTER TABLE entry ADD COLUMN {column} INTEGER")
    db.execute("CREATE UNIQUE INDEX entry_amended ON entry (amended) WHERE amended IS NOT NULL")
    db.execute("ALTER TABLE room ADD COLUMN first_change INTEGER NOT NULL DEFAULT 1")
    db.execute("ALTER TABLE room ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE room SET first_change = first_seq, last_change = last_seq")


def _rooms_and_subscriptions(db: sqlite3.Connection) -> None:
    """Create the tables of what is kept of rooms besides their messages.

    Both know a room by its name, which stays when its history is deleted.
    """
    db.execute(
        "CREATE TABLE room_settings (room TEXT PRIMARY KEY, topic TEXT NOT NULL, archived INTEGER NOT NULL,"
        " newcomers TEXT NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL, closed INTEGER NOT NULL)"
        " WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE subscription (identity TEXT NOT NULL, room TEXT NOT NULL, joined INTEGER NOT NULL,"
        " level TEXT NOT NULL, read INTEGER NOT NULL, since INTEGER NOT NULL, nickname TEXT NOT NULL,"
        " PRIMARY KEY (identity, room)) WITHOUT ROWID"
    )


def _acts(db: sqlite3.Connection) -> None:
    """Keep replies, deletions, pins and reactions.

    ``removed`` is as what somebody has deleted the message, and ``remover`` under which nickname. A row of ``reaction``
    is one person's, with the change that added it; ``reactions`` of an entry are the counts and first names, as JSON.
    """
    for column in ("reply_to INTEGER", "removed TEXT", "remover TEXT", "pinned INTEGER", "reactions TEXT"):
        db.execute(f"ALTER TABLE entry ADD COLUMN {column}")
    db.execute("CREATE INDEX entry_pinned ON entry (place) WHERE pinned IS NOT NULL")
    db.execute(
        "CREATE TABLE reaction (identity TEXT NOT NULL, place INTEGER NOT NULL, emoji TEXT NOT NULL,"
        " change INTEGER NOT NULL, nickname TEXT NOT NULL, PRIMARY KEY (identity, place, emoji)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX reaction_order ON reaction (place, emoji, change)")


def _mentions(db: sqlite3.Connection) -> None:
    """Keep whom a message mentions, as JSON, and whether it says what its author does."""
    for column in ("mentions TEXT", "action INTEGER"):
        db.execute(f"ALTER TABLE entry ADD COLUMN {column}")


def _receipts(db: sqlite3.Connection) -> None:
    """Keep who has read what, and when.

    Of marks that are there nobody knows where they began, so they begin here. A row of ``reading`` is how far somebody
    came within a minute (since 1970). ``receipts_off`` are those who neither give nor see receipts.
    """
    for column in ("start", "furthest"):
        db.execute(f"ALTER TABLE subscription ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE subscription SET start = read, furthest = read")
    db.execute(
        "CREATE TABLE reading (identity TEXT NOT NULL, room TEXT NOT NULL, minute INTEGER NOT NULL,"
        " seq INTEGER NOT NULL, PRIMARY KEY (identity, room, minute)) WITHOUT ROWID"
    )
    db.execute("CREATE TABLE receipts_off (identity TEXT PRIMARY KEY) WITHOUT ROWID")


def _deleted_rooms(db: sqlite3.Connection) -> None:
    """Keep the names of rooms that the host has deleted, so that a link to one does not make it again."""
    db.execute("CREATE TABLE deleted_room (room TEXT PRIMARY KEY) WITHOUT ROWID")


def _invitations(db: sqlite3.Connection) -> None:
    """Keep invitations, by the keyed digest of their codes; see ``Invitation``."""
    texts = "".join(f"{column} TEXT NOT NULL, " for column in ("digest", "nickname", "role", "room"))
    numbers = "".join(f"{column} INTEGER NOT NULL, " for column in ("uses", "used", "created", "expires"))
    db.execute(f"CREATE TABLE invitation (id TEXT PRIMARY KEY, {texts}{numbers}creator TEXT NOT NULL) WITHOUT ROWID")


def _entry(db: sqlite3.Connection) -> None:
    """Keep passwords of rooms as their hashes, whether rooms are locked, and who has given a password.

    The chat as a whole stands here as the room without a name.
    """
    db.execute("ALTER TABLE room_settings ADD COLUMN password TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE room_settings ADD COLUMN locked INTEGER NOT NULL DEFAULT 0")
    db.execute(
        "CREATE TABLE pass (room TEXT NOT NULL, identity TEXT NOT NULL, given INTEGER NOT NULL,"
        " PRIMARY KEY (room, identity)) WITHOUT ROWID"
    )


def _order(db: sqlite3.Connection) -> None:
    """Keep what holds for whom, such as a ban, and the audit trail; see ``order``. Times are in ms since 1970."""
    db.execute(
        "CREATE TABLE standing (identity TEXT NOT NULL, kind TEXT NOT NULL, room TEXT NOT NULL, nickname TEXT NOT NULL,"
        " value TEXT NOT NULL, reason TEXT NOT NULL, until INTEGER NOT NULL, actor TEXT NOT NULL,"
        " time INTEGER NOT NULL, PRIMARY KEY (identity, room, kind)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, act TEXT NOT NULL,"
        " actor TEXT NOT NULL, whom TEXT NOT NULL, identity TEXT NOT NULL, room TEXT NOT NULL, reason TEXT NOT NULL,"
        " until INTEGER NOT NULL, detail TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX audit_time ON audit (time)")


def _pace(db: sqlite3.Connection) -> None:
    """Keep the pace of rooms, and the messages that wait for approval; see ``Held``."""
    for column in ("slow", "announce", "hold", "nameless"):
        db.execute(f"ALTER TABLE room_settings ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    db.execute(
        "CREATE TABLE held (number INTEGER PRIMARY KEY, room TEXT NOT NULL, identity TEXT NOT NULL,"
        " nickname TEXT NOT NULL, content TEXT NOT NULL, id TEXT, reply_to INTEGER, mentions TEXT,"
        " action INTEGER NOT NULL, time INTEGER NOT NULL, declined TEXT NOT NULL)"
    )


def _reset_index(db: sqlite3.Connection) -> None:
    """Replace the search index with an empty one, which is built in steps; ``unindexed`` holds the progress.

    The pages of the old one are not overwritten, which would take seconds: the new index will use them.
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
    """Return whether the index was built by other rules, such as with an older Python."""
    rules: object = db.execute("SELECT value FROM about WHERE name = 'index'").fetchone()
    return rules != (RULES_VERSION,)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _rooms_and_entries,
    _search_index,
    _reservations,
    _vocabulary,
    _digests,
    _unindexed,
    _changes,
    _rooms_and_subscriptions,
    _acts,
    _mentions,
    _receipts,
    _deleted_rooms,
    _invitations,
    _entry,
    migrate_reservation_keys,
    _order,
    _pace,
)
"""Step N migrates from version N to N + 1. A step that has shipped is never changed; new ones are added."""

SCHEMA_VERSION = len(MIGRATIONS)


def content_digest(content: str) -> bytes:
    """Return 4 bytes: too few to recover a text by guessing, enough to tell two messages apart."""
    return hashlib.blake2b(content.encode(errors="surrogatepass"), digest_size=4).digest()


def read_version(db: sqlite3.Connection) -> int:
    """Return the schema version of a file; 0 if it is empty."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def show_as_current(db: sqlite3.Connection) -> None:
    """Let a connection that only reads see an older version's tables as those of this version."""
    version = read_version(db)
    if version >= SCHEMA_VERSION:
        return
    db.execute("PRAGMA query_only = OFF")  # which forbids temporary views, too
    added = ["mentions", "action"]
    if version <= MIGRATIONS.index(_acts):
        added += ["reply_to", "removed", "remover", "pinned", "reactions"]
    if version <= MIGRATIONS.index(_changes):
        added += ["change", "amended", "edited"]
        changes = "first_seq AS first_change, last_seq AS last_change"
        db.execute(f"CREATE TEMP VIEW room AS SELECT *, {changes} FROM main.room")
    nothing = ", ".join(f"NULL AS {column}" for column in added)
    db.execute(f"CREATE TEMP VIEW entry AS SELECT *, {nothing} FROM main.entry")
    pace = "0 AS slow, 0 AS announce, 0 AS hold, 0 AS nameless"
    if version <= MIGRATIONS.index(_rooms_and_subscriptions):
        nothing = "'' AS room, '' AS topic, 0 AS archived, 'all' AS newcomers, '' AS creator, 0 AS created, 0 AS closed"
        db.execute(f"CREATE TEMP VIEW room_settings AS SELECT {nothing}, '' AS password, 0 AS locked, {pace} WHERE 0")
    elif version <= MIGRATIONS.index(_pace):
        entry = "" if version > MIGRATIONS.index(_entry) else "'' AS password, 0 AS locked, "
        db.execute(f"CREATE TEMP VIEW room_settings AS SELECT *, {entry}{pace} FROM main.room_settings")
    db.execute("PRAGMA query_only = ON")


def migrate(db: sqlite3.Connection) -> None:
    """Migrate the tables, all steps or none. The search index is built later, in small steps."""
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
        db.rollback()  # does nothing if SQLite has rolled back itself
        raise
