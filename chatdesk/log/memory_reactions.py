"""Who has reacted to the messages of a log in memory, and which are pinned."""

from collections.abc import Callable
from itertools import islice

from chatdesk.log.acts import React, Reactor
from chatdesk.protocol.limits import REACTION_NAMES

_REACTOR_BYTES = 200
"""What a person of a reaction takes in memory, about."""


class MemoryReactions:
    """For each message and emoji the people in order, and the numbers of what is pinned.

    ``author`` turns an identity into its public id. ``bytes`` is what all of it takes.
    """

    def __init__(self, author: Callable[[str], str]) -> None:
        self.author = author
        self.bytes = 0
        self.pinned: set[int] = set()
        self._nicknames: dict[int, dict[str, dict[str, str]]] = {}
        """By message, emoji and identity."""

    def own(self, seq: int, identity: str) -> list[str]:
        """Return the emoji with which a person has reacted to a message."""
        return [emoji for emoji, people in self._nicknames.get(seq, {}).items() if identity in people]

    def reactors(self, seq: int, emoji: str, skip: int = 0, limit: int = REACTION_NAMES) -> list[Reactor]:
        """Return the first who have reacted to a message with this emoji, without the first ``skip`` of them."""
        people = self._nicknames.get(seq, {}).get(emoji, {})
        return [
            Reactor(nickname, self.author(identity))
            for identity, nickname in islice(people.items(), skip, skip + limit)
        ]

    def remove(self, seq: int) -> None:
        """Forget all of a message."""
        self.pinned.discard(seq)
        people = self._nicknames.pop(seq, {})
        self.bytes -= _REACTOR_BYTES * sum(map(len, people.values()))

    def of_message(self, seq: int) -> "MessageReactions":
        """Return those of one message."""
        return MessageReactions(self, self._nicknames, seq)


class MessageReactions:
    """Reactions to one message, and pins, during an act; see ``MessageActs``."""

    def __init__(self, all_: MemoryReactions, nicknames: dict[int, dict[str, dict[str, str]]], seq: int) -> None:
        self.author = all_.author
        self._all = all_
        self._nicknames = nicknames
        self._seq = seq

    def own_reactions(self, identity: str) -> list[str]:
        return self._all.own(self._seq, identity)

    def first_reactors(self, emoji: str) -> tuple[Reactor, ...]:
        return tuple(self._all.reactors(self._seq, emoji))

    def add_reactor(self, react: React) -> None:
        self._nicknames.setdefault(self._seq, {}).setdefault(react.emoji, {})[react.identity] = react.nickname
        self._all.bytes += _REACTOR_BYTES

    def remove_reactor(self, react: React) -> None:
        people = self._nicknames[self._seq][react.emoji]
        del people[react.identity]
        self._all.bytes -= _REACTOR_BYTES
        if not people:
            del self._nicknames[self._seq][react.emoji]

    def remove_reactors(self) -> None:
        self._all.remove(self._seq)

    def count_pins(self) -> int:
        return len(self._all.pinned)
