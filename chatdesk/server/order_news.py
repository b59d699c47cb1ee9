"""News of keeping order, for those who read what holds for whom and what was done."""

import asyncio
from collections.abc import Callable

_TELL_SECONDS = 0.5
"""Acts within this time are told together: somebody who ends a hundred bans is one piece of news."""


class OrderNews:
    """Calls ``tell`` when order was kept, at most twice a second, by whomever and about whomever that was."""

    def __init__(self) -> None:
        self.tell: Callable[[], None] = lambda: None
        self._timer: asyncio.TimerHandle | None = None

    def kept(self) -> None:
        """Something was done, or has ended to hold, and is stored."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TELL_SECONDS, self._tell)

    def _tell(self) -> None:
        self._timer = None
        self.tell()
