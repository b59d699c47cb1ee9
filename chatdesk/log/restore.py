"""Writes a whole history into the file at once: what ``chatdesk import`` brings.

The caller has the file to itself, and ends the transaction.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from itertools import batched
from typing import NamedTuple

from chatdesk.log import search_index
from chatdesk.log.acts import Removal
from chatdesk.log.mentions import encode_mentions
from chatdesk.log.reactions import count_reactions
from chatdesk.log.schema import NEW_ROOM, SEQ_BITS, entry_place
from chatdesk.protocol.commands import Mentioned

_BATCH = 1000


class RestoredReaction(NamedTuple):
    """One person's reaction."""

    identity: str
    nickname: str
    emoji: str


class RestoredMessage(NamedTuple):
    """A message as it is to be found in the log; see ``Record``. They are numbered from 1 in the given order."""

    identity: str
    nickname: str
    content: str
    at: int
    edited: int | None = None
    reply_to: int | None = None
    removed: Removal | None = None
    reactions: tuple[RestoredReaction, ...] = ()
    pinned: bool = False
    mentions: tuple[Mentioned, ...] = ()
    action: bool = False


def holds_messages(db: sqlite3.Connection) -> bool:
    """Return whether anything was ever said in this file."""
    return db.execute("SELECT 1 FROM entry LIMIT 1").fetchone() is not None


def restore_room(
    db: sqlite3.Connection, name: str, messages: Iterable[RestoredMessage], author: Callable[[str], str]
) -> int:
    """Write a room that the file does not hold yet, search index included; return the number of its messages.

    Every message is one change: what has happened to it since is told by its present state alone. ``author`` turns an
    identity into its public id.
    """
    db.execute("DELETE FROM room WHERE name = ? AND last_seq = 0", (name,))
    (number,) = db.execute("SELECT coalesce(max(number), 0) + 1 FROM room").fetchone()
    db.execute(NEW_ROOM, (number, name, secrets.token_hex(8)))
    last = 0
    for batch in batched(messages, _BATCH):
        _insert(db, [(entry_place(number, seq), message) for seq, message in enumerate(batch, last + 1)], author)
        last += len(batch)
    db.execute("UPDATE room SET last_seq = ?1, last_change = ?1 WHERE number = ?2", (last, number))
    return last


def _insert(db: sqlite3.Connection, placed: list[tuple[int, RestoredMessage]], author: Callable[[str], str]) -> None:
    db.executemany(
        "INSERT INTO entry"
        " (place, change, identity, nickname, content, time, edited, reply_to,"
        " removed, remover, pinned, mentions, action)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_row(place, message) for place, message in placed],
    )
    search_index.add(db, [(place, message.content) for place, message in placed])
    db.executemany(
        "INSERT OR IGNORE INTO reaction (place, change, identity, nickname, emoji) VALUES (?, ?, ?, ?, ?)",
        [(place, order, *reaction) for place, message in placed for order, reaction in enumerate(message.reactions)],
    )
    count_reactions(db, placed[0][0], placed[-1][0], author)


def _row(place: int, message: RestoredMessage) -> tuple[int | str | None, ...]:
    change = place & ((1 << SEQ_BITS) - 1)
    said = message.identity, message.nickname, message.content, message.at, message.edited, message.reply_to
    acts = *(message.removed or (None, None)), message.pinned or None
    return place, change, *said, *acts, encode_mentions(message.mentions), message.action or None
