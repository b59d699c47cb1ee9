"""Requests for pages of the history that are sent again until they are answered, across reconnects."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from chatdesk.protocol.commands import History
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.events import Error, Event
from chatdesk.protocol.events import History as HistoryPage

_RETRY_SECONDS = 1.0
"""The server's budget for history requests refills within about a second."""
_RETRYABLE = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.STORAGE})
"""Errors that go away by themselves."""


class RequestError(Exception):
    """The server refuses the request for good, or the chat has ended; the text is a sentence."""


class HistoryRequests:
    """Sends requests with ``send``; the client reports events of the server and the state of the connection."""

    def __init__(self, send: Callable[[History], None]) -> None:
        self._send = send
        self._pending: dict[str, asyncio.Future[HistoryPage | None]] = {}
        self._count = 0
        self._ready = asyncio.Event()
        self._closed_reason = ""
        self.rate_limited = False
        """Whether the server has answered that requests come too fast."""

    async def fetch(self, request: History) -> HistoryPage:
        """Return the page that answers ``request``, which is sent as often as it takes.

        Raises RequestError when the chat has ended, or when the server refuses for good.
        """
        while True:
            await self._ready.wait()
            if self._closed_reason:
                raise RequestError(self._closed_reason)
            if page := await self._request(request):
                return page
            await asyncio.sleep(_RETRY_SECONDS)

    def resolve(self, event: Event) -> bool:
        """Complete the request that ``event`` answers; return False when it answers none."""
        if not isinstance(event, HistoryPage | Error) or event.ref is None or event.ref not in self._pending:
            return False
        answer = self._pending.pop(event.ref)
        if answer.done():
            return True
        if isinstance(event, Error) and event.code == ErrorCode.RATE_LIMITED:
            self.rate_limited = True
        if isinstance(event, Error) and event.code not in _RETRYABLE:
            answer.set_exception(RequestError(event.content))
        else:
            answer.set_result(event if isinstance(event, HistoryPage) else None)
        return True

    def connected(self) -> None:
        """The client has joined the room: pending requests are sent."""
        self._ready.set()

    def disconnected(self) -> None:
        """The connection is lost: unanswered requests are sent again after the next join."""
        self._closed_reason = ""
        self._ready.clear()
        self._retry_pending()

    def close(self, sentence: str) -> None:
        """The client does not reconnect by itself: pending requests fail with ``sentence``."""
        self._closed_reason = sentence
        self._ready.set()
        self._retry_pending()

    async def _request(self, request: History) -> HistoryPage | None:
        self._count += 1
        ref = f"page {self._count}"
        answer: asyncio.Future[HistoryPage | None] = asyncio.get_running_loop().create_future()
        self._pending[ref] = answer
        self._send(replace(request, id=ref))
        try:
            return await answer
        finally:
            self._pending.pop(ref, None)

    def _retry_pending(self) -> None:
        for answer in self._pending.values():
            if not answer.done():
                answer.set_result(None)
        self._pending.clear()
