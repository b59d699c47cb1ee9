"""The line of those who give a password while very many wrong ones come from their network: one of them at a time.

Nobody is locked out by others who guess behind the same address. A right password lets the next in line go at once, so
a whole class comes in together; a wrong one makes the others wait for a moment. Whose turn it is, is left to chance
among those who have given the fewest wrong ones: in order of arrival, a guesser could fill the line for ever.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.guesses import PAUSE_SECONDS, Guesser, Guesses

PLACES = 100
"""Of a network: a class, and those who guess beside it. Beyond them, people are told to try again."""
_ALL_PLACES = 180
"""Of all networks together, since the gate has room for a school: each takes a task, a few kilobytes."""
PATIENCE_SECONDS = 7.0
"""Clients wait ten seconds for an answer to their join."""

_BUSY = "Very many wrong passwords come from your network, so yours was not looked at: try again in a moment."


class _Line:
    """The line of one network."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Guesser, asyncio.Future[None]]] = []
        self.busy = False
        """Whether one of them has the turn."""
        self.timer: asyncio.TimerHandle | None = None


class GuessLine:
    """Gives those of slow networks their turns. ``guesses`` tells for how long to pause after a wrong one."""

    def __init__(self, guesses: Guesses) -> None:
        self._guesses = guesses
        self._lines: dict[str, _Line] = {}
        self._loop = asyncio.get_running_loop()

    def __len__(self) -> int:
        """How many wait for their turn."""
        return sum(len(line.waiting) for line in self._lines.values())

    @asynccontextmanager
    async def turn(self, guesser: Guesser) -> AsyncIterator[None]:
        """Wait for the turn, and have it until the context ends.

        Raises ProtocolError if it does not come soon, or too many wait for theirs.
        """
        line = self._lines.get(guesser.network)
        if len(self) >= _ALL_PLACES or (line and len(line.waiting) >= PLACES):
            raise _not_looked_at()
        line = line or self._lines.setdefault(guesser.network, _Line())
        called = self._loop.create_future()
        place = guesser, called
        line.waiting.append(place)
        self._call(guesser.network, line)
        try:
            await self._come(called)
            yield
        finally:
            if place in line.waiting:
                line.waiting.remove(place)
            else:
                line.busy = False
            self._call(guesser.network, line)

    @staticmethod
    async def _come(called: asyncio.Future[None]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await called
        except TimeoutError:
            raise _not_looked_at() from None

    def close(self) -> None:
        """Call nobody any more."""
        for line in self._lines.values():
            if line.timer:
                line.timer.cancel()

    def _call(self, network: str, line: _Line) -> None:
        """Let the next one have the turn, now or after the pause."""
        if line.busy or line.timer:
            return
        if not line.waiting:
            self._lines.pop(network, None)
        elif pause := self._guesses.pause(network):
            line.timer = self._loop.call_later(pause, self._pause_is_over, network, line)
        elif here := [place for place in line.waiting if not place[1].done()]:
            fewest = min(self._guesses.count(guesser) for guesser, _ in here)
            chosen = random.choice([place for place in here if self._guesses.count(place[0]) == fewest])
            line.waiting.remove(chosen)
            line.busy = True
            chosen[1].set_result(None)

    def _pause_is_over(self, network: str, line: _Line) -> None:
        line.timer = None
        self._call(network, line)


def _not_looked_at() -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_PASSWORD, _BUSY, retry_after=random.uniform(1, 2) * PAUSE_SECONDS)
