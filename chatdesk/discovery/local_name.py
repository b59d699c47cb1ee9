"""The name that browsers find a host by, such as ``robotics-workshop.local``, if nobody else uses it."""

import socket
from collections.abc import Callable

_MAX_NUMBER = 99
"""A hundred chats of the same name in one network do not occur."""
_MAX_LOST = 3
"""How many names are given up after they were in use. Somebody who takes more of them means harm, and may have pages
ready under the next ones."""


class LocalName:
    """One name for this machine on all its networks: the first that is free on all of them.

    ``on_name`` is called with the name once it is known to be free, and with an empty text while there is none.
    """

    def __init__(self, label: str, on_name: Callable[[str], None]) -> None:
        hostname = socket.gethostname().partition(".")[0].casefold()
        self._label = f"{label}-chat" if label == hostname else label  # the system announces its own name
        self._number = 1
        self._times_lost = 0
        self._on_name = on_name
        self._in_use = ""
        self.announced: set[str] = set()
        """Addresses that the name has led to, including those that this machine no longer has: others may have cached
        them."""

    @property
    def text(self) -> str:
        """The name that is used, or that is tried next; empty if all are taken."""
        if self._number > _MAX_NUMBER or self._times_lost > _MAX_LOST:
            return ""
        return f"{self._label}{f'-{self._number}' if self._number > 1 else ''}.local"

    def is_in_use(self, name: str) -> bool:
        """Whether this machine uses the name, in at least one of its networks."""
        return self._in_use == name

    def acquire(self, name: str) -> bool:
        """The name is free: use it, unless it was skipped meanwhile. Returns whether it is used."""
        if name != self.text:
            return False
        self._set_name(name)
        return True

    def skip(self, name: str) -> None:
        """The name is taken, or may be: try the next one, unless that has happened already."""
        if name == self.text:
            self._number += 1
            self._set_name("")

    def release(self, name: str) -> None:
        """Another machine, or this machine's own system, has come to use the name: give it up."""
        if name == self.text:
            self._number += 1
            self._times_lost += 1
            self._set_name("")

    def _set_name(self, name: str) -> None:
        self._in_use = name
        self._on_name(name)
