"""The name that browsers find a host by, such as ``robotics-workshop.local``, where nobody else goes by it."""

import socket
from collections.abc import Callable

_MAX_NUMBER = 99
_MAX_LOST = 3
"""So many names are given up that were in use. Who takes more means harm, and may have pages of the next ones ready."""


class LocalName:
    """One name for the machine on all of its networks: the first of its kind that is free on all of them.

    ``named`` is called with the one that it goes by, once that has been found to be free; empty while it has none.
    """

    def __init__(self, label: str, on_name: Callable[[str], None]) -> None:
        hostname = socket.gethostname().partition(".")[0].casefold()
        self._label = f"{label}-chat" if label == hostname else label  # the other one is the system's to announce
        self._number = 1
        self._lost = 0
        self._on_name = on_name
        self._in_use = ""
        self.announced: set[str] = set()
        """Addresses that it has led to, also those that this machine has no more: they may still be remembered."""

    @property
    def text(self) -> str:
        """The name as it is now, or is to be; empty where others leave it none."""
        if self._number > _MAX_NUMBER or self._lost > _MAX_LOST:
            return ""
        return f"{self._label}{f'-{self._number}' if self._number > 1 else ''}.local"

    def is_in_use(self, name: str) -> bool:
        """Whether it is this machine that goes by the name, in one of its networks at least."""
        return self._in_use == name

    def acquire(self, name: str) -> bool:
        """It is free: go by it, unless it was passed over by now."""
        if name != self.text:
            return False
        self._set_name(name)
        return True

    def skip(self, name: str) -> None:
        """Somebody else had it first, or may have it: try the next, unless that was done by now."""
        if name == self.text:
            self._number += 1
            self._set_name("")

    def release(self, name: str) -> None:
        """Somebody else has come to have it, too, or this machine's own system."""
        if name == self.text:
            self._number += 1
            self._lost += 1
            self._set_name("")

    def _set_name(self, name: str) -> None:
        self._in_use = name
        self._on_name(name)
