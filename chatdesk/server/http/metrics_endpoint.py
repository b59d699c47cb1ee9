"""``/metrics``, whose library is loaded at the first scrape."""

import asyncio
import gzip
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, takes_gzip

METRICS_PATH = "/metrics"
_NO_STORE = ("Cache-Control", "no-store")
_GZIP_LEVEL = 1
"""A scrape of a few kilobytes, many times a minute: a higher level takes longer than it saves."""


class MetricsText(Protocol):
    """The figures for Prometheus."""

    def text(self, accept: str) -> tuple[str, bytes]:
        """The content type and the text, in a format that the header field ``Accept`` allows."""


class MetricsEndpoint:
    """``load`` is called in a thread: the library takes a tenth of a second, and few hosts are scraped."""

    def __init__(self, load: Callable[[], MetricsText]) -> None:
        self._load = load
        self._metrics: MetricsText | None = None

    async def respond(self, request: Request, _address: str) -> Response:
        """The figures as they are now."""
        if self._metrics is None:
            self._metrics = await asyncio.to_thread(self._load)
        accept, encodings = (", ".join(request.values(name)) for name in ("accept", "accept-encoding"))
        content_type, body = self._metrics.text(accept)
        headers = (("Content-Type", content_type), _NO_STORE, ("Vary", "Accept, Accept-Encoding"))
        if not takes_gzip(encodings):
            return Response(HTTPStatus.OK, body, headers)
        packed = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        return Response(HTTPStatus.OK, packed, (*headers, ("Content-Encoding", "gzip")))
