"""Questions about the history whose answers somebody waits for, whatever happens to the connection meanwhile."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from chatdesk.protocol.commands import History
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.events import Error, Event
from chatdesk.protocol.events import History as Page

_PAUSE_SECONDS = 1.0
_LATER = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.STORAGE})


class AskError(Exception):
    """There is no answer, and there will be none; the text is a sentence."""


class Asking:
    """Asks the server by ``say``; to be told what the server says, and how the connection is."""

    def __init__(self, say: Callable[[History], None]) -> None:
        self._say = say
        self._open: dict[str, asyncio.Future[Page | None]] = {}
        self._count = 0
        self._settled = asyncio.Event()
        self._over = ""
        self.slow_down = False
        """Whether the server has found the questions too many."""

    async def page(self, question: History) -> Page:
        """The answer, however often it must be asked for.

        Raises AskError when the chat is over, or when the server refuses for good.
        """
        while True:
            await self._settled.wait()
            if self._over:
                raise AskError(self._over)
            if page := await self._ask(question):
                return page
            await asyncio.sleep(_PAUSE_SECONDS)

    def take(self, event: Event) -> bool:
        """Take what answers a question of these; False for anything else."""
        if not isinstance(event, Page | Error) or event.ref is None or event.ref not in self._open:
            return False
        answer = self._open.pop(event.ref)
        if answer.done():
            return True
        if isinstance(event, Error) and event.code == ErrorCode.RATE_LIMITED:
            self.slow_down = True
        if isinstance(event, Error) and event.code not in _LATER:
            answer.set_exception(AskError(event.content))
        else:
            answer.set_result(event if isinstance(event, Page) else None)
        return True

    def online(self) -> None:
        """The client is in the room."""
        self._settled.set()

    def lost(self) -> None:
        """The connection has gone, and with it the answers: they are asked for again."""
        self._over = ""
        self._settled.clear()
        self._drop()

    def over(self, sentence: str) -> None:
        """The client does not come back by itself."""
        self._over = sentence
        self._settled.set()
        self._drop()

    async def _ask(self, question: History) -> Page | None:
        self._count += 1
        ref = f"page {self._count}"
        answer: asyncio.Future[Page | None] = asyncio.get_running_loop().create_future()
        self._open[ref] = answer
        self._say(replace(question, ref=ref))
        try:
            return await answer
        finally:
            self._open.pop(ref, None)

    def _drop(self) -> None:
        for answer in self._open.values():
            if not answer.done():
                answer.set_result(None)
        self._open.clear()
