"""A file appears complete or not at all."""

import errno
import os
from pathlib import Path

import pytest

from chatdesk.export.atomic_file import WriteError, atomic_path, open_atomic


def test_it_appears_at_the_end_with_the_rights_of_any_other_file(tmp_path: Path) -> None:
    path = tmp_path / "evening.csv"
    with open_atomic(path) as file:
        file.write(b"all")
        assert not path.exists()
    assert path.read_bytes() == b"all"
    (tmp_path / "other").touch()
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("mask", [0o022, 0])
def test_what_is_private_is_so_from_the_beginning(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with atomic_path(tmp_path / "a.db", private=True) as part:
            assert (part.stat().st_size, part.stat().st_mode & 0o777) == (0, 0o600)
    finally:
        os.umask(before)
    assert (tmp_path / "a.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_fails_leaves_nothing_and_the_old_file_as_it_was(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "evening.csv"
    path.write_text("old")

    def fail() -> None:
        with open_atomic(path, replace=True) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_replaced_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "evening.csv"
    path.write_text("old")
    with pytest.raises(WriteError, match=r"There is a file .*evening\.csv already"), open_atomic(path):
        pytest.fail("it must not come so far")
    with open_atomic(path, replace=True) as file:
        file.write(b"new")
    assert path.read_text() == "new"


def test_a_file_that_has_come_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "evening.csv"
    with pytest.raises(WriteError, match="already"), open_atomic(path):
        path.write_text("somebody else's")
    assert path.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [path]


def test_behind_a_link_the_file_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with open_atomic(link, replace=True) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    def fill() -> None:
        with atomic_path(tmp_path / "evening.csv") as part:
            part.write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(WriteError, match=r"evening\.csv \(no space left on device\): choose another place"):
        fill()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "is a folder: name a file in it"),
        ("nowhere/evening.csv", "There is no folder .*nowhere"),
        ("file/evening.csv", "There is no folder .*file"),
        ("pipe", "is no file that could be replaced"),
        ("x" * 300, "name too long"),
    ],
)
def test_where_no_file_can_be_it_says_why(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WriteError, match=sentence), open_atomic(tmp_path / name, replace=True):
        pytest.fail("it must not come so far")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "pipe"}
