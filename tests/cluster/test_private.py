"""Over two real nodes and a real Redis: private messages reach their person, and know what they have read."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import linked_order
from chatdesk.log.database import FILE
from tests.cluster.in_process import names
from tests.cluster.redis_server import RedisServer
from tests.server.chat import Chat
from tests.server.test_rooms import ANA, KIT, listing
from tests.waiting import until


async def test_a_private_message_reaches_its_person_on_another_node(nodes: tuple[Chat, Chat], tmp_path: Path) -> None:
    first, second = nodes
    kit, ana = await first.join("Kit", token=KIT), await second.join("Ana", token=ANA)
    await until(lambda: names(first) == names(second) == ["Ana", "Kit"])
    kit.send("message", to="Ana", content="psst", id="m1")
    own, heard = await kit.next("message"), await ana.next("message")
    assert own == heard
    assert (own["to"], own["content"], own["seq"]) == ("Ana", "psst", 1)
    ana.send("message", to="Kit", content="yes?")
    assert (await kit.next("message"))["seq"] == 2
    ana.send("typing", room=own["room"])
    assert (await kit.next("typing"))["nickname"] == "Ana"

    ana.send("leave")
    await until(lambda: names(first) == ["Kit"])
    for content in ("when you", "are back"):
        kit.send("message", to="Ana", content=content)
        await kit.next("message")
    ana = await first.connect()  # at another node than before
    ana.send("join", nickname="Ana", token=ANA)
    assert [(await ana.next("message"))["content"] for _ in range(2)] == ["when you", "are back"]

    third = await second.join("Bo")
    third.send("enter", room=own["room"])
    assert (await third.next("error"))["code"] == "forbidden"
    said = private(tmp_path / "a")
    assert [content for _, content in said] == ["psst", "yes?", "when you", "are back"]
    await until(lambda: private(tmp_path / "b") == said)


async def test_what_the_host_allows_at_one_node_is_so_at_all(
    nodes: tuple[Chat, Chat], node: Callable[..., Any]
) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token)
    kit, _ana = await second.join("Kit", token=KIT), await first.join("Ana", token=ANA)
    await until(lambda: names(second) == ["Mara", "Ana", "Kit"])
    mara.send("private_messages", allow="moderators")
    await allows(second, "moderators")
    kit.send("message", to="Ana", content="psst", id="1")
    assert (await kit.next("error"))["code"] == "forbidden"
    async with node("c") as third:  # which comes later
        await allows(third, "moderators")
    mara.send("private_messages", allow="everyone")
    await allows(second, "everyone")
    kit.send("message", to="Ana", content="psst", id="2")
    assert (await kit.next("message"))["content"] == "psst"


async def allows(chat: Chat, among: str) -> None:
    """Wait until the host, who may ask as often as they like, reads there that these can write privately."""
    host = await chat.join("Mara", token=chat.server.host_token)
    while (await host.ping("rooms")).get("private_messages", "everyone") != among:
        pass


def private(folder: Path) -> list[tuple[int, str]]:
    """What a node's file has of private rooms."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        rows = db.execute(
            "SELECT place & ((1 << 40) - 1), content FROM entry JOIN room ON number = place >> 40"
            " WHERE substr(name, 1, 1) = '@' ORDER BY place"
        )
        return rows.fetchall()


async def test_what_is_read_on_one_node_is_read_on_all(nodes: tuple[Chat, Chat], node: Callable[..., Any]) -> None:
    first, second = nodes
    kit = await first.join("Kit", token=KIT, capabilities=["rooms"])
    phone = await first.join("Ana", token=ANA, capabilities=["rooms"])
    laptop = await second.join("Ana", token=ANA, capabilities=["rooms"])
    for content in ("one", "two", "three"):
        kit.send("message", content=content)
        for device in (phone, laptop):
            await device.next("message")
    identity = first.server.hub.people["ana"].identity
    phone.send("read", room="lobby", seq=2)
    while (told := (await laptop.next("room"))["room"])["read"] != 2:
        pass
    assert (told["room"], told["unread"]) == ("lobby", 1)
    laptop.send("read", room="lobby", seq=3)
    laptop.send("level", room="lobby", level="nothing")
    while (told := (await phone.next("room"))["room"])["level"] != "nothing":
        pass
    assert (told["read"], told.get("unread", 0)) == (3, 0)
    phone.send("leave")
    laptop.send("leave")
    async with node("c") as third:  # which ends right after somebody has read there
        tablet, _ = await listing(third, "Ana", ANA)
        kit.send("message", content="four")
        await tablet.next("message")
        tablet.send("read", room="lobby", seq=4)
        await tablet.next("read")
    for chat in nodes:
        await until(lambda chat=chat: is_read(chat, identity, 4))
        _, rooms = await listing(chat, "Ana", ANA)
        assert (rooms["lobby"]["read"], rooms["lobby"]["level"]) == (4, "nothing")


async def test_what_begins_while_redis_is_away_is_known_to_all_afterwards(
    nodes: tuple[Chat, Chat], redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.05)
    first, second = nodes
    kit = await first.join("Kit", token=KIT, capabilities=["rooms"])
    kit.send("message", content="one")
    await kit.next("message")
    await until(lambda: second.server.store.extent("lobby").last_seq == 1)
    redis.kill()
    await until(lambda: first.server.store.problem)
    kit.send("read", room="lobby", seq=1)
    await kit.next("read")
    bo = await first.join("Bo")
    bo.send("message", to="Kit", content="psst", id="1")
    assert (await bo.next("error"))["code"] == "storage"
    redis.start()
    await until(lambda: not (first.server.store.problem or second.server.store.problem), 10)
    bo.send("message", to="Kit", content="psst", id="1")
    assert (await bo.next("message"))["seq"] == 1
    kit.abort()
    kit = await second.connect()
    kit.send("join", nickname="Kit", token=KIT)
    assert (await kit.next("message"))["content"] == "psst"
    identity = second.server.hub.people["kit"].identity
    await until(lambda: is_read(second, identity, 1), 10)


def is_read(chat: Chat, identity: str, seq: int) -> bool:
    """Whether a node knows that somebody has read the lobby up to this message."""
    kept = chat.server.hub.subscriptions.get(identity, "lobby")
    return kept is not None and kept.read == seq
