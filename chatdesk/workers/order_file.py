"""The file of the order: the place of each operation, and what not all workers have followed yet."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from chatdesk.cluster.belonging import Belonging
from chatdesk.cluster.latest_entries import LatestTexts
from chatdesk.cluster.order_link import OrderFullError, Row, entry_text
from chatdesk.log.database import check, probe, refuse_unsound
from chatdesk.log.operations import RESTART, Ordered

FILE = "order.db"
KEPT_MS = 14 * 24 * 3600 * 1000
"""For so long the same operation, sent again, has no second effect: twice what the log promises."""
_KEYS_MS = 3600 * 1000
"""Between two looks for older ones, which take a tenth of a second for a million."""
BEGUN = 2
"""The number at which an order begins; number 1 stands for all that was said before it."""
_SCHEMA_VERSION = 1
_LEFT_BYTES = 4 << 20
"""On a disk with less, nothing more is ordered: workers need it for what they have told of and not written yet, a
quarter of a second. Once that was so, it takes twice as much until something is."""
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE room (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, change INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE operation (key TEXT PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (number INTEGER PRIMARY KEY, text BLOB NOT NULL);
"""


class Beginning(NamedTuple):
    """What a chat is when its order begins.

    ``epochs`` is a secret by which new rooms get their epochs, ``key`` that of the entry at BEGUN, ``rooms`` the newest
    seq and change of each, and ``known`` the keys of what was said lately.
    """

    server_id: str
    epochs: bytes
    key: str
    rooms: Iterable[tuple[str, int, int]]
    known: Iterable[str]


