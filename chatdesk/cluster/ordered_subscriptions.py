"""Who belongs to which room and how far they have read, ordered among the nodes."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Container

from chatdesk.log.kept_rooms import MERGE_SUBSCRIPTION, STORE_READING, subscription_row
from chatdesk.log.node_channel import OtherServers
from chatdesk.log.operations import Operation, Ordered, OrderedSubscriptions
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import Reading, RoomExtent, StoredSubscription, SubscriptionRow
from chatdesk.protocol.names import is_private

_GATHER_SECONDS = 1.0
"""Marks move with every message that somebody reads; all of a second are one operation."""
_ROOM = (
    "SELECT coalesce((SELECT last_seq FROM room WHERE name = ?), 0), EXISTS (SELECT 1 FROM deleted_room WHERE room = ?)"
)
_FURTHEST = "SELECT furthest FROM subscription WHERE identity = ? AND room = ?"


class SubscriptionsInOrder:
    """Proposes the subscriptions that change on this node, and knows which come after those of others.

    Of two nodes that change the same one, the later in the order has it; a change of this node that is not followed yet
    is later than all that is.
    """

    changes = (OrderedSubscriptions,)

    def __init__(
        self,
        propose: Callable[[Operation, ProposedChange], None],
        servers: OtherServers,
        extent: Callable[[str], RoomExtent],
        deleted: Container[str],
    ) -> None:
        self._servers = servers
        self._extent = extent
        self._deleted = deleted
        self._propose = propose
        self._changed: dict[tuple[str, str], StoredSubscription] = {}
        self._proposed = Counter[tuple[str, str]]()
        self._orphaned: set[tuple[str, str]] = set()
        """Those that were proposed here, and whose room was deleted before they were followed."""
        self._settled = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def changed(self, stored: StoredSubscription) -> None:
        """Somebody belongs to a room, or has read on in it. A private room is nothing before it has its two people."""
        self._changed[stored.identity, stored.room] = stored
        if is_private(stored.room):
            self.propose_changed()
        else:
            self._propose_soon()

    def room_deleted(self, room: str) -> None:
        """What was changed in this room is gone, unless it is ordered after another room of its name is made."""
        self._changed = {key: stored for key, stored in self._changed.items() if key[1] != room}
        self._orphaned |= {key for key in self._proposed if key[1] == room}

    def is_later(self, row: SubscriptionRow) -> bool:
        """Whether what another node has said of a subscription comes after all changes of it here."""
        key = row.identity, row.room
        return key not in self._changed and key not in self._proposed

    def _propose_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_GATHER_SECONDS, self.propose_changed)

    def propose_changed(self) -> None:
        """Order all that has changed on this node."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        changed, self._changed = self._changed, {}
        if not changed:
            return
        self._proposed.update(changed.keys())

        def reply(error: LogError | None) -> None:
            self._proposed.subtract(changed.keys())
            self._proposed = +self._proposed
            if not self._proposed:
                self._settled.set()
            if error:
                left = {key: stored for key, stored in changed.items() if key not in self._orphaned}
                # should they be followed all the same, they come as those of another node
                self._orphaned -= changed.keys() - self._proposed.keys()
                self._changed = left | self._changed
                self._propose_soon()

        rows = tuple(map(subscription_row, changed.values()))
        self._propose(OrderedSubscriptions(rows), ProposedChange(reply))

    async def settle(self) -> None:
        """Order what is left as the node ends, unless that takes too long: its people go on elsewhere at once."""
        self.propose_changed()
        if self._proposed:
            self._settled.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), _GATHER_SECONDS)
        if self._timer:
            self._timer.cancel()

    @staticmethod
    def write(db: sqlite3.Connection, change: OrderedSubscriptions, entry: Ordered) -> None:
        """See ``Kind``. The minute in which somebody has read on elsewhere is that of the order."""
        for proposed in change.rows:
            last_seq, is_deleted = db.execute(_ROOM, (proposed.room, proposed.room)).fetchone()
            if is_deleted:
                continue
            row = proposed.up_to(last_seq)
            known = db.execute(_FURTHEST, (row.identity, row.room)).fetchone()
            if max(row.start, known[0] if known else 0) < row.furthest:
                db.execute(STORE_READING, Reading(row.identity, row.room, entry.at // 60_000, row.furthest))
            db.execute(MERGE_SUBSCRIPTION, row)

    def followed(self, change: OrderedSubscriptions, _entry: Ordered, *, own: bool) -> None:
        """See ``Kind``."""
        for row in change.rows:
            if self._is_news(row, own) and row.room not in self._deleted:
                stored = row.up_to(self._extent(row.room).last_seq).stored
                self._servers.on_subscription(stored, self.is_later(row))

    def _is_news(self, row: SubscriptionRow, own: bool) -> bool:
        """Whether this node does not have it yet; it has what it has proposed, unless the room has gone meanwhile."""
        key = row.identity, row.room
        if not own:
            return True
        is_orphaned = key in self._orphaned
        self._orphaned.discard(key)
        return is_orphaned
