"""Over two real nodes and a real Redis: who, and what, waits for approval at one node is decided about at the other."""

from collections.abc import Callable
from typing import Any

from tests.cluster.in_process import names
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
    mara.send("approve", held=waits["held"])
    told = await kit.next("decided")
    assert (told["held"], told["approved"]) == (waits["held"], True)
    assert [(await peer.next("message"))["content"] for peer in (kit, mara)] == ["may I?"] * 2
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
    again.send("held", id="all")
    while (event := await again.next("held")).get("ref") != "all":
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
