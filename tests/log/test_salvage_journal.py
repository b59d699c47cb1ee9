"""Of a history whose journal is damaged, or left without its file, every readable message is saved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.archive.history_file import ArchiveError, open_history
from chatdesk.log.database import FILE, open_database
from chatdesk.log.disk_store import open_store
from chatdesk.log.storage_errors import StoreError
from tests.log.damaged_file import PAGE, saved, spoil, words
from tests.log.harness import RoomHarness, copy_as_after_kill


async def _unfinished(tmp_path: Path) -> tuple[bytes, bytes]:
    """Return file and journal with forty messages, as a kill leaves them."""
    folder, copy = tmp_path / "chat", tmp_path / "copy"
    async with open_store(folder) as store:
        room = RoomHarness(store.room("lobby"))
        for number in range(40):
            await room.append(words(number), f"id {number}")
        copy_as_after_kill(folder, copy)
    return (copy / FILE).read_bytes(), (copy / f"{FILE}-wal").read_bytes()


FRAME = 24 + PAGE


@pytest.mark.parametrize(
    ("at", "length"),
    [
        (0, 1),
        (5, 1),
        (17, 1),
        (26, 1),
        (0, PAGE),
        (32 + 1, 1),
        (32 + 17, 1),
        (32 + FRAME + 30, 1),
        (32 + 90 * FRAME, 24),
    ],
)
async def test_nothing_hides_a_journal(tmp_path: Path, at: int, length: int) -> None:
    """Its header, the header of a frame, the first frames, which create the tables."""
    data, wal = await _unfinished(tmp_path)
    spoilt = bytearray(wal)
    spoilt[at : at + length] = bytes(length) if length > 1 else bytes([spoilt[at] ^ 0xFF])
    kept = saved(tmp_path / "copy", data, bytes(spoilt))
    assert kept.aside is not None
    assert len(kept.numbers) >= 39


@pytest.mark.parametrize("there", [True, False], ids=["empty", "gone"])
async def test_a_journal_is_not_deleted_with_the_file(tmp_path: Path, there: bool) -> None:
    """SQLite would delete it, even when reading."""
    _, wal = await _unfinished(tmp_path)
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / f"{FILE}-wal").write_bytes(wal)
    if there:
        (folder / FILE).touch()
        with pytest.raises(ArchiveError, match="is damaged"), open_history(folder):
            raise AssertionError
    db, aside = open_database(folder)
    with closing(db):
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (40,)
    assert str(aside).startswith("The history was damaged. Saved: 40 of 40 messages.")


async def test_a_journal_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for number in range(30):
            db.execute(f"CREATE TABLE theirs{number} (x)")
        db.commit()
        data, wal = (tmp_path / FILE).read_bytes(), bytearray((tmp_path / f"{FILE}-wal").read_bytes())
    wal[32 + 4 * FRAME + 40] ^= 0xFF
    (tmp_path / FILE).write_bytes(data)
    (tmp_path / f"{FILE}-wal").write_bytes(wal)
    with pytest.raises(StoreError, match="another program"):
        open_database(tmp_path)
    assert ((tmp_path / FILE).read_bytes(), (tmp_path / f"{FILE}-wal").read_bytes()) == (data, bytes(wal))


async def test_a_journal_is_read_up_to_its_last_commit_around_damage(tmp_path: Path) -> None:
    sound, journal = await _unfinished(tmp_path)
    wal = bytearray(journal)
    assert len(wal) > 20 * PAGE
    wal[len(wal) // 2] ^= 0xFF
    kept = saved(tmp_path / "copy", spoil(sound, [0]), bytes(wal))
    assert kept.aside is not None
    assert len(kept.numbers) >= 35
    assert kept.numbers == sorted(kept.numbers)
    assert kept.numbers[-1] == 39
    assert kept.aside.path.with_name(f"{kept.aside.path.name}-wal").read_bytes() == wal
