"""Over two real nodes and a real Redis: who, and what, waits for approval at one node is decided about at the other."""

from collections.abc import Callable
from time import time
from typing import Any

import msgspec
from msgspec.structs import replace

from chatdesk.log.node_channel import NodeListener
from chatdesk.server.decisions import Decisions, Verdict
from chatdesk.server.node_switches import NodeSwitches
from tests.cluster.in_process import meet, names
from tests.server.chat import Chat
from tests.server.test_rooms import KIT
from tests.server.test_waiting_room import ANA, BO, host, knocks, queue
from tests.waiting import until


async def test_a_held_message_waits_on_both_nodes_and_is_decided_on_either(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["pace"])
    kit = await second.join("Kit", token=KIT, capabilities=["pace"])
    phone = await first.join("Kit", token=KIT, capabilities=["pace"])
    await until(lambda: names(first) == names(second) == ["Mara", "Kit"])
    mara.send("pace", hold=True, slow=30)
    await until(lambda: second.server.hub.rooms["lobby"].settings.hold)
    kit.send("message", content="may I?", id="1")
    [waits] = (await mara.next("held"))["messages"]
    assert (waits["nickname"], waits["content"]) == ("Kit", "may I?")
    assert (await phone.next("held"))["messages"] == (await kit.next("held"))["messages"] == [waits]
    phone.send("message", content="again", id="2")
    assert (await phone.next("error"))["code"] == "slow_mode"
    mara.send("approve", held=waits["held"], id="approve")
    assert (await mara.next("message"))["content"] == "may I?"
    while (told := await mara.event()).get("ref") != "approve":
        pass
    assert (told["type"], told.get("approved")) == ("decided", True)
    told = await kit.next("decided")
    assert (told["held"], told["approved"]) == (waits["held"], True)
    assert (await kit.next("message"))["content"] == "may I?"
    mara.send("pace", slow=0)
    await until(lambda: not second.server.hub.rooms["lobby"].settings.slow)

    kit.send("message", content="no", id="no")
    [waits] = (await mara.next("held"))["messages"]
    mara.send("refuse", held=waits["held"], reason="off topic")
    told = await kit.next("decided")
    assert (told["declined"], "off topic" in told["content"]) == (True, True)
    kit.send("message", content="never mind", id="never")
    [waits] = (await mara.next("held"))["messages"]
    while (await kit.next("held"))["messages"] != [waits]:
        pass  # his own node knows of it, too
    kit.send("withdraw", held=waits["held"])
    for peer in (mara, kit):  # each by their own node
        while (await peer.next("decided"))["held"] != waits["held"]:
            pass
    again = await second.join("Mara", token=second.server.host_token, capabilities=["pace"])
    for peer in (mara, again):
        peer.send("held", id="all")
        while (event := await peer.next("held")).get("ref") != "all":
            pass
        assert event["messages"] == []


async def test_who_waits_at_one_node_is_let_in_or_sent_away_at_the_other(node: Callable[..., Any]) -> None:
    async with node("a", approval=True) as first, node("b", approval=True) as second:
        mara = await host(first)
        await until(lambda: names(second) == ["Mara"])
        kit, waiting = await knocks(second, "Kit", KIT)
        assert waiting["position"] == 1
        await until(lambda: len(first.server.dispatcher.waiting_room.known()) == 1)
        ana, waiting = await knocks(first, "Ana", ANA)
        assert waiting["position"] == 2
        await until(lambda: len(second.server.dispatcher.waiting_room.known()) == 2)
        bo, waiting = await knocks(second, "Bo", BO)
        assert waiting["position"] == 3
        await until(lambda: len(first.server.dispatcher.waiting_room.known()) == 3)

        assert await queue(mara) == ["Kit", "Ana", "Bo"]
        assert await queue(mara, "accept", who="Kit") == ["Ana", "Bo"]
        assert (await kit.event())["type"] == "welcome"
        assert (await bo.next("waiting"))["position"] == 2
        assert await queue(mara, "decline", who="Bo", reason="full") == ["Ana"]
        assert "full" in (await bo.next("error"))["content"]
        for chat in (first, second):  # wherever they come back
            assert (await knocks(chat, "Bo", BO))[1]["code"] == "declined"
        await until(lambda: "Kit" in names(first))
        kit.send("leave")
        await until(lambda: "Kit" not in names(first))
        kit, welcome = await knocks(first, "Kit 2", KIT)
        assert welcome["type"] == "welcome"

        assert await queue(mara, "approval", active=False) == []
        await ana.next("welcome")
        await until(lambda: not second.server.dispatcher.waiting_room.active)
        _cy, welcome = await knocks(second, "Cy")
        assert welcome["type"] == "welcome"
        async with node("c", approval=True) as third:
            await until(lambda: not third.server.dispatcher.waiting_room.active)


async def test_after_a_ban_newcomers_from_there_wait_at_every_node(node: Callable[..., Any]) -> None:
    """Behaviour 26: also where the ban is followed when the person is gone, and at a node that comes later."""
    there = "127.0.0.5"
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        mara = await host(first)
        await first.join("Eve", address=there)
        await until(lambda: names(second) == ["Mara", "Eve"])
        mara.send("ban", whom="Eve", id="b")
        await mara.next("done")
        await until(lambda: list(second.server.hub.standings))
        kit, waiting = await knocks(second, "Kit", KIT, there)
        assert waiting["type"] == "waiting"
        async with node("c") as third:
            await until(third.server.dispatcher.waiting_room.known)
            ana, waiting = await knocks(third, "Ana", ANA, there)
            assert waiting["type"] == "waiting"
            mara.send("unban", whom="Eve")
            assert [(await peer.event())["type"] for peer in (kit, ana)] == ["welcome", "welcome"]


class Channel:
    """To other nodes, whose words the test says itself."""

    def attach(self, listener: NodeListener) -> None:
        """See ``NodeChannel``."""

    def wake(self) -> None:
        """See ``NodeChannel``."""


def test_what_was_decided_last_holds_whatever_the_clocks_of_nodes_say_and_nothing_for_ever() -> None:
    now, clock = int(time() * 1000), [0.0]
    kit = Verdict("kit", "k", "kit", "10.0.0.1")
    declined = replace(kit, at=now + 60_000, refusal="No.")  # by a clock that is fast
    here, there = Decisions(lambda: clock[0]), Decisions(lambda: clock[0])
    assert [node.hear(declined) for node in (here, there)] == [True, True]
    let_in = here.decide(kit)
    assert there.hear(let_in)
    assert there.recent() == [let_in]
    assert not here.hear(replace(kit, identity="ana", at=now - 601_000)), "another node still tells of it"
    assert here.hear(replace(kit, identity="bo", at=now - 590_000))
    clock[0] = 11.0
    assert here.recent() == [let_in]

    adopted: list[bool] = []
    first, second = NodeSwitches(Channel()), NodeSwitches(Channel())
    turn = first.add("approval", adopted.append)
    second.add("approval", adopted.append)
    for switches in (first, second):
        switches.heard("c", msgspec.msgpack.encode({"approval": (True, now + 60_000)}))
    second.heard("c", msgspec.msgpack.encode({"approval": ("yes", now + 90_000)}))  # of another version
    turn(False)
    second.heard("a", first.whole())
    assert adopted == [True, True, False]
