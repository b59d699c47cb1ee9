"""A way to Redis that breaks at a chosen byte of what Redis is asked and answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.cluster.redis_server import RedisServer


class Cutter:
    """Forwards connections. ``left``: so many bytes pass on, over all connections and both ways, until one breaks."""

    def __init__(self, redis: RedisServer) -> None:
        self._redis = redis
        self._socket = redis.folder / "cut.sock"
        self.left: int | None = None
        self.cuts = 0

    @property
    def address(self) -> str:
        """Where a node links to."""
        return f"unix://{self._socket}"

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Forward meanwhile."""
        async with await asyncio.start_unix_server(self._serve, self._socket):
            yield

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        redis_reader, redis_writer = await asyncio.open_unix_connection(self._redis.socket)
        ways = [
            asyncio.create_task(self._forward(reader, redis_writer)),
            asyncio.create_task(self._forward(redis_reader, writer)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        writer.close()
        redis_writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data[: self.left])
                if self._breaks_after(len(data)):
                    return
                await writer.drain()

    def _breaks_after(self, count: int) -> bool:
        if self.left is None:
            return False
        self.left -= count
        if self.left >= 0:
            return False
        self.left = None
        self.cuts += 1
        return True
