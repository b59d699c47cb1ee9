"""What holds for whom, ordered among the nodes: a ban on one node is a ban on all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatdesk.log.operations import Operation, OrderedStandings
from chatdesk.log.order import AuditEntry, Standing
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.reader import Reader
from chatdesk.log.stored_order import DiskOrder
from chatdesk.log.writer import Writer


class StandingsInOrder(DiskOrder):
    """The ``OrderStore`` of a node. An act that cannot be ordered holds on its node alone, and who acts is told why."""

    def __init__(
        self,
        standings: list[Standing],
        writer: Writer,
        reader: Reader,
        propose: Callable[[Operation, ProposedChange], None],
    ) -> None:
        super().__init__(standings, writer, reader)
        self._propose = propose

    def store(
        self,
        begun: Sequence[Standing],
        ended: Sequence[Standing],
        entry: AuditEntry | None,
        reply: Callable[[str], None],
    ) -> None:
        """See ``OrderStore``."""
        operation = OrderedStandings(tuple(begun), tuple(ended), entry)
        self._propose(operation, ProposedChange(lambda error: reply(error.problem.sentence if error else "")))

    def followed(self, operation: OrderedStandings, own: bool) -> None:
        """It was written at its place; ``own``: proposed by this node, where it holds already."""
        if not own:
            self.on_followed(operation.begun, operation.ended, operation.entry)
