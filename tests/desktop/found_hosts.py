"""Chats as discovery finds them."""

from chatdesk.discovery.found_host import FoundHost
from tests.desktop.inspection import HOSTILE

ODD_NAMES = (HOSTILE, "A room whose name nobody would ever shorten " * 3, "غرفة الاجتماعات", "🚀👩‍👩‍👧")


def host(
    number: int,
    name: str = "",
    who: str = "Ingrid",
    people: int = 12,
    *,
    locked: bool = False,
    entry: tuple[str, ...] = (),
) -> FoundHost:
    addresses = (f"192.168.4.{number}:8080", f"[fd00::{number}]:8080")
    return FoundHost(
        f"id-{number}", name or f"Room {number}", who, people, 1, locked or bool(entry), "1.0", addresses, entry=entry
    )
