"""Hooks, ordered among the nodes: one that the command line makes or removes beside one node is so at all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from chatdesk.cluster.lasting import LastingProposals
from chatdesk.log.hook_file import Hook, HookFile
from chatdesk.log.operations import Ordered, OrderedHooks, new_id
from chatdesk.log.statement import Statement

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
"""Between two looks at the file, each of which costs a ``stat``."""
_NAME = "cluster_hooks"
_UNWRITTEN = "cluster_hooks_unwritten "
_decode = msgspec.json.Decoder(dict[str, Hook]).decode
_decode_change = msgspec.json.Decoder(OrderedHooks).decode


def read_hooks(db: sqlite3.Connection) -> dict[str, Hook]:
    """Return the hooks of all nodes, by their digests, as far as the file has followed the order."""
    row = db.execute("SELECT value FROM about WHERE name = ?", (_NAME,)).fetchone()
    return _decode(row[0]) if row else {}


def read_unwritten(db: sqlite3.Connection) -> dict[int, OrderedHooks]:
    """Return the changes that are followed and may not be in the hooks' file yet, by their numbers in the order."""
    rows = db.execute("SELECT name, value FROM about WHERE name GLOB ?", (f"{_UNWRITTEN}*",)).fetchall()
    return dict(sorted((int(name.removeprefix(_UNWRITTEN)), _decode_change(value)) for name, value in rows))


def keep_own_hooks(folder: Path, shared: Sequence[str]) -> None:
    """Let the file of a folder have those alone that are not shared, by their digests. Raises OSError."""
    file = HookFile(folder)
    with contextlib.suppress(ValueError):  # a broken file has none; that is said when somebody posts
        if file.hooks():
            file.change((), shared)


class HooksInOrder:
    """Orders what differs in the ``file`` from the ``shared`` hooks of all nodes, and writes what others order.

    ``unwritten`` are changes that the file may lack, by number; ``forget`` takes one of them out of the file of the
    history.
    """

    changes = (OrderedHooks,)

    def __init__(
        self,
        file: HookFile,
        shared: dict[str, Hook],
        unwritten: dict[int, OrderedHooks],
        proposals: LastingProposals,
        forget: Callable[[Statement], None],
    ) -> None:
        self._file = file
        self._shared = shared
        for waiting in proposals.waiting:
            if isinstance(waiting, OrderedHooks):
                self._shared = _changed(self._shared, waiting)
        self._proposals = proposals
        self._unwritten = unwritten
        """What others have ordered and the file does not have yet: what it lacks for that is no change of this node."""
        self._forget = forget
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
    def write(db: sqlite3.Connection, change: OrderedHooks, entry: Ordered) -> None:
        """See ``Kind``."""
        shared = msgspec.json.encode(_changed(read_hooks(db), change)).decode()
        unwritten = msgspec.json.encode(change).decode()
        rows = (_NAME, shared), (f"{_UNWRITTEN}{entry.number}", unwritten)
        db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", rows)

    def followed(self, change: OrderedHooks, entry: Ordered, *, own: bool) -> None:
        """See ``Kind``."""
        self._proposals.followed(change)
        if own:
            self._written(entry.number)
            return
        self._shared = _changed(self._shared, change)
        self._unwritten[entry.number] = change
        try:
            self._write_file()
        except (OSError, ValueError) as error:
            logger.error("Hooks that were made or removed at another node cannot be written here yet (%s).", error)

    def _write_file(self) -> None:
        """Write what others have ordered. Raises OSError, and ValueError for a broken file."""
        for number, change in list(self._unwritten.items()):
            self._file.change(change.added, change.removed)
            self._written(number)

    def _written(self, number: int) -> None:
        self._unwritten.pop(number, None)
        self._forget(Statement("DELETE FROM about WHERE name = ?", (f"{_UNWRITTEN}{number}",)))


def _changed(hooks: dict[str, Hook], change: OrderedHooks) -> dict[str, Hook]:
    kept = {digest: hook for digest, hook in hooks.items() if digest not in change.removed}
    return kept | {hook.digest: hook for hook in change.added}
