"""Every error has a code for programs and a sentence for people."""

import errno
import logging
import sqlite3
from pathlib import Path

import pytest

from chatdesk.log.room_log import StorageProblem
from chatdesk.log.storage_errors import FileGoneError, StoreError, explain, open_error


def error(code: int) -> sqlite3.OperationalError:
    trouble = sqlite3.OperationalError("what SQLite says")
    trouble.sqlite_errorcode = code
    return trouble


@pytest.mark.parametrize(
    ("code", "word", "advice"),
    [
        (sqlite3.SQLITE_FULL, "full", "free some space"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "readonly", "make it writable"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked", "close that program"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "damaged", "is saved"),
        (sqlite3.SQLITE_NOTADB, "damaged", "is saved"),
        (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, "damaged", "is saved"),
        (sqlite3.SQLITE_IOERR_WRITE, "failed", "look after it"),
        (sqlite3.SQLITE_CANTOPEN, "failed", "look after it"),
        (sqlite3.SQLITE_NOMEM, "failed", "look after it"),
    ],
)
def test_an_error_of_sqlite(tmp_path: Path, code: int, word: str, advice: str) -> None:
    problem = explain(error(code), tmp_path)
    assert problem.code == word
    assert advice in problem.sentence
    assert "what SQLite says" not in problem.sentence
    assert str(tmp_path) not in problem.sentence, "the guests need not know where the host keeps things"


@pytest.mark.parametrize(
    ("code", "word"),
    [(errno.ENOSPC, "full"), (errno.EROFS, "readonly"), (errno.EACCES, "readonly"), (errno.EIO, "failed")],
)
def test_an_error_of_the_system(tmp_path: Path, code: int, word: str) -> None:
    assert explain(OSError(code, "what the system says"), tmp_path).code == word


def test_an_error_that_sqlite_gives_no_code_for(tmp_path: Path) -> None:
    assert explain(sqlite3.ProgrammingError("closed"), tmp_path).code == "failed"


def test_a_folder_that_has_gone_is_to_be_put_back(tmp_path: Path) -> None:
    gone = explain(error(sqlite3.SQLITE_CANTOPEN), tmp_path / "gone")
    assert gone == explain(FileGoneError(), tmp_path)
    assert "put it back" in gone.sentence


def test_a_fault_of_the_program_is_logged_and_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        problem = explain(ValueError("secret detail"), tmp_path)
    assert problem.code == "failed"
    assert "restart the host" in problem.sentence
    assert "secret detail" not in problem.sentence
    assert caplog.records[0].exc_info


def test_a_refusal_keeps_its_own_words(tmp_path: Path) -> None:
    own = StorageProblem("newer", "Update.")
    assert explain(StoreError(own), tmp_path) is own


@pytest.mark.parametrize(
    ("trouble", "advice"),
    [
        (error(sqlite3.SQLITE_FULL), "free some space, or choose another with --data-dir"),
        (error(sqlite3.SQLITE_READONLY), "may not write into"),
        (error(sqlite3.SQLITE_BUSY), "close it, or choose another"),
        (error(sqlite3.SQLITE_IOERR), "(what SQLite says): choose another folder with --data-dir"),
        (OSError(errno.ENOTDIR, "Not a directory"), "(not a directory): choose another with --data-dir"),
    ],
)
def test_an_error_at_the_start_names_the_folder(tmp_path: Path, trouble: sqlite3.Error | OSError, advice: str) -> None:
    sentence = str(open_error(trouble, tmp_path))
    assert advice in sentence
    assert str(tmp_path) in sentence
