"""Two real nodes and a real Redis, which are killed: what is confirmed is kept once, in one order for everybody."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from websockets.sync.client import connect

from chatdesk.log.database import FILE
from tests.bench.crowd import Crowd, crowd, talking
from tests.cluster.redis_server import RedisServer
from tests.e2e import on_disk
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving


@pytest.fixture
def nodes(redis: RedisServer, chat_name: str) -> Iterator[tuple[Serving, Serving]]:
    options = ("--no-discovery", "--message-rate", "0", "--name", chat_name, "--cluster", redis.url)
    with ExitStack() as stack:
        first, second = (stack.enter_context(Serving(*options)) for _ in range(2))
        yield first, second


async def talk_while(people: Crowd, *steps: Any) -> None:
    """Let everybody write while these things happen."""
    async with talking(people, Random(5)):
        for step in steps:
            await asyncio.sleep(0.4)
            await asyncio.to_thread(step)
        await asyncio.sleep(0.4)


def order(folder: Path) -> list[Any]:
    """What the file of a node that has ended says of the order."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        columns = "place & ((1 << 40) - 1), identity, id, nickname, content, time, change"
        return db.execute(f"SELECT {columns} FROM entry ORDER BY 1").fetchall()


@pytest.mark.slow
async def test_nothing_that_was_confirmed_is_lost_or_doubled_by_kills(
    nodes: tuple[Serving, Serving], redis: RedisServer
) -> None:
    first, second = nodes
    async with crowd(first.websocket, second.websocket) as people:
        await talk_while(
            people,
            *(first.kill, first.start),
            *(redis.kill, redis.start),
            *(second.kill, redis.kill, second.start, redis.start),
        )
        await people.settle()
        confirmed = sum(len(writer.confirmed) for writer in people.writers)
        heard = [writer.heard for writer in people.writers]
    for node in nodes:
        node.stop()
        left = on_disk.read(node.folder)
        assert [*people.compare(left), *people.compare_all(left, in_order=False)] == []
    assert order(first.folder) == order(second.folder)
    assert confirmed > 100
    assert heard == [heard[0]] * len(heard)
    for node in nodes:
        node.start()


def test_a_client_goes_on_at_the_other_node_where_it_was(nodes: tuple[Serving, Serving]) -> None:
    first, second = nodes
    with Peer(first.websocket, "Ana") as ana, Peer(second.websocket, "Ben") as ben:
        ana.say("one", "two")
        before = joined(first, "history", "Kit")
        ana.send(type="react", seq=1, emoji="👍")
        ben.wait_for(lambda event: event["type"] == "updated")
        ben.say("three")
        position = {"epoch": before[0]["epoch"], "change": 2, "seq": 2}
        after = joined(second, "message", "Kit", token=before[0]["token"], resume=position)
    for field in ("me", "epoch", "server"):
        assert after[0][field] == before[0][field]
    missed = [(event["type"], event["seq"], event["change"]) for event in after if "change" in event and "seq" in event]
    assert missed == [("updated", 1, 3), ("message", 3, 4)]


def joined(node: Serving, until: str, nickname: str, **fields: Any) -> list[dict[str, Any]]:
    """What a client is sent when it joins, from ``welcome`` up to the first event of this type; then it is gone."""
    events: list[dict[str, Any]] = []
    with connect(node.websocket, proxy=None) as socket:
        socket.send(json.dumps({"type": "join", "nickname": nickname, **fields}))
        while not events or events[-1]["type"] != until:
            events.append(json.loads(socket.recv(10)))
    return events


def test_everybody_is_told_that_the_chat_is_read_only(nodes: tuple[Serving, Serving], redis: RedisServer) -> None:
    with Peer(nodes[0].websocket, "Ana") as ana, Peer(nodes[1].websocket, "Ben") as ben:
        ana.say("before")
        redis.kill()
        try:
            for peer in (ana, ben):
                told = peer.wait_for(lambda event: event["type"] == "storage")
                assert (told["problem"], "read only" in told["content"]) == ("away", True)
            ana.send(type="message", content="meanwhile", id="1")
            assert ana.wait_for(lambda event: event["type"] == "error")["code"] == "storage"
            with Peer(nodes[0].websocket, "Cy") as reader:
                reader.send(type="search", query="before")
                assert reader.wait_for(lambda event: event["type"] == "search")["hits"]
        finally:
            redis.start()
        assert ana.wait_for(lambda event: event["type"] == "storage")["problem"] == ""
        ana.send(type="message", content="meanwhile", id="1")
        assert ana.hear("meanwhile")["seq"] == ben.hear("meanwhile")["seq"] == 2


def test_a_room_that_is_made_on_one_node_is_in_the_list_of_the_other(nodes: tuple[Serving, Serving]) -> None:
    first, second = nodes
    with (
        Peer(second.websocket, "Ben", capabilities=["rooms"]) as ben,
        Peer(first.websocket, "Ana", capabilities=["rooms"]) as ana,
    ):
        ana.send(type="create", room="build", topic="The lift")
        told = ben.wait_for(lambda event: event["type"] == "room" and event["room"]["room"] == "build")
        assert told["room"]["topic"] == "The lift"
        ben.send(type="enter", room="build")
        ben.wait_for(lambda event: event["type"] == "history" and event["room"] == "build")
        ana.send(type="enter", room="build")
        ana.send(type="message", room="build", content="in build")
        assert ben.hear("in build")["room"] == "build"
