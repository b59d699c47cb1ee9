"""``/metrics``: the server's figures for Prometheus, read from its counters at each scrape.

It is imported at the first scrape: the library takes a tenth of a second. No label names a person, a room or an
address.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from chatdesk import __version__
from chatdesk.log.timings import BOUNDS, Durations, LogTimings
from chatdesk.server.reports import Family, Reported, Reports

_OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


class Metrics(Collector):
    """The figures of one server, in a registry of their own together with those of the process.

    Where several processes serve the chat at one address, ``text`` has those of all, each with its ``worker``.
    """

    def __init__(self, server: Reported, reports: Reports) -> None:
        self._server, self._reports = server, reports
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def text(self, *, open_metrics: bool) -> tuple[str, bytes]:
        """The content type and the text: OpenMetrics, or Prometheus' own."""
        encode, content_type = choose_encoder(_OPEN_METRICS if open_metrics else "")
        reports = self._reports
        reports.scraped_at = time.monotonic()
        if not reports.worker:
            return content_type, encode(self._registry)
        return content_type, encode(_Several({reports.worker: self.snapshot(), **reports.metrics_of_others}))

    def snapshot(self) -> list[Family]:
        """All figures as they are now, to be told to another process."""
        return [
            (
                metric.name,
                metric.documentation,
                metric.type,
                [(sample.name, sample.labels, sample.value) for sample in metric.samples],
            )
            for metric in self._registry.collect()
        ]

    def collect(self) -> Iterator[Metric]:
        """All figures, as the library asks for them."""
        yield InfoMetricFamily("chatdesk_build", "The program.", value={"version": __version__})
        yield from self._gauges()
        yield from self._counters()
        lag = GaugeMetricFamily(
            "chatdesk_loop_lag_seconds", "How late timers run, in the last minute.", labels=["quantile"]
        )
        for name, milliseconds in self._server.loop_lag.percentiles().items():
            lag.add_metric([f"0.{name.removeprefix('p').rstrip('0')}"], milliseconds / 1000)
        yield lag
        if timings := self._server.store.timings:
            yield from _log_timings(timings)

    def _gauges(self) -> Iterator[Metric]:
        server, reports = self._server, self._reports
        for name, about, value in (
            ("connections", "WebSockets that are open.", len(server.connections)),
            ("connections_max", "WebSockets that may be open, at most.", server.config.max_connections),
            ("http_connections", "Connections that are no WebSocket.", len(server.http_connections)),
            ("people", "People who are here, or may be back within seconds.", reports.people()),
            ("rooms", "Rooms that are in memory, but for private ones.", reports.public_rooms()),
            ("slow_clients", "Peers that do not read as fast as they are written to.", reports.slow_clients()),
            ("ready", "1 if people should be sent here, as /ready says.", reports.ready()[0] == 200),
            ("storage_ok", "1 if messages can be stored.", server.store.problem is None),
        ):
            yield GaugeMetricFamily(f"chatdesk_{name}", about, value=float(value))

    def _counters(self) -> Iterator[Metric]:
        traffic, proxies = self._server.traffic, self._server.proxies
        for name, about, value in (
            ("messages", "Messages that were stored.", traffic.messages),
            ("deliveries", "Messages written to somebody.", traffic.deliveries),
            ("received_bytes", "Bytes received over WebSockets.", traffic.bytes_in),
            ("sent_bytes", "Bytes sent over WebSockets.", traffic.bytes_out),
        ):
            yield CounterMetricFamily(f"chatdesk_{name}", about, value=value)
        limits = CounterMetricFamily("chatdesk_limit_hits", "How often a limit had an effect.", labels=["limit"])
        for name, count in sorted(self._reports.limit_hits().items()):
            limits.add_metric([name], count)
        yield limits
        forwarded = CounterMetricFamily(
            "chatdesk_forwarded", "Requests that named another origin and were not believed.", labels=["outcome"]
        )
        forwarded.add_metric(["ignored"], proxies.ignored)
        forwarded.add_metric(["refused"], proxies.refused)
        yield forwarded


class _Several:
    """The figures of several processes by the number of the worker, in place of a registry."""

    def __init__(self, snapshots: Mapping[str, Iterable[Family]]) -> None:
        self._snapshots = snapshots

    def collect(self) -> Iterable[Metric]:
        """All figures; those of one name together."""
        metrics: dict[str, Metric] = {}
        for worker, families in self._snapshots.items():
            for name, about, kind, samples in families:
                metric = metrics.setdefault(name, Metric(name, about, kind))
                for sample, labels, value in samples:
                    metric.add_sample(sample, {**labels, "worker": worker}, value)
        return metrics.values()


def _log_timings(timings: LogTimings) -> Iterator[Metric]:
    waited = HistogramMetricFamily("chatdesk_log_wait_seconds", "Until a read began.", labels=["kind"])
    took = HistogramMetricFamily("chatdesk_log_read_seconds", "Of a read, once it had begun.", labels=["kind"])
    waiting = GaugeMetricFamily("chatdesk_log_reads_waiting", "Reads that have not begun.", labels=["kind"])
    for kind, reads in timings.reads.items():
        waited.add_metric([kind], _buckets(reads.waited), reads.waited.total)
        took.add_metric([kind], _buckets(reads.took), reads.took.total)
        waiting.add_metric([kind], reads.waiting())
    commits = timings.commits
    yield from (waited, took, waiting)
    yield HistogramMetricFamily(
        "chatdesk_log_commit_seconds", "Of storing what has come.", _buckets(commits), commits.total
    )


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    return [*zip((*map(str, BOUNDS), "+Inf"), durations.up_to_bounds(), strict=True)]
