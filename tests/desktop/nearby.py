"""Chats as they are found on a network, and a network to find them in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatdesk.discovery.found import FoundHost
from tests.desktop.looking import HOSTILE
from tests.netns import Machine

ODD_NAMES = (HOSTILE, "A room whose name nobody would ever shorten " * 3, "غرفة الاجتماعات", "🚀👩‍👩‍👧")


def host(number: int, name: str = "", who: str = "Ingrid", people: int = 12, *, locked: bool = False) -> FoundHost:
    addresses = (f"192.168.4.{number}:8080", f"[fd00::{number}]:8080")
    return FoundHost(f"id-{number}", name or f"Room {number}", who, people, 1, locked, "1.0", addresses)


@contextmanager
def inside(machine: Machine) -> Iterator[None]:
    """This thread, and those that it starts, use the machine's network instead of the real one."""
    with Path("/proc/thread-self/ns/net").open() as own, Path("/run/netns", machine.namespace).open() as there:
        os.setns(there.fileno(), os.CLONE_NEWNET)
        try:
            yield
        finally:
            os.setns(own.fileno(), os.CLONE_NEWNET)
