"""TLS handshakes, a few at a time: each costs what a hundred messages cost, and a hall may come at once."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

_TURN_SECONDS = 0.001
"""How long handshakes run at a stretch: two or three of them."""
_REST_SECONDS = 0.003
"""How long everybody else has the loop then, as long as handshakes wait."""


class Handshakes:
    """Steps of handshakes, one network after the other, so that nobody waits behind the many of another."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, deque[Callable[[], None]]] = {}
        self._timer: asyncio.Handle | None = None

    def add(self, network: str, step: Callable[[], None]) -> None:
        """Let a step of a handshake with a peer in this network run when its turn comes."""
        self._waiting.setdefault(network, deque()).append(step)
        if self._timer is None:
            self._timer = self._loop.call_soon(self._run)

    def close(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()

    def _run(self) -> None:
        self._timer = None
        until = time.perf_counter() + _TURN_SECONDS
        while self._waiting and time.perf_counter() < until:
            network, steps = next(iter(self._waiting.items()))
            del self._waiting[network]
            step = steps.popleft()
            if steps:
                self._waiting[network] = steps  # behind all others
            step()
        if self._waiting and self._timer is None:
            self._timer = self._loop.call_later(_REST_SECONDS, self._run)
