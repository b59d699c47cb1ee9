"""Budgets at a real server: they belong to an identity, survive a reconnect, and close nobody who waits as told."""

import asyncio
from typing import Any

import pytest

from chatdesk.server import rate_limits
from tests.server.budget_clock import stop_clock
from tests.server.chat import Peer, chat
from tests.server.delayed_log import FULL, DelayedStore
from tests.server.wire import Event
from tests.waiting import until


async def answer(peer: Peer, name: str, **fields: Any) -> Event:
    peer.send(name, **fields)
    return await peer.event()


async def use_up(peer: Peer, name: str, **fields: Any) -> Event:
    """Send until it is refused, and return the refusal."""
    while True:
        event = await answer(peer, name, **fields)
        if event["type"] == "error":
            return event


async def token_of(peer: Peer, nickname: str) -> str:
    peer.send("join", nickname=nickname)
    token: str = (await peer.next("welcome"))["token"]
    await peer.ping()
    return token


async def test_a_fast_pager_that_waits_as_told_is_never_refused_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stop_clock(monkeypatch)
    async with chat() as c:
        kit = await c.join("Kit")
        refused = 0
        for number in range(32):
            event = await answer(kit, "history", limit=1, id=f"page {number}")
            if event["type"] == "error":
                refused += 1
                assert (event["code"], event["ref"]) == ("rate_limited", f"page {number}")
                assert 0 < event["retry_after"] <= 0.202, "a fifth of a second, and what a timer may go off early"
                clock.now += event["retry_after"]
                event = await answer(kit, "history", limit=1, id=f"page {number}")
            assert (event["type"], event["ref"]) == ("history", f"page {number}")
    assert refused == 13, "one of the first 20 was spent when Kit joined"


async def test_requests_refused_together_each_find_a_token_at_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat() as c:
        with monkeypatch.context() as context:
            stop_clock(context)
            kit = await c.join("Kit")
            for number in range(30):
                kit.send("search", query="x", id=str(number))
            refused = [event for event in await kit.events(30) if event["type"] == "error"]
        assert len(refused) == 11, "one more was spent when Kit joined"
        for event in refused:
            asyncio.get_running_loop().call_later(
                event["retry_after"], lambda ref=event["ref"]: kit.send("search", query="x", id=ref)
            )
        again = await kit.events(len(refused))
        assert [(event["type"], event["ref"]) for event in again] == [("search", event["ref"]) for event in refused]


async def test_who_asks_in_a_hurry_and_then_waits_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """More refusals at once than errors are forgiven: they are none."""
    clock = stop_clock(monkeypatch)
    async with chat() as c:
        kit = await c.join("Kit")
        for _ in range(120):
            kit.send("history", limit=1)
        answers = await kit.events(120)
        wait = max(event.get("retry_after", 0) for event in answers)
        assert sum(event["type"] == "error" for event in answers) > 90
        assert wait < 4.3
        clock.now += wait
        assert (await answer(kit, "users"))["type"] == "users"


async def test_who_writes_to_a_full_disk_in_a_hurry_is_not_closed() -> None:
    store = DelayedStore()
    async with chat(store=store, message_rate=0) as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit")
        await until(lambda: store.replies)
        await store.answer()
        await kit.next("user_joined")
        store.set_problem(FULL)
        await kit.next("storage")
        for number in range(100):
            kit.send("message", content="hi", id=str(number))
        await until(lambda: len(store.writes) == 100)
        store.commit()
        refused = await kit.events(100)
        assert {event["code"] for event in refused} == {"storage"}
        kit.send("ping")
        assert (await kit.event())["type"] == "pong"


async def test_a_reconnect_refills_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)
    async with chat() as c:
        kit = await c.connect()
        token = await token_of(kit, "Kit")
        await use_up(kit, "message", content="hi")
        await use_up(kit, "history")
        kit.abort()
        back = await c.connect()
        back.send("join", nickname="Kit", token=token)
        await back.next("user_joined")
        for _ in range(20):
            back.send("history")
        for _ in range(10):
            back.send("message", content="hi")
        answers = await back.events(30)
        refused = {event["ref"] for event in answers if event["type"] == "error"}
        assert refused == {"history", "message"}, "a fresh budget has room for all of them"


async def test_two_connections_of_an_identity_have_one_budget_and_others_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_clock(monkeypatch)
    async with chat() as c:
        kit = await c.connect()
        token = await token_of(kit, "Kit")
        ana = await c.join("Ana")
        phone = await c.join("Kit", token=token)
        await use_up(phone, "history")
        kit.send("search", query="x")
        assert (await kit.next("error"))["code"] == "rate_limited"
        assert (await answer(ana, "history"))["type"] == "history"


