"""``chatdesk import``: brings the exports of this and other programs into an empty chat, all of it or nothing."""

import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers.names import nickname, room_name
from chatdesk.archive.importers.recognise import open_export
from chatdesk.archive.importers.stream import ImportedRoom
from chatdesk.archive.progress import Progress
from chatdesk.archive.staging import StagedMessage, Staging
from chatdesk.log.authors import AuthorIds
from chatdesk.log.database import close_with_checkpoint, open_database
from chatdesk.log.lock import FolderLock
from chatdesk.log.restore import RestoredMessage, holds_messages, restore_room
from chatdesk.log.storage_errors import StoreError, open_error
from chatdesk.paths import make_private
from chatdesk.protocol.names import LOBBY

_SHOWN_EVERY = 1000
"""Items between two updates of the progress."""


@dataclass(frozen=True, slots=True)
class Import:
    """Which files to bring into the chat of this folder; several, where a program writes one for each channel."""

    folder: Path
    files: tuple[Path, ...]


@dataclass(slots=True)
class _Outcome:
    """What a report tells of an import; ``opened`` are the rooms that everybody may enter."""

    messages: int = 0
    authors: int = 0
    rooms: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    private: int = 0


def import_files(request: Import) -> str:
    """Bring all files into the chat and return sentences about it. Raises ArchiveError; the chat is then as it was."""
    with Staging() as staging, _empty_chat(request.folder) as db:
        with Progress(1, sys.stderr) as progress:
            for file in request.files:
                _read(file, staging, progress)
            progress.show("Sorting")
            staging.sort()
        if not staging.count:
            raise ArchiveError(f"{request.files[0]} holds no message: the chat is still empty.")
        with Progress(staging.count, sys.stderr) as progress:
            outcome = _Writer(db, staging, progress).write()
    return _report(request, outcome, staging)


def _read(file: Path, staging: Staging, progress: Progress) -> None:
    with open_export(file) as items:
        for number, item in enumerate(items, 1):
            staging.add(item)
            if number % _SHOWN_EVERY == 0:
                progress.show(f"{staging.count:,} messages read")


@contextmanager
def _empty_chat(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield the history of the folder within a transaction, which is undone if the block fails."""
    try:
        make_private(folder)
        with closing(FolderLock(folder)):
            db, _ = open_database(folder)
            try:
                if holds_messages(db):
                    raise ArchiveError(
                        f"This chat is not empty (its data is in {folder}): give the imported one a --name of its own."
                    )
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            finally:
                close_with_checkpoint(db)
    except StoreError as error:
        locked = error.problem.code == "locked"
        raise ArchiveError(f"Close the chat first, then import. {error}" if locked else str(error)) from None
    except (sqlite3.Error, OSError) as error:
        raise ArchiveError(str(open_error(error, folder))) from None


class _Writer:
    """Writes what is staged into an empty chat. Every author is somebody new, whom nobody can claim to be."""

    def __init__(self, db: sqlite3.Connection, staging: Staging, progress: Progress) -> None:
        self._db = db
        self._staging = staging
        self._progress = progress
        (secret,) = db.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()
        self._author = AuthorIds(secret)
        self._identities: dict[str, str] = {}
        self._outcome = _Outcome()

    def write(self) -> _Outcome:
        """Write all rooms, and return what there was."""
        for room in self._staging.rooms.values():
            self._write_room(room)
        self._outcome.authors = len(self._identities)
        return self._outcome

    def _write_room(self, room: ImportedRoom) -> None:
        outcome = self._outcome
        if room.people:
            self._staging.left_out["private conversations"] += 1
            return
        # Everybody lands in the lobby: nothing from elsewhere is put there.
        name = room_name(room.name, {LOBBY, *outcome.rooms, *outcome.groups} if not room.open else ())
        outcome.messages += restore_room(self._db, name, self._messages(room))
        (outcome.groups if room.people else outcome.rooms).append(name)

    def _messages(self, room: ImportedRoom) -> Iterator[RestoredMessage]:
        heading = ""
        for staged in self._staging.messages(room.key):
            message = staged.message
            content = message.content
            if message.heading and message.heading != heading and not message.action:
                heading = message.heading
                content = f"**{heading}**\n{content}"
            yield self._restored(staged, content)
            self._progress.update(self._outcome.messages + staged.seq)

    def _restored(self, staged: StagedMessage, content: str) -> RestoredMessage:
        message = staged.message
        name = message.name or self._name(message.author)
        return RestoredMessage(self._identity(message.author), nickname(name), content, message.at, message.edited)

    def _name(self, author: str) -> str:
        known = self._staging.authors.get(author)
        return known.name if known else author

    def _identity(self, author: str) -> str:
        if author not in self._identities:
            self._identities[author] = f"imported-{secrets.token_hex(8)}"
        return self._identities[author]


def _report(request: Import, outcome: _Outcome, staging: Staging) -> str:
    """Return what has come and what has not, a line each."""
    rooms = _number(len(outcome.rooms) + len(outcome.groups), "room")
    private = f" and {_number(outcome.private, 'private conversation')}" if outcome.private else ""
    files = ", ".join(file.name for file in request.files[:3])
    said = f"{_number(outcome.messages, 'message')} of {_number(outcome.authors, 'person', 'people')}"
    report = [f"{said} in {rooms}{private} imported from {files}."]
    if staging.left_out:
        parts = (f"{kind} ({count:,})" for kind, count in staging.left_out.most_common())
        report.append(f"Left out: {', '.join(parts)}.")
    return "\n".join(report)


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
