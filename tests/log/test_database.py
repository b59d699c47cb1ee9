"""Every writing connection is durable; foreign and damaged files stay unchanged."""

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.log.database import (
    FILE,
    check,
    check_thoroughly,
    checkpoint,
    close_with_checkpoint,
    connect,
    connect_for_reading,
    inodes,
    is_damage,
    open_database,
    probe,
    set_aside,
)
from chatdesk.log.schema import SCHEMA_VERSION
from chatdesk.log.storage_errors import StoreError
from tests.log.harness import bytes_of, copy_as_after_kill


def pragma(db: sqlite3.Connection, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_every_connection_that_writes_is_durable(tmp_path: Path) -> None:
    for _ in range(2):  # a new file, and one that is there
        with closing(connect(tmp_path)) as db:
            assert pragma(db, "journal_mode") == "wal"
            assert pragma(db, "synchronous") == 2
            assert pragma(db, "fullfsync") == 1
            assert pragma(db, "secure_delete") == 1


def test_a_disk_that_cannot_keep_a_log_is_refused(tmp_path: Path) -> None:
    with closing(connect(tmp_path)) as db:
        db.execute("CREATE TABLE t (x)")
        db.execute("PRAGMA application_id = 0x4344534B")
        db.execute("PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")  # so that the journal cannot become what it should be
        with pytest.raises(sqlite3.OperationalError):
            connect(tmp_path)


def test_a_connection_for_reading_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect_for_reading(tmp_path)
    assert list(tmp_path.iterdir()) == []
    db, _ = open_database(tmp_path)
    with closing(db), closing(connect_for_reading(tmp_path)) as reader:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM about")
        assert reader.execute("SELECT count(*) FROM about").fetchone() == (3,)


def test_only_a_tidy_close_touches_the_file(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    db.execute("INSERT INTO about VALUES ('some', 'thing')")
    db.close()
    assert (tmp_path / FILE).read_bytes() == before
    db = connect(tmp_path)
    assert db.execute("SELECT value FROM about WHERE name = 'some'").fetchone() == ("thing",)
    close_with_checkpoint(db)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db):
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_file_of_another_program_stays_as_it_is(tmp_path: Path, journal: str) -> None:
    other, folder = tmp_path / "other", tmp_path / "chat"
    other.mkdir()
    with closing(sqlite3.connect(other / FILE, isolation_level=None)) as db:
        db.execute(f"PRAGMA journal_mode = {journal}")
        db.execute("PRAGMA user_version = 70")
        db.execute("CREATE TABLE recipes (name)")
        db.execute("INSERT INTO recipes VALUES ('soup')")
        copy_as_after_kill(other, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StoreError, match="belongs to another program: choose another folder") as refusal:
        open_database(folder)
    assert refusal.value.problem.code == "foreign"
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_file_of_a_newer_version_stays_as_it_is(tmp_path: Path) -> None:
    ours, folder = tmp_path / "ours", tmp_path / "chat"
    ours.mkdir()
    db, _ = open_database(ours)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    copy_as_after_kill(ours, folder)
    db.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert f"{FILE}-wal" in before
    with pytest.raises(StoreError, match="written by a newer ChatDesk: update this one") as refusal:
        open_database(folder)
    assert refusal.value.problem.code == "newer"
    assert {name: (folder / name).read_bytes() for name in before} == before


@pytest.mark.parametrize("junk", [b"\x00" * 100, b"This is not a database. " * 400], ids=["zeros", "text"])
def test_what_is_no_database_is_quarantined_unchanged(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / FILE).write_bytes(junk)
    db, aside = open_database(tmp_path)
    with closing(db):
        assert aside is not None
        assert aside.path.read_bytes() == junk
        assert "a new one begins" in str(aside)
        assert db.execute("SELECT count(*) FROM about").fetchone() == (3,)


def test_a_damaged_file_is_quarantined_with_its_journal_byte_for_byte(tmp_path: Path) -> None:
    ours, folder = tmp_path / "ours", tmp_path / "chat"
    ours.mkdir()
    db, _ = open_database(ours)
    db.executemany("INSERT INTO about VALUES (?, ?)", [(f"name {n}", "x" * 500) for n in range(200)])
    assert checkpoint(db)
    db.execute("INSERT INTO about VALUES ('only', 'in the journal')")
    copy_as_after_kill(ours, folder)
    db.close()
    damaged = bytearray((folder / FILE).read_bytes())
    damaged[8 * 4096 : 20 * 4096] = b"\xa5" * (12 * 4096)
    (folder / FILE).write_bytes(damaged)
    journal = (folder / f"{FILE}-wal").read_bytes()
    db, aside = open_database(folder)
    db.close()
    assert aside is not None
    assert aside.path.read_bytes() == damaged
    assert aside.path.with_name(f"{aside.path.name}-wal").read_bytes() == journal


def test_two_damaged_files_within_a_second_have_two_names(tmp_path: Path) -> None:
    names = set()
    for number in range(3):
        (tmp_path / FILE).write_text(str(number))
        names.add(set_aside(tmp_path, "damaged"))
    assert len(names) == 3
    assert sorted(path.read_text() for path in names) == ["0", "1", "2"]


def test_a_journal_is_not_left_for_the_next_file(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"{FILE}{suffix}").write_bytes(b"x")
    aside = set_aside(tmp_path, "damaged")
    assert {path.name for path in tmp_path.iterdir()} == {aside.name, f"{aside.name}-wal", f"{aside.name}-shm"}


def test_a_probe_leaves_nothing(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db):
        probe(db)
        probe(db)
        assert db.execute("SELECT count(*) FROM about").fetchone() == (3,)


def test_a_file_that_was_replaced_is_another_one(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db):
        there = inodes(tmp_path)
        assert inodes(tmp_path) == there
        shutil.copy(tmp_path / FILE, tmp_path / "copy")
        (tmp_path / "copy").replace(tmp_path / FILE)
        assert inodes(tmp_path) != there


def test_the_journal_is_not_emptied_while_it_is_read(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db), closing(connect_for_reading(tmp_path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM about").fetchone()
        db.execute("INSERT INTO about VALUES ('some', 'thing')")
        assert not checkpoint(db)
        reader.execute("COMMIT")
        assert checkpoint(db)
        assert (tmp_path / f"{FILE}-wal").stat().st_size == 0
        assert pragma(db, "busy_timeout") == 2000


def test_a_damaged_character_is_read_as_one(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db):
        db.execute("INSERT INTO about VALUES ('word', CAST(x'61ff62' AS TEXT))")
        assert db.execute("SELECT value FROM about WHERE name = 'word'").fetchone() == ("a\ufffdb",)


def test_missing_entries_and_a_damaged_index_are_damage(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db):
        check_thoroughly(db)
        db.execute("INSERT INTO room VALUES (1, 'lobby', 'e', 1, 3, 1, 3)")
        check(db)
        with pytest.raises(sqlite3.DatabaseError, match="missing") as failure:
            check_thoroughly(db)
        assert is_damage(failure.value)
        db.execute("DELETE FROM room")
        db.execute("INSERT INTO search (rowid, text) VALUES (1, 'some words')")
        check_thoroughly(db)
        db.execute("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10")
        check(db)
        with pytest.raises(sqlite3.DatabaseError) as failure:
            check_thoroughly(db)
        assert is_damage(failure.value)


def test_what_is_written_over_while_it_is_open_is_found(tmp_path: Path) -> None:
    db, _ = open_database(tmp_path)
    with closing(db):
        db.executemany("INSERT INTO about VALUES (?, ?)", [(f"name {n}", "x" * 500) for n in range(200)])
        checkpoint(db)
        check_thoroughly(db)
        with (tmp_path / FILE).open("r+b") as file:
            file.seek(8 * 4096)
            file.write(b"\xa5" * 12 * 4096)
        with pytest.raises(sqlite3.DatabaseError) as failure:
            check_thoroughly(db)
        assert is_damage(failure.value)
    assert b"\xa5" * 4096 in bytes_of(tmp_path)
