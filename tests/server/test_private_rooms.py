"""Private messages: who gets them, on which device and when, and that nobody else learns anything of them."""

import asyncio
import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.server import room_limits
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.test_rooms import ANA, KIT, answer, listing

BO = "new." + 32 * "b"


async def terminals(c: Chat) -> tuple[Peer, Peer, Peer]:
    """Kit, Ana and Bo, by clients that have announced nothing."""
    peers = await c.join("Kit", token=KIT), await c.join("Ana", token=ANA), await c.join("Bo", token=BO)
    for peer in peers:
        await peer.ping()
    return peers


async def test_a_terminal_writes_and_hears_privately_without_entering_anything(tmp_path: Path) -> None:
    """Behaviour 13, with the base messages alone."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, ana, bo = await terminals(c)
        kit.send("message", to="ana", content="psst", id="m1")
        own, heard = await kit.event(), await ana.event()
        assert own == heard
        assert (own["to"], own["content"], own["seq"], own["id"]) == ("Ana", "psst", 1, "m1")
        assert own["room"].startswith("@")
        ana.send("message", to="Kit", content="yes?")
        reply = await kit.event()
        assert (reply["to"], reply["room"], reply["seq"]) == ("Kit", own["room"], 2)
        ana.send("message", content="hello everybody")
        assert (await kit.next("message"))["room"] == "lobby", "no room has to be named: one is in one"
        assert [event["content"] for event in await bo.events(1)] == ["hello everybody"]
        assert (await bo.ping())["user_count"] == 3


async def test_nobody_else_learns_of_it_not_even_the_host(tmp_path: Path) -> None:
    """Behaviour 13: counts, search, typing, stats, the list of rooms, and the room itself."""
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, ana, _ = await terminals(c)
        kit.send("message", to="Ana", content="a secret word", id="m1")
        room = (await kit.next("message"))["room"]
        await ana.next("message")
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["rooms", "presence"])
        kit.send("typing", room=room)
        mara.send("rooms", id="r")
        listed = await mara.next("rooms")
        assert [info["room"] for info in listed["rooms"]] == ["lobby"]
        mara.send("search", query="secret")
        assert (await mara.next("search"))["hits"] == []
        for command in ("enter", "history", "topic", "read"):
            code, _ = await error_reply(mara, command, room=room, topic="x", seq=1, id="e")
            assert code in ("forbidden", "bad_room")
        stats = json.loads((await c.ask(c.head(target="/stats"))).body)
        assert (stats["messages_total"], stats["rooms"]) == (0, 1)
        assert stats["deliveries_total"] == 0


async def test_who_is_away_finds_it_on_return_also_after_a_restart_and_once(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, ana, _ = await terminals(c)
        kit.send("message", to="Ana", content="one")
        await ana.next("message")
        ana.send("leave")
        await ana.farewell()
        kit.send("message", to="Ana", content="two")
        kit.send("message", to="Ana", content="three")
        await kit.next("message")
        await kit.next("message")
        await kit.next("message")
    async with open_store(tmp_path) as store, chat(store=store) as c:
        ana = await c.connect()
        ana.send("join", nickname="Anna", token=ANA)
        assert [(await ana.next("message"))["content"] for _ in range(2)] == ["two", "three"]
        kit = await c.join("Kit", token=KIT)
        kit.send("message", to="Anna", content="four")
        told = await ana.next("message")
        assert (told["content"], told["to"], told["seq"]) == ("four", "Anna", 4), "a new name keeps the conversation"
        ana.send("leave")
        await ana.farewell()
        ana = await c.connect()
        ana.send("join", nickname="Anna", token=ANA)
        await ana.next("history")
        assert (await ana.ping())["type"] == "users"
        kit.send("message", to="Anna", content="five")
        assert (await ana.next("message"))["content"] == "five", "what was told is not told again"


async def test_a_client_with_a_list_of_rooms_is_told_of_the_room_and_enters_it() -> None:
    async with chat() as c:
        kit, _ = await listing(c, "Kit", KIT)
        ana, _ = await listing(c, "Ana", ANA)
        author = c.server.hub.people["ana"].author
        begun = (await answer(kit, "create", to=f"@{author}"))["room"]
        assert begun["private_with"] == {"nickname": "Ana", "author": author}
        assert begun["joined"]
        kit.send("enter", room=begun["room"], id="e")
        assert (await kit.next("history"))["messages"] == []
        ana.send("rooms", id="r")
        while (listed := await ana.next("rooms")).get("ref") != "r":
            pass
        assert [room["room"] for room in listed["rooms"]] == ["lobby"], "nothing was said yet"
        kit.send("message", room=begun["room"], content="psst")
        told = (await ana.next("room"))["room"]
        assert told["private_with"]["nickname"] == "Kit"
        ana.send("enter", room=told["room"], id="e")
        assert [message["content"] for message in (await ana.next("history"))["messages"]] == ["psst"]
        ana.send("message", to="Kit", content="yes?")
        assert (await ana.next("message"))["seq"] == 2
        read = await answer(ana, "read", "read", room=told["room"], seq=2)
        assert (read["seq"], "unread" in read) == (2, False)


@pytest.mark.parametrize(
    ("allow", "to_host", "to_others"), [("moderators", "", "forbidden"), ("nobody", "forbidden", "forbidden")]
)
async def test_the_host_may_allow_them_with_moderators_alone_or_not_at_all(
    allow: str, to_host: str, to_others: str
) -> None:
    """Behaviour 14, in both directions."""
    async with chat() as c:
        kit, ana, _ = await terminals(c)
        host = await c.join("Mara", token=c.server.host_token, capabilities=["rooms"])
        kit.send("message", to="Ana", content="before")
        room = (await kit.next("message"))["room"]
        assert await error_reply(kit, "private_messages", allow=allow, id="p") == ("forbidden", "p")
        host.send("private_messages", allow=allow)
        assert (await host.next("system"))["code"] == "room_changed"
        assert (await host.next("rooms"))["private_messages"] == allow
        for sender, to in ((kit, "Ana"), (ana, "Kit")):
            assert (await error_reply(sender, "message", to=to, content="x"))[0] == to_others
        assert (await error_reply(kit, "message", room=room, content="x"))[0] == to_others
        for act in ("edit", "react", "pin", "typing"):
            fields = {"seq": 1, "content": "more", "emoji": "👍"} if act != "typing" else {}
            assert (await error_reply(kit, act, room=room, **fields))[0] == to_others, "an edit says something, too"
        kit.send("delete", room=room, seq=1)
        assert (await ana.next("updated"))["message"]["deleted"] == "author"
        for sender, to in ((kit, "Mara"), (host, "Kit")):
            sender.send("message", to=to, content="x", id="m")
            while (event := await sender.event())["type"] not in ("message", "error") or event.get("id", "m") != "m":
                pass
            assert event.get("code", "") == to_host


async def test_what_is_refused_shows_nobody_a_room() -> None:
    """The other person hears of a conversation when something is said in it."""
    async with chat() as c:
        kit, (ana, _) = await c.join("Kit"), await listing(c, "Ana", ANA)
        for content, code in (("", "empty_message"), ("x" * 9_000, "message_too_long"), ("a\0", "bad_message")):
            assert (await error_reply(kit, "message", to="Ana", content=content))[0] == code
        ana.send("rooms", id="r")
        while (event := await ana.event()).get("ref") != "r":
            assert event["type"] != "room"
        assert [room["room"] for room in event["rooms"]] == ["lobby"]


async def test_a_room_too_many_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_limits, "PRIVATE_ROOMS_OF_AN_IDENTITY", 1)
    async with chat() as c:
        kit, _, _ = await terminals(c)
        kit.send("message", to="Ana", content="psst")
        await kit.next("message")
        assert (await error_reply(kit, "message", to="Bo", content="psst"))[0] == "too_many_rooms"
        kept = c.server.hub.subscriptions
        assert [len(kept.of(c.server.hub.people[name].identity)) for name in ("kit", "ana", "bo")] == [1, 1, 0]


async def test_a_damaged_file_that_has_lost_the_other_person_leaves_the_list_of_rooms(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, _, _ = await terminals(c)
        kit.send("message", to="Ana", content="psst")
        room = (await kit.next("message"))["room"]
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        db.execute("DELETE FROM subscription WHERE room = ? AND nickname = 'Ana'", (room,))
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, listed = await listing(c, "Kit", KIT)
        assert listed[room]["private_with"]["nickname"] == "?"
        kit.send("enter", room=room)
        assert [message["content"] for message in (await kit.next("history"))["messages"]] == ["psst"]
        kit.send("message", to="Ana", content="still there?")
        assert (await kit.next("message"))["to"] == "Ana", "a message to the person finds the conversation again"


async def test_nobody_and_oneself_cannot_be_written_to() -> None:
    async with chat() as c:
        kit, _, _ = await terminals(c)
        assert await error_reply(kit, "message", to="Zoe", content="hello?", id="m") == ("not_found", "m")
        assert await error_reply(kit, "message", to="kit", content="hello?", id="m") == ("not_found", "m")
        assert await error_reply(kit, "create", to="@0123456789abcdef", id="c") == ("not_found", "c")
        assert await error_reply(kit, "enter", room="@0123456789abcdef", id="e") == ("forbidden", "e")
        await asyncio.sleep(0)
        assert list(c.server.hub.rooms) == ["lobby"]
