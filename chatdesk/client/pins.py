"""The pinned messages of a room: all of them, as they are now."""

from collections.abc import Iterator

from chatdesk.client.requests import RequestKind
from chatdesk.protocol import commands, events

MAX_PINS = 1_000
"""Pinned messages that are kept, the newest ones."""


class Pins:
    """Asked for page by page, the newest first, once somebody looks; afterwards updates say what changes."""

    def __init__(self) -> None:
        self.messages: dict[int, events.Message] = {}
        """By number, in no order."""
        self.complete = False
        self._is_shown = False
        self._before: int | None = None

    def show(self) -> None:
        """A view shows what is pinned from now on."""
        self._is_shown = True

    def wanted(self) -> Iterator[tuple[RequestKind, commands.Pins]]:
        """The page that is wanted now."""
        if self._is_shown and not self.complete:
            yield "pins", commands.Pins(before=self._before)

    def receive(self, page: events.Pins) -> None:
        """Add a page."""
        for message in page.messages:
            self.update(message)
        before, self._before = self._before, page.messages[0].seq if page.messages else None
        goes_back = self._before is not None and (before is None or self._before < before)
        self.complete = not page.more or not goes_back or len(self.messages) >= MAX_PINS

    def update(self, message: events.Message) -> bool:
        """A message has changed, or is pinned; return whether this changes the pins."""
        held = self.messages.get(message.seq)
        if held is not None and held.change >= message.change:
            return False
        if message.pinned:
            self.messages[message.seq] = message
            if len(self.messages) > MAX_PINS:
                del self.messages[min(self.messages)]
        elif held is not None:
            del self.messages[message.seq]
        return message.pinned or held is not None

    def refuse(self) -> None:
        """The server has none of this."""
        self.complete = True

    def restart(self) -> bool:
        """Read them again: the room has another log, or a change was not told. Return whether any view looks."""
        self.messages.clear()
        self.complete, self._before = False, None
        return self._is_shown
