"""A history's file that is damaged in a test, and what of it is saved."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from chatdesk.log.database import FILE, Quarantined, open_database

PAGE = 4096


class Contents(NamedTuple):
    """What the new file holds."""

    aside: Quarantined | None
    numbers: list[int]
    senders: set[tuple[str, str | None, str]]
    about: dict[str, object]
    rooms: dict[str, tuple[str, int, int]]


def words(number: int) -> str:
    """Return the text of a message; some are longer than a database page."""
    return f"message {number:04d} " + "x" * (9000 if number % 50 == 0 else number % 90)


def saved(folder: Path, data: bytes, wal: bytes = b"") -> Contents:
    """Write these bytes as file and journal, open them and return the result."""
    for suffix in ("-wal", "-shm"):
        (folder / f"{FILE}{suffix}").unlink(missing_ok=True)
    (folder / FILE).write_bytes(data)
    if wal:
        (folder / f"{FILE}-wal").write_bytes(wal)
    db, aside = open_database(folder)
    with closing(db):
        assert not aside or db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = db.execute(
            "SELECT content, identity, id, nickname FROM entry JOIN room ON number = place >> 40"
            " WHERE content IS NOT NULL AND name != 'side' ORDER BY place"
        ).fetchall()
        numbers = [int(found[1]) for row in rows if (found := re.match(r"message (\d{4})", row[0]))]
        about = dict(db.execute("SELECT name, value FROM about"))
        rooms = {name: (epoch, first, last) for _, name, epoch, first, last, *_ in db.execute("SELECT * FROM room")}
        count = "SELECT count(*) FROM entry WHERE content IS NOT NULL"
        assert db.execute(count).fetchone()[0] == sum(last - first + 1 for _, first, last in rooms.values())
    if aside:
        assert aside.path.read_bytes() == data, "it is kept as it was"
    return Contents(aside, numbers, {row[1:] for row in rows}, about, rooms)


def spoil(data: bytes, pages: list[int], junk: bytes = b"\xa7") -> bytes:
    """Overwrite these database pages."""
    spoilt = bytearray(data)
    for page in pages:
        spoilt[page * PAGE : (page + 1) * PAGE] = junk * PAGE
    return bytes(spoilt)
