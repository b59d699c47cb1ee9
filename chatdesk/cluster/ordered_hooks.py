"""Hooks, ordered among the nodes: one that the command line makes or removes beside one node is so at all."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import msgspec

from chatdesk.cluster.lasting import LastingProposals
from chatdesk.log.hook_file import Hook, HookFile
from chatdesk.log.operations import Ordered, OrderedHooks, new_id

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
"""Between two looks at the file, each of which costs a ``stat``."""
_NAME = "cluster_hooks"
_decode = msgspec.json.Decoder(dict[str, Hook]).decode


def read_hooks(db: sqlite3.Connection) -> dict[str, Hook]:
    """Return the hooks of all nodes, by their digests, as far as the file has followed the order."""
    row = db.execute("SELECT value FROM about WHERE name = ?", (_NAME,)).fetchone()
    return _decode(row[0]) if row else {}


class HooksInOrder:
    """Orders what differs in the ``file`` from the ``shared`` hooks of all nodes, and writes what others order."""

    changes = (OrderedHooks,)

    def __init__(self, file: HookFile, shared: dict[str, Hook], proposals: LastingProposals) -> None:
        self._file = file
        self._shared = shared
        for waiting in proposals.waiting:
            if isinstance(waiting, OrderedHooks):
                self._shared = _changed(self._shared, waiting)
        self._proposals = proposals
        self._unwritten: list[OrderedHooks] = []
        """What others have ordered and the file does not have yet: what it lacks for that is no change of this node."""
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Look now, and from then on."""
        try:
            self._write_file()
            found = {hook.digest: hook for hook in self._file.hooks()}
        except (OSError, ValueError):  # which is said when somebody posts
            found = self._shared
        if found != self._shared:
            added = tuple(hook for digest, hook in found.items() if digest not in self._shared)
            change = OrderedHooks(added, tuple(self._shared.keys() - found.keys()), new_id())
            self._shared = found
            self._proposals.propose(change, lambda _later: None)
        self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self.watch)

    def close(self) -> None:
        """Look no more."""
        if self._timer:
            self._timer.cancel()

    @staticmethod
    def write(db: sqlite3.Connection, change: OrderedHooks, _entry: Ordered) -> None:
        """See ``Kind``."""
        text = msgspec.json.encode(_changed(read_hooks(db), change)).decode()
        db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (_NAME, text))

    def followed(self, change: OrderedHooks, _entry: Ordered, *, own: bool) -> None:
        """See ``Kind``."""
        self._proposals.followed(change)
        if own:
            return
        self._shared = _changed(self._shared, change)
        self._unwritten.append(change)
        try:
            self._write_file()
        except (OSError, ValueError) as error:
            logger.error("Hooks that were made or removed at another node cannot be written here yet (%s).", error)

    def _write_file(self) -> None:
        """Write what others have ordered. Raises OSError, and ValueError for a broken file."""
        while self._unwritten:
            change = self._unwritten[0]
            self._file.change(change.added, change.removed)
            del self._unwritten[0]


def _changed(hooks: dict[str, Hook], change: OrderedHooks) -> dict[str, Hook]:
    kept = {digest: hook for digest, hook in hooks.items() if digest not in change.removed}
    return kept | {hook.digest: hook for hook in change.added}
