"""What the window needs from a server in the same process, without importing it. Imports no Qt.

Exceptions: HostError
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from chatdesk.config import ServerConfig


@dataclass(frozen=True, slots=True)
class Hosted:
    """A running server. The window connects to ``socket_url``; ``page_url`` is the first address given to others.

    The server listens on ``bind`` and ``port``. ``token`` proves that the window belongs to the host. ``notices`` are
    sentences that the host must read, such as that a damaged history was put aside.
    """

    socket_url: str
    page_url: str
    bind: str
    port: int
    token: str
    print_address: Callable[[str], None]
    """Prints the chat's new address on the terminal."""
    notices: tuple[str, ...] = ()
    local_name: Callable[[], str] = str
    """Returns this computer's current mDNS name, or empty if it has none. It changes on a name conflict."""
    reached_addresses: Callable[[], frozenset[str]] = frozenset
    """Returns the addresses of this computer at which other clients are connected."""
    doctor_token: Callable[[], str] = str
    """Returns a token that lets the doctor ask clients, for a minute, at which addresses they reach this computer."""
    encrypted: bool = False
    """Whether the addresses given to others begin with https."""
    key: str = ""
    """The fingerprint of the key of the chat's own, which others compare; empty if there is none."""
    asks_token: bool = False
    """Whether everybody needs a token to join."""
    public_url: str = ""
    """The public address if a proxy is in front of the server; empty without one."""


class HostError(Exception):
    """The server cannot be started; the text is a sentence that says what to do.

    ``free_port`` is a port to use instead if another program has the configured one.
    """

    def __init__(self, sentence: str, free_port: int | None = None) -> None:
        super().__init__(sentence)
        self.free_port = free_port


OpenHost = Callable[[ServerConfig], AbstractAsyncContextManager[Hosted]]
"""Runs a server while the context lasts; entering it raises HostError."""
