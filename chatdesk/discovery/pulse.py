"""Whether a host that was heard of is there: it is asked, again and again."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from chatdesk.discovery.ask import NO_CHAT, question
from chatdesk.discovery.found import FoundHost

_EVERY_SECONDS = 0.8
_BREATH_SECONDS = 0.2
"""Between two questions, whatever is announced meanwhile."""
_PATIENCE_SECONDS = 0.5


class Patience(NamedTuple):
    """How often somebody is asked who has never been a chat: tries at once, then the seconds between two.

    Those are others for who does not answer than for who is something else.
    """

    tries: int
    silent: float
    stranger: float


USUAL = Patience(5, 10, 60)
DOUBTFUL = Patience(1, 60, 600)
"""For an address that somebody else has named."""


class Pulse:
    """Asks one host at its addresses, of which it may be told others, for as long as it ``run`` s.

    ``found`` is what it answered last, None while it does not; ``on_change`` is called when that is something else.
    Without a ``server_id`` it is whatever chat is there. Where something else is, or nobody ever was, it asks seldom.
    """

    def __init__(
        self, server_id: str, turn: asyncio.Semaphore, on_change: Callable[[], None], patience: Patience = USUAL
    ) -> None:
        self.found: FoundHost | None = None
        self.addresses: tuple[str, ...] = ()
        self._server_id, self._turn, self._on_change = server_id, turn, on_change
        self._patience, self._heard = patience, asyncio.Event()
        self._was_found = self._is_stranger = False
        self._tries = 0

    def hear(self, addresses: tuple[str, ...]) -> None:
        """It has announced itself, with these addresses, the best first: look now."""
        self.addresses = addresses
        self._heard.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._heard.clear()
            found = await self._look()
            self._tries += 1
            self._was_found |= found is not None
            if found != self.found:
                self.found = found
                self._on_change()
            await self._rest()

    async def _rest(self) -> None:
        """Wait for news, or a moment; news of who has never been a chat are not believed."""
        if not self._was_found and (self._is_stranger or self._tries >= self._patience.tries):
            await asyncio.sleep(self._patience.stranger if self._is_stranger else self._patience.silent)
            return
        await asyncio.sleep(_BREATH_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), _EVERY_SECONDS - _BREATH_SECONDS)

    async def _look(self) -> FoundHost | None:
        """What it answers at the first of its addresses that leads there; the one that did last is tried first."""
        last = self.found.addresses[:1] if self.found else ()
        self._is_stranger = False
        for address in sorted(self.addresses, key=lambda address: address not in last):
            found = await self._ask(address)
            if found and self._server_id in ("", found.server_id):
                others = tuple(other for other in self.addresses if other != address)
                return replace(found, addresses=(address, *others))
        return None

    async def _ask(self, address: str) -> FoundHost | None:
        """What is there. A packet may be lost: who does not answer in time is asked once more."""
        async with self._turn:
            for _ in range(2):
                try:
                    return await asyncio.wait_for(question(address), _PATIENCE_SECONDS)
                except TimeoutError:
                    continue
                except NO_CHAT as error:
                    self._is_stranger |= not isinstance(error, OSError)
                    return None
        return None
