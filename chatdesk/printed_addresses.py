"""The addresses of a chat that a terminal is told, when it opens and when they change."""

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator

from chatdesk.config import ServerConfig
from chatdesk.console import print_line, print_stderr
from chatdesk.discovery.address_changes import AddressChange, watch_addresses
from chatdesk.discovery.addresses import shown_address, web_url, why_unreachable, with_port


def print_address(config: ServerConfig, port: int) -> None:
    """Print the line that tells people and scripts the chat's address, and where a proxy finds it."""
    print_url(shared_url(config, port))
    if config.public_url:
        location = f"port {port}" if ipaddress.ip_address(config.bind).is_unspecified else with_port(config.bind, port)
        print_line(f"It listens on {location}, for the proxy before it.")


@contextlib.asynccontextmanager
async def printing_addresses(config: ServerConfig, port: int, *, again: bool = False) -> AsyncIterator[None]:
    """Print the chat's address, and addresses that come or go later; behind a proxy only the public one.

    ``again``: that it is open was printed before.
    """
    printed = {shown_address(config.bind)}

    def print_change(change: AddressChange) -> None:
        for address in change.removed:
            print_line(f"ChatDesk is no longer open at {web_url(address, port, encrypted=config.encrypted)}")
        others = () if printed & set(change.current) or change.added else change.current[:1]
        for address in (*change.added, *others):
            printed.add(address)
            print_url(web_url(address, port, encrypted=config.encrypted))

    watching = asyncio.create_task(watch_addresses(config.bind, print_change)) if not config.public_url else None
    if not again:
        _print_beginning(config, port)
    try:
        yield
    finally:
        if watching:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


def _print_beginning(config: ServerConfig, port: int) -> None:
    print_address(config, port)
    if not config.public_url and "%" in config.bind:
        print_stderr(
            "No browser opens an address with an interface in it. ChatDesk's own window does, with the name that the "
            "interface has on that computer."
        )
    if not config.public_url and (reason := why_unreachable(config.bind)):
        print_stderr(f"Others cannot join yet: {reason}. An address is printed once there is one.")


def shared_url(config: ServerConfig, port: int) -> str:
    """The address to share with people when the chat opens."""
    return config.public_url or web_url(shown_address(config.bind), port, encrypted=config.encrypted)


def print_url(url: str) -> None:
    """Print that the chat is open at this address."""
    print_line(f"ChatDesk is open at {url}")
