"""Endpoints whose answer takes a while: each is made by a task, while the loop goes on."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, text_response

_FAILED = "This cannot be answered now: the log of ChatDesk says more."
logger = logging.getLogger(__name__)

Endpoint = Callable[[Request, str], Coroutine[Any, Any, Response]]
"""Responds to a request from an address."""


class DeferredEndpoints:
    """The endpoints by their paths."""

    def __init__(self, endpoints: Mapping[str, Endpoint]) -> None:
        self._endpoints = endpoints
        self._tasks: set[asyncio.Task[None]] = set()

    def serves(self, path: str) -> bool:
        """Whether the path is one of these."""
        return path in self._endpoints

    def answer(self, request: Request, address: str, reply: Callable[[Response], None]) -> None:
        """Call ``reply`` with the response to a request whose path ``serves`` accepts; not after ``close``."""
        task = asyncio.ensure_future(self._answer(request, address, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Answer nothing any more."""
        for task in self._tasks:
            task.cancel()

    async def _answer(self, request: Request, address: str, reply: Callable[[Response], None]) -> None:
        try:
            response = await self._endpoints[request.path](request, address)
        except Exception:
            logger.exception("A request for %s has failed.", request.path)
            response = text_response(HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED)
        reply(response)
