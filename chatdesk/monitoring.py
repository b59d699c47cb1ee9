"""The endpoints for the operators of a server. Their libraries are loaded when somebody asks: few hosts are watched."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from chatdesk.server.http.debug_endpoints import DebugEndpoints, Measure
from chatdesk.server.http.deferred import Endpoint
from chatdesk.server.http.metrics_endpoint import METRICS_PATH, MetricsEndpoint
from chatdesk.server.memory_growth import measure_memory
from chatdesk.server.reports import Reported, Reports

if TYPE_CHECKING:
    from chatdesk.server.metrics import Metrics


def endpoints(
    server: Reported,
    reports: Reports,
    load_metrics: Callable[[], type[Metrics]],
    load_profile: Callable[[], Measure],
) -> dict[str, Endpoint]:
    """Those of a server by their paths; the debugging ones only where it has a secret for them."""
    found: dict[str, Endpoint] = {
        METRICS_PATH: MetricsEndpoint(partial(_new_metrics, load_metrics, server, reports)).respond
    }
    if secret := server.config.debug_secret:
        found |= DebugEndpoints(secret, measure_memory, partial(_measure, load_profile)).endpoints()
    return found


def _new_metrics(load: Callable[[], type[Metrics]], server: Reported, reports: Reports) -> Metrics:
    return load()(server, reports)


async def _measure(load: Callable[[], Measure], seconds: float) -> str:
    return await load()(seconds)
