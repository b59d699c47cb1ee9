"""The contents of a chat's folder, read without the program: the entries, and whether file and index are intact."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import NamedTuple

from chatdesk.log.database import FILE
from chatdesk.log.schema import SEQ_BITS
from chatdesk.log.tokenizer import index_text


class StoredEntry(NamedTuple):
    """An entry of a room; ``place`` is its key in the file."""

    place: int
    id: str | None
    content: str

    @property
    def seq(self) -> int:
        """Its number in its room."""
        return self.place & ((1 << SEQ_BITS) - 1)


class OnDisk(NamedTuple):
    """``integrity`` is SQLite's verdict on the file, ``index_agrees`` whether the index matches the entries."""

    entries: list[StoredEntry]
    integrity: str
    index_agrees: bool

    @property
    def gapless(self) -> bool:
        """Whether the sequence numbers are consecutive and start at 1."""
        return [entry.seq for entry in self.entries] == list(range(1, len(self.entries) + 1))


def read(folder: Path) -> OnDisk:
    """Read the one room of a folder whose server is dead, from a copy, so that the folder does not change."""
    with tempfile.TemporaryDirectory(prefix="chatdesk-") as copied:
        for file in folder.glob(f"{FILE}*"):
            copy(file, copied)
        with closing(sqlite3.connect(Path(copied) / FILE)) as db:
            integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
            entries = [StoredEntry(*row) for row in db.execute("SELECT place, id, content FROM entry ORDER BY place")]
            return OnDisk(entries, integrity, _index_agrees(db, entries))


def _index_agrees(db: sqlite3.Connection, entries: list[StoredEntry]) -> bool:
    db.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search, 'instance')")
    found: dict[int, list[str]] = {}
    for word, place in db.execute("SELECT term, doc FROM temp.word ORDER BY doc, offset"):
        found.setdefault(place, []).append(word)
    return found == {entry.place: index_text(entry.content).split() for entry in entries}
