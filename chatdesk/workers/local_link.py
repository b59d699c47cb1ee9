"""A worker's link to the process that orders for all workers of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from chatdesk.cluster.order_link import (
    About,
    Entry,
    OrderFullError,
    OrderProblems,
    Row,
    entry_text,
    read_entry,
)
from chatdesk.log.operations import Ordered
from chatdesk.log.room_log import StorageProblem
from chatdesk.workers.wire import ENTRIES, NEWS, Answer, Call, decode_answer, frame, read_frame

ERRORS = (OSError, EOFError)
"""What ends a link."""
_TIMEOUT_SECONDS = 5.0
"""Without an answer the link ends."""
_READ_ON_ENTRIES = 500
_READ_ON_SECONDS = 1.0
"""After so many entries, or so long, the worker says how far it is: so it is sent more, see ``OrderServer``."""
_RETRY = "What you write waits, and goes out then."
PROBLEMS = OrderProblems(
    away=StorageProblem(
        "away", f"The chat is read only for the moment: a part of the host's program is started again. {_RETRY}"
    ),
    full=StorageProblem("full", f"The host's disk is full: the host must free some space. {_RETRY}"),
    slow=StorageProblem("slow", f"The host cannot keep up: wait a moment. {_RETRY}"),
    lost=StorageProblem(
        "lost", "The chat is read only here, as the host's disk has lost what was said: the host must start it again."
    ),
    apart=StorageProblem(
        "apart", "The chat is read only here, as its history was changed: the host must start it again."
    ),
    newer=StorageProblem(
        "apart",
        "The chat is read only here, as a newer version of ChatDesk has kept what was said: the host must start that.",
    ),
    other=StorageProblem(
        "other", "The chat is read only here, as its folder was replaced: the host must start it again."
    ),
)


class LocalLink:
    """A link to the process at this socket, for the worker of this number; see ``OrderLink``. Raises ERRORS.

    ``written`` returns up to which number the worker has all in its file: by default all that it has read.
    """

    def __init__(self, socket: Path, worker: int, written: Callable[[], int] | None = None) -> None:
        self._socket = socket
        self._worker = worker
        self._written = written
        self._numbers = itertools.count(max(NEWS, ENTRIES) + 1)
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._news: asyncio.Queue[bytes] = asyncio.Queue()
        self._entries: deque[Entry] = deque()
        """What was sent and is not followed yet."""
        self._sent = asyncio.Event()
        self._read_on = 0, 0.0
        """From which place on, or which time, the worker says how far it is."""
        self._ended = False

    async def __aenter__(self) -> LocalLink:
        reader, self._writer = await asyncio.open_unix_connection(self._socket)
        self._reading = asyncio.create_task(self._read_answers(reader))
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._reading.cancel()
        self._writer.close()
        with contextlib.suppress(*ERRORS, asyncio.CancelledError):
            await self._reading
        with contextlib.suppress(*ERRORS):
            await self._writer.wait_closed()

    async def about(self) -> About | None:
        """See ``OrderLink``."""
        server_id, epochs, number = (await self._call("about")).value
        return About(server_id, epochs, number)

    async def arrive(self, *, has_lost: bool) -> float:
        """See ``OrderLink``. One process orders, from one file: it need not wait for others."""
        return 0.0

    async def restore(self, _server_id: str, entries: Sequence[Ordered]) -> None:
        """See ``OrderLink``."""
        await self._call("restore", [(entry.number, entry_text(entry)) for entry in entries])

    async def key_at(self, place: int) -> str | None:
        """See ``OrderLink``."""
        key: str | None = (await self._call("key_at", place)).value
        return key

    async def order(self, _server_id: str, operations: Iterable[Row]) -> list[int]:
        """See ``OrderLink``."""
        numbers: list[int] = (await self._call("order", list(operations))).value
        return numbers

    async def read(self, place: int) -> list[Entry]:
        """See ``OrderLink``."""
        self._say_how_far(place)
        while self._entries and self._entries[0].number <= place:
            self._entries.popleft()
        if not self._entries:
            self._sent.clear()
            self._require_open()
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await self._sent.wait()
            self._require_open()
        return list(self._entries)

    def _say_how_far(self, place: int) -> None:
        now = asyncio.get_running_loop().time()
        at_place, at_time = self._read_on
        if place < at_place and now < at_time:
            return
        self._read_on = place + _READ_ON_ENTRIES, now + _READ_ON_SECONDS
        written = self._written() if self._written else place
        self._write("read", self._worker, place, written)

    async def listen(self, node: str) -> None:
        """See ``OrderLink``."""
        await self._call("listen", node)

    async def hear(self) -> bytes:
        """See ``OrderLink``."""
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            told = await self._news.get()
        self._require_open()
        return told

    async def tell(self, told: bytes, node: str = "") -> None:
        """See ``OrderLink``."""
        await self._call("tell", node, told)

    async def share(self, told: bytes) -> list[bytes]:
        """Tell this of the own worker, and return what each of the others has told last."""
        others: list[bytes] = (await self._call("share", told)).value
        return others

    def _require_open(self) -> None:
        if self._ended:
            raise ConnectionResetError("the process that orders has ended")

    def _write(self, name: str, *arguments: Any) -> int:
        self._require_open()
        number = next(self._numbers)
        self._writer.write(frame(Call(number, name, arguments)))
        return number

    async def _call(self, name: str, *arguments: Any) -> Answer:
        number = self._write(name, *arguments)
        asked = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await self._writer.drain()
                answer: Answer = await asked
        finally:
            self._asked.pop(number, None)
        if answer.full:
            raise OrderFullError
        return answer

    async def _read_answers(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                answer = decode_answer(await read_frame(reader))
                if answer.number == NEWS:
                    self._news.put_nowait(answer.value)
                elif answer.number == ENTRIES:
                    self._entries += map(_entry, answer.value)
                    self._sent.set()
                elif (asked := self._asked.get(answer.number)) and not asked.done():
                    asked.set_result(answer)
        finally:
            self._ended = True
            self._sent.set()
            self._news.put_nowait(b"")
            for asked in self._asked.values():
                if not asked.done():
                    asked.set_exception(ConnectionResetError("the process that orders has ended"))


def _entry(sent: tuple[int, bytes]) -> Entry:
    number, text = sent
    return Entry(number, read_entry(number, text), text)
