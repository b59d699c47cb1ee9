"""Over two real nodes and a real Redis: raised hands have one order, and are called and lowered from any node."""

import asyncio
from typing import Any

import pytest

from chatdesk.server import hands
from chatdesk.server.node_presence import NodePresence
from tests.cluster.in_process import names
from tests.cluster.redis_server import RedisServer
from tests.server.chat import Chat, Peer
from tests.server.test_rooms import KIT
from tests.waiting import until


def raised(chat: Chat) -> list[str]:
    """Whose hands are raised at a node, in their order."""
    return [hand.nickname for hand in chat.server.hub.rooms["lobby"].hands.event().hands]


async def raise_hands(nodes: tuple[Chat, Chat], *people: Peer) -> None:
    """Raise the hands of these, one after the other, until both nodes know it."""
    for number, person in enumerate(people, 1):
        person.send("hand")
        await until(lambda number=number: [len(raised(chat)) for chat in nodes] == [number] * 2)  # type: ignore[misc]


async def answered(peer: Peer, name: str, **fields: Any) -> int | None:
    """One's own place, by the answer to a command."""
    peer.send(name, **fields, id=name)
    while (event := await peer.next("hands")).get("ref") != name:
        pass
    place: int | None = event.get("place")
    return place


async def test_hands_of_both_nodes_stand_in_one_order(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["pace"])
    ana, ben = await first.join("Ana", capabilities=["pace"]), await second.join("Ben", capabilities=["pace"])
    kit, cy = await second.join("Kit", token=KIT), await second.join("Cy", capabilities=["pace"])
    await until(lambda: [len(names(chat)) for chat in nodes] == [5, 5])
    await raise_hands(nodes, ben, ana, kit, cy)
    assert raised(first) == raised(second) == ["Ben", "Ana", "Kit", "Cy"]
    assert await answered(cy, "hands") == 4

    mara.send("call")
    called = await ben.next("called")
    assert (called["nickname"], called["by"]) == ("Ben", "Mara")
    await until(lambda: raised(first) == raised(second) == ["Ana", "Kit", "Cy"])
    mara.send("call", author=first.server.hub.people["kit"].author)
    told = await kit.next("system")
    while told["code"] != "called":
        told = await kit.next("system")
    assert "Mara" in told["content"]
    assert await answered(cy, "hand", active=False) == 0
    await until(lambda: raised(first) == raised(second) == ["Ana"])

    ben.send("hand")
    await until(lambda: raised(first) == raised(second) == ["Ana", "Ben"])
    ben.send("nick", nickname="Benno")
    await until(lambda: raised(first) == raised(second) == ["Ana", "Benno"])
    ben.send("leave")
    await until(lambda: raised(first) == raised(second) == ["Ana"])
    mara.send("lower")
    await until(lambda: raised(first) == raised(second) == [])
    ana.send("hand")
    await until(lambda: raised(first) == raised(second) == ["Ana"])
    mara.send("call")  # where the hand was raised
    while (await cy.next("called"))["nickname"] != "Ana":
        pass


async def test_hands_are_the_same_on_both_nodes_after_an_outage(nodes: tuple[Chat, Chat], redis: RedisServer) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["pace"])
    ben = await second.join("Ben", capabilities=["pace"])
    phone, laptop = await first.join("Kit", token=KIT), await second.join("Kit", token=KIT)
    await until(lambda: [len(names(chat)) for chat in nodes] == [3, 3])
    await raise_hands(nodes, ben)
    redis.kill()
    try:
        mara.send("lower")
        laptop.send("hand")
        await until(lambda: [raised(chat) for chat in nodes] == [[], ["Ben", "Kit"]])
        phone.send("hand")  # later: who lowers it there means the other one, too, before that one is known there
        await until(lambda: [raised(chat) for chat in nodes] == [["Kit"], ["Ben", "Kit"]])
    finally:
        redis.start()
    await until(lambda: raised(first) == raised(second) == ["Kit"])
    mara.send("lower")
    await until(lambda: raised(first) == raised(second) == [])


async def test_who_lowers_all_lowers_those_too_that_are_not_known_there_yet(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["pace"])
    ana, ben = await second.join("Ana", capabilities=["pace"]), await second.join("Ben", capabilities=["pace"])
    await until(lambda: [len(names(chat)) for chat in nodes] == [3, 3])
    await raise_hands(nodes, ana)
    heard, elsewhere = [], first.server.hub.nodes
    assert isinstance(elsewhere, NodePresence)
    with monkeypatch.context() as late:
        late.setattr(elsewhere, "heard", lambda node, told: heard.append((node, told)))
        ben.send("hand")
        await until(lambda: raised(second) == ["Ana", "Ben"])
        await asyncio.sleep(0.002)
        mara.send("lower")
        await until(lambda: raised(second) == [])
        ben.send("hand")  # after that
        await until(lambda: raised(second) == ["Ben"])
        assert raised(first) == []
    for node, told in heard:
        elsewhere.heard(node, told)
    await until(lambda: raised(first) == raised(second) == ["Ben"])


async def test_what_is_kept_of_hands_that_were_lowered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "_KEPT", 10)
    room = hands.Hands("lobby", [])
    for number in range(100):
        room.lower_until(f"{number}", number)
    assert len(room._lowered) == 10
    room.lower_until("", 95)
    assert list(room._lowered) == ["96", "97", "98", "99"]


async def test_a_node_that_comes_later_knows_whose_hands_are_raised(nodes: tuple[Chat, Chat], node: Any) -> None:
    ana, ben = await nodes[0].join("Ana", capabilities=["pace"]), await nodes[1].join("Ben", capabilities=["pace"])
    await until(lambda: [len(names(chat)) for chat in nodes] == [2, 2])
    await raise_hands(nodes, ben, ana)
    async with node("c") as third:
        await until(lambda: raised(third) == ["Ben", "Ana"])
