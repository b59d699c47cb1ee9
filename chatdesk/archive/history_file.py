"""Opens the history that is exported or copied, read-only, while a server may be writing to it.

ArchiveError
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chatdesk.log.database import FILE, check_schema, connect_for_reading, is_damage, refuse_foreign
from chatdesk.log.room_log import LogError
from chatdesk.log.schema import show_as_current


class ArchiveError(Exception):
    """The history cannot be read; the text is a sentence that says what to do."""


@contextmanager
def open_history(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to the history in this folder.

    Raises ArchiveError if there is none, and for every failure to read it, also in the block.
    """
    try:
        if not (folder / FILE).is_file():
            raise ArchiveError(
                f"There is no history in {folder}: name the chat with --name as it was hosted, or its folder with "
                "--data-dir."
            )
        with closing(connect_for_reading(folder)) as db:
            refuse_foreign(db, folder)
            check_schema(db)
            show_as_current(db)
            yield db
    except PermissionError:
        raise ArchiveError(f"You may not read the folder {folder}: its owner can give you the right to.") from None
    except LogError as error:
        raise ArchiveError(str(error)) from None
    except sqlite3.Error as error:
        raise ArchiveError(_explain(error, folder)) from None


def refuse_history_folder(file: Path, folder: Path) -> None:
    """Raise ArchiveError if a file to write is in the folder of the history, also by a link or in other letter case."""
    real = Path(os.path.realpath(file))
    if _same(real, folder / FILE) or any(_same(parent, folder) for parent in real.parents):
        raise ArchiveError(f"{file} is where the history itself is kept: choose another place.")


def _same(one: Path, other: Path) -> bool:
    """Return whether both exist and are the same file."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _explain(error: sqlite3.Error, folder: Path) -> str:
    if is_damage(error):
        return (
            f"The history in {folder} is damaged ({error}). Host the chat once: that saves every message that can "
            "be read, and puts the damaged file aside. Then try again."
        )
    return f"ChatDesk cannot read the history in {folder} ({error}): see that you may write there, and try again."
