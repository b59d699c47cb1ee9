"""The sockets that a server listens on: one for each family of addresses.

A socket of IPv6 that also takes IPv4 would do with one, but a system may forbid it, some have none, and the addresses
of its peers are disguised: 192.0.2.7 comes in as ::ffff:192.0.2.7.
"""

import contextlib
import errno
import ipaddress
import itertools
import os
import socket
from collections.abc import Iterator, Sequence

from chatdesk.blocked_ports import opens_in_browsers
from chatdesk.ip import canonical_address

BACKLOG = 4096
_ALL = ("::", "0.0.0.0")  # noqa: S104 - the whole point is that others on the network can join
_MAX_TRIES = 20
_new_socket = socket.socket
_IN_USE = (errno.EADDRINUSE, 10048)  # the second ones are what Windows says
_NO_SUCH_FAMILY = (errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, 10047, 10043)
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, 10049)


class PortTakenError(OSError):
    """Another program listens there. ``family`` is the only one of several that it has taken, "" for all of them."""

    def __init__(self, family: str) -> None:
        super().__init__(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        self.family = family


def listen(bind: str, port: int) -> list[socket.socket]:
    """Sockets that listen at ``bind``, all on one port; a free one for 0.

    Families that this system does not have are left out. Raises PortTakenError, or another OSError where it cannot
    listen.
    """
    if port:
        return _listen(bind, port)
    first = _any_port(bind)
    for candidate in _good_ports(first):
        with contextlib.suppress(PortTakenError):  # another family, or another program meanwhile
            return _listen(bind, candidate)
    raise PortTakenError("")


def free_port_after(bind: str, port: int) -> int | None:
    """The next good port that nobody listens on at ``bind``, None where the next twenty are all taken."""
    for candidate in _good_ports(port + 1):
        with contextlib.suppress(OSError):
            _close(_listen(bind, candidate))
            return candidate
    return None


def _good_ports(first: int) -> Iterator[int]:
    """The next twenty that browsers open."""
    return itertools.islice(filter(opens_in_browsers, range(first, 65536)), _MAX_TRIES)


def _listen(bind: str, port: int) -> list[socket.socket]:
    opened, failed = _try(bind, port)
    taken = [family for family, error in failed if error.errno in _IN_USE]
    wrong = [error for _, error in failed if error.errno not in _IN_USE and not _is_unsupported(error, bind)]
    if opened and not taken and not wrong:
        return opened
    _close(opened)
    if taken:
        raise PortTakenError(taken[0] if opened else "")
    raise next(iter(wrong), failed[0][1])


def _any_port(bind: str) -> int:
    """A port that is free in one family at least. Raises OSError."""
    opened, failed = _try(bind, 0)
    if not opened:
        raise failed[0][1]
    port: int = opened[0].getsockname()[1]
    _close(opened)
    return port


def _try(bind: str, port: int) -> tuple[list[socket.socket], list[tuple[str, OSError]]]:
    """What can be opened of what a server listens on that is bound so, and why what of it cannot."""
    opened: list[socket.socket] = []
    failed: list[tuple[str, OSError]] = []
    for address in _ALL if _is_all_addresses(bind) else (bind,):
        try:
            opened.append(_open(address, port))
        except OSError as error:
            failed.append(("IPv6" if ":" in address else "IPv4", error))
    return opened, failed


def _open(address: str, port: int) -> socket.socket:
    """A socket that listens at one address. Raises OSError."""
    (family, kind, protocol, _, place), *_ = socket.getaddrinfo(
        _in_own_family(address), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICHOST
    )
    listening = _new_socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two programs have the same port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def _in_own_family(address: str) -> str:
    """The address in its own family; its interface stays with it."""
    plain = canonical_address(address)
    return address if ":" in plain else plain


def _is_unsupported(error: OSError, bind: str) -> bool:
    """Whether this system does not have the family, as far as all addresses were asked for."""
    return error.errno in _NO_SUCH_FAMILY or (_is_all_addresses(bind) and error.errno in _NO_SUCH_ADDRESS)


def _is_all_addresses(bind: str) -> bool:
    ip = ipaddress.ip_address(bind)
    return ip.version == 6 and ip.is_unspecified


def _close(sockets: Sequence[socket.socket]) -> None:
    for opened in sockets:
        opened.close()
