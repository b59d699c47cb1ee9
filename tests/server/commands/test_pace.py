"""The pace of a room over the wire: slow mode, announcements, hold for approval."""

from time import monotonic

import pytest

from chatdesk.log.hook_file import Hook
from chatdesk.server.hooks import Hooks, Outcome
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.wire import Event
from tests.waiting import until

ORDER = ["pace"]


async def mara_of(c: Chat, **pace: object) -> Peer:
    """The host, whose room has this pace."""
    mara = await c.join("Mara", token=c.server.host_token, capabilities=["pace", "rooms"])
    mara.send("pace", **pace, id="p")
    while (await mara.next("room")).get("ref") != "p":
        pass
    return mara


async def refusal(peer: Peer, content: str, id_: str = "again") -> Event:
    peer.send("message", content=content, id=id_)
    return await peer.next("error")


async def said(peer: Peer, content: str, **fields: object) -> Event:
    peer.send("message", content=content, **fields)
    while (event := await peer.next("message"))["content"] != content:
        pass
    return event


async def test_slow_mode_counts_by_identity_replies_included_and_edits_not() -> None:
    async with chat() as c:
        mara = await mara_of(c, slow=300)
        kit = await c.connect()
        kit.send("join", nickname="Kit", capabilities=["pace"])
        token = (await kit.next("welcome"))["token"]
        started = monotonic()
        first = await said(kit, "one", id="m1")
        answer = await refusal(kit, "two")
        assert (answer["code"], answer["ref"]) == ("slow_mode", "again")
        assert started + 299.9 <= monotonic() + answer["retry_after"] <= monotonic() + 300
        assert "5 minutes" in answer["content"]
        kit.send("message", content="a reply", reply_to=first["seq"], id="r")
        assert (await kit.next("error"))["code"] == "slow_mode"
        kit.send("edit", seq=first["seq"], content="one, edited", id="e")
        assert (await kit.next("updated"))["message"]["content"] == "one, edited"
        kit.send("react", seq=first["seq"], emoji="👍", id="r")
        await kit.next("updated")
        kit.abort()
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=token, capabilities=["pace"])
        assert started + 299.9 <= monotonic() + (await kit.next("wait"))["seconds"] <= monotonic() + 300
        assert (await refusal(kit, "three"))["code"] == "slow_mode"
        for text in ("host one", "host two"):
            await said(mara, text)
        mara.send("pace", slow=0)
        await until(lambda: not c.server.hub.rooms["lobby"].settings.slow)
        assert (await said(kit, "now", id="n"))["seq"] == 4


async def test_what_is_sent_again_after_a_lost_line_is_confirmed_and_not_refused() -> None:
    async with chat() as c:
        mara = await mara_of(c, slow=60)
        kit = await c.join("Kit", capabilities=ORDER)
        first = await said(kit, "one", id="m1")
        assert (await said(kit, "one", id="m1"))["seq"] == first["seq"]
        mara.send("pace", slow=0, announce=True)
        await until(lambda: c.server.hub.rooms["lobby"].settings.announce)
        assert (await said(kit, "one", id="m1"))["seq"] == first["seq"]
        assert (await refusal(kit, "two"))["code"] == "announce_only"


async def test_in_a_room_of_announcements_others_read_and_react() -> None:
    async with chat() as c:
        mara = await mara_of(c, announce=True)
        kit = await c.join("Kit")
        event = await said(mara, "Lunch at one")
        assert await error_reply(kit, "message", content="What is it?", id="m") == ("announce_only", "m")
        assert await error_reply(kit, "message", content="What is it?") == ("announce_only", "message")
        kit.send("react", seq=event["seq"], emoji="👍", id="r")
        assert (await kit.next("updated"))["seq"] == event["seq"]
        assert await error_reply(kit, "pace", announce=False, id="p") == ("forbidden", "p")


