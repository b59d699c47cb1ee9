"""What holds for whom, ordered among the nodes: a ban on one node is a ban on all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from chatdesk.cluster.lasting import LastingProposals
from chatdesk.log.operations import Ordered, OrderedStandings, new_id
from chatdesk.log.order import AuditEntry, Standing
from chatdesk.log.reader import Reader
from chatdesk.log.stored_order import DiskOrder, store_order
from chatdesk.log.writer import Writer

_LATER = "It holds here now, and in the whole chat as soon as its servers can agree again."


class StandingsInOrder(DiskOrder):
    """The ``OrderStore`` of a node. An act that cannot be ordered holds on its node alone until that is possible."""

    changes = (OrderedStandings,)

    def __init__(self, standings: list[Standing], writer: Writer, reader: Reader, proposals: LastingProposals) -> None:
        super().__init__(standings, writer, reader)
        self._proposals = proposals

    def standings(self) -> list[Standing]:
        """See ``OrderStore``. What waits to be ordered holds here."""
        held = {standing.key: standing for standing in super().standings()}
        for operation in self._proposals.waiting:
            if isinstance(operation, OrderedStandings):
                for ended in operation.ended:
                    held.pop(ended.key, None)
                held |= {begun.key: begun for begun in operation.begun}
        return list(held.values())

    def store(
        self,
        begun: Sequence[Standing],
        ended: Sequence[Standing],
        entry: AuditEntry | None,
        reply: Callable[[str], None],
    ) -> None:
        """See ``OrderStore``."""
        operation = OrderedStandings(tuple(begun), tuple(ended), entry, id=new_id())
        self._proposals.propose(operation, lambda error: reply(_LATER if error else ""))

    @staticmethod
    def write(db: sqlite3.Connection, change: OrderedStandings, _entry: Ordered) -> None:
        """See ``Kind``."""
        store_order(db, change.begun, change.ended, change.entry)

    def followed(self, change: OrderedStandings, _entry: Ordered, *, own: bool) -> None:
        """See ``Kind``. What this node has proposed holds here already, also if it comes later than this."""
        self._proposals.followed(change)
        if own:
            return
        later = {
            standing.key
            for operation in self._proposals.unordered
            if isinstance(operation, OrderedStandings)
            for standing in (*operation.begun, *operation.ended)
        }
        begun = [standing for standing in change.begun if standing.key not in later]
        ended = [standing for standing in change.ended if standing.key not in later]
        self.on_followed(begun, ended, change.entry)
