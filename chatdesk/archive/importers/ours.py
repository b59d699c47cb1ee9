"""Reads our own export, JSON lines with a line about themselves at the top; those of earlier versions have none."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers.reading import Decoder
from chatdesk.archive.importers.stream import (
    Imported,
    ImportedAuthor,
    ImportedMention,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.export.json_lines import VERSION
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.names import is_private
from chatdesk.protocol.times import milliseconds

_PAIR = 2
"""People of a private room."""


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
    mentions: list[Mentioned] = []
    action: bool = False


def read(rows: Iterable[bytes]) -> Iterator[Imported]:
    """Yield what these lines hold. Raises ArchiveError if a newer version has written them."""
    return _Export().read(rows)


class _Export:
    def __init__(self) -> None:
        self._authors: set[str] = set()
        self._rooms: set[str] = set()
        self._pairs: dict[str, dict[str, None]] = {}
        """Who has spoken in each private room; the window exports those of its person."""

    def read(self, rows: Iterable[bytes]) -> Iterator[Imported]:
        decode = Decoder(_Line)
        for row in rows:
            if line := decode(row):
                yield from self._line(line)
        for room, speakers in self._pairs.items():
            yield ImportedRoom(room, room, people=tuple([*speakers, f"{room} 1", f"{room} 2"][:_PAIR]))
        if decode.broken:
            yield LeftOut("unreadable lines", decode.broken)

    def _line(self, line: _Line) -> Iterator[Imported]:
        if line.version > VERSION:
            raise ArchiveError("The file was written by a newer ChatDesk: update this one, and import it then.")
        if line.type == "room" or (line.type == "message" and line.room not in self._rooms):
            self._rooms.add(line.room)
            yield ImportedRoom(line.room, line.room, line.topic, line.archived, open=not line.closed)
        if line.type == "message":
            yield from self._message(line)

    def _message(self, line: _Line) -> Iterator[Imported]:
        at = milliseconds(line.timestamp)
        author = line.author or f"nickname {line.nickname}"  # the oldest exports know no authors
        if is_private(line.room):
            self._pairs.setdefault(line.room, {})[author] = None
        yield from self._person(author, line.nickname, bot=line.bot)
        yield ImportedMessage(
            line.room,
            author,
            -1 if at is None else at,
            line.content,
            f"{line.room}/{line.seq}",
            f"{line.room}/{line.reply_to}" if line.reply_to else "",
            milliseconds(line.edited) if line.edited else None,
            line.nickname,
            mentions=tuple(ImportedMention(mention.name, mention.author) for mention in line.mentions),
            action=line.action,
            pinned=line.pinned,
            removed=line.deleted,
            remover=line.deleted_by,
        )
        for mention in line.mentions:
            if mention.author:
                yield from self._person(mention.author, mention.name)
        for reaction in line.reactions:
            yield from self._reactions(f"{line.room}/{line.seq}", reaction)

    def _person(self, author: str, nickname: str, *, bot: bool = False) -> Iterator[Imported]:
        if author not in self._authors:
            self._authors.add(author)
            yield ImportedAuthor(author, nickname, bot)

    def _reactions(self, key: str, reaction: _Reaction) -> Iterator[Imported]:
        for person in reaction.people:
            yield from self._person(person.author, person.nickname)
            yield ImportedReaction(key, person.author, reaction.emoji)
        if reaction.count > len(reaction.people):  # an export by somebody else than the host names only the first
            yield LeftOut("reactions without a name", reaction.count - len(reaction.people))
