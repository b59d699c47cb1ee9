"""Whether a host that was heard of is there: it is asked, again and again."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.query import NO_CHAT, request_about

_INTERVAL_SECONDS = 0.8
_MIN_PAUSE_SECONDS = 0.2
"""Between two questions, whatever is announced meanwhile."""
_ANSWER_SECONDS = 0.5


class RetryPolicy(NamedTuple):
    """How often somebody is asked who has never been a chat: tries at once, then the seconds between two.

    Those are others for who does not answer than for who is something else.
    """

    tries: int
    silent: float
    other_program: float


DEFAULT_POLICY = RetryPolicy(5, 10, 60)
UNVERIFIED_POLICY = RetryPolicy(1, 60, 600)
"""For an address that somebody else has named."""


class LivenessCheck:
    """Asks one host at its addresses, of which it may be told others, for as long as it ``run`` s.

    ``found`` is what it answered last, None while it does not; ``on_change`` is called when that is something else.
    Without a ``server_id`` it is whatever chat is there. Where something else is, or nobody ever was, it asks seldom.
    """

    def __init__(
        self,
        server_id: str,
        limit: asyncio.Semaphore,
        on_change: Callable[[], None],
        policy: RetryPolicy = DEFAULT_POLICY,
    ) -> None:
        self.found: FoundHost | None = None
        self.addresses: tuple[str, ...] = ()
        self._server_id, self._limit, self._on_change = server_id, limit, on_change
        self._policy, self._announced = policy, asyncio.Event()
        self._was_found = self._is_other_program = False
        self._tries = 0

    def update_addresses(self, addresses: tuple[str, ...]) -> None:
        """It has announced itself, with these addresses, the best first: look now."""
        self.addresses = addresses
        self._announced.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._announced.clear()
            found = await self._query_addresses()
            self._tries += 1
            self._was_found |= found is not None
            if found != self.found:
                self.found = found
                self._on_change()
            await self._pause()

    async def _pause(self) -> None:
        """Wait for news, or a moment; news of who has never been a chat are not believed."""
        if not self._was_found and (self._is_other_program or self._tries >= self._policy.tries):
            await asyncio.sleep(self._policy.other_program if self._is_other_program else self._policy.silent)
            return
        await asyncio.sleep(_MIN_PAUSE_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._announced.wait(), _INTERVAL_SECONDS - _MIN_PAUSE_SECONDS)

    async def _query_addresses(self) -> FoundHost | None:
        """What it answers at the first of its addresses that leads there; the one that did last is tried first."""
        last = self.found.addresses[:1] if self.found else ()
        self._is_other_program = False
        for address in sorted(self.addresses, key=lambda address: address not in last):
            found = await self._query(address)
            if found and self._server_id in ("", found.server_id):
                others = tuple(other for other in self.addresses if other != address)
                return replace(found, addresses=(address, *others))
        return None

    async def _query(self, address: str) -> FoundHost | None:
        """What is there. A packet may be lost: who does not answer in time is asked once more."""
        async with self._limit:
            for _ in range(2):
                try:
                    return await asyncio.wait_for(request_about(address), _ANSWER_SECONDS)
                except TimeoutError:
                    continue
                except NO_CHAT as error:
                    self._is_other_program |= not isinstance(error, OSError)
                    return None
        return None
