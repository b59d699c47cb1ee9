"""``/metrics``, whose library is loaded at the first scrape."""

import asyncio
import gzip
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, takes_gzip

METRICS_PATH = "/metrics"
_OPEN_METRICS = "application/openmetrics-text"
_GZIP_LEVEL = 1
"""A scrape of a few kilobytes, many times a minute: a higher level takes longer than it saves."""
_KEPT_SECONDS = 1.0
"""Everybody on the network may scrape, and each answer takes milliseconds: so a flood of scrapes costs no more than one
a second does."""


class MetricsText(Protocol):
    """The figures for Prometheus."""

    def text(self, *, open_metrics: bool) -> tuple[str, bytes]:
        """The content type and the text, in OpenMetrics or in Prometheus' own format."""


class MetricsEndpoint:
    """``load`` is called in a thread: the library takes a tenth of a second, and few hosts are scraped."""

    def __init__(self, load: Callable[[], MetricsText], kept_seconds: float = _KEPT_SECONDS) -> None:
        self._load = load
        self._kept_seconds = kept_seconds
        self._metrics: MetricsText | None = None
        self._kept: dict[tuple[bool, bool], Response] = {}
        """By format and whether it is packed."""
        self._kept_until = 0.0

    async def respond(self, request: Request, _address: str) -> Response:
        """The figures as they are now, or were within the last second."""
        if self._metrics is None:
            self._metrics = await asyncio.to_thread(self._load)
        now = asyncio.get_running_loop().time()
        if now >= self._kept_until:
            self._kept.clear()
            self._kept_until = now + self._kept_seconds
        accept, encodings = (", ".join(request.values(name)) for name in ("accept", "accept-encoding"))
        kind = (_OPEN_METRICS in accept, takes_gzip(encodings))
        return self._kept.get(kind) or self._kept.setdefault(kind, _response(self._metrics, *kind))


def _response(metrics: MetricsText, open_metrics: bool, packed: bool) -> Response:
    content_type, body = metrics.text(open_metrics=open_metrics)
    headers = (("Content-Type", content_type), ("Cache-Control", "no-store"), ("Vary", "Accept, Accept-Encoding"))
    if not packed:
        return Response(HTTPStatus.OK, body, headers)
    return Response(HTTPStatus.OK, gzip.compress(body, _GZIP_LEVEL, mtime=0), (*headers, ("Content-Encoding", "gzip")))
