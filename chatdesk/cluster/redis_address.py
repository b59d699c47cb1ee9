"""Which Redis a link is to: the one at an address, or the primary that Sentinel or a Redis Cluster names just then.

Each link asks again, so one that a failover has ended is followed by a link to the new primary.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from redis.asyncio import ConnectionPool, Redis
from redis.crc import key_slot
from redis.exceptions import ConnectionError as LinkError
from redis.utils import str_if_bytes

from chatdesk.cluster.redis_client import new_client
from chatdesk.cluster.redis_link import ERRORS

WATCH_SECONDS = 1.0
"""A primary that was replaced takes what it is told, and loses it, until Sentinel reaches it some ten seconds later."""
_ANSWER_SECONDS = 1.0
"""Others are there to be asked."""
_SENTINEL_PORT, _CLUSTER_PORT = 26379, 6379
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_SELF_MADE = ("ssl_exclude_verify_flags", "VERIFY_X509_STRICT")
"""Certificates of self-made authorities often lack fields that Python 3.13 asks for. They are checked all the same."""
_OF_SENTINEL = "sentinel_"
"""Begins the names of what is for connections to Sentinel alone, such as ``sentinel_password``."""


class RedisAddress(Protocol):
    """What ``--cluster`` says."""

    async def primary(self) -> str:
        """Return the address, such as ``redis://host:port``, of the Redis to link to now. Raises ERRORS."""

    def watching(self, primary: str) -> AbstractAsyncContextManager[None]:
        """A context that ends by a LinkError, in a group, once another Redis is known to be the primary."""


def read_address(address: str, chat: str) -> RedisAddress:
    """Return what ``--cluster`` says for the chat of this name. Raises ValueError, with a part of a sentence."""
    parts = urlsplit(address)
    scheme, _, kind = parts.scheme.partition("+")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if scheme == "rediss":
        query.setdefault(*_SELF_MADE)
    if not kind:
        return _OneRedis(_checked(f"{address.partition('?')[0]}?{urlencode(query)}"))
    login, at, hosts = parts.netloc.rpartition("@")
    path = parts.path.strip("/")
    if kind == "cluster":
        form = _Form(scheme, login + at, path, query)
        return _RedisCluster(form, _hosts(form, hosts, _CLUSTER_PORT), key_slot(f"{{chatdesk:{chat}}}".encode()))
    service, _, database = path.partition("/")
    if not service:
        raise ValueError("the name of Sentinel's service is missing, as in redis+sentinel://10.0.0.5:26379/mymaster")
    own = {name: query.pop(name) for name in list(query) if name.startswith(_OF_SENTINEL)}
    asked = _Form(scheme, "", "", query | {name.removeprefix(_OF_SENTINEL): value for name, value in own.items()})
    return _Sentinel(_Form(scheme, login + at, database, query), asked, _hosts(asked, hosts, _SENTINEL_PORT), service)


class _Host(NamedTuple):
    name: str
    port: int


class _Form(NamedTuple):
    """All of an address but its host."""

    scheme: str
    login: str
    database: str
    query: Mapping[str, str]

    def at(self, host: _Host) -> str:
        name = f"[{host.name}]" if ":" in host.name else host.name
        return f"{self.scheme}://{self.login}{name}:{host.port}/{self.database}?{urlencode(self.query)}"


def _hosts(form: _Form, hosts: str, port: int) -> list[_Host]:
    parts = [urlsplit(f"//{host}") for host in hosts.split(",") if host]
    found = [_Host(part.hostname or "", part.port or port) for part in parts]
    if not found:
        raise ValueError("it names no host")
    _checked(form.at(found[0]))
    return found


def _checked(address: str) -> str:
    """The address, if redis-py can read it. Raises ValueError."""
    pool: Any = ConnectionPool.from_url(address)  # redis-py does not say what its methods take
    try:
        pool.make_connection()
    except TypeError as error:
        raise ValueError(f"there is no setting {str(error).rpartition(' ')[2]}") from None
    for file in [pool.connection_kwargs.get(name) for name in _FILES]:
        if file and not Path(file).is_file():
            raise ValueError(f"there is no file {file}")
    return address


