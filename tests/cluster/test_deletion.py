"""Over two real nodes and a real Redis: what the host deletes at one node is gone at all, and from their files."""

import contextlib
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import redis_link
from tests.cluster.in_process import names
from tests.cluster.redis_server import RedisServer
from tests.log.harness import bytes_of
from tests.server.chat import Chat
from tests.server.test_rooms import KIT
from tests.waiting import until

WORDS = "the combination is 3141"


async def test_a_history_that_is_deleted_is_gone_on_all_nodes_and_from_redis(
    node: Callable[..., Any], tmp_path: Path, redis: RedisServer, chat_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_link, "ERASE_SECONDS", 0.2)
    monkeypatch.setattr(redis_link, "_ERASE_IDLE_SECONDS", 0.1)
    monkeypatch.setattr(redis_link, "_ERASED_ENTRIES", 2)
    stream = f"{{chatdesk:{chat_name}}}:stream"
    async with node("a") as first:
        mara = await first.join("Mara", token=first.server.host_token, capabilities=["rooms"])
        async with node("b") as second:
            kit = await second.join("Kit", token=KIT, capabilities=["rooms"])
            for content in (WORDS, "and more"):
                kit.send("message", content=content)
                assert (await mara.next("message"))["content"] == content
            kit.send("read", room="lobby", seq=2)
        mara.send("clear")
        emptied = await mara.next("history")
        assert emptied["messages"] == []
        mara.send("message", content="a new page")
        assert (await mara.next("message"))["seq"] == 1
        await until(lambda: WORDS not in redis.command("XRANGE", stream, "-", "+"))
        await until(lambda: WORDS.encode() not in appended(redis))
        assert "a new page" in redis.command("XRANGE", stream, "-", "+")
        async with node("b") as second, node("c") as third:  # which follow it later
            hubs = [chat.server.hub for chat in (first, second, third)]
            await until(lambda: [hub.directory.extent("lobby").last_seq for hub in hubs] == [1, 1, 1])
            assert {hub.directory.extent("lobby").epoch for hub in hubs} == {emptied["epoch"]}
            marks = second.server.hub.subscriptions.in_room
            await until(lambda: [kept.read for kept in marks("lobby").values()] == [0, 0])  # ordered once a second
            kit = await second.join("Kit", token=KIT)
            mara.send("message", content="for all")
            assert (await kit.next("message"))["seq"] == 2
            mara.send("clear")
            emptied = await kit.next("history")
            assert emptied["messages"] == []
    async with node("b") as second:
        assert second.server.hub.directory.extent("lobby").epoch == emptied["epoch"]
    for folder in ("a", "b", "c"):
        assert WORDS.encode() not in bytes_of(tmp_path / folder)


async def test_what_is_deleted_while_redis_rewrites_its_file_is_gone_from_that_too(
    node: Callable[..., Any], redis: RedisServer, chat_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That file may have been begun before the deletion, and Redis refuses to begin another one meanwhile."""
    monkeypatch.setattr(redis_link, "ERASE_SECONDS", 0.1)
    monkeypatch.setattr(redis_link, "_ERASE_IDLE_SECONDS", 0.1)
    async with node("a") as first:
        mara = await first.join("Mara", token=first.server.host_token)
        mara.send("message", content=WORDS)
        await mara.next("message")
        redis.command("CONFIG", "SET", "rdb-key-save-delay", "10000000")  # 10 s for each key
        redis.command("BGREWRITEAOF")
        redis.command("CONFIG", "SET", "rdb-key-save-delay", "0")
        rewriting = child_of(redis.pid)
        mara.send("clear")
        await until(lambda: WORDS not in redis.command("XRANGE", f"{{chatdesk:{chat_name}}}:stream", "-", "+"))
        refused = re.compile(r"cmdstat_bgrewriteaof:.*failed_calls=[1-9]")
        await until(lambda: refused.search(redis.command("INFO", "commandstats")))
        os.kill(rewriting, signal.SIGKILL)
        await until(lambda: WORDS.encode() not in appended(redis))


def child_of(process: int) -> int:
    """The only one that it has."""
    [child] = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(child)


def appended(redis: RedisServer) -> bytes:
    """What Redis has on its disk, which it may be replacing: only what was whole throughout counts."""
    folder = redis.folder / "appendonlydir"
    while True:
        with contextlib.suppress(FileNotFoundError):
            before = sorted(folder.iterdir())
            content = bytes_of(folder)
            if sorted(folder.iterdir()) == before:
                return content


async def test_a_room_that_is_deleted_is_gone_on_all_nodes_until_it_is_made_again(nodes: tuple[Chat, Chat]) -> None:
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, capabilities=["rooms"])
    mara.send("create", room="build", topic="The lift")
    mara.send("enter", room="build")
    kit = await second.join("Kit", token=KIT, capabilities=["rooms"])
    await until(lambda: "build" in second.server.hub.directory)
    kit.send("enter", room="build")
    await until(lambda: names(first, "build") == ["Mara", "Kit"])
    kit.send("message", room="build", content=WORDS)
    assert (await mara.next("message"))["seq"] == 1
    epoch = second.server.hub.directory.extent("build").epoch

    mara.send("delete_room", room="build")
    for peer in (mara, kit):
        told = await peer.next("system")
        while told["code"] != "room_deleted":
            told = await peer.next("system")
        assert (await peer.next("exited"))["room"] == "build"
        assert (await peer.next("room_deleted"))["room"] == "build"
    for chat in nodes:
        assert "build" not in chat.server.hub.directory
    kit.send("enter", room="build")
    assert (await kit.next("error"))["code"] == "room_deleted"

    other = await second.join("Mara", token=second.server.host_token, capabilities=["rooms"])
    other.send("create", room="build")
    await until(lambda: "build" in first.server.hub.directory)
    kit.send("enter", room="build")
    mara.send("enter", room="build")
    await until(lambda: names(first, "build") == names(second, "build") == ["Mara", "Kit"])
    kit.send("message", room="build", content="again")
    assert (await mara.next("message"))["seq"] == 1
    epochs = {chat.server.hub.directory.extent("build").epoch for chat in nodes}
    assert len(epochs) == 1
    assert epochs != {epoch}
    assert first.server.hub.directory.settings("build").topic == ""
