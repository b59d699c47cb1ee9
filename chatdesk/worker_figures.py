"""What a worker tells the others of itself, and what it makes of what they tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from chatdesk.server.reports import Fault
from chatdesk.server.server import ChatServer
from chatdesk.workers.counts import WorkerCounts
from chatdesk.workers.sharing import Shared

if TYPE_CHECKING:
    from chatdesk.server.metrics import Metrics

_WATCHED_SECONDS = 600.0
"""For so long after a scrape there will be another one: the figures are kept ready."""
_SILENT = "Worker {} of the chat hangs, and people who connect to it wait: it is ended soon, and started again."
_MISSING = "Worker {} of the chat does not run just now, and is being started; the others serve everybody meanwhile."


class WorkerFigures:
    """The figures of the worker of this number; see ``Sharer``."""

    _server: ChatServer

    def __init__(self, number: int, counts: WorkerCounts, load_metrics: Callable[[], type[Metrics]]) -> None:
        self._number = number
        self._counts = counts
        self._load_metrics = load_metrics
        self._metrics: Metrics | None = None
        self._wanted = False
        self._problems: Sequence[str] = ()
        """Why others cannot store anything."""

    def attach(self, server: ChatServer) -> None:
        """From now on, be about this server, which does not listen yet."""
        self._server = server
        server.reports.worker = str(self._number)
        server.reports.fault_elsewhere = self._fault_elsewhere
        server.places.others = self._counts

    async def own(self) -> Shared:
        """See ``Sharer``."""
        reports = self._server.reports
        wants = time.monotonic() - reports.scraped_at < _WATCHED_SECONDS
        is_watched = wants or self._wanted  # the next scrape may come to any worker
        if is_watched and self._metrics is None:
            self._metrics = (await asyncio.to_thread(self._load_metrics))(self._server, reports)
        metrics = self._metrics.snapshot() if self._metrics and is_watched else []
        announced = self._server.origin_check.announced_name if self._number == 1 else ""
        problem = self._server.store.problem
        sentence = problem.sentence if problem else ""
        return Shared(reports.worker, announced, sentence, reports.own_stats(), metrics, wants)

    def heard(self, others: Collection[Shared]) -> None:
        """See ``Sharer``."""
        server = self._server
        server.reports.of_others = [other.stats for other in others]
        server.reports.metrics_of_others = {other.worker: other.metrics for other in others}
        self._problems = [other.problem for other in others if other.problem]
        self._wanted = any(other.wants for other in others)
        announced = next((other.announced for other in others if other.announced), "")
        if self._number != 1 and announced != server.origin_check.announced_name:
            server.set_announced_name(announced)

    def _fault_elsewhere(self) -> Fault | None:
        if silent := self._counts.silent():
            return Fault(_SILENT.format(silent[0]), hinders=True)
        if self._problems:
            return Fault(self._problems[0], hinders=True)
        if missing := self._counts.missing():
            return Fault(_MISSING.format(missing[0]), hinders=False)
        return None
