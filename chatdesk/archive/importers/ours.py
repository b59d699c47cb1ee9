"""Reads our own export, JSON lines with a line about themselves at the top; those of earlier versions have none."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers.reading import Decoder
from chatdesk.archive.importers.stream import (
    Imported,
    ImportedAuthor,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.export.json_lines import VERSION
from chatdesk.protocol.events import milliseconds


class _Person(Struct):
    nickname: str
    author: str


class _Reaction(Struct):
    emoji: str
    count: int
    people: list[_Person]


class _Line(Struct):
    """A line of any type."""

    type: str
    version: int = VERSION
    room: str = "lobby"
    topic: str = ""
    archived: bool = False
    closed: bool = False
    seq: int = 0
    nickname: str = ""
    author: str = ""
    content: str = ""
    timestamp: str = ""
    edited: str | None = None
    bot: bool = False
    reply_to: int | None = None
    deleted: Literal["author", "host", "moderator", ""] = ""
    deleted_by: str = ""
    reactions: list[_Reaction] = []
    pinned: bool = False


def read(rows: Iterable[bytes]) -> Iterator[Imported]:
    """Yield what these lines hold. Raises ArchiveError if a newer version has written them."""
    decode = Decoder(_Line)
    authors: set[str] = set()
    rooms: set[str] = set()
    for row in rows:
        line = decode(row)
        if line is None:
            continue
        if line.version > VERSION:
            raise ArchiveError("The file was written by a newer ChatDesk: update this one, and import it then.")
        if line.type == "room" or (line.type == "message" and line.room not in rooms):
            rooms.add(line.room)
            yield ImportedRoom(line.room, line.room, line.topic, line.archived, open=not line.closed)
        if line.type == "message":
            yield from _message(line, authors)
    if decode.broken:
        yield LeftOut("unreadable lines", decode.broken)


def _message(line: _Line, authors: set[str]) -> Iterator[Imported]:
    at = milliseconds(line.timestamp)
    author = line.author or f"nickname {line.nickname}"  # the oldest exports know no authors
    if author not in authors:
        authors.add(author)
        yield ImportedAuthor(author, line.nickname, line.bot)
    yield ImportedMessage(
        line.room,
        author,
        -1 if at is None else at,
        line.content,
        f"{line.room}/{line.seq}",
        f"{line.room}/{line.reply_to}" if line.reply_to else "",
        milliseconds(line.edited) if line.edited else None,
        line.nickname,
        pinned=line.pinned,
        removed=line.deleted,
        remover=line.deleted_by,
    )
    for reaction in line.reactions:
        yield from _reactions(f"{line.room}/{line.seq}", reaction, authors)


def _reactions(key: str, reaction: _Reaction, authors: set[str]) -> Iterator[Imported]:
    for person in reaction.people:
        if person.author not in authors:
            authors.add(person.author)
            yield ImportedAuthor(person.author, person.nickname)
        yield ImportedReaction(key, person.author, reaction.emoji)
    if reaction.count > len(reaction.people):  # an export by somebody else than the host names only the first
        yield LeftOut("reactions without a name", reaction.count - len(reaction.people))
