"""Which changes of a room a client has received: the next resume begins after the last one without a gap."""

from collections.abc import Iterable

_MAX_BEYOND = 10_000
"""Changes remembered beyond a gap; with more, the next resume brings some of them twice, which changes nothing."""


class ReceivedChanges:
    """``without_gap`` is the highest change up to which nothing is missing; 0 on a server that counts none."""

    def __init__(self) -> None:
        self.without_gap = 0
        self._beyond: set[int] = set()

    def reset(self) -> None:
        """The room has another log."""
        self.without_gap = 0
        self._beyond.clear()

    def reach(self, change: int) -> None:
        """A page that continues the stream ends here."""
        self.without_gap = max(self.without_gap, change)
        self._beyond = {beyond for beyond in self._beyond if beyond > self.without_gap}
        self._advance()

    def add(self, changes: Iterable[int]) -> None:
        """These changes are here, perhaps beyond a gap."""
        for change in changes:
            if change == self.without_gap + 1:
                self.without_gap = change
                self._advance()
            elif change > self.without_gap and len(self._beyond) < _MAX_BEYOND:
                self._beyond.add(change)

    def _advance(self) -> None:
        while self.without_gap + 1 in self._beyond:
            self.without_gap += 1
            self._beyond.remove(self.without_gap)
