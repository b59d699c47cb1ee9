"""``chatdesk import``: brings the exports of this and other programs into an empty chat, all of it or nothing."""

import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers.names import nickname, room_name
from chatdesk.archive.importers.recognise import open_export
from chatdesk.archive.importers.stream import ImportedMention, ImportedRoom
from chatdesk.archive.staging import StagedMessage, Staging
from chatdesk.log.acts import Removal, Remover
from chatdesk.log.authors import AuthorIds
from chatdesk.log.bots import BOT
from chatdesk.log.database import FILE, close_with_checkpoint, open_database
from chatdesk.log.kept_rooms import store_settings, store_subscription
from chatdesk.log.lock import FolderLock
from chatdesk.log.restore import RestoredMessage, RestoredReaction, holds_messages, restore_room
from chatdesk.log.rooms import RoomSettings, StoredSubscription, Subscription, private_room
from chatdesk.log.storage_errors import StoreError, open_error
from chatdesk.paths import make_private
from chatdesk.progress import Progress
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.limits import MENTIONS, TOPIC_CHARS
from chatdesk.protocol.names import LOBBY
from chatdesk.protocol.text import isolated, one_line

_PAIR = 2
"""People of a private room."""
_NAMED, _NAMED_ROOMS = 3, 20
"""Files and rooms that a report names, at most."""
_SHOWN_EVERY = 1000
"""Items between two updates of the progress."""


@dataclass(frozen=True, slots=True)
class Import:
    """Which files to bring into the chat of this folder; several, where a program writes one for each channel.

    ``open_rooms``: rooms that everybody could find where they come from are open from the beginning. ``keep_private``:
    conversations of two come along, though nobody can read them: every author is somebody new.
    """

    folder: Path
    files: tuple[Path, ...]
    open_rooms: bool = False
    keep_private: bool = False


@dataclass(slots=True)
class _Outcome:
    """What a report tells of an import: rooms that are open or closed, and conversations of more than two people."""

    messages: int = 0
    authors: int = 0
    open: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    private: int = 0
    skipped: int = 0
    skipped_messages: int = 0

    @property
    def rooms(self) -> list[str]:
        """All rooms but private ones."""
        return [*self.open, *self.closed, *self.groups]


def import_files(request: Import) -> str:
    """Bring all files into the chat and return sentences about it. Raises ArchiveError; the chat is then as it was."""
    if (request.folder / FILE).exists():
        with _empty_chat(request.folder):
            pass  # otherwise it is refused before long files are read
    with Staging() as staging:
        with _temporary_file_errors(), Progress(1, sys.stderr) as progress:
            for file in request.files:
                _read(file, staging, progress)
            progress.show("Sorting")
            staging.sort()
        if not staging.count:
            raise ArchiveError(f"{request.files[0]} holds no message: nothing was imported.")
        with _empty_chat(request.folder) as db, Progress(staging.count, sys.stderr) as progress:
            outcome = _Writer(db, staging, progress, request).write()
            if not outcome.messages:
                raise ArchiveError(f"{request.files[0]} holds {_skipped(outcome)} alone: nothing was imported.")
        return _report(request, outcome, staging)


@contextmanager
def _temporary_file_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        where = f"in the folder for temporary files, {gettempdir()}"
        raise ArchiveError(f"ChatDesk cannot sort what it reads ({error}): make room {where}.") from None


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
                db.rollback()  # does nothing if all of it is committed
                close_with_checkpoint(db)
    except StoreError as error:
        locked = error.problem.code == "locked"
        raise ArchiveError(f"Close the chat first, then import. {error}" if locked else str(error)) from None
    except (sqlite3.Error, OSError) as error:
        raise ArchiveError(str(open_error(error, folder))) from None


