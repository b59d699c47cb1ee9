"""Two real nodes on a real Redis: who is there, under which name, and who types is the same on both."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from chatdesk.cluster import linked_channel, linked_order, redis_link
from chatdesk.server import people_elsewhere
from tests.cluster.in_process import GRACE, meet, names, shown
from tests.cluster.redis_server import RedisServer
from tests.e2e.serving import Serving
from tests.server.chat import Chat, Peer, author
from tests.server.test_rooms import ANA
from tests.waiting import until


async def changed(peer: Peer) -> tuple[str, str]:
    """The status and its text of the next one who has changed theirs."""
    while not (users := (await peer.next("presence")).get("changed")):
        pass
    return users[0]["status"], users[0].get("status_text", "")


async def test_people_of_both_nodes_come_and_go_in_one_list(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    ana = await first.join("Ana")
    told = await first.join("Tia", capabilities=["presence"])
    await until(lambda: len(names(second)) == 2)
    ben = await second.join("Ben", client="browser")
    assert list(await shown(ben)) == ["Ana", "Ben", "Tia"]
    joined = await ana.next("user_joined")
    while joined["nickname"] != "Ben":
        joined = await ana.next("user_joined")
    assert (joined["user_count"], joined["client"]) == (3, "browser")

    ben.send("status", status="busy", text="in a call")
    ben.send("nick", nickname="Benno")
    assert await changed(told) == ("busy", "in a call")
    renamed = await told.next("renamed")
    assert (renamed["old"], renamed["nickname"]) == ("Ben", "Benno")
    people = await shown(ana)
    assert (people["Benno"]["status"], people["Benno"]["status_text"]) == ("busy", "in a call")

    ben.send("typing", active=True)
    typing = await ana.next("typing")
    assert (typing["nickname"], typing["active"]) == ("Benno", True)
    ben.send("leave")
    left = await ana.next("user_left")
    while left["nickname"] != "Benno":  # a client that knows no renames is told that Ben has left
        left = await ana.next("user_left")
    assert left["user_count"] == 2
    assert await until(lambda: names(first) == names(second) == ["Ana", "Tia"]) is None


async def test_rooms_that_are_made_on_one_node_have_the_same_people_on_the_other(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    ana = await first.join("Ana", capabilities=["rooms"])
    ana.send("create", room="build")
    ana.send("enter", room="build")
    await until(lambda: names(second, "build") == ["Ana"])
    ben = await second.join("Ben", room="build")
    assert list(await shown(ben)) == ["Ana", "Ben"]
    await until(lambda: names(first, "build") == ["Ana", "Ben"])
    ana.send("exit", room="build")
    await until(lambda: names(second, "build") == ["Ben"])
    assert names(second) == ["Ana"]


async def test_a_name_is_had_once_over_all_nodes(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    ana = await first.join("Ana")
    await until(lambda: names(second) == ["Ana"])
    other = await second.connect()
    for name in ("ana", "Аna"):  # the second one begins with a Cyrillic letter
        other.send("join", nickname=name)
        assert (await other.next("error"))["code"] == "nickname_taken"
    ana.abort()
    await until(lambda: names(second) == [])
    other.send("join", nickname="Ana")  # it is kept for Ana for five minutes, there as here
    assert "kept" in (await other.next("error"))["content"]


@pytest.mark.parametrize("later", [0, 1])
async def test_of_two_who_take_a_name_at_once_the_later_one_is_renamed(
    node: Callable[..., Any], redis: RedisServer, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while the nodes hear nothing of each other. A third node finds the same, whomever it hears of first."""
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(people_elsewhere, "_AGAIN_SECONDS", 0.05)
    async with node("a") as first, node("b") as second, node("c") as third:
        await meet(first, second, third)
        redis.kill()
        chats = [first, second]
        await chats[1 - later].join("Ana")
        await asyncio.sleep(0.002)  # joins are told apart by milliseconds
        late = await chats[later].join("Ana")
        redis.start()
        told = await late.next("system")
        while told["code"] != "order":
            told = await late.next("system")
        assert "Ana 2" in told["content"]
        await until(lambda: names(first) == names(second) == names(third) == ["Ana", "Ana 2"], 10)
        authors = [(author(one, "Ana"), author(one, "Ana 2")) for one in (first, second, third)]
        assert authors == [authors[0]] * 3


