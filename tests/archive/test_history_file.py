"""A history that cannot be read is a sentence, and the history is never overwritten."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.archive.history_file import ArchiveError, open_history, refuse_history_folder
from tests.archive.history import corrupt, execute, write_history


def foreign(folder: Path) -> None:
    (folder / "chat.db").unlink()
    with closing(sqlite3.connect(folder / "chat.db")) as db:
        db.execute("CREATE TABLE recipe (name)")


def no_database(folder: Path) -> None:
    (folder / "chat.db").write_bytes(b"Dear diary, " * 1000)


def newer(folder: Path) -> None:
    execute(folder, "PRAGMA user_version = 99")


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
        (corrupt, "is damaged"),
    ],
)
def test_what_is_no_history_of_ours_is_a_sentence(tmp_path: Path, harm: Callable[[Path], None], sentence: str) -> None:
    write_history(tmp_path, (f"{number} " * 500 for number in range(100)))
    harm(tmp_path)
    with pytest.raises(ArchiveError, match=sentence), open_history(tmp_path) as db:
        db.execute("SELECT sum(length(content)) FROM entry").fetchone()


def test_nothing_can_be_changed(tmp_path: Path) -> None:
    write_history(tmp_path, ["Hello"])
    with pytest.raises(ArchiveError, match="attempt to write a readonly database"), open_history(tmp_path) as db:
        db.execute("DELETE FROM entry")


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """The folder of a history, and a link to it."""
    folder = tmp_path / "real"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    return folder


@pytest.mark.parametrize("name", ["chat.db", "CHAT.DB", "chat.lock", "damaged-1.db", "a.csv", "no/a.csv"])
@pytest.mark.parametrize("written", ["real", "link", "real/../link", "real/x/.."])
def test_the_folder_of_the_history_is_no_place_to_write_to(real: Path, name: str, written: str) -> None:
    (real / "x").mkdir()
    for folder in (real, real.parent / "link"):
        with pytest.raises(ArchiveError, match="where the history itself is kept"):
            refuse_history_folder(real.parent / written / name, folder)


@pytest.mark.parametrize("name", ["chat.db", "not-there-yet.csv"])
def test_a_link_into_the_folder_is_no_place_to_write_to(real: Path, tmp_path: Path, name: str) -> None:
    (real / "chat.db").touch()
    (tmp_path / "x.jsonl").symlink_to(f"link/{name}")
    (tmp_path / "y.jsonl").symlink_to("x.jsonl")
    with pytest.raises(ArchiveError, match=r"y\.jsonl is where the history itself is kept"):
        refuse_history_folder(tmp_path / "y.jsonl", real)


def test_the_target_of_a_linked_history_is_no_place_to_write_to(real: Path, tmp_path: Path) -> None:
    (tmp_path / "large.db").touch()
    (real / "chat.db").symlink_to(tmp_path / "large.db")
    with pytest.raises(ArchiveError, match="where the history itself is kept"):
        refuse_history_folder(tmp_path / "large.db", real)
    refuse_history_folder(tmp_path / "other.db", real)


@pytest.mark.parametrize(
    "name", ["chat.db", "elsewhere/chat.db", "really/a.csv", "x" * 300, "x" * 300 + "/a.csv", "turn"]
)
def test_beside_it_there_is_room(real: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "really").mkdir()
    (tmp_path / "turn").symlink_to("turn")
    refuse_history_folder(tmp_path / name, real)
    refuse_history_folder(tmp_path / name, tmp_path / "not there")


def test_a_link_out_of_it_leads_to_a_place_of_its_own(real: Path, tmp_path: Path) -> None:
    (real / "a.csv").symlink_to(tmp_path / "a.csv")
    refuse_history_folder(real / "a.csv", real)