async def test_held_messages_have_no_seq_and_are_seen_by_those_who_decide_alone() -> None:
    async with chat() as c:
        mara = await mara_of(c, hold=True)
        kit, ana, plain = (
            await c.join("Kit", capabilities=ORDER),
            await c.join("Ana", capabilities=ORDER),
            await c.join("Tom"),
        )
        kit.send("message", content="May I?", id="m1")
        held = await kit.next("held")
        [waiting] = held["messages"]
        assert (waiting["id"], held["waits_for"]) == ("m1", "Mara")
        assert "seq" not in waiting
        assert (await mara.next("held"))["messages"] == [waiting]
        plain.send("message", content="Me too")
        assert "waits for" in (await plain.next("system"))["content"]
        [other] = (await mara.next("held"))["messages"]
        kit.send("message", content="May I?", id="m1")  # it is sent again after a lost line
        assert (await kit.next("held"))["messages"] == [waiting]
        assert (await ana.ping("search", query="May"))["hits"] == []
        ana.send("held", id="h")
        assert (await ana.next("held"))["messages"] == []
        assert await error_reply(ana, "approve", held=waiting["held"], id="a") == ("forbidden", "a")
        mara.send("approve", held=waiting["held"], id="a")
        shown = await ana.next("message")
        assert (shown["content"], shown["nickname"], shown["seq"], shown["id"]) == ("May I?", "Kit", 1, "m1")
        assert (await kit.next("decided"))["approved"]
        mara.send("refuse", held=other["held"], reason="not now", id="d")
        assert "Mara" in (declined := await plain.next("system"))["content"]
        assert "not now" in declined["content"]
        assert await error_reply(mara, "approve", held=waiting["held"], id="x") == ("not_found", "x")


async def test_the_author_finds_what_was_declined_until_they_forget_it_and_edits_pass_nobody_by() -> None:
    async with chat() as c:
        mara = await mara_of(c)
        kit = await c.connect()
        kit.send("join", nickname="Kit", capabilities=["pace"])
        token = (await kit.next("welcome"))["token"]
        early = await said(kit, "harmless", id="early")
        mara.send("pace", hold=True)
        await until(lambda: c.server.hub.rooms["lobby"].settings.hold)
        assert await error_reply(kit, "edit", seq=early["seq"], content="harmful", id="e") == ("held", "e")
        kit.send("message", content="No", id="m1")
        number = (await mara.next("held"))["messages"][0]["held"]
        mara.send("refuse", held=number, id="d")
        await mara.next("decided")
        kit.abort()
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=token, capabilities=["pace"])
        [mine] = (await kit.next("held"))["messages"]
        assert mine["declined"]
        kit.send("withdraw", held=number, id="w")
        await kit.next("decided")
        assert (await kit.ping("held", id="h"))["messages"] == []


async def test_one_person_fills_no_queue() -> None:
    async with chat() as c:
        await mara_of(c, hold=True)
        kit = await c.join("Kit", capabilities=ORDER)
        for number in range(5):
            kit.send("message", content=f"{number}")
            await kit.next("held")
        assert await error_reply(kit, "message", content="six", id="m") == ("held", "m")


@pytest.mark.parametrize("pace", [{"announce": True}, {"hold": True}, {"slow": 60}])
async def test_a_webhook_comes_by_the_same_way_in(pace: dict[str, object]) -> None:
    async with chat() as c:
        await mara_of(c, **pace)
        outcomes: list[Outcome] = []
        hook = Hook("CI", "lobby", "", 0)
        hooks = Hooks(c.server.hub, c.server.dispatcher.say)
        for text in ("one", "two"):
            hooks.post(hook, "", text, outcomes.append)
        seqs = c.server.hub.rooms["lobby"].log.last_seq
        codes = [getattr(outcome, "code", None) for outcome in outcomes]
        expected = {"announce": (["announce_only"] * 2, 0), "hold": ([None] * 2, 0), "slow": ([None, "slow_mode"], 1)}
        assert (codes, seqs) == expected[next(iter(pace))]
