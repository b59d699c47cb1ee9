"""``chatdesk export``: writes the messages of one room or of all, in a format that other programs read."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from chatdesk.archive.history_file import ArchiveError, open_history, refuse_history_folder
from chatdesk.export.atomic_file import WriteError, explain_failure, open_atomic
from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportedRoom, ExportMetadata
from chatdesk.log import history_pages
from chatdesk.log.as_message import as_message, as_reactor
from chatdesk.log.authors import AuthorIds
from chatdesk.log.database import damage_error
from chatdesk.log.kept_rooms import read_settings
from chatdesk.log.rooms import RoomSettings
from chatdesk.progress import Progress
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.events import Message, Reaction
from chatdesk.protocol.names import clean_room, is_private
from chatdesk.protocol.text import isolated

_BATCH = 1000
"""Messages that are read at once: a longer read would keep a server from emptying its journal."""

_ROOMS_NAMED = 5
"""Rooms that an error names, at most: what fits into one line."""

EXIT_BROKEN_PIPE = 128 + 13
"""The exit code that a shell reports for SIGPIPE."""


@dataclass(frozen=True, slots=True)
class Export:
    """What of which chat to export, and where to; ``file`` None is the standard output.

    ``room`` None is every room, which is possible in JSON lines. ``name`` is the name of the chat if the history does
    not hold one. ``replace``: also over an existing file.
    """

    folder: Path
    name: str
    room: str | None
    export_format: Format
    file: Path | None
    replace: bool = False


def export(request: Export) -> str:
    """Write the file, complete or none, and return a sentence about it. Raises ArchiveError and WriteError."""
    with open_history(request.folder) as db:
        rooms = _all_rooms(db) if request.room is None else [_find_room(db, request.room)]
        total = sum(room.last_seq - room.first_seq + 1 for room in rooms)
        with _open_output(request) as file, Progress(total, sys.stderr) as progress:
            writer = open_writer(request.export_format, file, _metadata(db, request, rooms))
            count = 0
            for batch in chain.from_iterable(_batches(db, room) for room in rooms):
                for message in batch:
                    writer.write(message)
                count += len(batch)
                progress.update(count)
            writer.close()
    where = isolated(rooms[0].name) if len(rooms) == 1 else f"{len(rooms)} rooms"
    sentence = f"{count:,} message{'' if count == 1 else 's'} of {where} exported to"
    return f"{sentence} {request.file}." if request.file else ""


def _metadata(db: sqlite3.Connection, request: Export, rooms: list[history_pages.RoomView]) -> ExportMetadata:
    settings = read_settings(db)
    kept = [(room.name, settings.get(room.name, RoomSettings())) for room in rooms]
    exported = tuple(ExportedRoom(name, about.topic, about.archived, about.closed) for name, about in kept)
    return ExportMetadata(_name(db) or request.name, rooms[0].name, rooms=exported)


@contextmanager
def _open_output(request: Export) -> Iterator[BinaryIO]:
    if request.file is None:
        with _standard_output() as file:
            yield file
        return
    refuse_history_folder(request.file, request.folder)
    with open_atomic(request.file, replace=request.replace) as file:
        yield file


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Yield the standard output; end the program silently if its reader has gone, such as ``head``."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that flushing the rest cannot fail
        if isinstance(error, BrokenPipeError):
            raise SystemExit(EXIT_BROKEN_PIPE) from None
        raise WriteError(explain_failure(error.strerror or str(error), "the output")) from None


def _name(db: sqlite3.Connection) -> str | None:
    """Return the name that the chat had when it was last hosted."""
    row = db.execute("SELECT value FROM about WHERE name = 'name'").fetchone()
    return row[0] if row else None


def _secret(db: sqlite3.Connection) -> bytes:
    secret: bytes = db.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()[0]
    return secret


def _all_rooms(db: sqlite3.Connection) -> list[history_pages.RoomView]:
    """Return all rooms of the chat; a conversation of two people is none of them."""
    author = AuthorIds(_secret(db))
    found = [history_pages.whole_view(db, name, author) for name in _room_names(db)]
    rooms = [room for room in found if room]
    if not rooms:
        raise ArchiveError("There is nothing to export: nobody has been in this chat yet.")
    return rooms


def _room_names(db: sqlite3.Connection) -> list[str]:
    names = (row[0] for row in db.execute("SELECT name FROM room WHERE name IS NOT NULL ORDER BY name"))
    return [name for name in names if not is_private(name)]


def _find_room(db: sqlite3.Connection, name: str) -> history_pages.RoomView:
    try:
        room = None if is_private(name) else history_pages.whole_view(db, clean_room(name), AuthorIds(_secret(db)))
    except ProtocolError as error:
        raise ArchiveError(str(error)) from None
    if room is None:
        names = _room_names(db)
        more = f" and {len(names) - _ROOMS_NAMED} more" if len(names) > _ROOMS_NAMED else ""
        named = ", ".join(map(isolated, names[:_ROOMS_NAMED]))
        rooms = f"it has {named}{more}" if names else "nobody has been in it yet"
        raise ArchiveError(f"There is no room {isolated(name)} in this chat: {rooms}.")
    return room


def _batches(db: sqlite3.Connection, room: history_pages.RoomView) -> Iterator[list[Message]]:
    for first in range(room.first_seq, room.last_seq + 1, _BATCH):
        part = room._replace(first_seq=first, last_seq=min(first + _BATCH - 1, room.last_seq))
        batch = [
            _with_all_people(db, room, as_message(record, room.name)) for record in history_pages.records(db, part)
        ]
        _check(db, part, len(batch))
        yield batch


def _with_all_people(db: sqlite3.Connection, room: history_pages.RoomView, message: Message) -> Message:
    """Return the message with everybody who has reacted; over the wire it names only the first."""
    if all(reaction.count == len(reaction.people) for reaction in message.reactions):
        return message
    reactions = tuple(_with_people(db, room, message.seq, reaction) for reaction in message.reactions)
    return replace(message, reactions=reactions)


def _with_people(db: sqlite3.Connection, room: history_pages.RoomView, seq: int, reaction: Reaction) -> Reaction:
    people = history_pages.reactors(db, room, seq, reaction.emoji, 0, reaction.count).people
    return Reaction(reaction.emoji, reaction.count, tuple(map(as_reactor, people)))


def _check(db: sqlite3.Connection, part: history_pages.RoomView, count: int) -> None:
    """Raise an error if messages are missing; only retention may delete the oldest during the export."""
    room = history_pages.whole_view(db, part.name, part.author)
    if room is None or room.number != part.number:
        raise ArchiveError("The host has deleted this history just now: there is nothing to export any more.")
    if count < part.last_seq - max(part.first_seq, room.first_seq) + 1:
        raise damage_error("messages are missing")
