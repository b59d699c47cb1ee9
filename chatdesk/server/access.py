"""Who may talk to the server: programs that reach it under one of its own names, and its own page.

A page of somebody else's, open in a browser on this network, can send requests here. Its ``Origin`` tells it
apart; and where it hides behind a name of its own that it points at this machine (DNS rebinding), the ``Host`` does.
"""

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from chatdesk.ip import plain_address


def own_names(addresses: Iterable[str]) -> frozenset[str]:
    """What this machine is called: its host name, plain and under ``.local``, ``localhost``, and ``addresses``."""
    host = socket.gethostname().casefold()
    short = host.split(".")[0]
    return frozenset({"localhost", host, short, f"{short}.local", *map(_plain, addresses)})


class Access:
    """Checks requests against the machine's own names and addresses."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._announced = ""

    def learn(self, name: str) -> None:
        """Let in also those who call this machine by the name that it goes by now; empty where it has none.

        The one before is no longer its own: somebody else may have it, and a page of theirs.
        """
        self._announced = _plain(name)

    def allows(self, host: str, origin: str | None, local_address: str) -> bool:
        """Whether a request may pass.

        ``host`` and ``origin`` are its header fields (``origin`` None where there is none, as with programs),
        ``local_address`` is the address of this machine on which it arrived.
        """
        name = _hostname(f"//{host}")
        if name is None or name not in {*self._names, self._announced, _plain(local_address)}:
            return False
        return origin is None or origin.casefold() in (f"http://{host.casefold()}", f"https://{host.casefold()}")


def _hostname(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return None
    if parts.username is not None or parts.path or parts.query or parts.fragment or not parts.hostname:
        return None
    return _plain(parts.hostname)


def _plain(address: str) -> str:
    """One spelling for each address; other names just in lower case."""
    try:
        return plain_address(address)
    except ValueError:
        return address.casefold().removesuffix(".")
