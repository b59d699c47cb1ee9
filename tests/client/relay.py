"""A TCP relay between a client and its server, which may go silent. Its address is not one of the server's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Relay:
    """Forwards bytes until it goes silent: from then on it reads everything and delivers nothing."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._dead = asyncio.Event()
        self.port = 0

    def go_silent(self) -> None:
        """All open connections go silent; later ones do not."""
        self._dead.set()
        self._dead = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dead = self._dead
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_forward(reader, server_writer, dead))
            tasks.create_task(_forward(server_reader, writer, dead))


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dead: asyncio.Event) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            if not dead.is_set():
                writer.write(data)
    writer.close()


@contextlib.asynccontextmanager
async def relay(server_port: int) -> AsyncIterator[Relay]:
    """A relay to the server at this port."""
    relay = Relay(server_port)
    async with await asyncio.start_server(relay.serve, "127.0.0.1", 0) as listener:
        relay.port = listener.sockets[0].getsockname()[1]
        yield relay
