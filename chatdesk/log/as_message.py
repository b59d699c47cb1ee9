"""A record as the wire has it: for the server, which sends it, and the archive, which exports it."""

from functools import lru_cache

from chatdesk.log.acts import Reaction, Reactor
from chatdesk.log.room_log import Record
from chatdesk.protocol import events, times

_timestamp = lru_cache(64)(times.timestamp)
"""What is stored together has the same time."""


def as_message(record: Record, room: str, to: str | None = None) -> events.Message:
    """Return the ``message`` event of a record of this room; ``to`` is its recipient in a private room."""
    return events.Message(
        record.nickname,
        record.content,
        _timestamp(record.at),
        room,
        record.seq,
        record.id,
        record.change,
        record.author,
        None if record.edited is None else _timestamp(record.edited),
        to,
        record.bot,
        reply_to=record.reply_to,
        deleted=record.removed.by.value if record.removed else None,
        deleted_by=record.removed.nickname if record.removed else "",
        reactions=tuple(map(_as_reaction, record.reactions)),
        pinned=record.pinned,
        mentions=record.mentions,
        action=record.action,
        nameless=record.nameless,
        verified=record.verified,
    )


def _as_reaction(reaction: Reaction) -> events.Reaction:
    people = tuple(as_reactor(reactor) for reactor in reaction.people)
    return events.Reaction(reaction.emoji, reaction.count, people)


def as_reactor(reactor: Reactor) -> events.Reactor:
    """Return somebody who has reacted as the wire has them."""
    return events.Reactor(reactor.nickname, reactor.author)
