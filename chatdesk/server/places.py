"""So many places, and a fair answer to who has to give way when all of them are taken."""

import heapq
from itertools import count


class Places:
    """Where all places are taken, whoever was here for the shortest time gives way.

    So a flood of names that come and go drives nobody out but itself, wherever it comes from: behind a proxy or a
    router all people share one address.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._numbers = count()
        self._taken: dict[str, int] = {}
        self._shortest: list[tuple[float, int, str]] = []

    def take(self, key: str, stayed: float) -> str | None:
        """Give a place to ``key``, who was here for so many seconds; says who gives way, perhaps itself."""
        number = next(self._numbers)
        self._taken[key] = number
        heapq.heappush(self._shortest, (stayed, number, key))
        if len(self._taken) <= self._most:
            return None
        while not self._holds(self._shortest[0]):
            heapq.heappop(self._shortest)
        gives_way = heapq.heappop(self._shortest)[2]
        del self._taken[gives_way]
        return gives_way

    def free(self, key: str) -> None:
        """The place is needed no longer."""
        if self._taken.pop(key, None) is not None and len(self._shortest) > 2 * self._most:
            self._shortest = [entry for entry in self._shortest if self._holds(entry)]
            heapq.heapify(self._shortest)

    def _holds(self, entry: tuple[float, int, str]) -> bool:
        """Whether this is still the entry of whoever has the place."""
        return self._taken.get(entry[2]) == entry[1]