class _OneRedis:
    """The same Redis at all times, or whatever a balancer in front of it reaches."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def primary(self) -> str:
        return self._address

    def watching(self, _primary: str) -> AbstractAsyncContextManager[None]:
        return contextlib.nullcontext()


class _Named(NamedTuple):
    """What a Sentinel says. ``epoch`` counts the failovers of the service."""

    epoch: int
    host: _Host


class _Sentinel:
    """The primary of a service, as it is named by the Sentinel that knows of the latest failover."""

    def __init__(self, redis: _Form, sentinel: _Form, hosts: Sequence[_Host], service: str) -> None:
        self._redis, self._sentinel, self._hosts, self._service = redis, sentinel, hosts, service
        self._epoch = 0
        """The highest one that was heard of."""

    async def primary(self) -> str:
        async with self._asking() as sentinels:
            return await self._named(sentinels)

    @contextlib.asynccontextmanager
    async def watching(self, primary: str) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(primary))
            yield
            watch.cancel()

    async def _watch(self, primary: str) -> None:
        named = primary
        async with self._asking() as sentinels:
            while named == primary:
                await asyncio.sleep(WATCH_SECONDS)
                with contextlib.suppress(*ERRORS):  # that Sentinel is away is no reason to leave Redis
                    named = await self._named(sentinels)
        raise LinkError("another Redis is the primary now")

    @contextlib.asynccontextmanager
    async def _asking(self) -> AsyncIterator[list[Redis]]:
        async with contextlib.AsyncExitStack() as stack:
            clients = [new_client(self._sentinel.at(host), _ANSWER_SECONDS) for host in self._hosts]
            yield [await stack.enter_async_context(client) for client in clients]

    async def _named(self, sentinels: Sequence[Redis]) -> str:
        answers = await asyncio.gather(*map(self._ask, sentinels), return_exceptions=True)
        named = [answer for answer in answers if isinstance(answer, _Named)]
        if not named:
            raise LinkError("; ".join(str(answer).rstrip(".") for answer in answers))
        newest = max(named, key=lambda answer: answer.epoch)
        if newest.epoch < self._epoch and len(named) * 2 <= len(sentinels):
            raise LinkError("the Sentinels that answer know nothing of the latest failover")
        self._epoch = newest.epoch
        return self._redis.at(newest.host)

    async def _ask(self, sentinel: Redis) -> _Named:
        services = await _asked(sentinel.sentinel_masters())
        if self._service not in services:
            raise LinkError(f"Sentinel knows no service {self._service!r}, but: {', '.join(services) or 'none'}")
        name, port = await _asked(sentinel.sentinel_get_master_addr_by_name(self._service))
        return _Named(services[self._service]["config-epoch"], _Host(str_if_bytes(name), int(port)))


class _RedisCluster:
    """The primary of the slot in which all keys of the chat are."""

    def __init__(self, redis: _Form, hosts: Sequence[_Host], slot: int) -> None:
        self._redis, self._slot = redis, slot
        self._given = self._known = list(hosts)
        self._turn = 0

    async def primary(self) -> str:
        self._turn += 1  # a node that has not heard of a failover is not asked twice in a row
        turn = self._turn % len(self._known)
        problem: Exception = LinkError("nobody serves the slot of this chat in the Redis Cluster")
        for host in self._known[turn:] + self._known[:turn]:
            try:
                async with new_client(self._redis.at(host), _ANSWER_SECONDS) as node:
                    shards = await _asked(node.cluster("SLOTS"))
            except ERRORS as error:
                problem = error
                continue
            nodes = [[_host(heard, host) for heard in shard[2:]] for shard in shards]
            self._known = list(dict.fromkeys([*self._given, *itertools.chain.from_iterable(nodes)]))
            for (first, last, *_), (primary, *_replicas) in zip(shards, nodes, strict=True):
                if first <= self._slot <= last:
                    return self._redis.at(primary)
        raise problem

    def watching(self, _primary: str) -> AbstractAsyncContextManager[None]:
        return contextlib.nullcontext()  # a node that has lost a slot answers so


def _host(heard: Sequence[Any], asked: _Host) -> _Host:
    """A node of a cluster; one without a name is where that is which was asked."""
    name, port, *_ = heard
    return _Host(str_if_bytes(name or b"") or asked.name, port)


async def _asked(answer: Any) -> Any:
    """Return an answer; redis-py does not say what it is, nor that it has to be awaited."""
    return await answer
