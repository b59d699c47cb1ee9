"""What a worker tells the others of itself, and what it makes of what they tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from chatdesk.server.server import ChatServer
from chatdesk.workers.sharing import Shared

if TYPE_CHECKING:
    from chatdesk.server.metrics import Metrics

_WATCHED_SECONDS = 600.0
"""For so long after a scrape there will be another one: the figures are kept ready."""


class WorkerFigures:
    """The figures of the worker of this number; see ``Sharer``."""

    def __init__(self, server: ChatServer, number: int, load_metrics: Callable[[], type[Metrics]]) -> None:
        self._server = server
        self._announces = number == 1
        self._load_metrics = load_metrics
        self._metrics: Metrics | None = None
        self._wanted = False
        server.reports.worker = str(number)

    async def own(self) -> Shared:
        """See ``Sharer``."""
        reports = self._server.reports
        wants = time.monotonic() - reports.scraped_at < _WATCHED_SECONDS
        if (wants or self._wanted) and self._metrics is None:
            self._metrics = (await asyncio.to_thread(self._load_metrics))(self._server, reports)
        metrics = self._metrics.snapshot() if self._metrics and self._wanted else []
        announced = self._server.origin_check.announced_name if self._announces else ""
        return Shared(reports.worker, announced, reports.own_stats(), metrics, wants)

    def heard(self, others: Collection[Shared]) -> None:
        """See ``Sharer``."""
        server = self._server
        server.reports.of_others = [other.stats for other in others]
        server.reports.metrics_of_others = {other.worker: other.metrics for other in others}
        self._wanted = any(other.wants for other in others)
        announced = next((other.announced for other in others if other.announced), "")
        if not self._announces and announced != server.origin_check.announced_name:
            server.set_announced_name(announced)
