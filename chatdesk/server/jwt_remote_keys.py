"""The key set (JWKS) of an identity provider on this computer, fetched again as its keys change."""

from __future__ import annotations

import asyncio
import http.client
import logging
import time
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from chatdesk.server.jwt_keys import Key, public, read_key_set

_PAUSE_SECONDS = 10.0
"""Between two fetches at least: tokens with unknown keys cannot cause more."""
_STALE_SECONDS = 300.0
"""After which keys are fetched again although all are known: one may have been withdrawn."""
_TIMEOUT_SECONDS = 3.0
_BYTES = 256 * 1024

logger = logging.getLogger(__name__)


class RemoteKeys:
    """Fetches in a thread; meanwhile, and while the provider does not answer, the keys are those of the last time.

    Create it on a running loop. ``pause`` is in seconds.
    """

    def __init__(self, url: str, pause: float = _PAUSE_SECONDS) -> None:
        self._url = url
        self._pause = pause
        self._keys: tuple[Key, ...] = ()
        self._began = self._fetched = float("-inf")
        self._fetch: asyncio.Task[None] | None = None
        self.fetching(None)

    def all(self) -> Sequence[Key]:
        """The keys as they were when last fetched."""
        return self._keys

    def fetching(self, kid: str | None) -> asyncio.Future[None] | None:
        """What to wait for if this key is unknown and may be among those being fetched."""
        known = any(kid in (None, key.kid) for key in self._keys)
        now = time.monotonic()
        due = not known or now - self._fetched > _STALE_SECONDS
        if due and self._fetch is None and now - self._began >= self._pause:
            self._began = now
            self._fetch = asyncio.get_running_loop().create_task(self._fetch_keys())
        return None if known else self._fetch

    def close(self) -> None:
        """Wait for nothing any more."""
        if self._fetch:
            self._fetch.cancel()

    async def _fetch_keys(self) -> None:
        try:
            data = await asyncio.to_thread(get_document, self._url)
            self._keys = tuple(map(public, read_key_set(data, published=True)))
            self._fetched = time.monotonic()
        except (OSError, ValueError, http.client.HTTPException) as error:
            logger.warning("The keys at %s cannot be fetched: %s.", self._url, str(error) or type(error).__name__)
        finally:
            self._fetch = None


def get_document(url: str) -> bytes:
    """The document at an address, without redirections and proxies. Raises OSError, HTTPException and ValueError."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
        response = connection.getresponse()
        if response.status != HTTPStatus.OK:
            raise ValueError(f"the answer is {response.status}")
        data = response.read(_BYTES + 1)
        if len(data) > _BYTES:
            raise ValueError("the answer is too long")
        return data
    finally:
        connection.close()
