"""Clients of a Redis, or of a Sentinel, that try nothing twice by themselves."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import RedisSSLContext, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_MOST_CONTEXTS = 4
"""One for each address that a program is given, and that of Sentinels; others are of files that were replaced."""


def new_client(url: str, timeout: float, **settings: Any) -> Redis:
    """Return a client that waits for so many seconds for a connection, and for an answer.

    It does not say what it is, which needs a right that a Redis of today misses with each connection, in its log.
    """
    once = Retry(NoBackoff(), 0)
    settings |= {"socket_timeout": timeout, "socket_connect_timeout": timeout}
    client = Redis.from_url(url, retry=once, driver_info=None, **settings)
    if client.connection_pool.connection_class is SSLConnection:
        client.connection_pool.connection_class = _EncryptedConnection
    return client


class _EncryptedConnection(SSLConnection):
    """One that has its context of TLS in common with others: to read the system's certificates takes 25 ms, also when
    nobody answers."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.ssl_context = _shared(self.ssl_context)


_contexts: dict[tuple[object, ...], RedisSSLContext] = {}


def _shared(context: RedisSSLContext) -> RedisSSLContext:
    """The context with these settings that is there already, unless one of its files was replaced."""
    settings = (str(getattr(context, name)) for name in context.__slots__ if name != "context")
    files = (context.keyfile, context.certfile, context.ca_certs, context.ca_path)
    key = (*settings, *map(_changed_at, filter(None, files)))
    if key not in _contexts and len(_contexts) >= _MOST_CONTEXTS:
        del _contexts[next(iter(_contexts))]
    return _contexts.setdefault(key, context)


def _changed_at(file: str) -> int:
    with contextlib.suppress(OSError):  # which is said when it is read
        return Path(file).stat().st_mtime_ns
    return 0