async def test_devices_on_two_nodes_are_one_person(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    watcher = await first.join("Watcher", capabilities=["presence"])
    phone = await first.connect()
    phone.send("join", nickname="Ana")
    token = (await phone.next("welcome"))["token"]
    await until(lambda: names(second) == ["Ana", "Watcher"])
    laptop = await second.join("Ana", token=token)
    assert list(await shown(laptop)) == ["Ana", "Watcher"]
    await until(lambda: first.server.hub.people["ana"].elsewhere)

    phone.send("status", idle=True)
    laptop.send("status", idle=True)
    assert await changed(watcher) == ("away", "")
    laptop.send("status", status="busy", text="at lunch", idle=False)
    assert await changed(watcher) == ("busy", "at lunch")
    phone.send("nick", nickname="Anna")
    await until(lambda: names(first) == names(second) == ["Anna", "Watcher"])

    phone.abort()
    await asyncio.sleep(2 * GRACE)
    assert names(first) == names(second) == ["Anna", "Watcher"]
    returned = await first.connect()
    laptop.abort()
    returned.send("join", nickname="Anna", token=token)  # lost there, and back here within the grace period
    await returned.next("history")
    await asyncio.sleep(2 * GRACE)
    assert (await shown(returned))["Anna"]["status_text"] == "at lunch"
    assert names(second) == ["Anna", "Watcher"]
    returned.send("leave")
    await until(lambda: names(first) == names(second) == ["Watcher"])
    heard = [event["type"] for event in await until_pong(watcher)]
    assert heard.count("renamed") == 1
    assert heard.count("presence") == 1  # nothing but the end: nobody has flickered meanwhile


async def test_who_says_goodbye_at_one_node_is_not_waited_for_at_another(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = nodes
    monkeypatch.setattr(second.server.hub.grace_periods, "_seconds", 60.0)
    for goodbye in (False, True):
        laptop = await first.join("Ana", token=ANA)
        phone = await second.join("Ana", token=ANA)
        await until(lambda: all(chat.server.hub.people["ana"].elsewhere for chat in nodes))
        phone.abort()
        await until(lambda: second.server.hub.grace_periods.is_waiting_for(second.server.hub.people["ana"]))
        if goodbye:
            laptop.send("leave")
            await until(lambda: names(first) == names(second) == [])
        else:  # lost there, too: the node that waits for longer still does
            laptop.abort()
            await until(lambda: not has(first, "ana"))
            await meet(*nodes)
            assert names(first) == names(second) == ["Ana"]


def has(chat: Chat, key: str) -> bool:
    """Whether somebody is connected to this node, or may be back there within seconds."""
    person = chat.server.hub.people[key]
    return bool(person.session_count) or chat.server.hub.grace_periods.is_waiting_for(person)


async def until_pong(peer: Peer) -> list[dict[str, Any]]:
    """All that is sent until the answer to a ping."""
    peer.send("ping", id="end")
    heard: list[dict[str, Any]] = []
    while not heard or heard[-1]["type"] != "pong":
        heard.append(await peer.event())
    return heard


async def test_people_of_a_node_that_is_killed_leave_unless_they_come_back_elsewhere(
    node: Callable[..., Any], redis: RedisServer, chat_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        linked_channel, "LEASE_SECONDS", 4.0
    )  # of the node in this process; the other one speaks every 2 s
    monkeypatch.setattr(linked_channel, "_BEAT_SECONDS", 0.2)
    options = ("--no-discovery", "--name", chat_name, "--cluster", redis.url)
    async with node("a") as first, serving(*options) as other:
        watcher = await first.join("Watcher", capabilities=["presence"])
        ben, _cy = await join_at(other, "Ben"), await join_at(other, "Cy")
        token = (await next_at(ben, "welcome"))["token"]
        await until(lambda: names(first) == ["Ben", "Cy", "Watcher"])
        killed = asyncio.get_running_loop().time()
        await asyncio.to_thread(other.kill)
        await first.join("Ben", token=token)
        await until(lambda: names(first) == ["Ben", "Watcher"], 10)
        assert asyncio.get_running_loop().time() - killed > 1
        await asyncio.to_thread(other.start)
        dan = await join_at(other, "Dan")
        await until(lambda: names(first) == ["Ben", "Dan", "Watcher"])
        while len((users := await next_at(dan, "users"))["users"]) < 3:
            await dan.send('{"type": "users"}')
        assert [user["nickname"] for user in users["users"]] == ["Ben", "Dan", "Watcher"]
        left = [gone["nickname"] for told in await until_pong(watcher) for gone in told.get("left", ())]
        assert left == ["Cy"]
        other.hold()  # a node that hangs counts as gone, too, but not for good
        await until(lambda: names(first) == ["Ben", "Watcher"], 10)
        other.resume()
        await until(lambda: names(first) == ["Ben", "Dan", "Watcher"])


async def test_a_node_that_is_woken_and_has_nothing_to_tell_is_there_all_the_same(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A status that is chosen again, or people who come elsewhere, wake it before its sign of life is due."""
    monkeypatch.setattr(linked_channel, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(linked_channel, "_BEAT_SECONDS", 0.2)
    monkeypatch.setattr(linked_channel, "_RELINKED_SECONDS", 0.0)
    first, second = nodes
    ana = await first.join("Ana")
    watcher = await second.join("Watcher", capabilities=["presence"])
    await until(lambda: names(second) == ["Ana", "Watcher"])
    for number in range(15):
        passer_by = await second.join(f"Kit {number}")
        await until(lambda name=f"Kit {number}": name in names(first))
        passer_by.send("leave")
        ana.send("status", status="online")
        await asyncio.sleep(0.1)
    watcher.send("ping", id="end")
    told = [event async for event in until_event(watcher, "pong")]
    assert "Ana" not in [gone["nickname"] for event in told for gone in event.get("left", ())]


@contextlib.asynccontextmanager
async def serving(*options: str) -> AsyncIterator[Serving]:
    """A node in a process of its own."""
    with ExitStack() as stack:
        yield await asyncio.to_thread(stack.enter_context, Serving(*options))


async def join_at(node: Serving, nickname: str, **fields: Any) -> ClientConnection:
    """Somebody who has joined at a node in another process."""
    peer = await connect(node.websocket, proxy=None)
    await peer.send(json.dumps({"type": "join", "nickname": nickname, **fields}))
    return peer


async def next_at(peer: ClientConnection, name: str) -> dict[str, Any]:
    """The next event of this type there."""
    while (event := json.loads(await asyncio.wait_for(peer.recv(), 10)))["type"] != name:
        pass
    told: dict[str, Any] = event
    return told


async def test_after_an_outage_both_nodes_know_who_is_there(
    nodes: tuple[Chat, Chat], redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_channel, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(linked_channel, "_BEAT_SECONDS", 0.1)
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0.1)
    first, second = nodes
    watcher = await first.join("Watcher", capabilities=["presence"])
    stays, goes = await second.join("Stays"), await second.join("Goes")
    await until(lambda: len(names(first)) == 3)
    redis.kill()
    try:
        goes.send("leave")
        await second.join("Comes")
        await asyncio.sleep(1)
        assert names(first) == ["Goes", "Stays", "Watcher"]  # nobody is declared gone by a node that hears nothing
    finally:
        redis.start()
    await until(lambda: names(first) == names(second) == ["Comes", "Stays", "Watcher"])
    stays.send("typing", active=True)
    told = [event async for event in until_event(watcher, "typing")]
    assert [gone["nickname"] for event in told for gone in event.get("left", ())] == ["Goes"]


async def until_event(peer: Peer, name: str) -> AsyncIterator[dict[str, Any]]:
    """All that is sent until there is an event of this type."""
    while (event := await peer.event())["type"] != name:
        yield event