async def test_newcomers_of_one_network_have_a_budget_and_those_who_come_back_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limits, "_LEAST_NEWCOMERS", 0)
    async with chat(max_connections=5) as c:
        for number in range(4):
            (await c.join(f"Kit {number}")).abort()
        ana = await c.connect()
        token = await token_of(ana, "Ana")
        for _ in range(3):
            ana.abort()
            ana = await c.join("Ana", token=token)
        await until(lambda: len(c.server.hub.people) == 1)
        late = await c.connect()
        late.send("join", nickname="Bo", id="j1")
        error = await late.next("error")
        assert (error["code"], error["ref"]) == ("rate_limited", "j1")
        assert 0 < error["retry_after"] <= 120
        late.send("join", nickname="Bo", token="new." + "k" * 32)
        assert (await late.next("error"))["code"] == "rate_limited", "anybody can make such a token"
        late.send("join", nickname="Bo", token="made.up")  # noqa: S106
        assert (await late.next("error"))["code"] == "rate_limited"
        assert {person.nickname for person in c.server.hub.people.values()} == {"Ana"}


async def test_a_class_behind_one_address_is_in_at_once() -> None:
    async with chat() as c:
        peers = await asyncio.gather(*(c.connect() for _ in range(60)))
        for number, peer in enumerate(peers):
            peer.send("join", nickname=f"Pupil {number}")
        welcomes = await asyncio.gather(*(peer.event() for peer in peers))
        assert {welcome["type"] for welcome in welcomes} == {"welcome"}
        assert len(c.server.hub.people) == 60


async def tried(peer: Peer, name: str) -> list[Event]:
    """What answers the making of ten rooms."""
    answers: list[Event] = []
    for number in range(10):
        peer.send(name, room=f"{name}-{number}", id=f"{name} {number}")
        while (event := await peer.event()).get("ref") != f"{name} {number}":
            pass
        answers.append(event)
    return answers


async def test_a_class_makes_its_rooms_from_one_address_and_nobody_fills_the_chat_as_ever_new_people() -> None:
    """The host may go on; who is refused is told for how long, and the rooms that are there can be entered."""
    async with chat() as c:
        made = 0
        for number in range(60):
            peer = await c.join(f"Bench {number}")
            for place in range(5):
                event = await answer(peer, "create", room=f"bench-{number}-{place}")
                assert event["type"] == "room", event
                made += 1
        for name in ("create", "enter"):
            newcomer = await c.join(f"Somebody to {name}")
            refused = next(event for event in await tried(newcomer, name) if event["type"] == "error")
            assert (refused["code"], 0 < refused["retry_after"] <= 30) == ("rate_limited", True), refused
        ana = await c.join("Ana")
        assert (await answer(ana, "enter", room="bench-1-1"))["type"] == "users"
        host = await c.join("Mara", token=c.server.host_token)
        assert (await answer(host, "create", room="one-more"))["type"] == "room"
    assert made == 300


LONG = "a" * 8000
"""A long message, in bytes a quarter of the longest one."""


async def test_text_is_counted_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)
    async with chat(message_rate=100) as c:
        kit = await c.join("Kit")
        refused = await use_up(kit, "message", content=LONG)
        assert (refused["code"], refused["content"].split(":")[0]) == (
            "rate_limited",
            "You have sent very much text just now",
        )
        assert 0 < refused["retry_after"] <= 8
        assert c.server.store.room("lobby").last_seq == 16
        kit.send("edit", seq=1, content=LONG)
        assert (await kit.next("error"))["code"] == "rate_limited"
        kit.send("message", content="still here")
        assert (await kit.next("message"))["content"] == "still here"
        assert c.server.reports.stats()["limits"]["text"] == 2


async def test_who_says_little_is_not_held_up_by_others_of_the_same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_NETWORK_TEXT", rate_limits.Rate(per_second=10, burst=80_000))
    async with chat(message_rate=100) as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        await use_up(kit, "message", content=LONG)
        refused = await answer(kit, "message", content=LONG)
        assert refused["content"].startswith("Very much text was sent from your network")
        ana.send("message", content="hi")
        while (event := await ana.event())["type"] != "error":
            if event["type"] == "message" and event["content"] == "hi":
                return
        pytest.fail(str(event))


async def test_newcomers_cannot_use_up_the_rooms_of_those_who_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.server.rate_limits._an_hour", lambda count, _rate: rate_limits.Rate(count / 3600, 5))
    async with chat() as c:
        ana, kit = await c.join("Ana"), await c.join("Kit")
        next(person for person in c.server.hub.people.values() if person.nickname == "Ana")._since -= 601
        for number in range(6):
            kit.send("create", room=f"room-{number}")
        assert (await kit.next("error"))["code"] == "rate_limited"
        ana.send("create", room="ours")
        ana.send("rooms", query="ours")
        assert [room["room"] for room in (await ana.next("rooms"))["rooms"]] == ["ours"]


async def test_of_very_many_who_type_at_once_a_room_hears_of_some(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)
    async with chat() as c:
        ana = await c.join("Ana")
        typing = [await c.join(f"Kit {number}") for number in range(80)]
        for peer in typing:
            peer.send("typing")
        for peer in typing:
            await peer.ping()
        for _ in range(60):
            await ana.next("typing")
        ana.send("message", content="And who else types is told with this")
        while (event := await ana.event())["type"] != "message":
            assert event["type"] != "typing"
