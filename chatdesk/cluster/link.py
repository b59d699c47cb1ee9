"""A connection to the Redis of a cluster: whom it has reached, and what is asked of it.

A link ends with its first error. redis-py would send again what may have been done already, and would connect again to
whatever answers at the address; both are turned off.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ReadOnlyError, RedisError, ResponseError

from chatdesk.log.operations import Ordered, decode_operation, encode_operation

TIMEOUT_SECONDS = 5.0
"""Without an answer the link ends."""
_BLOCK_MS = 1_000
"""A read that waits for longer than the time-out ends in an error; what is left of it is for a disk that is busy."""
_READ_ENTRIES = 1_000
"""At most: Redis holds the answer for a slow reader in its memory."""
STREAM_ENTRIES = 1_000_000
"""A busy week of a large chat, some 200 MB. A node that was away for longer needs a backup of another one."""
SETTLE_SECONDS = 1.5
"""Nodes look for a Redis that was away twice a second: after that all of those that run are back."""
_SCRIPTS = Path(__file__).parent

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[int]).decode

ERRORS = (RedisError, OSError)
"""What ends a link."""


class Entry(NamedTuple):
    """An entry of the stream: its id and the number in it, and what was ordered; None if it is none of ours."""

    id: str
    number: int
    ordered: Ordered | None


class About(NamedTuple):
    """Whose order it is: the server id and the secret of the chat, and the number of the newest entry."""

    server_id: str
    secret: bytes
    number: int


class Link:
    """A link, while its context is open. Raises ERRORS, also on entering."""

    def __init__(self, url: str, chat: str, stream_entries: int = STREAM_ENTRIES) -> None:
        prefix = f"{{chatdesk:{chat}}}:"
        self._about, self._stream = f"{prefix}about", f"{prefix}stream"
        self._keys = (self._about, f"{prefix}seqs", f"{prefix}changes", self._stream, f"{prefix}keys:")
        self._stream_entries = stream_entries
        self._nodes = f"{prefix}nodes"
        self._clients = [_client(url) for _ in range(4)]
        self._writer, self._reader, self._teller, hearer = self._clients
        self._heard: Any = hearer.pubsub()  # redis-py does not say what its methods take
        self._order = self._writer.register_script((_SCRIPTS / "order.lua").read_text())
        self._restore = self._reader.register_script((_SCRIPTS / "restore.lua").read_text())
        self._read = self._reader.register_script((_SCRIPTS / "read.lua").read_text())
        self._arrive = self._reader.register_script((_SCRIPTS / "arrive.lua").read_text())

    async def __aenter__(self) -> Link:
        try:
            for client in self._clients[:3]:
                await client.ping()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        for close in (self._heard.aclose, *(client.aclose for client in self._clients)):
            with contextlib.suppress(*ERRORS):
                await close()

    async def about(self) -> About | None:
        """Return whose order it is; None if there is none yet."""
        found: Mapping[Any, Any] = await self._reader.hgetall(self._about)
        if b"server_id" not in found:  # also where all was deleted, and only a node has arrived since
            return None
        return About(found[b"server_id"].decode(), found[b"secret"], int(found.get(b"number", 0)))

    async def arrive(self) -> float:
        """Return for how many seconds nothing is ordered, until the nodes are back at a Redis that was away.

        Raises ERRORS also if this is a replica, which may be promoted while the link lasts.
        """
        replication = await self._reader.info("replication")
        if replication["role"] != "master":
            raise ReadOnlyError("this Redis is a replica")
        arguments = [replication["master_replid"], int(SETTLE_SECONDS * 1000)]
        left: int = await self._arrive(keys=[self._about], args=arguments)
        return left / 1000

    async def restore(self, server_id: str, entries: Sequence[Ordered]) -> None:
        """Put these entries back that Redis has lost, unless the first of them is not the next one any more."""
        arguments: list[str | int | bytes] = [server_id, self._stream_entries, entries[0].number]
        for _number, seq, change, at, key, operation in entries:
            text = f"{seq} {change} {at} {key} ".encode() + encode_operation(operation)
            arguments += [operation.room, seq, change, at, key, text]
        await self._restore(keys=self._keys, args=arguments)

    async def key_at(self, place: int) -> str | None:
        """Return the key of the entry of this number; None if it is not in the stream any more."""
        found: Any = await self._reader.xrange(self._stream, f"{place}-0", f"{place}-0")
        ordered = _entry(found[0][0], b" ", found[0][1].get(b"entry", b"")).ordered if found else None
        return ordered.key if ordered else None

    async def begin(self, server_id: str, secret: bytes) -> About:
        """Begin the order of a chat, unless another node has just done so; return whose it is then."""
        async with self._writer.pipeline(transaction=True) as begin:
            begin.hsetnx(self._about, "server_id", server_id)
            begin.hsetnx(self._about, "secret", secret)
            begin.hmget(self._about, ["server_id", "secret"])
            *_, (begun_as, begun_with) = await begin.execute()
        return About(begun_as.decode(), begun_with, 0)

    async def order(self, server_id: str, operations: Iterable[tuple[str, str, int, int, str]]) -> list[int]:
        """Order these operations; see ``order.lua``."""
        arguments: list[str | int | bytes] = [server_id, self._stream_entries, _pack(list(operations))]
        return _unpack(await self._order(keys=self._keys, args=arguments))

    async def read(self, place: int) -> list[Entry]:
        """Return what follows this number, as soon as there is something, or nothing after a while."""
        arguments = [place, _READ_ENTRIES]
        lines: bytes = await self._read(keys=[self._stream], args=arguments)
        if not lines:
            await self._reader.xread({self._stream: f"{place}-0"}, count=1, block=_BLOCK_MS)
            lines = await self._read(keys=[self._stream], args=arguments)
        return [_entry(*line.partition(b" ")) for line in lines.split(b"\n") if line]

    async def remove(self, entry_id: str) -> None:
        """Take an entry out that is none of ours."""
        await self._reader.xdel(self._stream, entry_id)

    async def listen(self, node: str) -> None:
        """From now on, hear what is told to this node or to all."""
        await self._heard.subscribe(self._nodes, f"{self._nodes}:{node}")

    async def hear(self) -> bytes:
        """Return what is told next. The link ends when nothing is for long: each node speaks now and then."""
        while True:
            heard = await self._heard.get_message(timeout=TIMEOUT_SECONDS)
            if heard is None:
                raise TimeoutError("nothing is heard any more")
            if heard["type"] == "message":
                told: bytes = heard["data"]
                return told

    async def tell(self, told: bytes, node: str = "") -> None:
        """Tell it to a node, or to all that listen, also this one. Redis keeps nothing of it."""
        await self._teller.publish(f"{self._nodes}:{node}" if node else self._nodes, told)

    async def weak_settings(self) -> list[str]:
        """Return sentences on what makes this Redis lose what it has answered, or forget it."""
        try:
            settings = await self._reader.config_get("append*", "no-appendfsync-on-rewrite", "maxmemory-policy")
        except ResponseError:  # CONFIG is forbidden, as it is where somebody else runs Redis
            info = await self._reader.info("persistence")
            settings = {"appendonly": "yes" if info.get("aof_enabled") else "no"}
        return [sentence for name, (wanted, sentence) in _WANTED.items() if settings.get(name, wanted) != wanted]


_WANTED: dict[str, tuple[str, str]] = {
    "appendonly": (
        "yes",
        "Redis keeps nothing on its disk, so what was said is lost when it ends: set appendonly yes.",
    ),
    "appendfsync": (
        "always",
        "Redis answers before its disk has what was said, so a power failure can take it: set appendfsync always.",
    ),
    "no-appendfsync-on-rewrite": (
        "no",
        "Redis syncs nothing while it rewrites its file: set no-appendfsync-on-rewrite no.",
    ),
    "maxmemory-policy": (
        "noeviction",
        "Redis forgets what it holds when its memory is full: set maxmemory-policy noeviction.",
    ),
}


def _client(url: str) -> Redis:
    """A client that tries nothing twice, and whose connection is never replaced by another one."""
    connected = False

    async def connect_once(connection: Any) -> None:
        nonlocal connected
        if connected:
            raise ConnectionResetError("the connection to Redis was lost")
        connected = True
        await connection.on_connect()

    return Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        max_connections=1,
        redis_connect_func=connect_once,
    )


def _entry(entry_id: bytes, _space: bytes, text: bytes) -> Entry:
    number, _, part = entry_id.partition(b"-")
    ordered = None
    with contextlib.suppress(ValueError):  # which msgspec's error is, too
        seq, change, at, key, operation = text.split(b" ", 4)
        if part == b"0":
            decoded = decode_operation(operation)
            ordered = Ordered(int(number), int(seq), int(change), int(at), key.decode(), decoded)
    return Entry(entry_id.decode(), int(number), ordered)
