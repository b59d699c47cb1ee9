"""The process that orders for the workers of a machine: it plays the part that Redis has for nodes.

All that workers have proposed since the last commit is one commit of its file. What they tell each other besides is
passed on, and kept nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from chatdesk.cluster.order_link import OrderFullError, Row, read_entry
from chatdesk.log.operations import Ordered
from chatdesk.workers.local_link import ERRORS
from chatdesk.workers.order_file import OrderFile
from chatdesk.workers.wire import ENTRIES, NEWS, Answer, Call, decode_call, frame, read_frame

logger = logging.getLogger(__name__)

_AHEAD = 1_000
"""Entries that a worker is sent after the place up to which it says it is."""
_WAIT_SECONDS = 1.0
"""Then a worker is sent something also if nothing was said: so it knows that this process is there."""
_FORGET_SECONDS = 2.0
"""Between two times at which the file forgets what all workers have: as soon as the log forgets what was deleted."""
_UNREAD_BYTES = 64 << 20
"""A worker that reads so little of what others tell is cut off: it links again, and is told all that holds then."""


class OrderServer:
    """Orders for so many workers by this file, while ``serve`` runs.

    A worker that reads is sent what follows, as soon as it is ordered; now and then it says how far it is. ``sync`` is
    called in a thread, and lets what workers have written be on the disk. It raises OSError.
    """

    def __init__(self, file: OrderFile, workers: int, sync: Callable[[], None]) -> None:
        self._file = file
        self._sync = sync
        self._loop = asyncio.get_running_loop()
        self._written = dict.fromkeys(range(1, workers + 1), 0)
        """Up to which number each worker has all in its file, as it says when it reads."""
        self._forgotten = 0
        self._forget_at = 0.0
        self._proposed: list[tuple[_Worker, int, Sequence[Row]]] = []
        self._readers: dict[_Worker, _Reader] = {}
        self._linked: set[_Worker] = set()
        self._listening: dict[_Worker, str] = {}
        self._shared: dict[_Worker, bytes] = {}
        """What each worker has told last of itself; see ``sharing``."""
        self._failed: asyncio.Future[None] = self._loop.create_future()

    async def serve(self, listener: socket.socket) -> None:
        """Serve at this socket until cancelled. Raises sqlite3.Error if the file cannot be trusted any more."""
        server = await asyncio.start_unix_server(self._serve_worker, sock=listener)
        try:
            while not self._failed.done():
                await asyncio.wait([self._failed], timeout=_WAIT_SECONDS / 2)
                self._send_entries()
                await self._forget_followed()
            self._failed.result()
        finally:
            server.close()
            for worker in self._linked:
                worker.close()

    async def _serve_worker(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        worker = _Worker(writer)
        self._linked.add(worker)
        try:
            while True:
                call = decode_call(await read_frame(reader))
                self._calls[call.name](self, worker, call)
        except ERRORS:
            logger.info("A worker has ended its link.")
        except sqlite3.Error as error:
            self._fail(error)
        finally:
            self._linked.discard(worker)
            self._listening.pop(worker, None)
            self._shared.pop(worker, None)
            self._readers.pop(worker, None)
            worker.close()

    def _about(self, worker: _Worker, call: Call) -> None:
        worker.answer(call.number, (self._file.server_id, self._file.epochs, self._file.number))

    def _key_at(self, worker: _Worker, call: Call) -> None:
        worker.answer(call.number, self._file.key_at(*call.arguments))

    def _restore(self, worker: _Worker, call: Call) -> None:
        [texts] = call.arguments
        entries: list[Ordered] = [entry for number, text in texts if (entry := read_entry(number, text))]
        try:
            self._file.restore(entries)
        except OrderFullError:
            worker.answer(call.number, full=True)
        else:
            worker.answer(call.number)

    def _order(self, worker: _Worker, call: Call) -> None:
        if not self._proposed:
            self._loop.call_soon(self._commit)  # after all that has arrived by now
        self._proposed.append((worker, call.number, *call.arguments))

    def _read(self, worker: _Worker, call: Call) -> None:
        number, place, self._written[number] = call.arguments
        reader = self._readers.setdefault(worker, _Reader(place, self._loop.time() + _WAIT_SECONDS))
        reader.until = place + _AHEAD
        self._send_entries()

    def _listen(self, worker: _Worker, call: Call) -> None:
        [self._listening[worker]] = call.arguments
        worker.answer(call.number)

    def _tell(self, worker: _Worker, call: Call) -> None:
        node, told = call.arguments
        for other, name in list(self._listening.items()):
            if node in ("", name):
                other.answer(NEWS, told)
        worker.answer(call.number)

    def _share(self, worker: _Worker, call: Call) -> None:
        [self._shared[worker]] = call.arguments
        worker.answer(call.number, [told for other, told in self._shared.items() if other is not worker])

    _calls: ClassVar[dict[str, Callable[[OrderServer, _Worker, Call], None]]] = {
        "about": _about,
        "key_at": _key_at,
        "restore": _restore,
        "order": _order,
        "read": _read,
        "listen": _listen,
        "tell": _tell,
        "share": _share,
    }

    def _commit(self) -> None:
        proposed, self._proposed = self._proposed, []
        try:
            numbers = self._file.order([row for _, _, rows in proposed for row in rows])
        except OrderFullError:
            for worker, number, _ in proposed:
                worker.answer(number, full=True)
            return
        except sqlite3.Error as error:
            self._fail(error)
            return
        for worker, number, rows in proposed:
            worker.answer(number, numbers[: len(rows)])
            del numbers[: len(rows)]
        try:
            self._send_entries()
        except sqlite3.Error as error:
            self._fail(error)

    def _fail(self, error: sqlite3.Error) -> None:
        """What the file holds is not known: end, and read it again."""
        if not self._failed.done():
            self._failed.set_exception(error)

    def _send_entries(self) -> None:
        now, newest = self._loop.time(), self._file.number
        for worker, reader in self._readers.items():
            if reader.place < min(reader.until, newest) or reader.due <= now:
                entries = self._file.entries(reader.place, reader.until - reader.place)
                worker.answer(ENTRIES, entries)
                reader.sent(entries, now)

    async def _forget_followed(self) -> None:
        followed, now = min(self._written.values()), self._loop.time()
        if followed <= self._forgotten or now < self._forget_at:
            return
        self._forget_at = now + _FORGET_SECONDS
        try:
            await asyncio.to_thread(self._sync)
        except OSError as error:  # a worker is being started, or its disk fails: then what it needs stays here
            logger.info("What workers have written cannot be synced: %s", error)
            return
        try:
            self._file.forget_followed(followed)
        except OrderFullError:
            logger.info("What all workers have stays in the file of the order: the disk is full.")
        else:
            self._forgotten = followed


class _Reader:
    """Where a worker is that follows: it was sent all up to ``place``, and is sent more up to ``until``.

    At the time ``due`` it is sent something in any case.
    """

    def __init__(self, place: int, due: float) -> None:
        self.place = self.until = place
        self.due = due

    def sent(self, entries: Sequence[tuple[int, bytes]], now: float) -> None:
        """It was sent these."""
        self.place = entries[-1][0] if entries else self.place
        self.due = now + _WAIT_SECONDS


class _Worker:
    """A worker at the other end of a connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def answer(self, number: int, value: Any = None, *, full: bool = False) -> None:
        """Send an answer, or news; nothing to one that has died, whose end is heard in a moment."""
        if self._writer.is_closing():
            return
        self._writer.write(frame(Answer(number, value, full)))
        if self._writer.transport.get_write_buffer_size() > _UNREAD_BYTES:
            self._writer.transport.abort()

    def close(self) -> None:
        """End the connection."""
        self._writer.close()
