"""So many places, and a fair answer to who has to give way when all of them are taken."""

import heapq
from itertools import count


class EvictingSet:
    """Where all places are taken, whoever was here for the shortest time gives way.

    So a flood of names that come and go drives nobody out but itself, wherever it comes from: behind a proxy or a
    router all people share one address.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._numbers = count()
        self._numbers_of: dict[str, int] = {}
        self._by_stay: list[tuple[float, int, str]] = []

    def add(self, key: str, stayed_seconds: float) -> str | None:
        """Give a place to ``key``, who was here for so many seconds; says who gives way, perhaps itself."""
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
        """The place is needed no longer."""
        if self._numbers_of.pop(key, None) is not None and len(self._by_stay) > 2 * self._capacity:
            self._by_stay = [entry for entry in self._by_stay if self._is_current(entry)]
            heapq.heapify(self._by_stay)

    def _is_current(self, entry: tuple[float, int, str]) -> bool:
        """Whether this is still the entry of whoever has the place."""
        return self._numbers_of.get(entry[2]) == entry[1]
