"""A server that answers each message with itself: the chat's own connections, with an echo in place of the dispatcher.

``python -m tests.conformance.autobahn.echo_server`` prints its port.
"""

import asyncio
import sys

import uvloop

from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.frames import text_frame
from chatdesk.server.server import ChatServer
from chatdesk.server.session import Session


class Echo(Dispatcher):
    """Sends back what it gets."""

    def receive(self, session: Session, data: bytes | str) -> None:
        session.connection.write(text_frame(data.encode() if isinstance(data, str) else data))

    @staticmethod
    def receive_binary(session: Session, data: bytes | bytearray | memoryview) -> None:
        session.connection.write(b"\x82" + text_frame(bytes(data))[1:])


async def serve() -> None:
    """Serve until standard input ends."""
    config = ServerConfig(port=0, bind="127.0.0.1", message_rate=0)
    async with ChatServer(config, MemoryStore(), {}) as server:
        server.dispatcher.__class__ = Echo
        print(server.port, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(serve())
