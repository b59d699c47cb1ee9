"""The server on a real file: confirmed messages and reserved nicknames are there after a restart."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.retention import Retention
from tests.server.chat import Chat, Peer, chat
from tests.waiting import until


@contextlib.asynccontextmanager
async def serving(folder: Path, keep: Retention | None = None, **settings: Any) -> AsyncIterator[Chat]:
    """A server whose history is in this folder."""
    async with open_store(folder, keep or Retention()) as store, chat(store=store, **settings) as c:
        yield c


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the file."""
    db = sqlite3.connect(folder / FILE, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.close()


async def welcome(c: Chat, nickname: str, **fields: Any) -> tuple[Peer, dict[str, Any]]:
    """A peer that joins, and its welcome."""
    peer = await c.connect()
    peer.send("join", nickname=nickname, **fields)
    return peer, await peer.next("welcome")


async def say(peer: Peer, *contents: str) -> None:
    """Say this, and hear it."""
    for content in contents:
        peer.send("message", content=content, id=f"id of {content}")
    for _ in contents:
        await peer.next("message")


async def test_after_a_restart_all_is_as_it_was(tmp_path: Path) -> None:
    async with serving(tmp_path) as c:
        kit, first = await welcome(c, "Kit")
        await say(kit, "one", "two", "three")
    async with serving(tmp_path) as c:
        kit, second = await welcome(c, "Kit", token=first["token"], resume={"epoch": first["epoch"], "seq": 1})
        assert second["server"]["id"] == first["server"]["id"]
        assert (second["token"], second["epoch"]) == (first["token"], first["epoch"])
        page = await kit.next("history")
        assert [message["content"] for message in page["messages"]] == ["two", "three"]
        kit.send("message", content="two", id="id of two")
        assert (await kit.next("message"))["seq"] == 2, "it has no second effect"
        kit.send("message", content="2", id="id of two")
        assert (await kit.next("error"))["code"] == "id_reused"
        kit.send("search", query="thr")
        assert [hit["parts"] for hit in (await kit.next("search"))["hits"]] == [["", "three", ""]]


async def test_nicknames_of_people_who_were_there_at_the_stop_are_reserved(tmp_path: Path) -> None:
    async with serving(tmp_path) as c:
        peer, kit = await welcome(c, "Kit")
        await peer.ping()
        ana = await c.join("Ana")
        ana.send("leave")
        await ana.farewell()
        bo = await c.join("Bo")
        bo.abort()
        await until(lambda: len(c.server.hub.people) == 1)
    async with serving(tmp_path) as c:
        for nickname in ("Kit", "Bo"):
            stranger = await c.connect()
            stranger.send("join", nickname=nickname)
            error = await stranger.next("error")
            assert (error["code"], error["ref"]) == ("nickname_taken", "join")
            assert error["content"].startswith("This name is kept for 5 minutes")
            assert error["content"].endswith(f"Try {nickname} 2.")
        await welcome(c, "Ana")
        await welcome(c, "Kit", token=kit["token"])


async def test_a_room_that_fills_up_while_people_read_misses_nothing(tmp_path: Path) -> None:
    """Pages come from the disk, behind the part of the log that is in memory."""
    async with serving(tmp_path, message_rate=0) as c:
        kit = await c.join("Kit")
        for number in range(1500):
            kit.send("message", content=f"number {number}")
        while (await kit.next("message"))["seq"] < 1500:
            pass
        readers = [await welcome(c, f"Reader {number}", resume=None) for number in range(5)]
        for number in range(1500, 1600):
            kit.send("message", content=f"number {number}")
        for reader, _ in readers:
            page = await reader.next("history")
            last = page["messages"][-1]["seq"]
            while last < 1600:
                message = await reader.next("message")
                assert message["seq"] == last + 1
                last += 1
        reader, first = readers[0]
        asked = [{"after": 0}, {"before": 700}, {"around": 300}, {"at": "1999-01-01"}, {"before": 1601, "limit": 200}]
        for fields in asked:
            reader.send("history", ref="q", **fields)
        pages = [await reader.next("history") for _ in asked]
        assert [page["messages"][0]["seq"] for page in pages] == [1, 650, 275, 1, 1401]
        back = await c.connect()
        back.send("join", nickname="Back", resume={"epoch": first["epoch"], "seq": 300})
        page = await back.next("history")
        assert ([message["seq"] for message in page["messages"]], page["more"]) == ([*range(301, 501)], False)
        assert (page["last_seq"], page["change"], "first_seq" in page) == (500, 500, False)
        assert [(await back.next("message"))["seq"] for _ in range(1_100)] == [*range(501, 1_601)]


async def test_a_slow_reader_gets_from_the_disk_what_is_no_longer_in_memory(tmp_path: Path) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        kit = await c.join("Kit")
        slow = await c.join("Slow", receive_buffer=4096)
        for number in range(800):
            kit.send("message", content=f"{number:<8000}")
            await kit.next("message")
        heard = [(await slow.next("message"))["seq"] for _ in range(800)]
        assert heard == [*range(1, 801)]


async def test_what_retention_has_taken_is_told_by_a_page_that_begins_later(tmp_path: Path) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        kit, first = await welcome(c, "Kit")
        await say(kit, *(f"number {number}" for number in range(1, 101)))
    async with serving(tmp_path, Retention(messages=20)) as c:
        await until(lambda: c.server.hub.rooms["lobby"].log.seqs == range(81, 101))
        back = await c.connect()
        back.send("join", nickname="Back", resume={"epoch": first["epoch"], "seq": 30})
        page = await back.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(81, 101)]
        assert (page["first_seq"], page["last_seq"], page["more"]) == (81, 100, False)


