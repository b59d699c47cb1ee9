"""The waiting room over the wire: places, decisions in words, lost connections, and what stays bounded."""

import asyncio

import pytest

from chatdesk.protocol.errors import CloseCode
from chatdesk.server import decisions, fresh_bans
from chatdesk.server import waiting_room as module
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.wire import Event
from tests.waiting import until

KIT = "new." + 32 * "k"
ANA = "new." + 32 * "a"
BO = "new." + 32 * "b"


async def knocks(c: Chat, nickname: str, token: str | None = None, address: str = "") -> tuple[Peer, Event]:
    """Somebody who asks to come in, and the first answer."""
    peer = await c.connect(address=address)
    peer.send("join", nickname=nickname, id="j", **({"token": token} if token else {}))
    return peer, await peer.event()


async def host(c: Chat) -> Peer:
    return await c.join("Mara", token=c.server.host_token, capabilities=["queue"])


async def queue(peer: Peer, name: str = "queue", **fields: object) -> list[str]:
    """Ask, or decide, and return the names of those who wait then."""
    peer.send(name, **fields, id=f"the {name}")
    while (event := await peer.next("queue")).get("ref") != f"the {name}":
        pass
    return [waiter["nickname"] for waiter in event["people"]]


async def test_a_newcomer_waits_is_told_the_place_and_comes_in_when_accepted() -> None:
    async with chat(approval=True, name="Workshop") as c:
        mara = await host(c)
        kit, waiting = await knocks(c, "Kit", KIT)
        assert waiting == {
            **{"type": "waiting", "position": 1, "nickname": "Kit", "name": "Workshop", "host": "Mara"},
            **{"keeps": 120, "ref": "j", "content": waiting["content"]},
        }
        ana, waiting = await knocks(c, "Ana", ANA)
        assert (waiting["position"], "One person is before you" in waiting["content"]) == (2, True)
        assert await error_reply(kit, "message", content="hi", id="m") == ("waiting", "m")
        assert [it["nickname"] for it in (await mara.next("queue"))["people"]] == ["Kit", "Ana"]
        assert await queue(mara, "accept", who="kit") == ["Ana"]
        assert (await kit.event())["type"] == "welcome"
        moved = await ana.next("waiting")
        assert (moved["position"], moved["ref"]) == (1, "j")
        assert len(c.server.hub.people) == 2, "who waits has no place in the chat"


async def test_who_is_sent_away_is_told_why_and_does_not_come_back_by_itself() -> None:
    """Behaviour 29: a decision answers in words."""
    async with chat(approval=True) as c:
        mara = await host(c)
        kit, _ = await knocks(c, "Kit", KIT)
        assert await queue(mara, "decline", who="Kit", reason="We are full.") == []
        refused = await kit.next("error")
        assert (refused["code"], refused["ref"]) == ("declined", "j")
        assert refused["content"].endswith("does not let you in: We are full.")
        assert (await kit.farewell())[0] == CloseCode.DECLINED
        assert await error_reply(mara, "decline", who="Kit", id="d") == ("not_found", "d")


