"""The name that browsers find a host by, such as ``robotics-workshop.local``, where nobody else goes by it."""

import socket
from collections.abc import Callable

_MOST_OF_A_NAME = 99
_MOST_LOST = 3
"""So many names are given up that were in use. Who takes more means harm, and may have pages of the next ones ready."""


class LocalName:
    """One name for the machine on all of its networks: the first of its kind that is free on all of them.

    ``named`` is called with the one that it goes by, once that has been found to be free; empty while it has none.
    """

    def __init__(self, label: str, named: Callable[[str], None]) -> None:
        hostname = socket.gethostname().partition(".")[0].casefold()
        self._label = f"{label}-chat" if label == hostname else label  # the other one is the system's to announce
        self._number = 1
        self._lost = 0
        self._named = named
        self._taken = ""
        self.announced: set[str] = set()
        """Addresses that it has led to, also those that this machine has no more: they may still be remembered."""

    @property
    def text(self) -> str:
        """The name as it is now, or is to be; empty where others leave it none."""
        if self._number > _MOST_OF_A_NAME or self._lost > _MOST_LOST:
            return ""
        return f"{self._label}{f'-{self._number}' if self._number > 1 else ''}.local"

    def is_taken(self, name: str) -> bool:
        """Whether it is this machine that goes by the name, in one of its networks at least."""
        return self._taken == name

    def take(self, name: str) -> bool:
        """It is free: go by it, unless it was passed over by now."""
        if name != self.text:
            return False
        self._go_by(name)
        return True

    def pass_over(self, name: str) -> None:
        """Somebody else had it first, or may have it: try the next, unless that was done by now."""
        if name == self.text:
            self._number += 1
            self._go_by("")

    def give_up(self, name: str) -> None:
        """Somebody else has come to have it, too, or this machine's own system."""
        if name == self.text:
            self._number += 1
            self._lost += 1
            self._go_by("")

    def _go_by(self, name: str) -> None:
        self._taken = name
        self._named(name)
