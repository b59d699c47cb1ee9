"""What a node keeps does not grow with people and rooms that are gone, wherever on its cluster they were."""

import asyncio
from collections import Counter

import pytest

from chatdesk.cluster import cluster_store, latest_entries
from chatdesk.server import node_spending
from tests.cluster.in_process import names
from tests.server.chat import Chat
from tests.server.test_nothing_grows import BATCH, grown_each_time, kept, small_bounds, visit
from tests.waiting import until

__all__ = ["small_bounds"]

_ON_PURPOSE = {"ClusterStore._restarts", "ClusterStore._ordered_settings"}
"""Where a deleted room has begun again, so that no epoch is used twice, and what rooms are that were only entered."""


@pytest.fixture(autouse=True)
def small_bounds_of_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_store, "_MOST_FOLLOWED", 4)
    monkeypatch.setattr(latest_entries, "_MOST", 4)
    monkeypatch.setattr(node_spending, "_MOST_KEPT", 4)


async def test_nothing_grows_at_any_node_but_where_rooms_begin_and_what_they_are(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["rooms"])
    for node in nodes:
        for budget in node.server.budgets.values():
            budget._capacity = 4
    counts = []
    for batch in range(4):
        for number in range(batch * BATCH, (batch + 1) * BATCH):
            await visit(first, mara, number)
        await until(lambda: names(first) == names(second) == ["Mara"])
        await asyncio.sleep(0.5)
        for node in nodes:
            node.server.hub.reservations.holder("nobody")
        counts.append(sum((kept(node.server, node.server.store) for node in nodes), start=Counter[str]()))
    assert grown_each_time(counts) == _ON_PURPOSE
