"""The table of reactions: a row for each person and emoji of a message.

The entry of a message holds the counts and the first names, so that one more reaction costs the same, however many
there are. Plain functions on a connection, for any thread.
"""

import sqlite3
from collections.abc import Callable

import msgspec

from chatdesk.log.acts import React, Reaction, Reactor
from chatdesk.protocol.limits import REACTION_NAMES

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[Reaction, ...]).decode


def encode_reactions(reactions: tuple[Reaction, ...]) -> str | None:
    """Return reactions as an entry holds them; None for none."""
    return _encode(reactions).decode() if reactions else None


def decode_reactions(text: str | None) -> tuple[Reaction, ...]:
    """Return the reactions that an entry holds."""
    return _decode(text) if text else ()


def add_reaction(db: sqlite3.Connection, place: int, change: int, react: React) -> None:
    """Add a row; ``change`` is the one of the act, and gives the order of people."""
    values = (react.identity, place, react.emoji, change, react.nickname)
    db.execute("INSERT INTO reaction VALUES (?, ?, ?, ?, ?)", values)


def remove_reaction(db: sqlite3.Connection, place: int, react: React) -> None:
    """Remove the row of a person and emoji."""
    values = (react.identity, place, react.emoji)
    db.execute("DELETE FROM reaction WHERE identity = ? AND place = ? AND emoji = ?", values)


def remove_reactions(db: sqlite3.Connection, first: int, last: int) -> None:
    """Remove all rows of the entries from place ``first`` to ``last``."""
    db.execute("DELETE FROM reaction WHERE place BETWEEN ? AND ?", (first, last))


def own_reactions(db: sqlite3.Connection, identity: str, first: int, last: int) -> dict[int, list[str]]:
    """Return with what a person has reacted to the entries from place ``first`` to ``last``, by place."""
    found: dict[int, list[str]] = {}
    query = "SELECT place, emoji FROM reaction WHERE identity = ? AND place BETWEEN ? AND ?"
    for place, emoji in db.execute(query, (identity, first, last)):
        found.setdefault(place, []).append(emoji)
    return found


def reactors(
    db: sqlite3.Connection,
    place: int,
    emoji: str,
    author: Callable[[str], str],
    skip: int = 0,
    limit: int = REACTION_NAMES,
) -> list[Reactor]:
    """Return the first who have reacted with this emoji, without the first ``skip`` of them."""
    rows = db.execute(
        "SELECT nickname, identity FROM reaction WHERE place = ? AND emoji = ? ORDER BY change LIMIT ? OFFSET ?",
        (place, emoji, limit, skip),
    )
    return [Reactor(nickname, author(identity)) for nickname, identity in rows]


def count_reactions(db: sqlite3.Connection, first: int, last: int, author: Callable[[str], str]) -> None:
    """Write into the entries from place ``first`` to ``last`` how many have reacted, and who the first of them are."""
    counted: dict[int, list[Reaction]] = {}
    rows = db.execute(
        "SELECT place, emoji, count(*) FROM reaction WHERE place BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY min(change)",
        (first, last),
    )
    for place, emoji, count in rows:
        reaction = Reaction(emoji, count, tuple(reactors(db, place, emoji, author)))
        counted.setdefault(place, []).append(reaction)
    values = [(encode_reactions(tuple(reactions)), place) for place, reactions in counted.items()]
    db.executemany("UPDATE entry SET reactions = ? WHERE place = ?", values)
