"""What an act does to a record, by the same rules for a log in memory and on the disk."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from chatdesk.log.acts import (
    MAX_OWN_REACTIONS,
    MAX_REACTIONS,
    Act,
    AlreadyDeleted,
    Delete,
    Edit,
    NotYours,
    Pin,
    React,
    Reaction,
    Reactor,
    Removal,
    Remover,
    TooLate,
    TooManyPins,
    TooManyReactions,
)
from chatdesk.log.room_log import ActRefusal, Duplicate, NotFound, Record
from chatdesk.protocol.limits import PINS_PAGE


class MessageActs(Protocol):
    """What a log keeps besides the record of a message. An act that is not refused changes it."""

    def author(self, identity: str) -> str:
        """Return the public id of an identity."""

    def own_reactions(self, identity: str) -> Collection[str]:
        """Return the emoji with which this person has reacted."""

    def first_reactors(self, emoji: str) -> tuple[Reactor, ...]:
        """Return the first REACTION_NAMES who have reacted with this emoji."""

    def add_reactor(self, react: React) -> None:
        """Keep that somebody has reacted."""

    def remove_reactor(self, react: React) -> None:
        """Forget that somebody has reacted."""

    def remove_reactors(self) -> None:
        """Forget all who have reacted."""

    def count_pins(self) -> int:
        """Return how many messages of the room are pinned."""


def amended(held: Record | None, act: Act, acts: MessageActs, now: int) -> Record | ActRefusal:
    """Return the record after an act, still with its last ``change``, or why that may not be.

    ``held`` None: there is no such record. ``now`` is in milliseconds since 1970.
    """
    match act:
        case _ if held is None:
            return NotFound()
        case Edit():
            return _edited(held, act, acts, now)
        case Delete():
            return _deleted(held, act, acts)
        case React():
            return _reacted(held, act, acts)
        case Pin():
            return _pinned(held, act, acts)


def _edited(held: Record, edit: Edit, acts: MessageActs, now: int) -> Record | ActRefusal:
    if held.author != acts.author(edit.identity):
        return NotYours()
    if held.removed:
        return AlreadyDeleted()
    if held.content == edit.content:
        return Duplicate(held)
    return (
        TooLate()
        if held.at < edit.earliest
        else held._replace(content=edit.content, edited=now, mentions=edit.mentions)
    )


def _deleted(held: Record, delete: Delete, acts: MessageActs) -> Record | ActRefusal:
    by = Remover.AUTHOR if held.author == acts.author(delete.identity) else delete.others
    if by is None:
        return NotYours()
    if held.removed:
        return Duplicate(held)
    if held.reactions:
        acts.remove_reactors()
    removed = Removal(by, delete.nickname)
    return held._replace(
        content="", edited=None, reply_to=None, removed=removed, reactions=(), pinned=False, mentions=()
    )


def _reacted(held: Record, react: React, acts: MessageActs) -> Record | ActRefusal:
    own = acts.own_reactions(react.identity)
    if (react.emoji in own) == react.active:
        return Duplicate(held)
    if held.removed:
        return AlreadyDeleted()
    counts = {reaction.emoji: reaction.count for reaction in held.reactions}
    is_new = react.emoji not in counts
    if is_new and (len(counts) >= MAX_REACTIONS or len(own) >= MAX_OWN_REACTIONS):
        return TooManyReactions()
    (acts.add_reactor if react.active else acts.remove_reactor)(react)
    count = counts.get(react.emoji, 0) + (1 if react.active else -1)
    changed = Reaction(react.emoji, count, acts.first_reactors(react.emoji))
    reactions = [changed if reaction.emoji == react.emoji else reaction for reaction in held.reactions]
    if is_new:
        reactions.append(changed)
    return held._replace(reactions=tuple(reaction for reaction in reactions if reaction.count))


def _pinned(held: Record, pin: Pin, acts: MessageActs) -> Record | ActRefusal:
    if held.pinned == pin.active:
        return Duplicate(held)
    if held.removed:
        return AlreadyDeleted()
    return TooManyPins() if pin.active and acts.count_pins() >= PINS_PAGE else held._replace(pinned=pin.active)