class OrderFile:
    """The file in a folder, while its context is open; used by one process at a time. Raises sqlite3.Error.

    It does what ``cluster/order.lua`` does. What it returns is on the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = folder / FILE
        path.touch(mode=0o600)
        refuse_unsound(path)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._full = False
        self._keys_at = 0
        try:
            self._open()
        except BaseException:
            self._leave()
            raise

    def _open(self) -> None:
        db = self._db
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what people delete must not be left here
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT")
        self._rooms: dict[str, tuple[int, int]] = {
            name: (seq, change) for name, seq, change in db.execute("SELECT * FROM room")
        }
        """The numbers of the newest in each; a room in which nothing is, such as one that was deleted, has no row."""
        about = dict(db.execute("SELECT * FROM about"))
        self.server_id: str = about.get("server_id", "")
        self.epochs: bytes = about.get("epochs", b"")
        self.number: int = about.get("number", 0)
        self._at: int = about.get("at", 0)
        self._latest = LatestTexts(self.number)
        """Each that is written is here with its commit, so that workers that keep up follow without the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc:
            self._leave()
        else:
            self._db.close()

    def _leave(self) -> None:
        """Close it as it is: what cannot be read may be read by somebody else."""
        self._db.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        self._db.close()

    @property
    def holds_entries(self) -> bool:
        """Whether it has something that was not followed by all, or that is not known to be."""
        return bool(self._db.execute("SELECT EXISTS (SELECT * FROM entry)").fetchone()[0])

    def check(self) -> None:
        """Raise sqlite3.DatabaseError if the structure of the file is damaged."""
        check(self._db)

    def begin(self, beginning: Beginning) -> None:
        """Forget what there is, and begin an order that nobody has followed."""
        db, now = self._db, _now()
        db.execute("BEGIN IMMEDIATE")
        for table in ("about", "room", "operation", "entry"):
            db.execute(f"DELETE FROM {table}")
        about = {"server_id": beginning.server_id, "epochs": beginning.epochs, "number": BEGUN, "at": now}
        db.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        db.executemany("INSERT INTO room VALUES (?, ?, ?)", beginning.rooms)
        known = ((key, 1, now) for key in beginning.known)
        db.executemany("INSERT OR IGNORE INTO operation VALUES (?, ?, ?)", known)
        db.execute("INSERT INTO operation VALUES (?, ?, ?)", (beginning.key, BEGUN, now))
        db.execute("COMMIT")
        self._open()

    def order(self, rows: Sequence[Row]) -> list[int]:
        """Return the number of each operation; negative where it was ordered before. Raises OrderFullError."""
        number, at, rooms = self.number, max(_now(), self._at), dict[str, tuple[int, int]]()
        numbers, made, texts = list[int](), dict[str, int](), list[tuple[int, bytes]]()
        for key, room, messages, changes, operation in rows:
            if known := made.get(key) or self._number_of(key):
                numbers.append(-known)
                continue
            seq, change = rooms.get(room) or self._rooms.get(room, (0, 0))
            rooms[room] = seq, change = (0, 0) if messages == RESTART else (seq + messages, change + changes)
            number += 1
            texts.append((number, f"{seq} {change} {at} {key} {operation}".encode()))
            made[key] = number
            numbers.append(number)
        if made:
            self._write(number, at, rooms, [(key, number, at) for key, number in made.items()], texts)
        return numbers

    def restore(self, entries: Sequence[Ordered]) -> None:
        """Put entries back that a disk has lost, unless the first is not the next one. Raises OrderFullError."""
        if not entries or entries[0].number != self.number + 1:
            return
        rooms = {entry.operation.room: (entry.seq, entry.change) for entry in entries}
        keys = [(entry.key, entry.number, entry.at) for entry in entries]
        texts = [(entry.number, entry_text(entry)) for entry in entries]
        self._write(entries[-1].number, max(entry.at for entry in entries), rooms, keys, texts)

    def _write(
        self,
        number: int,
        at: int,
        rooms: dict[str, tuple[int, int]],
        keys: Sequence[tuple[str, int, int]],
        texts: Sequence[tuple[int, bytes]],
    ) -> None:
        self._require_room()
        with self._writing() as db:
            db.execute("BEGIN IMMEDIATE")
            if self._full:
                probe(db)
            db.executemany("INSERT INTO operation VALUES (?, ?, ?)", keys)
            db.executemany("INSERT INTO entry VALUES (?, ?)", texts)
            counted = [(name, *counts) for name, counts in rooms.items() if any(counts)]
            empty = [name for name, counts in rooms.items() if not any(counts)]
            db.executemany("INSERT OR REPLACE INTO room VALUES (?, ?, ?)", counted)
            db.executemany("DELETE FROM room WHERE name = ?", [(name,) for name in empty])
            db.executemany("UPDATE about SET value = ? WHERE name = ?", [(number, "number"), (at, "at")])
            db.execute("COMMIT")
        self._full = False
        self.number, self._at = number, at
        self._rooms |= rooms
        for name in empty:
            del self._rooms[name]
        for text in texts:
            self._latest.add(*text)

    def _require_room(self) -> None:
        """Raise OrderFullError if the disk has too little left; where the system does not know, it is tried."""
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:  # such as a folder that was moved away, of which the workers tell
            return
        if disk.total and disk.free < (2 * _LEFT_BYTES if self._full else _LEFT_BYTES):
            self._full = True
            raise OrderFullError

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Undo what fails. Raises OrderFullError."""
        try:
            yield self._db
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:
                raise
            self._full = True
            raise OrderFullError from None

    def entries(self, place: int, limit: int) -> list[tuple[int, bytes]]:
        """Return the numbers and texts of what follows this number."""
        if place >= self.number:
            return []
        if self._latest.first <= place + 1:
            return self._latest.between(place, place + limit)
        query = "SELECT number, text FROM entry WHERE number > ? ORDER BY number LIMIT ?"
        return self._db.execute(query, (place, limit)).fetchall()

    def key_at(self, place: int) -> str | None:
        """Return the key of the operation of this number; None if it is not known any more.

        It looks at all of them, a tenth of a second for a million: a worker asks once when it starts.
        """
        found = self._db.execute("SELECT key FROM operation WHERE number = ?", (place,)).fetchone()
        return found[0] if found else None

    def continues(self, belonging: Belonging) -> bool:
        """Whether a file that has followed the order up to this place can go on from there."""
        place = belonging.place
        if place is None or belonging.server_id != self.server_id or place > self.number:
            return False
        if self.key_at(place) != belonging.key:
            return False
        first = self._db.execute("SELECT min(number) FROM entry").fetchone()[0]
        return place == self.number or (first is not None and first <= place + 1)

    def forget_followed(self, place: int) -> None:
        """Delete what was said up to this number, as all workers have it in their files; and keys that are old.

        Raises OrderFullError.
        """
        now = _now()
        with self._writing() as db:
            db.execute("DELETE FROM entry WHERE number <= ?", (place,))
            if now >= self._keys_at:
                db.execute("DELETE FROM operation WHERE at < ? AND number < ?", (now - KEPT_MS, self.number))
                self._keys_at = now + _KEYS_MS
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _number_of(self, key: str) -> int:
        found = self._db.execute("SELECT number FROM operation WHERE key = ?", (key,)).fetchone()
        return found[0] if found else 0


def _now() -> int:
    return time.time_ns() // 1_000_000
