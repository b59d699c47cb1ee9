"""A connection to the Redis of a cluster: whom it has reached, and what is asked of it.

It ends with its first error. redis-py would send again what may have been done already, and would connect again to
whatever answers at the address; both are turned off.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError

from chatdesk.cluster.order_link import (
    LONGEST_PAUSE_SECONDS,
    About,
    Entry,
    OrderFullError,
    OrderProblems,
    Row,
    entry_text,
    read_entry,
)
from chatdesk.cluster.redis_client import new_client
from chatdesk.log.operations import Ordered, counts
from chatdesk.log.room_log import StorageProblem

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5.0
"""Without an answer the link ends."""
_BLOCK_MS = 1_000
"""A read that waits for longer than the time-out ends in an error; what is left of it is for a disk that is busy."""
_READ_ENTRIES = 1_000
"""At most: Redis holds the answer for a slow reader in its memory."""
STREAM_ENTRIES = 1_000_000
"""A busy week of a large chat, some 200 MB. A node that was away for longer takes the history of another one."""
SETTLE_SECONDS = LONGEST_PAUSE_SECONDS + 1.0
"""All nodes that run have linked to a Redis that is back by then, and a link is made within less than a second."""
ERASE_SECONDS = 10.0
"""After a deletion: who was not there by then is not let in before it has followed that, either."""
_ERASED_ENTRIES = 500
"""Looked at in one call: Redis does nothing else for the milliseconds that they take."""
_ERASE_SOON_SECONDS = 0.05
_ERASING_BLOCK_MS = 50
_ERASE_IDLE_SECONDS = 2.0
_SCRIPTS = Path(__file__).parent
_FOREIGN = b"!"
_TAKEN_OUT = "Another program has written to the order of the chat: %d entries are taken out, the first of them is %s."

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[int]).decode

ERRORS = (RedisError, OSError)
"""What ends a link, and attempts to find whom to link to."""


PROBLEMS = OrderProblems(
    away=StorageProblem(
        "away",
        "The chat is read only for the moment, as its Redis cannot be reached or written to. What you write waits, and"
        " goes out then.",
    ),
    full=StorageProblem(
        "full",
        "The memory of the chat's Redis is full: the host must give it more. What you write waits until then.",
    ),
    slow=StorageProblem(
        "slow", "The chat's Redis cannot keep up: wait a moment. Messages that wait then go out by themselves."
    ),
    lost=StorageProblem(
        "lost",
        "The chat is read only here, as its Redis has lost what was said: the host must bring its file back.",
    ),
    apart=StorageProblem(
        "apart",
        "The chat is read only here, as this machine was away for too long or its history was changed: the host must"
        " start it with --rejoin, or give it a backup of another machine.",
    ),
    newer=StorageProblem(
        "apart",
        "The chat is read only here, as others of its servers have a newer version of ChatDesk: the host must update"
        " this one.",
    ),
    other=StorageProblem(
        "other", "The chat is read only here, as another chat is in its Redis: the host must correct --cluster."
    ),
)
WAITS_FOR_HISTORY = StorageProblem(
    "apart",
    "The chat is read only here until another machine gives this one its history, which has gone on without it. This"
    " one asks for it by itself: the host must start one that has everything.",
)
"""In place of ``PROBLEMS.apart`` with --rejoin."""


class RedisLink:
    """A link to the Redis at ``url``; see ``OrderLink``. Raises ERRORS, also on entering, and if it is a replica."""

    def __init__(self, url: str, chat: str, stream_entries: int = STREAM_ENTRIES) -> None:
        prefix = key_prefix(chat)
        self._about, self._stream = f"{prefix}about", f"{prefix}stream"
        erasing, erased = f"{prefix}erasing", f"{prefix}erased"
        self._counts = (f"{prefix}seqs", f"{prefix}changes")
        self._keys = (self._about, *self._counts, self._stream, f"{prefix}keys:", erasing, erased)
        self._read_keys = (self._stream, erased, erasing, self._about)
        self._erase_keys = (*self._read_keys, f"{prefix}copy")
        self._place = 0
        """Up to which number the node has followed, as it said when it read."""
        self._erasing = False
        self._erase_at = 0.0
        self._rewrite_due = False
        self._stream_entries = stream_entries
        self._nodes = f"{prefix}nodes"
        self._clients = [_client(url) for _ in range(4)]
        self._writer, self._reader, self._teller, hearer = self._clients
        self._telling = asyncio.Lock()
        """News and parts of a history are told by tasks of their own, and a connection takes one command at a time."""
        self._heard: Any = hearer.pubsub()  # redis-py does not say what its methods take
        self._order = self._writer.register_script(_script("add", "order"))
        self._restore = self._reader.register_script(_script("add", "restore"))
        self._read = self._reader.register_script(_script("read"))
        self._arrive = self._reader.register_script(_script("arrive"))
        self._erase = self._reader.register_script(_script("erase"))

    async def __aenter__(self) -> RedisLink:
        try:
            await self._replication_id()  # first: nothing is written to a replica, even to one that would take it
            await self._writer.ping()
            await self._check_channels()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        closing = asyncio.create_task(self._close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing  # else connections would stay open
            raise

    async def _close(self) -> None:
        for close in (self._heard.aclose, *(client.aclose for client in self._clients)):
            with contextlib.suppress(*ERRORS):
                await close()

    async def _check_channels(self) -> None:
        """So what Redis forbids is known before anybody is told that all is well."""
        channel = f"{self._nodes}:{secrets.token_hex(8)}"  # where nobody else listens
        await self._teller.publish(channel, b"")
        await self._heard.subscribe(channel)
        await self._heard.get_message(timeout=TIMEOUT_SECONDS)

    async def about(self) -> About | None:
        """See ``OrderLink``."""
        found: Mapping[Any, Any] = await self._reader.hgetall(self._about)
        if not {b"server_id", b"secret"} <= found.keys():  # also where all was deleted, and a node has arrived since
            return None
        number = int(found.get(b"number", 0))
        if number and await self._reader.exists(*self._counts) < len(self._counts):  # rooms would begin at 1 again
            return None
        return About(found[b"server_id"].decode(), found[b"secret"], number)

    async def arrive(self, *, has_lost: bool) -> float:
        """See ``OrderLink``."""
        replication_id, milliseconds = await self._replication_id(), int(SETTLE_SECONDS * 1000)
        arguments: list[str | int | bytes] = [replication_id, milliseconds, int(has_lost)]
        left: int = await self._arrive(keys=[self._about], args=arguments)
        return left / 1000

    async def _replication_id(self) -> str:
        """Raises ERRORS also if this is a replica, which may be promoted while the link lasts."""
        replication = await self._reader.info("replication")
        if replication["role"] != "master":
            raise ReadOnlyError("this Redis is a replica")
        replication_id: str = replication["master_replid"]
        return replication_id

    async def restore(self, server_id: str, entries: Sequence[Ordered]) -> None:
        """See ``OrderLink``."""
        arguments: list[str | int | bytes] = [server_id, self._stream_entries, entries[0].number]
        for entry in entries:
            _number, seq, change, at, key, operation = entry
            arguments += [operation.room, counts(operation)[0], seq, change, at, key, entry_text(entry)]
        await self._restore(keys=self._keys, args=arguments)

    async def key_at(self, place: int) -> str | None:
        """See ``OrderLink``."""
        found: Any = await self._reader.xrange(self._stream, f"{place}-0", f"{place}-0")
        ordered = _entry(found[0][0], b" ", found[0][1].get(b"entry", b"")).ordered if found else None
        return ordered.key if ordered else None

    async def begin(self, server_id: str, secret: bytes) -> About | None:
        """Begin the order of a chat, unless another node has just done so; return whose it is then.

        None: there is one already of which Redis does not know whose it is. To begin would delete it.
        """
        async with self._writer.pipeline(transaction=True) as look:
            look.exists(self._stream)
            look.hexists(self._about, "server_id")
            has_order, is_known = await look.execute()
        if has_order and not is_known:
            return None
        async with self._writer.pipeline(transaction=True) as begin:
            begin.hsetnx(self._about, "server_id", server_id)
            begin.hsetnx(self._about, "secret", secret)
            begin.hmget(self._about, ["server_id", "secret"])
            *_, (begun_as, begun_with) = await begin.execute()
        return About(begun_as.decode(), begun_with, 0)

    async def keep_authority(self, own: bytes) -> bytes:
        """Keep the key by which nodes are recognised, unless another one is kept; return the one that is."""
        async with self._writer.pipeline(transaction=True) as keep:
            keep.hsetnx(self._about, "authority", own)
            keep.hget(self._about, "authority")
            *_, kept = await keep.execute()
        return bytes(kept)

    async def order(self, server_id: str, operations: Iterable[Row]) -> list[int]:
        """See ``OrderLink``, and ``order.lua``."""
        arguments: list[str | int | bytes] = [server_id, self._stream_entries, _pack(list(operations)), self._place]
        try:
            return _unpack(await self._order(keys=self._keys, args=arguments))
        except OutOfMemoryError:
            raise OrderFullError from None

    async def read(self, place: int) -> list[Entry]:
        """See ``OrderLink``."""
        self._place = place
        await self._erase_some()
        entries = await self._read_entries(place)
        if not entries:
            await self._reader.xread(
                {self._stream: f"{place}-0"}, count=1, block=_ERASING_BLOCK_MS if self._erasing else _BLOCK_MS
            )
            entries = await self._read_entries(place)
        return entries

    async def _read_entries(self, place: int) -> list[Entry]:
        while True:
            text: bytes = await self._read(keys=self._read_keys, args=[place, _READ_ENTRIES])
            lines = [line for line in text.split(b"\n") if line]
            foreign = [line[1:].decode() for line in lines if line.startswith(_FOREIGN)]
            if not foreign:
                return [_entry(*line.partition(b" ")) for line in lines]
            logger.error(_TAKEN_OUT, len(foreign), foreign[0])

    async def _erase_some(self) -> None:
        """Now and then, take a part of what was deleted out of the stream; every node does, and they share it so."""
        now = asyncio.get_running_loop().time()
        if now < self._erase_at:
            return
        arguments = [_ERASED_ENTRIES, int(ERASE_SECONDS * 1000)]
        try:
            left, is_done = await self._erase(keys=self._erase_keys, args=arguments)
        except OutOfMemoryError:  # it needs room for a copy
            left, is_done = 0, 0
        self._erasing = bool(left)
        self._erase_at = now + (_ERASE_SOON_SECONDS if left else _ERASE_IDLE_SECONDS)
        self._rewrite_due = bool(is_done) or self._rewrite_due
        if self._rewrite_due:
            await self._rewrite()

    async def _rewrite(self) -> None:
        """Have Redis rewrite its file; one that does so just now may have begun before something was erased."""
        self._rewrite_due = False
        try:
            await self._reader.bgrewriteaof()
        except ResponseError as error:  # where it is forbidden, the file keeps what was erased for longer
            self._rewrite_due = "in progress" in str(error)

    async def listen(self, node: str) -> None:
        """See ``OrderLink``."""
        await self._heard.subscribe(self._nodes, f"{self._nodes}:{node}")

    async def hear(self) -> bytes:
        """See ``OrderLink``."""
        while True:
            heard = await self._heard.get_message(timeout=TIMEOUT_SECONDS)
            if heard is None:
                raise TimeoutError("nothing is heard any more")
            if heard["type"] == "message":
                told: bytes = heard["data"]
                return told

    async def tell(self, told: bytes, node: str = "") -> None:
        """See ``OrderLink``."""
        async with self._telling:
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


def key_prefix(chat: str) -> str:
    """Return how all keys and channels of a chat begin."""
    return f"{{chatdesk:{chat}}}:"


def _client(url: str) -> Redis:
    """A client whose connection is never replaced by another one."""
    connected = False

    async def connect_once(connection: Any) -> None:
        nonlocal connected
        if connected:
            raise ConnectionResetError("the connection to Redis was lost")
        connected = True
        await connection.on_connect()

    return new_client(url, TIMEOUT_SECONDS, max_connections=1, redis_connect_func=connect_once)


def _script(*names: str) -> str:
    return "".join((_SCRIPTS / f"{name}.lua").read_text() for name in names)


def _entry(entry_id: bytes, _space: bytes, text: bytes) -> Entry:
    number = int(entry_id.partition(b"-")[0])
    return Entry(number, read_entry(number, text), text)
