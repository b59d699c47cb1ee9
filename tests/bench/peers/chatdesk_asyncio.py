"""ChatDesk's own server on asyncio's own loop: what the window's loop is compared with."""

import asyncio
import sys

from chatdesk.app import open_server
from chatdesk.config import ServerConfig
from chatdesk.printed_addresses import print_address
from chatdesk.server.fanout import HEADLESS
from chatdesk.stop_signals import stop_on_signals


async def run(config: ServerConfig) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    stop_on_signals(asyncio.get_running_loop(), stop.set)
    async with open_server(config, HEADLESS) as server:
        print_address(config, server.port)
        await stop.wait()


if __name__ == "__main__":
    limits = {"max_connections": int(sys.argv[1]), "message_rate": float((*sys.argv, "0")[2])}
    asyncio.run(run(ServerConfig(port=0, bind="127.0.0.1", **limits)))