async def test_after_a_ban_newcomers_from_there_wait_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behaviour 26: the address is not banned, but nobody who is new comes from it unseen."""
    there = "127.0.0.5"
    async with chat() as c:
        mara = await host(c)
        await c.join("Eve", address=there)
        mara.send("ban", whom="Eve", id="b")
        await mara.next("done")
        eve, waiting = await knocks(c, "Kit", KIT, there)
        assert waiting["type"] == "waiting"
        assert (await knocks(c, "Ana", ANA, "127.0.0.6"))[1]["type"] == "welcome", "from elsewhere"
        mara.send("unban", whom="Eve")
        assert (await eve.event())["type"] == "welcome", "it is undone"
        monkeypatch.setattr(fresh_bans, "FRESH_SECONDS", 0.1)
        mara.send("ban", whom="Kit", id="b")
        await mara.next("done")
        bo, waiting = await knocks(c, "Bo", BO, there)
        assert [waiting["type"], (await bo.event())["type"]] == ["waiting", "welcome"], "it is fresh no longer"


async def test_who_loses_the_connection_keeps_the_place_and_hears_the_decision_on_return() -> None:
    async with chat(approval=True) as c:
        mara = await host(c)
        kit, _ = await knocks(c, "Kit", KIT)
        await knocks(c, "Ana", ANA)
        bo, _ = await knocks(c, "Bo", BO)
        kit.abort()
        while not any(it.get("lost") for it in (await mara.next("queue"))["people"]):
            pass
        kit, waiting = await knocks(c, "Kitty", KIT)
        assert (waiting["position"], waiting["nickname"]) == (1, "Kitty"), "under another name, too"
        assert await queue(mara) == ["Kitty", "Ana", "Bo"]
        for peer in (kit, bo):
            peer.abort()
        await until(lambda: sum(it.decision is None for it in c.server.dispatcher.waiting_room._queue.values()) == 2)
        await queue(mara, "accept", who="Kitty")
        await queue(mara, "decline", who="Bo")
        assert (await knocks(c, "Kit", KIT))[1]["type"] == "welcome"
        assert (await knocks(c, "Bo", BO))[1]["code"] == "declined"


async def test_who_was_sent_away_is_not_asked_for_again_unless_they_are_let_in_after_all() -> None:
    async with chat(approval=True) as c:
        mara = await host(c)
        await knocks(c, "Bo", BO)
        await queue(mara, "decline", who="Bo", reason="We are full.")
        for nickname, token in (("Bo", BO), ("Bob", BO), ("bo", KIT)):
            _, refused = await knocks(c, nickname, token)
            assert refused["code"] == "declined", "the same person or the same name, from the same network"
            assert "We are full." in refused["content"]
        assert await queue(mara) == []
        await knocks(c, "Kit", KIT)
        assert await queue(mara, "accept", who="bo") == ["Kit"]
        assert (await knocks(c, "Bo", BO))[1]["type"] == "welcome"
        assert await error_reply(mara, "accept", who="Bo", id="a") == ("not_found", "a")


async def test_after_a_while_they_may_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "_KEPT_SECONDS", -1)
    async with chat(approval=True) as c:
        mara = await host(c)
        await knocks(c, "Bo", BO)
        await queue(mara, "decline", who="Bo")
        assert (await knocks(c, "Bo", BO))[1]["type"] == "waiting"


async def test_who_is_banned_while_waiting_is_turned_away_at_once() -> None:
    async with chat(approval=True) as c:
        mara = await host(c)
        eve, _ = await knocks(c, "Eve", ANA)
        spam, _ = await knocks(c, "Spam 1", BO)
        await knocks(c, "Kit", KIT)
        mara.send("ban", whom="Eve", reason="not you", id="b")
        told = await eve.next("error")
        assert (told["code"], told["reason"]) == ("banned", "not you")
        assert (await eve.farewell())[0] == CloseCode.BANNED
        mara.send("ban_name", nickname="*spam*")
        assert (await spam.next("error"))["code"] == "bad_nickname"
        assert await queue(mara) == ["Kit"]
        spam.send("join", nickname="Sam", token=BO)
        assert (await spam.event())["type"] == "waiting", "under another name they wait"


async def test_who_leaves_is_out_of_the_queue_and_a_place_is_not_kept_for_ever() -> None:
    async with chat(approval=True) as c:
        mara, waiting_room = await host(c), c.server.dispatcher.waiting_room
        kit, _ = await knocks(c, "Kit", KIT)
        kit.send("leave")
        assert (await kit.farewell())[0] == CloseCode.LEFT
        ana, _ = await knocks(c, "Ana", ANA)
        assert await queue(mara) == ["Ana"]
        waiting_room._keeps = 0.01
        ana.abort()
        await until(lambda: not len(waiting_room))


async def test_known_people_the_invited_and_everybody_while_it_is_off_do_not_wait() -> None:
    async with chat() as c:
        mara = await host(c)
        kit, welcome = await knocks(c, "Kit", KIT)
        assert await queue(mara, "approval") == []
        assert await error_reply(kit, "approval", active=False, id="a") == ("forbidden", "a")
        kit.send("leave")
        await kit.farewell()
        assert (await knocks(c, "Kit", welcome["token"]))[1]["type"] == "welcome"
        mara.send("invite")
        peer = await c.connect()
        peer.send("join", nickname="Bo", invitation=(await mara.next("invited"))["code"])
        assert (await peer.event())["type"] == "welcome"
        _, waiting = await knocks(c, "Ana", ANA)
        assert waiting["type"] == "waiting"
        forged, answer = await knocks(c, "Eve", welcome["token"][:-1] + "x")
        assert answer["type"] == "waiting"
        assert await queue(mara, "approval", active=False) == []
        assert (await forged.event())["type"] == "welcome"


async def test_a_name_that_is_taken_meanwhile_does_not_cost_the_decision() -> None:
    async with chat(approval=True) as c:
        mara = await host(c)
        one, _ = await knocks(c, "Kit", KIT)
        other, _ = await knocks(c, "Kit", ANA)
        await queue(mara, "accept")
        assert (await one.event())["type"] == "welcome"
        refused = await other.next("error")
        assert (refused["code"], refused["ref"]) == ("nickname_taken", "j")
        other.send("join", nickname="Ana", token=ANA)
        assert (await other.event())["type"] == "welcome"


async def test_members_neither_see_the_queue_nor_decide() -> None:
    async with chat(approval=True) as c:
        mara = await host(c)
        kit = await c.connect()
        kit.send("join", nickname="Kit", capabilities=["queue"])
        await kit.next("waiting")
        await queue(mara, "accept")
        await kit.next("welcome")
        for name, fields in (("queue", {}), ("accept", {}), ("decline", {"who": "Ana"})):
            assert await error_reply(kit, name, **fields, id=name) == ("forbidden", name)
        await knocks(c, "Ana", ANA)
        assert (await mara.next("queue"))["people"]
        kit.send("users")
        heard = []
        while not heard or heard[-1] != "users":
            heard.append((await kit.event())["type"])
        assert "queue" not in heard


async def test_the_queue_is_bounded_and_nobody_fills_it_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 4)
    monkeypatch.setattr(module, "MOST_OF_A_NETWORK", 4)
    async with chat(approval=True) as c:
        crowd = [await knocks(c, f"n{number}") for number in range(4)]
        _, refused = await knocks(c, "Late")
        assert (refused["code"], refused["retry_after"]) == ("queue_full", 30)
        waiting_room = c.server.dispatcher.waiting_room
        waiting_room._make_place("another network")
        last = await crowd[-1][0].next("error")
        assert last["code"] == "queue_full"
        assert len(waiting_room) == 3


async def test_a_second_tab_takes_the_place_of_the_first() -> None:
    async with chat(approval=True) as c:
        first, _ = await knocks(c, "Kit", KIT)
        _, waiting = await knocks(c, "Kit", KIT)
        assert waiting["position"] == 1
        assert (await first.next("error"))["code"] == "declined"
        await asyncio.sleep(0)
        assert len(c.server.dispatcher.waiting_room) == 1
