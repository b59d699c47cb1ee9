"""What the window asks of the server inside this program; how that is done, it does not know. Imports no Qt.

HostError
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from chatdesk.config import ServerConfig


@dataclass(frozen=True, slots=True)
class Hosted:
    """A running server: ``socket_url`` is the window's own way in, ``page_url`` what others are given at first.

    It listens on ``bind`` and ``port``. ``token`` makes the window known as the host. ``notices`` are sentences that
    the host must read, such as that a damaged history was put aside.
    """

    socket_url: str
    page_url: str
    bind: str
    port: int
    token: str
    print_address: Callable[[str], None]
    """Tells who sits at the terminal that the chat is at another address."""
    notices: tuple[str, ...] = ()
    local_name: Callable[[], str] = str
    """What the network knows this computer by now, empty where it is not made known: another may have had the name."""
    reached_addresses: Callable[[], frozenset[str]] = frozenset
    """The addresses of this computer by which others have come in."""
    doctor_token: Callable[[], str] = str
    """What lets an examination have people asked by which addresses they reach this computer, for a while."""
    public_url: str = ""
    """The address of the proxy that stands before it, for everybody; empty where none does."""


class HostError(Exception):
    """No server can be opened; the text is a sentence that says what to do.

    ``free_port`` is one that would do where another program has the wanted one.
    """

    def __init__(self, sentence: str, free_port: int | None = None) -> None:
        super().__init__(sentence)
        self.free_port = free_port


OpenHost = Callable[[ServerConfig], AbstractAsyncContextManager[Hosted]]
"""Opens a server for as long as the context lasts; entering raises HostError."""
