"""``chatdesk hosts``: prints the chats that are found, for people or for programs."""

import asyncio
import contextlib

import msgspec

from chatdesk.discovery.chat_browser import ChatBrowser
from chatdesk.discovery.found_host import FoundHost
from chatdesk.protocol.text import isolated

NOTHING_FOUND = (
    "Nobody was found. Where a network carries no announcements, an address still does: chatdesk join ADDRESS."
)


async def find_hosts(seconds: float, stop: asyncio.Event) -> list[FoundHost]:
    """Return the chats that are found within ``seconds``, or until ``stop`` is set."""
    found: list[FoundHost] = []

    def update(hosts: list[FoundHost]) -> None:
        found[:] = hosts

    async with ChatBrowser(update):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
    return found


def as_json(hosts: list[FoundHost]) -> str:
    """Return one JSON list with all fields."""
    return msgspec.json.encode(hosts).decode()


def as_lines(hosts: list[FoundHost]) -> str:
    """Return a line for each chat: its address, how many people are in it, its name and its host."""
    width = max((len(host.addresses[0]) for host in hosts), default=0)
    return "\n".join(f"{host.addresses[0]:<{width}}  {_people(host.people):>10}  {_title(host)}" for host in hosts)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _title(host: FoundHost) -> str:
    by = f", hosted by {isolated(host.host)}" if host.host else ""
    return f"{isolated(host.name)}{by}{' (locked)' if host.locked else ''}"
