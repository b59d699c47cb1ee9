"""Messages that wait for approval, ordered among the nodes: those who decide see and decide the same on each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from time import time

from chatdesk.log.held import STORE_HELD, Held
from chatdesk.log.node_channel import OtherServers
from chatdesk.log.operations import Operation, Ordered, OrderedDecline, OrderedForget, OrderedHold, new_id
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.room_log import LogError
from chatdesk.log.stored_held import DELETE_HELD, StoredHeld
from chatdesk.log.writer import Writer

Change = OrderedHold | OrderedDecline | OrderedForget


class HeldInOrder(StoredHeld):
    """The ``HeldTable`` of a node. The number of a message is counted in the order, like those of a room."""

    changes = (OrderedHold, OrderedDecline, OrderedForget)

    def __init__(
        self,
        held: list[Held],
        writer: Writer,
        propose: Callable[[Operation, ProposedChange], None],
        servers: OtherServers,
    ) -> None:
        super().__init__(held, writer)
        self._propose = propose
        self._servers = servers
        self._holding: dict[str, Callable[[Held | LogError], None]] = {}
        """Those that wait until theirs is ordered, by its id."""

    def add(self, held: Held, reply: Callable[[Held | LogError], None]) -> None:
        """See ``HeldTable``."""
        hold = OrderedHold(held, new_id(), held.room)
        self._holding[hold.id] = reply

        def failed(error: LogError | None) -> None:
            if error:
                del self._holding[hold.id]
                reply(error)

        self._propose(hold, ProposedChange(failed))

    def decline(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        self._propose(OrderedDecline(held.number, held.declined), ProposedChange(reply))

    def delete(self, number: int, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        self._propose(OrderedForget(number), ProposedChange(reply))

    def write(self, db: sqlite3.Connection, change: Change, entry: Ordered) -> None:
        """See ``Kind``."""
        match change:
            case OrderedHold(held):
                db.execute(STORE_HELD, held._replace(number=entry.seq))
            case OrderedDecline(number, sentence):
                db.execute("UPDATE held SET declined = ? WHERE number = ?", (sentence, number))
            case OrderedForget(number):
                db.execute(DELETE_HELD, (number,))

    def followed(self, change: Change, entry: Ordered, *, own: bool) -> None:
        """See ``Kind``."""
        match change:
            case OrderedHold(held, id_):
                self._followed(held._replace(number=entry.seq), entry.at, self._holding.pop(id_, None))
            case OrderedDecline(number, sentence) if not own:
                self.on_decided(number, False, sentence)
            case OrderedForget(number) if not own:
                self.on_decided(number, False, "")

    def _followed(self, held: Held, at: int, reply: Callable[[Held | LogError], None] | None) -> None:
        if reply:
            reply(held)
        else:
            size, ago = len(held.content.encode()), max(0.0, time() - at / 1000)
            self._servers.on_said(held.identity, held.room, size, ago)
            self.on_held(held)