async def test_while_the_file_is_locked_nothing_is_confirmed_and_then_all_goes_on(tmp_path: Path) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        await say(kit, "before")
        await ana.next("message")
        with locked(tmp_path):
            kit.send("message", content="held up", id="a1")
            error = await kit.next("error")
            assert (error["code"], error["ref"]) == ("storage", "a1")
            storage = await ana.next("storage")
            assert (storage["problem"], storage["content"]) == ("locked", error["content"])
            health = await c.ask(c.head("GET", "/health"))
            assert (health.status, json.loads(health.body)["status"]) == (200, "degraded")
            assert json.loads(health.body)["problem"] == storage["content"]
            assert json.loads((await c.ask(c.head("GET", "/stats"))).body)["storage"] == "locked"
            assert (await c.ask(c.head("GET", "/ready"))).status == 503
            assert b"chatdesk_storage_ok 0.0" in (await c.ask(c.head("GET", "/metrics"))).body
            late = await c.connect()
            late.send("join", nickname="Late")
            assert [(await late.event())["type"] for _ in range(5)] == [
                *("welcome", "system", "users", "history", "storage")
            ]
        assert (await ana.next("storage"))["problem"] == ""
        assert (await late.next("storage"))["problem"] == ""
        kit.send("message", content="held up", id="a1")
        message = await ana.next("message")
        assert (message["content"], message["seq"]) == ("held up", 2)
        assert json.loads((await c.ask(c.head("GET", "/health"))).body)["status"] == "ok"


async def test_the_history_is_deleted_on_the_disk_too(tmp_path: Path) -> None:
    async with serving(tmp_path) as c:
        kit = await c.join("Kit")
        mara = await c.join("Mara", token=c.server.host_token)
        await say(kit, "forget", "this")
        mara.send("clear")
        epoch = (await kit.next("history"))["epoch"]
        await say(kit, "a new beginning")
    async with serving(tmp_path) as c:
        kit, again = await welcome(c, "Somebody")
        assert again["epoch"] == epoch
        assert [message["content"] for message in (await kit.next("history"))["messages"]] == ["a new beginning"]
        kit.send("search", query="forget")
        assert (await kit.next("search"))["hits"] == []


@pytest.mark.parametrize("clears", [1, 3])
async def test_a_deletion_amid_a_conversation_loses_nothing_that_comes_after_it(tmp_path: Path, clears: int) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        mara = await c.join("Mara", token=c.server.host_token)
        for number in range(200):
            kit.send("message", content=f"number {number}")
            if number % 50 == 10 and number // 50 < clears:
                mara.send("clear")
            await asyncio.sleep(0)
        for _ in range(clears):
            await mara.next("history")
        kit.send("message", content="the end")
        last, begun = 0, 0
        while True:
            event = await ana.event()
            if event["type"] == "history":
                assert event["messages"] == []
                last, begun = 0, begun + 1
            elif event["type"] == "message":
                assert event["seq"] == last + 1
                last += 1
                if event["content"] == "the end":
                    break
        assert begun == clears
        assert c.server.hub.rooms["lobby"].log.last_seq == last
