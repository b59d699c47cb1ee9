"""A hostile server that asks each client to call all sorts of addresses in its network."""

import asyncio

from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol.connection_events import Reach
from chatdesk.server.server import ChatServer
from tests.waiting import until

NONCE = "0123456789abcdef" * 2
WANTED = [
    "10.77.1.2",
    "127.0.0.1",
    "8.8.8.8",
    "192.168.7.2",
    "10.77.1.2",
    "10.77.1.4",
    "169.254.169.254",
    "100.64.0.1",
    "10.77.1.5",
    "10.77.1.6",
]
"""The first eight are considered; three of them are private addresses."""


async def main() -> None:
    async with ChatServer(ServerConfig(8080), MemoryStore(), {}) as server:
        print("open", flush=True)
        await until(lambda: server.hub.people, timeout=30)
        (session,) = (connection.session for connection in server.connections)
        session.send(Reach(NONCE, WANTED))
        for number in range(5):
            session.send(Reach(NONCE, [f"10.77.1.{number + 50}"]))
        await asyncio.sleep(0.5)
        print("asked", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
