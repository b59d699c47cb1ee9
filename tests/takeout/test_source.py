"""What cannot be read is said in one sentence, and the history itself is never written over."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.takeout.source import TakeoutError, keep_off, reading
from tests.takeout.history import change, keep, spoil


def foreign(folder: Path) -> None:
    (folder / "chat.db").unlink()
    with closing(sqlite3.connect(folder / "chat.db")) as db:
        db.execute("CREATE TABLE recipe (name)")


def no_database(folder: Path) -> None:
    (folder / "chat.db").write_bytes(b"Dear diary, " * 1000)


def newer(folder: Path) -> None:
    change(folder, "PRAGMA user_version = 99")


def away(folder: Path) -> None:
    (folder / "chat.db").unlink()


def a_folder(folder: Path) -> None:
    (folder / "chat.db").unlink()
    (folder / "chat.db").mkdir()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (away, "There is no history in"),
        (a_folder, "There is no history in"),
        (foreign, "belongs to another program"),
        (newer, "was written by a newer ChatDesk"),
        (no_database, "is damaged"),
        (spoil, "is damaged"),
    ],
)
def test_what_is_no_history_of_ours_is_a_sentence(tmp_path: Path, harm: Callable[[Path], None], sentence: str) -> None:
    keep(tmp_path, (f"{number} " * 500 for number in range(100)))
    harm(tmp_path)
    with pytest.raises(TakeoutError, match=sentence), reading(tmp_path) as db:
        db.execute("SELECT sum(length(content)) FROM entry").fetchone()


def test_nothing_can_be_changed(tmp_path: Path) -> None:
    keep(tmp_path, ["Hello"])
    with pytest.raises(TakeoutError, match="attempt to write a readonly database"), reading(tmp_path) as db:
        db.execute("DELETE FROM entry")


@pytest.mark.parametrize("name", ["chat.db", "chat.db-wal", "chat.db-shm", "chat.lock"])
def test_the_history_is_no_place_to_write_to(tmp_path: Path, name: str) -> None:
    link = tmp_path / "link"
    (tmp_path / "real").mkdir()
    link.symlink_to(tmp_path / "real", target_is_directory=True)
    with pytest.raises(TakeoutError, match="where the history itself is kept"):
        keep_off(link / name, tmp_path / "real")


def test_beside_it_there_is_room(tmp_path: Path) -> None:
    keep_off(tmp_path / "evening.csv", tmp_path)
    keep_off(tmp_path / "elsewhere" / "chat.db", tmp_path)
