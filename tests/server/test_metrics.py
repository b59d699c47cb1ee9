"""/metrics: what Prometheus reads of a server, and the dashboard that is made for it."""

import gzip
import re
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open_metrics
from prometheus_client.parser import text_string_to_metric_families as parse_plain

from chatdesk.log.disk_store import open_store
from chatdesk.server.http.metrics_endpoint import MetricsEndpoint
from chatdesk.server.http.request import Request
from chatdesk.server.stats import LIMITS
from tests.server.chat import Chat, chat

SERVER = Path(__file__).parents[2] / "chatdesk" / "server"
OPEN_METRICS = "Accept: application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"


async def samples(c: Chat) -> dict[str, float]:
    """All figures of a scrape, by name and labels as Prometheus writes them."""
    families = parse_plain((await c.ask(c.head("GET", "/metrics"))).body.decode())
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_a_scrape_has_the_figures_of_stats_and_of_the_process() -> None:
    async with chat(max_connections=7) as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        kit.send("message", content="hi")
        await ana.next("message")
        found, stats = await samples(c), c.server.reports.stats()
    assert found["chatdesk_messages_total"] == stats["messages_total"] == 1
    assert found["chatdesk_deliveries_total"] == stats["deliveries_total"] == 2
    assert found["chatdesk_received_bytes_total"] == stats["bytes_in"] > 0
    assert found["chatdesk_sent_bytes_total"] == stats["bytes_out"] > 0
    assert (found["chatdesk_connections"], found["chatdesk_connections_max"], found["chatdesk_people"]) == (2, 7, 2)
    assert (found["chatdesk_ready"], found["chatdesk_storage_ok"], found["chatdesk_http_connections"]) == (1, 1, 1)
    assert found["chatdesk_loop_lag_seconds{quantile=0.99}"] >= found["chatdesk_loop_lag_seconds{quantile=0.5}"]
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert found["process_open_fds"] > 5
    assert "python_gc_collections_total{generation=2}" in found


async def test_each_limit_that_bites_is_a_figure_as_in_stats_and_is_there_before_it_does() -> None:
    async with chat(message_rate=1) as c:
        before = await samples(c)
        kit = await c.join("Kit")
        for _ in range(5):
            kit.send("message", content="hi")
        await kit.next("error")
        await kit.ping()
        found, stats = await samples(c), c.server.reports.stats()
    assert stats["limits"]["messages"] == found["chatdesk_limit_hits_total{limit=messages}"] == 3
    for name in (*LIMITS, "queue", "requests", "text"):
        assert before[f"chatdesk_limit_hits_total{{limit={name}}}"] == 0


def test_the_list_of_limits_has_each_that_is_counted() -> None:
    sources = "".join(path.read_text() for path in SERVER.rglob("*.py"))
    counted = set(re.findall(r'hits\["(\w+)"\]', sources))
    ends = re.search(r"_COUNTED_ENDS.* = \{(.*)\}", sources)
    assert ends
    assert counted | set(re.findall(r'"(\w+)"', ends[1])) == set(LIMITS)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_it_speaks_openmetrics_and_packs_it_for_whoever_asks(encoding: str) -> None:
    async with chat() as c:
        reply = await c.ask(c.head("GET", "/metrics", OPEN_METRICS, f"Accept-Encoding: {encoding}"))
        head = await c.ask(c.head("HEAD", "/metrics", OPEN_METRICS))
        plain = await c.ask(c.head("GET", "/metrics"))
    assert (head.status, head.body, plain.status) == (200, b"", 200)
    assert reply.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert reply.headers.get("content-encoding", "identity") == encoding
    text = (gzip.decompress(reply.body) if encoding == "gzip" else reply.body).decode()
    assert text.endswith("# EOF\n")
    assert {"chatdesk_messages", "chatdesk_limit_hits"} <= {family.name for family in parse_open_metrics(text)}  # type: ignore[no-untyped-call]


async def test_no_label_and_no_value_names_a_person_a_room_or_an_address() -> None:
    async with chat(name="Robotics") as c:
        await c.join("Kit", room="elsewhere")
        body = (await c.ask(c.head("GET", "/metrics"))).body.decode()
    assert not re.search(r"Kit|elsewhere|Robotics|127\.0\.0\.1", body)


async def test_a_scrape_is_refused_like_stats_and_nothing_but_get_works() -> None:
    async with chat() as c:
        for path in ("/stats", "/metrics", "/ready"):
            assert (await c.ask(c.head("GET", path, host="evil.example"))).status == 403
            assert (await c.ask(c.head("GET", path, "Origin: http://evil.example"))).status == 403
            assert (await c.ask(c.head("POST", path, "Content-Length: 0"))).status == 405


async def test_a_scrape_that_fails_is_said_and_logged_and_the_next_one_works(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with chat() as c:
        with monkeypatch.context() as broken:
            broken.setattr(c.server.reports, "limit_hits", lambda: {"x": None})
            reply = await c.ask(c.head("GET", "/metrics"))
        assert (reply.status, reply.headers["connection"]) == (500, "close")
        assert "A request for /metrics has failed." in caplog.text
        assert (await c.ask(c.head("GET", "/metrics"))).status == 200


async def test_a_log_on_disk_has_the_times_of_its_reads_and_commits(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.join("Kit")
        kit.send("message", content="words")
        await kit.next("message")
        kit.send("search", query="words")
        await kit.next("search")
        found = await samples(c)
    assert found["chatdesk_log_read_seconds_count{kind=search}"] == 1
    assert found["chatdesk_log_read_seconds_bucket{kind=search}{le=+Inf}"] == 1
    assert found["chatdesk_log_commit_seconds_count"] >= 1
    assert found["chatdesk_log_reads_waiting{kind=history}"] == 0


async def test_a_flood_of_scrapes_is_answered_with_what_was_made_once() -> None:
    made = list[bool]()

    class Counted:
        def text(self, *, open_metrics: bool) -> tuple[str, bytes]:
            made.append(open_metrics)
            return "text/plain", b"chatdesk_ready 1"

    endpoint = MetricsEndpoint(Counted)
    plain, packed = ({"accept-encoding": [encoding]} for encoding in ("", "gzip"))
    for fields in (plain, packed, {"accept": ["application/openmetrics-text"]}) * 20:
        assert (await endpoint.respond(Request("GET", "/metrics", fields), "192.168.4.20")).status == 200
    assert sorted(made) == [False, False, True]
