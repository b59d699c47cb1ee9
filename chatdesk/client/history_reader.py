"""Reads the history page after page, whatever is loaded, and goes on after a loss of the connection."""

import asyncio
from collections.abc import Callable

from chatdesk.client.requests import Request
from chatdesk.protocol.commands import History
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.events import Error, Event
from chatdesk.protocol.events import History as HistoryPage


class RequestError(Exception):
    """The server refuses the request for good, or the chat has ended; the text is a sentence."""


class HistoryReader:
    """One page at a time is ``wanted``; ``on_wanted`` is called when there is another one."""

    def __init__(self, on_wanted: Callable[[], None]) -> None:
        self.wanted: History | None = None
        self.rate_limited = False
        """Whether the server has answered that requests come too fast."""
        self._on_wanted = on_wanted
        self._turn = asyncio.Lock()
        self._answer: asyncio.Future[HistoryPage] | None = None
        self._closed_reason = ""

    async def fetch(self, request: History) -> HistoryPage:
        """Return the page that answers ``request``, which is sent as often as it takes.

        Raises RequestError when the chat has ended, or when the server refuses for good.
        """
        async with self._turn:
            if self._closed_reason:
                raise RequestError(self._closed_reason)
            self._answer = asyncio.get_running_loop().create_future()
            self.wanted = request
            self._on_wanted()
            try:
                return await self._answer
            finally:
                self.wanted = self._answer = None

    def receive(self, event: Event, asked: Request) -> None:
        """Take the answer to what was asked, unless somebody has cancelled it meanwhile."""
        command = asked.command
        is_wanted = isinstance(command, History) and self.wanted and command.after == self.wanted.after
        if not is_wanted or self._answer is None or self._answer.done():
            return
        self.wanted = None
        if isinstance(event, HistoryPage):
            self._answer.set_result(event)
        elif isinstance(event, Error):
            self._answer.set_exception(RequestError(event.content))

    def delayed(self, error: Error) -> None:
        """The server refuses the request for now; it is sent again."""
        self.rate_limited = self.rate_limited or error.code == ErrorCode.RATE_LIMITED

    def open(self) -> None:
        """The client is in the chat, or on its way into it."""
        self._closed_reason = ""

    def close(self, sentence: str) -> None:
        """The client does not reconnect by itself: what is wanted fails with ``sentence``."""
        self._closed_reason = sentence
        if self._answer and not self._answer.done():
            self._answer.set_exception(RequestError(sentence))
