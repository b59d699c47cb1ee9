"""A search of all rooms finds what its person may read, and nothing else; in memory and on disk alike."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol.limits import SEARCH_ROOM_HITS
from tests.server.chat import Chat, Peer, author, chat
from tests.waiting import until


@asynccontextmanager
async def chat_on(kind: str, folder: Path) -> AsyncIterator[Chat]:
    if kind == "memory":
        async with chat(store=MemoryStore(), message_rate=0) as opened:
            yield opened
        return
    async with open_store(folder) as store, chat(store=store, message_rate=0) as opened:
        yield opened


async def say(peer: Peer, room: str, *texts: str) -> None:
    """Later than whatever was said in another room: only their times tell which message of two rooms is newer."""
    started = time.time_ns() // 1_000_000
    await until(lambda: time.time_ns() // 1_000_000 > started)
    for text in texts:
        peer.send("message", content=text, room=room, id=f"{room} {text}")
        while (await peer.next("message")).get("id") != f"{room} {text}":
            pass


async def search(peer: Peer, query: str, **fields: Any) -> dict[str, Any]:
    peer.send("search", query=query, **fields)
    return await peer.next("search")


def found(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(hit["message"]["room"], hit["message"]["content"]) for hit in answer["hits"]]


@pytest.mark.parametrize("kind", ["memory", "disk"])
async def test_hits_stand_room_by_room_and_more_of_one_is_asked_for(kind: str, tmp_path: Path) -> None:
    async with chat_on(kind, tmp_path) as opened:
        kit = await opened.join("Kit")
        kit.send("enter", room="build")
        await kit.next("history")
        texts = [f"motor {number}" for number in range(SEARCH_ROOM_HITS + 2)]
        await say(kit, "build", *texts)
        await say(kit, "lobby", "motors", "nothing")
        answer = await search(kit, "motor")
        newest = texts[::-1]
        assert found(answer) == [("lobby", "motors"), *(("build", text) for text in newest[:SEARCH_ROOM_HITS])]
        assert (answer["room"], answer["more"], answer["more_in"]) == ("", False, ["build"])
        before = answer["hits"][-1]["message"]["seq"]
        answer = await search(kit, "motor", room="build", before=before)
        assert found(answer) == [("build", text) for text in newest[SEARCH_ROOM_HITS:]]
        assert found(await search(kit, "motor in:#Build"))[0] == ("build", newest[0])
        assert len(found(await search(kit, "motor in:build"))) == len(texts)
        assert found(await search(kit, "motor in:lobby in:build", limit=1)) == [("lobby", "motors")]
        assert found(await search(kit, "from:kit in:lobby")) == [("lobby", "nothing"), ("lobby", "motors")]


@pytest.mark.parametrize("kind", ["memory", "disk"])
async def test_nobody_finds_what_they_may_not_read(kind: str, tmp_path: Path) -> None:
    """Behaviour 13 and 15: private rooms are of two people; newcomers may see only what follows their joining."""
    async with chat_on(kind, tmp_path) as opened:
        mara = await opened.join("Mara", token=opened.server.host_token, capabilities=["rooms"])
        kit, ana = await opened.join("Kit"), await opened.join("Ana")
        kit.send("message", content="motor secret", to="Ana", id="p")
        private = (await kit.next("message"))["room"]
        for name in ("closed", "late"):
            mara.send("enter", room=name)
            await mara.next("history")
        await say(mara, "closed", "motor closed")
        await say(mara, "late", "motor early")
        mara.send("newcomers", room="late", see="joining", id="n")
        await mara.next("room")
        opened.server.hub.set_role(_identity(opened, "Ana"), None, opened.server.hub.rooms["closed"])
        ana.send("enter", room="late")
        await ana.next("history")
        await say(mara, "late", "motor late")

        assert set(found(await search(mara, "motor"))) == {
            *(("late", "motor late"), ("late", "motor early"), ("closed", "motor closed"))
        }
        assert set(found(await search(ana, "motor"))) == {("late", "motor late"), (private, "motor secret")}
        assert set(found(await search(kit, "motor"))) == {("closed", "motor closed"), (private, "motor secret")}
        assert found(await search(kit, "motor in:@ana")) == [(private, "motor secret")]
        hit = (await search(ana, "secret"))["hits"][0]["message"]
        assert (hit["to"], hit["author"]) == ("Ana", author(opened, "Kit"))
        answer = await search(kit, "motor in:late")
        assert (answer["hits"], answer["note"]) == ([], "There is no room late that you can read.")


async def test_without_anything_to_search_for_the_answer_says_what_to_type() -> None:
    async with chat() as opened:
        kit = await opened.join("Kit")
        for query, note in (("  ", "Type a word"), ("in:lobby", "Type a word"), ("x before:soon", "Write a date")):
            assert (await search(kit, query))["note"].startswith(note)
        kit.send("exit", room="lobby")
        await kit.next("exited")
        assert (await search(kit, "x"))["hits"] == []


def _identity(chat: Chat, nickname: str) -> str:
    return next(person.identity for person in chat.server.hub.people.values() if person.nickname == nickname)
