"""What the processes of a chat share: the lock of its folder, the socket at which its order is made, and counts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import uvloop

from chatdesk.log.lock import FolderLock
from chatdesk.log.room_log import StorageProblem
from chatdesk.log.storage_errors import StoreError, open_error
from chatdesk.paths import make_private
from chatdesk.workers.copies import prepare, sync
from chatdesk.workers.counts import ORDER, Counts
from chatdesk.workers.order_file import OrderFile
from chatdesk.workers.order_process import OrderServer
from chatdesk.workers.supervisor import Control
from chatdesk.workers.worker_store import WorkerOf

logger = logging.getLogger(__name__)

_SOCKET = "order"
_NO_SOCKET = "The workers cannot have a socket in the folder for temporary files"
_GIVE = "set TMPDIR to a folder with a short name that can be written to."
_BACKLOG = 128


class Site:
    """The folder of a chat, and the socket where its workers find the process that orders."""

    def __init__(self, folder: Path, epochs: bytes, workers: int, path: Path, listener: socket.socket) -> None:
        self._folder = folder
        self.listener = listener
        self.counts = Counts(workers)
        self.workers = [WorkerOf(number, folder, path, epochs) for number in range(1, workers + 1)]

    def run_order(self, control: Control) -> int:
        """Be the process that orders, until the supervisor ends it."""
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._order(control))
        except sqlite3.Error as error:
            logger.error(str(open_error(error, self._folder)))
            return 1
        return 0

    async def _order(self, control: Control) -> None:
        stop = asyncio.Event()
        control.obey(stop.set)
        with OrderFile(self._folder) as file:
            workers = len(self.workers)
            server = OrderServer(file, workers, partial(sync, self._folder, workers))
            serving = asyncio.create_task(server.serve(self.listener.dup()))
            stopping = asyncio.create_task(stop.wait())
            beating = asyncio.create_task(self.counts.of(ORDER).keep_beating())
            control.ready()
            await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
            for task in (serving, stopping, beating):
                task.cancel()
            await asyncio.gather(serving, stopping, beating, return_exceptions=True)


@contextlib.contextmanager
def open_site(folder: Path, workers: int) -> Iterator[Site]:
    """Lock the folder of a chat and prepare it for so many workers. Raises StoreError.

    The socket is in a folder of its own, since the path of one is short; only the own user can enter that.
    """
    make_private(folder)
    with contextlib.ExitStack() as stack:
        stack.callback(FolderLock(folder).close)
        epochs = prepare(folder, workers)
        try:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatdesk-"))) / _SOCKET
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(path))
            listener.listen(_BACKLOG)
        except OSError as error:
            raise StoreError(StorageProblem("failed", f"{_NO_SOCKET} ({error.strerror or error}): {_GIVE}")) from None
        yield Site(folder, epochs, workers, path, listener)
