"""What is computed of several nodes from what was measured."""

from dataclasses import replace

import pytest

from tests.bench.process import cores
from tests.bench.scale.constants import Constants, Message
from tests.bench.scale.model import CORE_SHARE, Chat, cores_of_messages, fewest, largest, need
from tests.bench.scale.nodes import cluster
from tests.bench.scale.reconnects import storm
from tests.bench.scale.runs import shared, soak

MESSAGES = (Message(100, 800e-6, 400e-6, 80e-6, 8e-6), Message(2_000, 200e-6, 100e-6, 20e-6, 2e-6))
COSTS = Constants(
    messages=MESSAGES,
    delivery=8e-6,
    join_own=900e-6,
    join_other=100e-6,
    idle=5e-3,
    silent=3e-6,
    connection_bytes=6_000,
    person_elsewhere_bytes=500,
    node_bytes=80e6,
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


@pytest.mark.parametrize("kind", ["delivery", "join_own", "join_other", "silent", "idle"])
def test_dearer_work_leaves_room_for_fewer_people(kind: str) -> None:
    dearer = replace(COSTS, **{kind: 200 * getattr(COSTS, kind)})
    assert largest(Chat(1), 4, dearer) < largest(Chat(1), 4, COSTS)


@pytest.mark.parametrize("kind", ["own", "other", "redis", "redis_per_node"])
def test_dearer_messages_leave_room_for_fewer_people(kind: str) -> None:
    dearer = [replace(message, **{kind: 200 * getattr(message, kind)}) for message in MESSAGES]
    assert largest(Chat(1), 4, replace(COSTS, messages=tuple(dearer))) < largest(Chat(1), 4, COSTS)


@pytest.mark.parametrize(("per_second", "expected"), [(50, 0.04), (100, 0.08), (1_050, 0.24), (4_000, 0.8)])
def test_what_messages_take_is_between_what_they_took_at_the_paces_before_and_after(
    per_second: float, expected: float
) -> None:
    assert cores_of_messages(MESSAGES, per_second, lambda it: it.own) == pytest.approx(expected)


def test_dearer_messages_at_a_slow_pace_do_not_make_more_of_them_cheaper() -> None:
    slow_is_dear = (replace(MESSAGES[0], own=8e-3), MESSAGES[1])
    assert cores_of_messages(slow_is_dear, 1_000, lambda it: it.own) == pytest.approx(0.8)


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
