"""What is computed of several nodes from what was measured."""

from dataclasses import replace

import pytest

from tests.bench.process import cores
from tests.bench.scale.constants import Constants
from tests.bench.scale.model import CORE_SHARE, Chat, fewest, largest, need
from tests.bench.scale.nodes import cluster
from tests.bench.scale.reconnects import storm
from tests.bench.scale.runs import shared, soak

COSTS = Constants(
    message_own=200e-6,
    message_other=100e-6,
    delivery=8e-6,
    join_own=900e-6,
    join_other=100e-6,
    redis=20e-6,
    redis_per_node=2e-6,
    connection_bytes=6_000,
    person_elsewhere_bytes=500,
    node_bytes=80e6,
    messages_per_second=3_000,
)


def test_a_chat_that_one_node_can_bear_needs_one() -> None:
    found = fewest(Chat(10_000), COSTS)
    assert found is not None
    assert found.nodes == 1


def test_more_people_than_one_node_can_bear_need_more_of_them() -> None:
    one = largest(Chat(1), 1, COSTS)
    found = fewest(Chat(one * 5 // 4), COSTS)
    assert found is not None
    assert found.nodes > 1
    assert found.node <= CORE_SHARE


def test_what_every_node_does_is_not_shared() -> None:
    """More nodes do not help when following alone fills one."""
    assert fewest(Chat(1_000_000), COSTS) is None
    assert need(Chat(1_000_000), 64, COSTS).limits()[0] == "a node's processor"


@pytest.mark.parametrize("kind", ["message_other", "join_other", "redis_per_node"])
def test_dearer_work_leaves_room_for_fewer_people(kind: str) -> None:
    dearer = replace(COSTS, **{kind: 200 * getattr(COSTS, kind)})
    assert largest(Chat(1), 4, dearer) < largest(Chat(1), 4, COSTS)


@pytest.mark.slow
def test_two_real_nodes_share_a_room() -> None:
    seen = shared(2, cores(), 20, 0.5, COSTS)
    assert seen.arrived == 100
    assert 0 < seen.p50 <= seen.p99
    assert seen.predicted > 0


@pytest.mark.slow
def test_who_is_cut_off_comes_back_and_has_what_was_said_meanwhile_once() -> None:
    with cluster(2, 12, cores()) as running:
        seen = storm(running, 12, processes=2)
    assert (seen.people, seen.missing, seen.surplus) == (6, 0, 0)


@pytest.mark.slow
def test_people_come_and_go_in_a_soak_and_each_is_told_all() -> None:
    told: list[list[int]] = []
    soak(2, cores(), 0.15, 10, lambda _moment, resident: told.append(resident))
    assert len(told) > 1
    assert all(node > 30 * 2**20 for resident in told for node in resident)
