"""With what the person has reacted: a message names the first of those who have, and the others only as a number."""

from collections.abc import Iterator

from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.requests import RequestKind
from chatdesk.protocol import commands, events
from chatdesk.protocol.limits import HISTORY_PAGE


class OwnReactions:
    """What a message leaves open is asked once for each message; afterwards the person's own acts keep it."""

    def __init__(self, own: OwnIdentity) -> None:
        self._own = own
        self._known: dict[int, set[str]] = {}
        """By message, of what the server has said or confirmed."""
        self._open: set[int] = set()

    def of(self, message: events.Message) -> frozenset[str]:
        """Return with which of its reactions the person has reacted, as far as that is known."""
        return frozenset(each.emoji for each in message.reactions if self._is_mine(message.seq, each))

    def confirmed(self, react: commands.React) -> None:
        """The server has confirmed an act."""
        known = self._known.setdefault(react.seq, set())
        (known.add if react.active else known.discard)(react.emoji)

    def wanted(self) -> Iterator[tuple[RequestKind, commands.OwnReactions]]:
        """The question that is wanted now: messages in one page."""
        if self._open:
            first = min(self._open)
            last = max(seq for seq in self._open if seq < first + HISTORY_PAGE)
            yield "own reactions", commands.OwnReactions(first, last)

    def receive(self, answer: events.OwnReactions, asked: commands.OwnReactions) -> list[int]:
        """Take note of an answer; return the messages that were asked about."""
        answered = [seq for seq in self._open if asked.first <= seq <= asked.last]
        self._open.difference_update(answered)
        found = {each.seq: set(each.emoji) for each in answer.messages}
        self._known.update({seq: found.get(seq, set()) for seq in answered})
        return answered

    def refuse(self) -> None:
        """The server does not answer this question."""
        self._known.update({seq: set() for seq in self._open})
        self._open.clear()

    def clear(self) -> None:
        """Ask again: the room has another log, or the line was lost and another device may have acted."""
        self._known.clear()
        self._open.clear()

    def _is_mine(self, seq: int, reaction: events.Reaction) -> bool:
        if any(person.author == self._own.author for person in reaction.people):
            return True
        if reaction.count <= len(reaction.people):
            return False
        if seq not in self._known:
            self._open.add(seq)
        return reaction.emoji in self._known.get(seq, ())