class _Writer:
    """Writes what is staged into an empty chat. Every author is somebody new, whom nobody can claim to be."""

    def __init__(self, db: sqlite3.Connection, staging: Staging, progress: Progress, request: Import) -> None:
        self._db = db
        self._staging = staging
        self._progress = progress
        self._open_rooms, self._keep_private = request.open_rooms, request.keep_private
        (secret,) = db.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()
        self._author = AuthorIds(secret)
        self._identities: dict[str, str] = {}
        self._taken = {LOBBY}
        """Names of rooms. Everybody lands in the lobby: nothing from elsewhere is put there."""
        self._outcome = _Outcome()

    def write(self) -> _Outcome:
        """Write all rooms, and return what there was."""
        for room in self._staging.rooms.values():
            self._write_room(room)
        self._outcome.authors = len(self._identities)
        return self._outcome

    def _write_room(self, room: ImportedRoom) -> None:
        if len(room.people) == _PAIR:
            if self._keep_private:
                self._write_conversation(room)
            else:
                self._outcome.skipped += 1
                self._outcome.skipped_messages += sum(1 for _ in self._staging.messages(room.key))
            return
        outcome = self._outcome
        is_open = room.open or (self._open_rooms and not room.private and not room.people)
        name = room_name(room.name, self._taken - {LOBBY} if room.open else self._taken)
        self._taken.add(name)
        outcome.messages += restore_room(self._db, name, self._messages(room), self._author)
        topic = one_line(room.topic or ", ".join(map(self._name, room.people)), TOPIC_CHARS)
        store_settings(self._db, name, RoomSettings(topic, room.archived, created=True, closed=not is_open))
        kind = outcome.groups if room.people else outcome.open if is_open else outcome.closed
        kind.append(name)

    def _write_conversation(self, room: ImportedRoom) -> None:
        """Write the private room of two people."""
        identities = [self._identity(person) for person in room.people]
        name = private_room(self._author, *identities)
        count = restore_room(self._db, name, self._messages(room), self._author)
        store_settings(self._db, name, RoomSettings(created=True))
        for person, identity in zip(room.people, identities, strict=True):
            subscription = Subscription(read=count, nickname=nickname(self._name(person)))
            store_subscription(self._db, StoredSubscription(identity, name, subscription))
        self._outcome.messages += count
        self._outcome.private += 1

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
        reactions = [
            RestoredReaction(self._identity(author), nickname(self._name(author)), emoji)
            for author, emoji in staged.reactions
        ]
        return RestoredMessage(
            self._identity(message.author),
            nickname(name),
            content,
            message.at,
            message.edited,
            staged.reply_to,
            Removal(Remover(message.removed), nickname(message.remover or name)) if message.removed else None,
            tuple(reactions),
            message.pinned,
            tuple(map(self._mentioned, message.mentions[:MENTIONS])),
            message.action,
        )

    def _mentioned(self, mention: ImportedMention) -> Mentioned:
        return Mentioned(mention.name, self._author(self._identity(mention.author)) if mention.author else "")

    def _name(self, author: str) -> str:
        known = self._staging.authors.get(author)
        return known.name if known else author

    def _identity(self, author: str) -> str:
        if author not in self._identities:
            known = self._staging.authors.get(author)
            kind = BOT if known and known.bot else ""
            self._identities[author] = f"{kind}imported-{secrets.token_hex(8)}"
        return self._identities[author]


def _report(request: Import, outcome: _Outcome, staging: Staging) -> str:
    """Return what has come and what has not, a line each."""
    rooms = _number(len(outcome.rooms), "room")
    private = f" and {_number(outcome.private, 'private conversation')}" if outcome.private else ""
    files = _listed([file.name for file in request.files], _NAMED)
    said = f"{_number(outcome.messages, 'message')} of {_number(outcome.authors, 'person', 'people')}"
    report = [f"{said} in {rooms}{private} imported from {files}."]
    if outcome.closed:
        report.append(f"For the host alone until opened: {_listed(outcome.closed)}.")
    if outcome.groups:
        report.append(f"Conversations of several people, for the host alone: {_listed(outcome.groups)}.")
    if outcome.private:
        report.append("Nobody can read the private conversations: those two people are not in this chat.")
    parts = [f"{kind} ({count:,})" for kind, count in staging.left_out.most_common()]
    if outcome.skipped:
        parts.insert(0, f"{_skipped(outcome)}, since those two people are not in this chat")
    if parts:
        report.append(f"Left out: {', '.join(parts)}.")
    return "\n".join(report)


def _skipped(outcome: _Outcome) -> str:
    messages = _number(outcome.skipped_messages, "message")
    return f"{_number(outcome.skipped, 'private conversation')} ({messages})"


def _listed(names: list[str], most: int = _NAMED_ROOMS) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(isolated, names[:most])) + more


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
