"""Sorts what an importer yields: real exports are not in the order of time, and refer to what comes later.

It is kept in a temporary file of SQLite, so that an export of any size takes little memory.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, Self

import msgspec

from chatdesk.archive.importers.stream import (
    LATEST_MS,
    Imported,
    ImportedAuthor,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.protocol.emoji import normalise
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.text import clean_content, one_line

_BATCH = 1000
"""Rows that are inserted at once."""
_HEADING_CHARS = 100
"""As much of a heading as is shown."""
_FENCE = "```"


class StagedMessage(NamedTuple):
    """A message in its place.

    ``reply_to`` is the number of the message that it answers, in the same room; ``reactions`` are pairs of the author's
    key and the emoji.
    """

    seq: int
    message: ImportedMessage
    reply_to: int | None
    reactions: list[tuple[str, str]]


class Staging:
    """Takes the items of imports in any order, and returns the messages of each room in the order of time."""

    def __init__(self) -> None:
        self.authors: dict[str, ImportedAuthor] = {}
        self.rooms: dict[str, ImportedRoom] = {}
        self.left_out: Counter[str] = Counter()
        self.count = 0
        self._messages: list[tuple[str, int, str | None, str, bytes]] = []
        self._reactions: list[ImportedReaction] = []
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE message (number INTEGER PRIMARY KEY, room TEXT, time INTEGER, key TEXT UNIQUE, reply_to TEXT,"
            " data BLOB)"
        )
        self._db.execute(
            "CREATE TABLE reaction (message TEXT, author TEXT, emoji TEXT, UNIQUE (message, author, emoji))"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def add(self, item: Imported) -> None:
        """Take an item."""
        match item:
            case ImportedMessage():
                self._add_message(item)
            case ImportedReaction():
                self._add_reaction(item)
            case ImportedAuthor():
                self.authors[item.key] = item
            case ImportedRoom():
                self.rooms[item.key] = item
            case LeftOut():
                self.left_out[item.kind] += item.count

    def sort(self) -> None:
        """Give every message its number; nothing can be added any more."""
        self._flush(1)
        self._db.execute(
            "CREATE TABLE placed AS SELECT number, room, key,"
            " row_number() OVER (PARTITION BY room ORDER BY time, number) AS seq FROM message"
        )
        self._db.execute("CREATE INDEX placed_in ON placed (room, seq)")
        self._db.execute("CREATE INDEX placed_key ON placed (key) WHERE key IS NOT NULL")
        for (key,) in self._db.execute("SELECT DISTINCT room FROM placed"):
            self.rooms.setdefault(key, ImportedRoom(key, key))

    def messages(self, room: str) -> Iterator[StagedMessage]:
        """Yield the messages of a room, by its key, in order."""
        rows = self._db.execute(
            "SELECT placed.seq, data, answered.seq,"
            " (SELECT json_group_array(json_array(author, emoji)) FROM"
            "  (SELECT author, emoji FROM reaction WHERE message = placed.key ORDER BY rowid))"
            " FROM placed JOIN message USING (number)"
            " LEFT JOIN placed AS answered ON answered.key = message.reply_to AND answered.room = placed.room"
            " WHERE placed.room = ? ORDER BY placed.seq",
            (room,),
        )
        for seq, data, answered, reactions in rows:
            message = msgspec.msgpack.decode(data, type=ImportedMessage)
            yield StagedMessage(seq, message, answered, msgspec.json.decode(reactions, type=list[tuple[str, str]]))

    def _add_message(self, message: ImportedMessage) -> None:
        heading = one_line(message.heading, _HEADING_CHARS)
        if not 0 <= message.at <= LATEST_MS:
            self.left_out["messages without a time"] += 1
            return
        parts = split(clean_content(message.content), CONTENT_CHARS - (len(heading) + 5 if heading else 0))
        if not parts and not message.removed:
            self.left_out["messages without text"] += 1
            return
        edited = message.edited if message.edited and 0 < message.edited <= LATEST_MS else None
        first = message._replace(content="" if message.removed else parts[0], heading=heading, edited=edited)
        self._stage(first)
        for part in parts[1:] if not message.removed else ():
            self._stage(ImportedMessage(message.room, message.author, message.at, part, heading=heading))

    def _add_reaction(self, reaction: ImportedReaction) -> None:
        emoji = normalise(reaction.emoji)
        if emoji is None:
            self.left_out["reactions with emoji of their own"] += 1
            return
        self._reactions.append(reaction._replace(emoji=emoji))
        self._flush(_BATCH)

    def _stage(self, message: ImportedMessage) -> None:
        data = msgspec.msgpack.encode(message)
        self._messages.append((message.room, message.at, message.key or None, message.reply_to, data))
        self._flush(_BATCH)

    def _flush(self, least: int) -> None:
        """Insert what waits, if it is so much; a message that is there already, in another file, counts once."""
        if len(self._messages) >= least:
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO message (room, time, key, reply_to, data) VALUES (?, ?, ?, ?, ?)", self._messages
            )
            self.count += self._db.total_changes - before
            self._messages.clear()
        if len(self._reactions) >= least:
            self._db.executemany("INSERT OR IGNORE INTO reaction VALUES (?, ?, ?)", self._reactions)
            self._reactions.clear()


def split(content: str, limit: int) -> list[str]:
    """Return a text in parts of at most ``limit`` characters, cut between lines or words; code stays code."""
    parts = []
    while len(content) > limit:
        end = _cut(content, limit - len(_FENCE) - 1)
        part, rest = content[:end], content[end:].removeprefix("\n").removeprefix(" ")
        if part.count(_FENCE) % 2:
            part, rest = f"{part}\n{_FENCE}", f"{_FENCE}\n{rest}"
        parts.append(part)
        content = rest
    return [*parts, content] if content else parts


def _cut(content: str, limit: int) -> int:
    """Return where to cut a text: at a line break or space in the second half of what fits, or else at its end."""
    ends = (content.rfind(sign, limit // 2, limit) for sign in "\n ")
    return next((end for end in ends if end > 0), limit)
