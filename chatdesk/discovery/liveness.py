"""Checks whether a host is there, by querying it again and again."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.query import NO_CHAT, request_about

_INTERVAL_SECONDS = 0.8
"""A chat that closes disappears from the list within a second."""
_MIN_PAUSE_SECONDS = 0.2
"""The least time between two queries, whatever is announced meanwhile."""
_ANSWER_SECONDS = 0.5
"""A host in the same network answers well within this; a lost packet is retransmitted after 0.2 s."""


class RetryPolicy(NamedTuple):
    """How often an address is queried that has never been a chat: attempts at once, then seconds between two.

    ``silent`` are the seconds for an address that does not answer, ``other_program`` those for one where another
    program does.
    """

    tries: int
    silent: float
    other_program: float


DEFAULT_POLICY = RetryPolicy(5, 10, 60)
"""Five attempts outlast a lost packet or a busy host; then nobody is there, or another program."""
UNVERIFIED_POLICY = RetryPolicy(1, 60, 600)
"""For an address that another machine has named."""


class LivenessCheck:
    """Queries one host at its addresses for as long as ``run`` runs.

    ``found`` is the last answer, None while there is none; ``on_change`` is called when it changes. With an empty
    ``server_id`` any chat counts. ``limit`` bounds the queries of all checks. Addresses of another program, or of
    nobody, are queried seldom.
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
        """The host has announced these addresses, the best first: query now."""
        self.addresses = addresses
        self._announced.set()

    async def run(self) -> None:
        """Query until cancelled."""
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
        """Wait for an announcement, or a moment; announcements of a host that never was a chat do not count."""
        if not self._was_found and (self._is_other_program or self._tries >= self._policy.tries):
            await asyncio.sleep(self._policy.other_program if self._is_other_program else self._policy.silent)
            return
        await asyncio.sleep(_MIN_PAUSE_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._announced.wait(), _INTERVAL_SECONDS - _MIN_PAUSE_SECONDS)

    async def _query_addresses(self) -> FoundHost | None:
        """The answer of the first address that leads there, beginning with the one that answered last."""
        last = self.found.addresses[:1] if self.found else ()
        self._is_other_program = False
        for address in sorted(self.addresses, key=lambda address: address not in last):
            found = await self._query(address)
            if found and self._server_id in ("", found.server_id):
                others = tuple(other for other in self.addresses if other != address)
                return replace(found, addresses=(address, *others))
        return None

    async def _query(self, address: str) -> FoundHost | None:
        """The answer of an address. It is queried twice if it does not answer in time: a packet may be lost."""
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
