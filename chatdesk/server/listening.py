"""Where a server listens: its sockets, one for each address family, and what it accepts there.

One IPv6 socket could accept IPv4 too, but some systems forbid that, some have no IPv6, and peers of IPv4 would appear
under mapped addresses: 192.0.2.7 as ::ffff:192.0.2.7.
"""

import asyncio
import contextlib
import errno
import ipaddress
import itertools
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from chatdesk.blocked_ports import opens_in_browsers
from chatdesk.config import ServerConfig
from chatdesk.ip import canonical_address, listens_on

BACKLOG = 4096
"""Connections that wait to be accepted: a hall whose members all reconnect at once. The system may allow fewer."""
ACCEPTED_AT_ONCE = 8
"""Connections that asyncio accepts before anything else gets a turn, a fifth of a millisecond each: it takes its
``backlog`` for that number, too, and would let a frame of the window wait for all who come at once."""
_ALL = ("::", "0.0.0.0")  # noqa: S104 - others on the network shall be able to join
_MAX_TRIES = 20
"""Ports that are tried: a machine with so many in a row taken needs a choice by a person."""
_new_socket = socket.socket
_IN_USE = (errno.EADDRINUSE, 10048)
_NO_SUCH_FAMILY = (errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, 10047, 10043)
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, 10049)
"""Numbers above 10000 are those of Windows: WSAEADDRINUSE, WSAEAFNOSUPPORT, WSAEPROTONOSUPPORT, WSAEADDRNOTAVAIL."""


