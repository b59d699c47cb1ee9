"""The store of a worker: that of a node, which is ordered by a process of the same machine."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from chatdesk.cluster.belonging import Belonging
from chatdesk.cluster.cluster_store import ClusterStore, open_node_store
from chatdesk.cluster.order_link import OrderMaker
from chatdesk.config import ServerConfig
from chatdesk.log.disk_contents import Contents
from chatdesk.log.hook_file import HookFile
from chatdesk.log.lock import FolderLock, HeldLock, Lock
from chatdesk.log.log_store import LogStore
from chatdesk.log.operations import Ordered, Say
from chatdesk.log.ordered_batch import MessageStep
from chatdesk.log.ordered_log import UNKNOWN
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import LogError
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.writer_interfaces import Notification
from chatdesk.workers.copies import follow, worker_folder
from chatdesk.workers.local_link import ERRORS, PROBLEMS, LocalLink
from chatdesk.workers.unwritten import UnwrittenMessages

_LEFT_TO_ORDER = "PRAGMA synchronous = NORMAL"
"""One sync for a message in place of one more in each worker, which takes as long as to write to a hundred people."""


class WorkerOf(NamedTuple):
    """Which worker of a chat a process is: its number, from 1 on, the chat's folder, and where its order is made.

    New rooms get their epochs by ``epochs``, which all workers share.
    """

    number: int
    folder: Path
    socket: Path
    epochs: bytes


class WorkerStore(ClusterStore):
    """The store of a worker; see ``LogStore``. Hooks lie beside the history of the chat, not beside its own.

    What was ordered is safe in the file of the order, until it is in that of each worker. So a message is told of
    at once, and written with others later, but before anything that must see it there.
    """

    def __init__(
        self,
        worker: WorkerOf,
        belonging: Belonging,
        folder: Path,
        lock: Lock,
        contents: Contents,
        retention: Retention,
    ) -> None:
        link = partial(LocalLink, worker.socket, worker.number, self._written)
        maker = OrderMaker("the process that orders", link, ERRORS, PROBLEMS)
        super().__init__(maker, belonging, folder, lock, contents, retention)
        contents.db.execute(_LEFT_TO_ORDER)
        self._unwritten = UnwrittenMessages(self.writer)
        self.reader.settle = self._unwritten.settle
        self._hooks = HookFile(worker.folder)
        self._epochs = worker.epochs

    @property
    def better_elsewhere(self) -> bool:
        """See ``OtherServers``. All workers have one disk, and one version."""
        return False

    def _written(self) -> int:
        return self._unwritten.written(self.place)

    async def follow(self, entries: Sequence[Ordered]) -> bool:
        """See ``Node``. Messages are told of at once, up to the first entry that depends on the file."""
        await self._unwritten.pause()
        told = next((place for place, entry in enumerate(entries) if not self._tell(entry)), len(entries))
        if told == len(entries):
            self._release_followed()
            return True
        fits = await super().follow(entries[told:])
        if not fits and self._unwritten and not self._unwritten.misfit:  # what was told before is not written yet
            raise LogError(UNKNOWN)
        return fits

    def _tell(self, entry: Ordered) -> bool:
        """Tell of a message; False if that has to be found by the file."""
        operation = entry.operation
        if not isinstance(operation, Say) or operation.held or self._file_problem or self._unwritten.misfit:
            return False
        step = self._step(entry, {})
        if not isinstance(step, MessageStep) or not step.is_next:
            return False
        self.place, self.key = entry.number, entry.key
        self._unwritten.add(step)
        step.tell()
        return True

    def reopen(self) -> tuple[sqlite3.Connection, list[Notification]]:
        """See ``DiskStore``."""
        db, notifications = super().reopen()
        db.execute(_LEFT_TO_ORDER)
        return db, notifications


@contextlib.asynccontextmanager
async def open_worker_store(config: ServerConfig, worker: WorkerOf) -> AsyncIterator[LogStore]:
    """The store of a worker. Raises StoreError, with a sentence that says what to do."""
    belonging: list[Belonging] = []
    await run_to_completion(lambda: belonging.append(follow(worker.folder, worker.number)))
    new_store = partial(WorkerStore, worker, belonging[0])
    folder = worker_folder(worker.folder, worker.number)
    retention = Retention(config.keep_messages, config.keep_days)
    new_lock = HeldLock if worker.number == 1 else FolderLock
    async with open_node_store(new_store, folder, retention, config.name, new_lock) as store:
        yield store
