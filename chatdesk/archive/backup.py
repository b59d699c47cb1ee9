"""``chatdesk backup``: a consistent copy of the whole history, also while a server writes to it.

It is made by VACUUM INTO, which reads one state of the file, however much is written meanwhile; SQLite's backup API
starts over with every write of another process. The copy has no unused pages, so nothing deleted is left in it.
"""

import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chatdesk.archive.history_file import ArchiveError, open_history, refuse_history_folder
from chatdesk.export.atomic_file import WriteError, atomic_path, explain_failure
from chatdesk.log.database import damage_error, size_of_copy
from chatdesk.log.hook_file import HookFile
from chatdesk.log.retention import delete_cleared, reclaim_space
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.log.schema import SCHEMA_VERSION, read_version
from chatdesk.progress import Progress

_PROGRESS_STEPS = 50_000
"""Instructions of SQLite between two updates of the progress, which is also when Ctrl-C is noticed: milliseconds."""

_TARGET_ERRORS = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


@dataclass(frozen=True, slots=True)
class Backup:
    """Which history to copy, and where to; ``replace``: also over an existing file."""

    folder: Path
    file: Path
    replace: bool = False


def backup(request: Backup) -> str:
    """Make a checked copy, complete or none, and return a sentence about it. Raises ArchiveError and WriteError."""
    refuse_history_folder(request.file, request.folder)
    with open_history(request.folder) as db, atomic_path(request.file, replace=request.replace, private=True) as part:
        with Progress(size_of_copy(db), sys.stderr) as progress:
            with _progress_and_errors(db, request.file, lambda: progress.update(part.stat().st_size)):
                db.execute("PRAGMA query_only = OFF")  # which forbids writing elsewhere, too
                db.execute("VACUUM INTO ?", (str(part),))
            progress.show("Checking the copy")
            with closing(sqlite3.connect(part, isolation_level=None)) as copy, _progress_and_errors(copy, request.file):
                _remove_deleted(copy)
                _reset_epochs(copy)
                _add_hooks(copy, request.folder)
                _check(copy)
        size = part.stat().st_size
    return f"The history is copied to {request.file} ({size / 1_000_000:,.1f} MB)."


@contextmanager
def _progress_and_errors(
    db: sqlite3.Connection, file: Path, on_step: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Call ``on_step`` regularly, let Ctrl-C interrupt SQLite, and raise WriteError for faults of the copy."""
    db.set_progress_handler(on_step, _PROGRESS_STEPS)
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None  # it came within ``on_step``
        if error.sqlite_errorcode & 0xFF in _TARGET_ERRORS:
            raise WriteError(explain_failure(str(error), file)) from None
        raise
    finally:
        db.set_progress_handler(None, 0)


def _remove_deleted(copy: sqlite3.Connection) -> None:
    """Remove what is left of rooms that were deleted or cleared a moment ago; the next start would do it, too."""
    if read_version(copy) != SCHEMA_VERSION:
        return
    copy.execute("PRAGMA secure_delete = ON")
    if _in_one_commit(copy, delete_cleared):
        while _in_one_commit(copy, delete_cleared):
            pass
        more = _in_one_commit(copy, partial(reclaim_space, erased=True))
        while more:
            more = _in_one_commit(copy, reclaim_space)


def _in_one_commit(copy: sqlite3.Connection, step: Callable[[sqlite3.Connection], bool]) -> bool:
    """Do a step of hundreds of changes; with a commit for each of them it would take seconds."""
    copy.execute("BEGIN")
    more = step(copy)
    copy.execute("COMMIT")
    return more


def _add_hooks(copy: sqlite3.Connection, folder: Path) -> None:
    """Let the copy carry what lies beside the history: hooks, and tokens that were revoked."""
    try:
        RevokedTokens(folder).put_into(copy)
        HookFile(folder).put_into(copy)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"What lies beside the history in {folder} cannot be read ({error}).") from None


def _reset_epochs(copy: sqlite3.Connection) -> None:
    """Give every room a new epoch.

    If the copy takes the place of the history, clients have seen messages that it does not hold. The new epoch makes
    them start over, instead of taking its next messages for those that they have.
    """
    copy.execute("PRAGMA journal_mode = MEMORY")
    copy.create_function("new_epoch", 0, lambda: secrets.token_hex(8))
    copy.execute("UPDATE room SET epoch = new_epoch()")


def _check(copy: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if the copy is damaged, which means that its source is."""
    result = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if result != "ok":
        raise damage_error(result)
