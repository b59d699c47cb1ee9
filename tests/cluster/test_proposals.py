"""What a node has proposed: each is sent until it is followed or fails, and answered once."""

import asyncio

import pytest

from chatdesk.cluster import proposals as module
from chatdesk.cluster.proposals import Proposals
from chatdesk.log.operations import OrderedReceipts
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.room_log import LogError, StorageProblem

FULL = StorageProblem("full", "There is no room.")


def turned(key: str) -> OrderedReceipts:
    """An operation of this key."""
    return OrderedReceipts("kit", True, key)


async def sent(proposals: Proposals) -> list[str]:
    """The keys of the next call; none where nothing is to be sent."""
    try:
        async with asyncio.timeout(0.02):
            return [*await proposals.unsent()]
    except TimeoutError:
        return []


async def test_each_is_sent_in_its_order_and_again_over_a_new_link_until_it_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_SENT", 2)
    proposals = Proposals()
    waiting = asyncio.create_task(sent(proposals))
    await asyncio.sleep(0)
    for key in "abcd":
        proposals.add(turned(key), ProposedChange(lambda _error: None))
    assert await waiting == ["a", "b"]
    proposals.take("c")
    assert [await sent(proposals), await sent(proposals)] == [["d"], []]
    proposals.take("a")
    proposals.send_again()
    assert [await sent(proposals), await sent(proposals)] == [["b", "d"], []]


async def test_each_is_answered_once_and_those_that_fail_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    proposals = Proposals()
    answers: list[LogError | None] = []
    for key in "ab":
        assert not proposals.full
        proposals.add(turned(key), ProposedChange(answers.append))
    assert proposals.full
    proposals.answer_known("a")
    assert answers == [None]
    assert proposals.get("a") is None
    proposals.fail(FULL)
    proposals.fail(FULL)
    assert [error and error.problem for error in answers] == [None, FULL]
    assert not proposals.full
    assert await sent(proposals) == []
