"""Endpoints whose answer takes a while: it is made by a task, while the loop goes on."""

import asyncio
import gzip
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, takes_gzip, text_response

METRICS_PATH = "/metrics"
_NO_STORE = ("Cache-Control", "no-store")
_FAILED = "This cannot be answered now: the log of ChatDesk says more."
_GZIP_LEVEL = 1
"""A scrape of a few kilobytes, many times a minute: a higher level takes longer than it saves."""
logger = logging.getLogger(__name__)


class MetricsText(Protocol):
    """The figures for Prometheus."""

    def text(self, accept: str) -> tuple[str, bytes]:
        """The content type and the text, in a format that the header field ``Accept`` allows."""


class DeferredEndpoints:
    """``load_metrics`` is called in a thread at the first scrape, since it loads a library."""

    def __init__(self, load_metrics: Callable[[], MetricsText]) -> None:
        self._load_metrics = load_metrics
        self._metrics: MetricsText | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @staticmethod
    def serves(path: str) -> bool:
        """Whether the path is one of these."""
        return path == METRICS_PATH

    def answer(self, request: Request, reply: Callable[[Response], None]) -> None:
        """Call ``reply`` with the response to a request whose path ``serves`` accepts; not after ``close``."""
        task = asyncio.ensure_future(self._answer(request, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Answer nothing any more."""
        for task in self._tasks:
            task.cancel()

    async def _answer(self, request: Request, reply: Callable[[Response], None]) -> None:
        try:
            response = await self._respond_metrics(request)
        except Exception:
            logger.exception("A request for %s has failed.", request.path)
            response = text_response(HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED)
        reply(response)

    async def _respond_metrics(self, request: Request) -> Response:
        if self._metrics is None:
            self._metrics = await asyncio.to_thread(self._load_metrics)
        accept, encodings = (", ".join(request.values(name)) for name in ("accept", "accept-encoding"))
        content_type, body = self._metrics.text(accept)
        headers = (("Content-Type", content_type), _NO_STORE, ("Vary", "Accept, Accept-Encoding"))
        if not takes_gzip(encodings):
            return Response(HTTPStatus.OK, body, headers)
        packed = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        return Response(HTTPStatus.OK, packed, (*headers, ("Content-Encoding", "gzip")))
