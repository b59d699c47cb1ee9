"""The dashboard for Grafana asks for nothing that /metrics does not have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chatdesk.log.disk_store import open_store
from tests.server.chat import chat

PACKAGING = Path(__file__).parents[2] / "packaging"
PROMQL = {"sum", "by", "rate", "min", "max", "histogram_quantile", "le", "label_values"}
"""The words of the query language that are used; a word that is neither one of these nor a label is a metric."""


Known = tuple[set[str], set[str]]


def dashboard() -> dict[str, Any]:
    board: dict[str, Any] = json.loads((PACKAGING / "grafana" / "chatdesk.json").read_text())
    return board


def queries(board: dict[str, Any]) -> Iterator[str]:
    """All that the dashboard asks for."""
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (variable["query"] for variable in board["templating"]["list"] if variable["type"] == "query")


def words(query: str) -> set[str]:
    """The metrics, labels and functions that a query names."""
    return set(re.findall(r"(?<![$\w])[a-zA-Z_]\w*", re.sub(r'"[^"]*"', "", query)))


@pytest.fixture
async def known(tmp_path: Path) -> Known:
    """The metrics of a server with a history, as they are stored, and the labels that these have."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        text = (await c.ask(c.head("GET", "/metrics"))).body.decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.name for sample in samples}, {label for sample in samples for label in sample.labels}


def test_each_query_names_only_metrics_and_labels_that_there_are(known: Known) -> None:
    metrics, labels = known
    board = dashboard()
    asked = set[str]().union(*map(words, queries(board)))
    assert asked - PROMQL - labels - {"instance"} <= metrics
    for panel in board["panels"]:
        assert panel["type"] == "row" or (panel["targets"] and panel["description"])


def test_each_metric_of_the_chat_itself_is_on_the_dashboard_or_said_not_to_be(known: Known) -> None:
    metrics, _ = known
    own = {name for name in metrics if name.startswith("chatdesk_") and not re.search(r"_(created|count|sum)$", name)}
    asked = set[str]().union(*map(words, queries(dashboard())))
    left_out = {"build_info", "http_connections", "log_reads_waiting", "rooms"}
    assert own - asked == {f"chatdesk_{name}" for name in left_out}


async def test_the_page_for_operators_explains_each_limit_and_names_only_metrics_that_there_are(known: Known) -> None:
    metrics, _ = known
    page = (PACKAGING / "OPERATING.md").read_text()
    assert set(re.findall(r"chatdesk_\w+", page)) <= metrics
    async with chat() as c:
        limits = set(c.server.reports.limit_hits())
    assert limits <= set(re.findall(r"`(\w+)`", page))
