"""For the others, a person who is back within the grace period has neither left nor joined."""

import asyncio
from typing import Any

import pytest

from chatdesk.protocol.errors import CloseCode
from chatdesk.server.grace_period import GRACE_SECONDS
from tests.server.chat import Chat, Peer, chat
from tests.server.wire import CLOSE, client_frame
from tests.waiting import until

LONG = 30.0
SHORT = 0.15


async def joins_and_leaves(peer: Peer) -> list[str]:
    """Of whom this peer was told that they came or went, up to now."""
    peer.send("ping", id="up to now")
    told: list[str] = []
    while (event := await peer.event()) != {"type": "pong", "ref": "up to now"}:
        match event["type"]:
            case "user_joined" | "user_left":
                told.append(f"{event['type'].removeprefix('user_')} {event['nickname']}")
            case "presence":
                told += [f"joined {user['nickname']}" for user in event["joined"]]
                told += [f"left {gone['nickname']}" for gone in event["left"]]
    return told


async def settled(c: Chat, connections: int) -> None:
    """Wait until the server has so many connections, and all events are sent."""
    await until(lambda: len(c.server.connections) == connections)
    await asyncio.sleep(0.01)


async def join(c: Chat, nickname: str, **fields: Any) -> tuple[Peer, str]:
    """A peer in the room, and its token."""
    peer = await c.connect()
    peer.send("join", nickname=nickname, **fields)
    token = (await peer.next("welcome"))["token"]
    await peer.next("history")
    return peer, token


@pytest.mark.parametrize("capabilities", [[], ["presence"]], ids=["wscat", "presence"])
async def test_back_in_time_is_never_gone(capabilities: list[str]) -> None:
    """Behaviour 16."""
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana", capabilities=capabilities)
        kit, token = await join(c, "Kit")
        await asyncio.sleep(0.01)
        assert await joins_and_leaves(ana) == ["joined Kit"]
        kit.abort()
        await settled(c, 1)
        listed = await ana.ping()
        assert ([user["nickname"] for user in listed["users"]], listed["user_count"]) == (["Ana", "Kit"], 2)
        again = await c.connect()
        again.send("join", nickname="Kit", token=token)
        assert (await again.next("welcome"))["user_count"] == 2
        await settled(c, 2)
        again.send("message", content="here")
        await ana.next("message")
        assert await joins_and_leaves(ana) == []


@pytest.mark.parametrize("capabilities", [[], ["presence"]], ids=["wscat", "presence"])
async def test_a_person_who_is_not_back_in_time_has_left_once(capabilities: list[str]) -> None:
    """Behaviour 16: the log holds nothing of it."""
    async with chat(grace=SHORT) as c:
        ana = await c.join("Ana", capabilities=capabilities)
        for nickname in ("Kit", "Mara"):
            (await c.join(nickname)).abort()
        await until(lambda: len(c.server.hub.people) == 1)
        await asyncio.sleep(0.01)
        assert await joins_and_leaves(ana) == ["joined Kit", "joined Mara", "left Kit", "left Mara"]
        newcomer = await c.connect()
        newcomer.send("join", nickname="Zoe")
        history = await newcomer.next("history")
        assert (history["messages"], history["more"]) == ([], False)


async def test_a_person_who_is_not_back_in_time_may_still_have_the_nickname() -> None:
    async with chat(grace=0.0) as c:
        await c.join("Ana")
        kit, token = await join(c, "Kit")
        kit.abort()
        await until(lambda: len(c.server.hub.people) == 1)
        stranger = await c.connect()
        stranger.send("join", nickname="Kit")
        assert (await stranger.next("error"))["code"] == "nickname_taken"
        await join(c, "Kit", token=token)


@pytest.mark.parametrize("code", [CloseCode.LEFT, None], ids=["1000", "no code"])
async def test_a_person_who_says_goodbye_has_left_at_once(code: int | None) -> None:
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana")
        kit = await c.join("Kit")
        kit.write(client_frame(CLOSE, code.to_bytes(2) if code else b""))
        await settled(c, 1)
        assert await joins_and_leaves(ana) == ["joined Kit", "left Kit"]


@pytest.mark.parametrize("code", [1001, 1011, 4000], ids=["loading again", "an error", "coming back"])
async def test_a_farewell_for_now_is_none(code: int) -> None:
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana")
        kit = await c.join("Kit")
        kit.write(client_frame(CLOSE, code.to_bytes(2)))
        await settled(c, 1)
        assert await joins_and_leaves(ana) == ["joined Kit"]


async def test_a_command_to_leave_is_carried_out_at_once() -> None:
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana")
        (await c.join("Kit")).send("leave")
        await settled(c, 1)
        assert await joins_and_leaves(ana) == ["joined Kit", "left Kit"]


async def test_a_person_with_another_connection_is_not_waited_for() -> None:
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana")
        kit, token = await join(c, "Kit")
        other, _ = await join(c, "Kit", token=token)
        kit.abort()
        await settled(c, 2)
        other.send("leave")
        await settled(c, 1)
        assert await joins_and_leaves(ana) == ["joined Kit", "left Kit"]


async def test_a_person_who_returns_under_another_nickname_has_left_under_the_first() -> None:
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana")
        kit, token = await join(c, "Kit")
        kit.abort()
        await settled(c, 1)
        await join(c, "Christopher", token=token)
        await settled(c, 2)
        assert await joins_and_leaves(ana) == ["joined Kit", "left Kit", "joined Christopher"]
        assert (await ana.ping())["user_count"] == 2


async def test_another_spelling_is_another_name() -> None:
    async with chat(grace=LONG) as c:
        ana = await c.join("Ana")
        kit, token = await join(c, "Kit")
        kit.abort()
        await settled(c, 1)
        await join(c, "kit", token=token)
        assert await joins_and_leaves(ana) == ["joined Kit", "left Kit", "joined kit"]
        assert (await ana.ping())["user_count"] == 2


async def test_a_room_of_absent_people_makes_place_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.server.room_directory.MAX_OPEN_ROOMS", 2)
    async with chat(grace=LONG) as c:
        (await c.join("Kit", room="kitchen")).abort()
        await settled(c, 0)
        await c.join("Ana", room="attic")
        assert list(c.server.hub.rooms) == ["lobby", "attic"]


async def test_a_crowd_that_is_lost_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.server.grace_period.MAX_ABSENT", 5)
    async with chat(grace=LONG) as c:
        kit = await c.join("Kit")
        await asyncio.sleep(0.5)
        kit.abort()
        for number in range(9):
            (await c.join(f"Flood {number}")).abort()
        await settled(c, 0)
        assert len(c.server.hub.people) == 5
        assert "kit" in c.server.hub.people


async def test_shutting_down_waits_for_nobody() -> None:
    async with chat(grace=LONG) as c:
        (await c.join("Kit")).abort()
        await settled(c, 0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert GRACE_SECONDS == 15
