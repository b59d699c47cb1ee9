"""The IPv6 addresses of this machine that cannot be used yet, or only for a while, as far as Linux says."""

import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_TABLE = Path("/proc/thread-self/net/if_inet6")
_TEMPORARY, _OPTIMISTIC, _FAILED, _DEPRECATED, _TENTATIVE = 0x01, 0x04, 0x08, 0x20, 0x40
"""The flags of an address in Linux's ``if_addr.h``."""


class Ipv6Flags(NamedTuple):
    """``unusable``: tentative, or already in use elsewhere. ``temporary``: changes every day, or is deprecated."""

    unusable: frozenset[str] = frozenset()
    temporary: frozenset[str] = frozenset()


def ipv6_flags() -> Ipv6Flags:
    """Return the flags of the current addresses; empty where the system does not say."""
    try:
        lines = _TABLE.read_text().splitlines()
    except OSError:  # another system, or one without IPv6
        return Ipv6Flags()
    return parse_table(lines)


def parse_table(lines: Iterable[str]) -> Ipv6Flags:
    """Parse Linux's table: address, interface, prefix, scope, flags and name on each line, in hexadecimal."""
    flags = {str(ipaddress.IPv6Address(int(word[0], 16))): int(word[4], 16) for line in lines if (word := line.split())}
    tentative = {address for address, bits in flags.items() if bits & _TENTATIVE and not bits & _OPTIMISTIC}
    failed = {address for address, bits in flags.items() if bits & _FAILED}
    temporary = {address for address, bits in flags.items() if bits & (_TEMPORARY | _DEPRECATED)}
    return Ipv6Flags(frozenset(tentative | failed), frozenset(temporary))
