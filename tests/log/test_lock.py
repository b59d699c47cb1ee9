"""A folder is open once, in one process, however that process ends."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chatdesk.log.lock import LOCK, FolderLock
from chatdesk.log.storage_errors import StoreError

HOLD = "import sys, pathlib; from chatdesk.log.lock import FolderLock; lock = FolderLock(pathlib.Path(sys.argv[1]));"


@contextmanager
def locked_elsewhere(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Lock the folder in another process."""
    command = [sys.executable, "-c", f"{HOLD} print('held', flush=True); sys.stdin.read()", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_another_process_gets_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with locked_elsewhere(tmp_path), pytest.raises(StoreError) as refusal:
        FolderLock(tmp_path)
    assert refusal.value.problem.code == "locked"
    assert str(tmp_path) in str(refusal.value)
    assert "close it, or give this chat another --name" in str(refusal.value)


def test_a_lock_goes_with_a_process_that_is_killed(tmp_path: Path) -> None:
    with locked_elsewhere(tmp_path) as process:
        process.kill()
        process.wait()
        FolderLock(tmp_path).close()


def test_a_folder_is_open_once_in_a_process_too(tmp_path: Path) -> None:
    with closing(FolderLock(tmp_path)), pytest.raises(StoreError):
        FolderLock(tmp_path)
    FolderLock(tmp_path).close()


def test_a_lock_is_acquired_again_only_if_its_file_has_gone(tmp_path: Path) -> None:
    with closing(FolderLock(tmp_path)) as lock:
        lock.reacquire_if_replaced()
        with pytest.raises(StoreError):
            FolderLock(tmp_path)
        (tmp_path / LOCK).unlink()
        lock.reacquire_if_replaced()
        with pytest.raises(StoreError):
            FolderLock(tmp_path)
        (tmp_path / LOCK).unlink()
        with locked_elsewhere(tmp_path), pytest.raises(StoreError):
            lock.reacquire_if_replaced()
        lock.reacquire_if_replaced()


def test_a_folder_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unable to open"):
        FolderLock(tmp_path / "missing")
