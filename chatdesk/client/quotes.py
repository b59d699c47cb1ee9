"""Messages that replies refer to and that are not loaded: asked for when a view shows such a reply."""

from collections.abc import Iterator

from chatdesk.client.requests import RequestKind
from chatdesk.protocol import commands, events
from chatdesk.protocol.limits import MESSAGES_PAGE

MAX_QUOTES = 1_000
"""Quoted messages that are kept; those needed longest ago go first."""


class Quotes:
    """What is known of messages that are not loaded: each as it is now, or that there is none of this number."""

    def __init__(self) -> None:
        self._known: dict[int, events.Message | None] = {}
        self._open: dict[int, None] = {}

    def find(self, seq: int) -> events.Message | None:
        """Return a message; None if there is none, or it is not known yet and will be asked for."""
        if seq in self._known:
            return self._known[seq]
        self._open[seq] = None
        return None

    def is_missing(self, seq: int) -> bool:
        """Whether the server has no message of this number."""
        return seq in self._known and self._known[seq] is None

    def wanted(self) -> Iterator[tuple[RequestKind, commands.Messages]]:
        """The question that is wanted now."""
        if self._open:
            yield "quotes", commands.Messages(tuple(self._open)[:MESSAGES_PAGE])

    def receive(self, answer: events.Messages, asked: commands.Messages) -> list[int]:
        """Take note of an answer; return the numbers that it is about. What it leaves out is asked for again."""
        found: dict[int, events.Message | None] = {message.seq: message for message in answer.messages}
        found.update(dict.fromkeys(answer.missing))
        if found.keys().isdisjoint(asked.seqs):
            found.update(dict.fromkeys(asked.seqs))  # it would be left out for ever
        for seq in found:
            self._open.pop(seq, None)
        self._known = dict([*self._known.items(), *found.items()][-MAX_QUOTES:])
        return list(found)

    def refuse(self, asked: commands.Messages) -> None:
        """The server does not answer: what was asked counts as missing."""
        self._known.update(dict.fromkeys(asked.seqs))
        self._open = {seq: None for seq in self._open if seq not in asked.seqs}

    def update(self, message: events.Message) -> bool:
        """A message has changed; return whether it is a quoted one."""
        known = self._known.get(message.seq)
        if known is None or message.change <= known.change:
            return False
        self._known[message.seq] = message
        return True

    def clear(self) -> None:
        """Forget all: what has changed since may not have been told."""
        self._known.clear()
        self._open.clear()
