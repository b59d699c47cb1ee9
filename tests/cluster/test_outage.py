"""Real nodes while their Redis cannot be used: what people are told, and what becomes of what they do."""

from collections.abc import Callable
from typing import Any

import pytest

from chatdesk.cluster import linked_channel, linked_order, redis_link
from chatdesk.cluster.cluster_store import ClusterStore
from tests.cluster.in_process import meet, names, told
from tests.cluster.redis_server import RedisServer
from tests.server.chat import Chat
from tests.server.test_rooms import KIT
from tests.waiting import until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.3)


def place(node: Chat) -> int:
    """How far it has followed the order."""
    assert isinstance(node.server.store, ClusterStore)
    return node.server.store.place


@pytest.mark.parametrize(
    ("hinder", "help_", "problem"),
    [
        ("ACL SETUSER default -xadd", "ACL SETUSER default +xadd", "refused"),
        ("ACL SETUSER default -xrange", "ACL SETUSER default +xrange", "refused"),
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "full"),
    ],
)
async def test_people_are_told_that_nothing_is_ordered_or_read_by_a_redis_that_answers(
    node: Callable[..., Any], redis: RedisServer, hinder: str, help_: str, problem: str
) -> None:
    async with node("a") as only:
        ana = await only.join("Ana")
        ana.send("message", content="before")
        await ana.next("message")
        redis.command(*hinder.split())
        try:
            ana.send("message", content="meanwhile", id="1")
            assert (await ana.next("storage"))["problem"] == problem
            assert (await ana.next("error"))["code"] == "storage"
            assert (await ana.ping("users"))["user_count"] == 1
        finally:
            redis.command(*help_.split())
        assert (await ana.next("storage"))["problem"] == ""
        ana.send("message", content="meanwhile", id="1")
        assert (await ana.next("message"))["seq"] == 2


async def test_a_redis_that_stands_still_for_longer_than_any_time_out_loses_and_doubles_nothing(
    node: Callable[..., Any], redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause of 12 s made two entries of one. What is sent meanwhile may be ordered, but nobody is told so."""
    monkeypatch.setattr(redis_link, "TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr(redis_link, "_BLOCK_MS", 100)
    monkeypatch.setattr(linked_channel, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(linked_channel, "_BEAT_SECONDS", 0.1)
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        people = await first.join("Ana"), await second.join("Ben")
        with redis.held():
            for peer in people:
                peer.send("message", content="meanwhile", id="1")
            for peer in people:
                assert (await peer.next("error"))["code"] == "storage"
            monkeypatch.setattr(redis_link, "TIMEOUT_SECONDS", 30)
            monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 60)
        for peer in people:
            assert (await peer.next("storage"))["problem"] == ""
            peer.send("message", content="meanwhile", id="1")
        await until(lambda: [len(names(chat)) for chat in (first, second)] == [2, 2])
        for chat in (first, second):
            assert await told(chat, 2) == ["meanwhile"] * 2


async def test_people_are_told_of_a_fault_of_the_program_itself(
    node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with node("a") as only:
        ana = await only.join("Ana")
        with monkeypatch.context() as broken:
            broken.setattr(only.server.store, "_step", lambda _entry, _settings: 1 / 0)
            ana.send("message", content="meanwhile", id="1")
            assert (await ana.next("storage"))["problem"] == "failed"
            assert (await ana.next("error"))["code"] == "storage"
            assert (await only.ask(only.head("GET", "/ready"))).status == 503
        assert "ZeroDivisionError" in caplog.text
        assert (await ana.next("storage"))["problem"] == ""
        ana.send("message", content="meanwhile", id="1")
        ana.send("message", content="after it")
        assert [(await ana.next("message"))["content"] for _ in range(2)] == ["meanwhile", "after it"]
        assert (await only.ask(only.head("GET", "/ready"))).status == 200


async def test_order_that_is_kept_meanwhile_holds_everywhere_afterwards(
    node: Callable[..., Any], redis: RedisServer
) -> None:
    """Also by a node that was started again before anything could be ordered."""
    async with node("b") as second:
        kit, ben = await second.join("Kit", token=KIT), await second.join("Ben", capabilities=["order"])
        async with node("a") as first:
            await meet(first, second)
            mara = await first.join("Mara", token=first.server.host_token, capabilities=["order"])
            redis.kill()
            try:
                assert (await mara.next("storage"))["problem"] == "away"
                for act, whom in (("mute", "Ben"), ("unmute", "Ben"), ("mute", "Ben"), ("ban", "Kit")):
                    mara.send(act, whom=whom)
                    assert "in the whole chat as soon as" in (await mara.next("done"))["content"]
            finally:
                redis.start()
            assert (await kit.next("error"))["code"] == "banned"
            assert [(await ben.next("standing")).get("muted", False) for _ in range(3)] == [True, False, True]
            await until(lambda: place(first) >= place(second))
            mara.send("audit")
            acts = [entry["act"] for entry in (await mara.next("audit"))["entries"]]
            assert acts == ["ban", "mute", "unmute", "mute"]
            redis.kill()
            assert (await mara.next("storage"))["problem"] == "away"
            mara.send("unmute", whom="Ben")
            await mara.next("done")
        async with node("a") as first:
            assert [standing.kind for standing in first.server.hub.standings] == ["banned"]
            redis.start()
            assert not (await ben.next("standing")).get("muted")
            await until(lambda: len(second.server.hub.standings) == 1)
