"""A bounded set that evicts fairly when it is full."""

import heapq
from itertools import count


class EvictingSet:
    """Keys with the time their owners stayed. When there are too many, the shortest stay is evicted.

    So a flood of names that come and go evicts only itself. Addresses would not tell: behind a proxy or a router all
    people have the same one.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._numbers = count()
        self._numbers_of: dict[str, int] = {}
        self._by_stay: list[tuple[float, int, str]] = []

    def add(self, key: str, stayed_seconds: float) -> str | None:
        """Add a key whose owner stayed for so many seconds. Returns the evicted key, perhaps this one, or None."""
        number = next(self._numbers)
        self._numbers_of[key] = number
        heapq.heappush(self._by_stay, (stayed_seconds, number, key))
        if len(self._numbers_of) <= self._capacity:
            return None
        while not self._is_current(self._by_stay[0]):
            heapq.heappop(self._by_stay)
        evicted = heapq.heappop(self._by_stay)[2]
        del self._numbers_of[evicted]
        return evicted

    def discard(self, key: str) -> None:
        """Remove a key, if it is there. No more is kept of those that are gone than of those that are there."""
        if self._numbers_of.pop(key, None) is not None and len(self._by_stay) > 2 * len(self._numbers_of):
            self._by_stay = [entry for entry in self._by_stay if self._is_current(entry)]
            heapq.heapify(self._by_stay)

    def _is_current(self, entry: tuple[float, int, str]) -> bool:
        """Whether the entry is its key's latest one."""
        return self._numbers_of.get(entry[2]) == entry[1]