class PortTakenError(OSError):
    """Another program listens at the port. ``family`` is set if it does so in only one of several address families."""

    def __init__(self, family: str) -> None:
        super().__init__(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        self.family = family


class Listening:
    """Accepts connections where the server shall listen, from ``open`` to ``close``."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._servers: list[asyncio.Server] = []
        self.port = config.port
        """The port; until ``open`` the one that the host has asked for."""

    async def open(self, new_connection: Callable[[], asyncio.BaseProtocol]) -> None:
        """Start to accept connections. Raises OSError if the port is not available."""
        sockets = listen(self._config.bind, self._config.port, shared=self._config.workers > 1)
        self.port = sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        try:
            for opened in sockets:
                server = await loop.create_server(
                    new_connection, sock=opened, backlog=ACCEPTED_AT_ONCE, start_serving=False
                )
                self._servers.append(server)
            for server in self._servers:
                await server.start_serving()
            for opened in sockets:
                opened.listen(BACKLOG)
        except BaseException:  # when cancelled, too: the port would stay taken
            self.close()
            raise

    def close(self) -> None:
        """Accept no connections any more."""
        for server in self._servers:
            server.close()

    async def wait_closed(self) -> None:
        """Wait until the sockets are closed."""
        for server in self._servers:
            await server.wait_closed()

    @property
    def opened(self) -> bool:
        """Whether it has begun to listen."""
        return bool(self._servers)

    def listens_on(self, addresses: Iterable[str]) -> list[str]:
        """Those of the machine's addresses at which it listens."""
        return [address for address in addresses if listens_on(self._config.bind, address)]


def listen(bind: str, port: int, *, shared: bool = False) -> list[socket.socket]:
    """Listening sockets at ``bind``, all on one port; for port 0 on a free one.

    Address families that this system does not have are left out. At the port of a ``shared`` one, which ``hold_port``
    holds, other processes listen, too. Raises PortTakenError, or another OSError.
    """
    if shared:
        opened, _failed = _try(bind, port, partial(_open, shared=True))
        return opened
    if port:
        return _listen(bind, port)
    first = _any_port(bind)
    for candidate in _browser_ports(first):
        with contextlib.suppress(PortTakenError):  # another family, or another program meanwhile
            return _listen(bind, candidate)
    raise PortTakenError("")


def hold_port(bind: str, port: int) -> list[socket.socket]:
    """Sockets that hold a port for processes that share it, all started by this one; for port 0 a free one.

    None of them listens. Raises PortTakenError, or another OSError.
    """
    alone = listen(bind, port)
    port = alone[0].getsockname()[1]
    _close(alone)
    held, failed = _try(bind, port, partial(_bind, shared=True))
    if len(held) < len(alone):
        _close(held)
        raise failed[0][1]
    return held


def free_port_after(bind: str, port: int) -> int | None:
    """The next port at which ``bind`` is free and which browsers open; None if the next twenty are all taken."""
    for candidate in _browser_ports(port + 1):
        with contextlib.suppress(OSError):
            _close(_listen(bind, candidate))
            return candidate
    return None


def _browser_ports(first: int) -> Iterator[int]:
    """The next twenty ports that browsers open."""
    return itertools.islice(filter(opens_in_browsers, range(first, 65536)), _MAX_TRIES)


def _listen(bind: str, port: int) -> list[socket.socket]:
    opened, failed = _try(bind, port)
    taken = [family for family, error in failed if error.errno in _IN_USE]
    other_errors = [error for _, error in failed if error.errno not in _IN_USE and not _is_unsupported(error, bind)]
    if opened and not taken and not other_errors:
        return opened
    _close(opened)
    if taken:
        raise PortTakenError(taken[0] if opened else "")
    raise next(iter(other_errors), failed[0][1])


def _any_port(bind: str) -> int:
    """A port that is free in at least one address family. Raises OSError."""
    opened, failed = _try(bind, 0)
    if not opened:
        raise failed[0][1]
    port: int = opened[0].getsockname()[1]
    _close(opened)
    return port


def _try(
    bind: str, port: int, open_one: Callable[[str, int], socket.socket] | None = None
) -> tuple[list[socket.socket], list[tuple[str, OSError]]]:
    """The sockets that can be opened for ``bind``, and the errors of the families that cannot."""
    opened: list[socket.socket] = []
    failed: list[tuple[str, OSError]] = []
    for address in _ALL if _is_all_addresses(bind) else (bind,):
        try:
            opened.append((open_one or _open)(address, port))
        except OSError as error:
            failed.append(("IPv6" if ":" in address else "IPv4", error))
    return opened, failed


def explain_listen_error(config: ServerConfig, error: OSError, free_port: int | None = None) -> str:
    """A sentence that says why the server cannot listen, and what to do; it suggests ``free_port``."""
    where = f"{config.bind} port {config.port}"
    if isinstance(error, PermissionError):
        return f"This system does not let ChatDesk listen on {where}: choose a port above 1023, such as --port 8080."
    if isinstance(error, PortTakenError):
        family = f" for {error.family}" if error.family else ""
        example = f", such as --port {free_port}" if free_port else ""
        return f"Port {config.port} is taken{family} by another program: choose another{example}."
    ip = ipaddress.ip_address(config.bind)
    if isinstance(ip, ipaddress.IPv6Address) and ip.is_link_local and not ip.scope_id:
        return f"{config.bind} only counts in the network of one interface: name that, too, as in {config.bind}%eth0."
    reason = os.strerror(error.errno).lower() if error.errno else str(error)
    return f"ChatDesk cannot listen on {where} ({reason}): is this an address of this machine?"


def _open(address: str, port: int, *, shared: bool = False) -> socket.socket:
    """A listening socket at one address. Raises OSError."""
    listening = _bind(address, port, shared=shared)
    try:
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def _bind(address: str, port: int, *, shared: bool) -> socket.socket:
    (family, kind, protocol, _, socket_address), *_ = socket.getaddrinfo(
        _in_own_family(address), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICHOST
    )
    bound = _new_socket(family, kind, protocol)
    try:
        if os.name == "posix":  # on Windows it would let two programs listen at the same port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(socket_address)
    except BaseException:
        bound.close()
        raise
    return bound


def _in_own_family(address: str) -> str:
    """The address in its own family: IPv4 where it is a mapped one. The interface of an IPv6 address stays."""
    plain = canonical_address(address)
    return address if ":" in plain else plain


def _is_unsupported(error: OSError, bind: str) -> bool:
    """Whether the error only means that this system lacks an address family, which ``bind`` does not insist on."""
    return error.errno in _NO_SUCH_FAMILY or (_is_all_addresses(bind) and error.errno in _NO_SUCH_ADDRESS)


def _is_all_addresses(bind: str) -> bool:
    ip = ipaddress.ip_address(bind)
    return ip.version == 6 and ip.is_unspecified


def _close(sockets: Sequence[socket.socket]) -> None:
    for opened in sockets:
        opened.close()
