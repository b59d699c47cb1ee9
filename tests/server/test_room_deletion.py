"""Deleting a room: for everybody who is there, comes back or follows a link; on the disk, and in what is exported."""

from contextlib import closing
from pathlib import Path

import pytest

from chatdesk.log.database import FILE, connect
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.test_on_disk import locked, serving
from tests.server.test_rooms import ANA, KIT, answer, listing
from tests.waiting import until

WORD = "quetzalcoatl"


async def hosting(c: Chat, *entering: str) -> Peer:
    return (await listing(c, "Mara", c.server.host_token, *entering))[0]


async def said(peer: Peer, room: str, content: str) -> None:
    peer.send("message", room=room, content=content)
    while (await peer.next("message"))["content"] != content:
        pass


def stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob(f"{FILE}*"))


async def test_everybody_is_out_of_it_is_told_and_nobody_gets_in_again() -> None:
    async with chat() as c:
        mara = await hosting(c)
        kit, _ = await listing(c, "Kit", KIT, "plans")
        terminal = await c.connect()
        terminal.send("join", nickname="Bo", room="plans")
        epoch = (await terminal.next("history"))["epoch"]
        ana, _ = await listing(c, "Ana", ANA)
        await said(kit, "plans", "a secret plan")
        assert (await answer(mara, "rooms", "rooms", query="plans"))["rooms"][0]["messages"] == 1
        deleted = await answer(mara, "delete_room", "room_deleted", room="Plans")
        assert deleted["room"] == "plans"
        for peer in (kit, terminal):
            assert "Mara has deleted the room plans" in (await peer.next("system"))["content"]
            assert (await peer.next("exited"))["room"] == "plans"
        assert (await ana.next("room_deleted"))["room"] == "plans"
        assert await error_reply(terminal, "message", content="still here?") == ("bad_room", "message")
        assert await error_reply(ana, "enter", room="plans", id="link") == ("room_deleted", "link")
        back = await c.connect()
        assert await error_reply(back, "join", nickname="Zoe", room="plans", resume={"epoch": epoch, "seq": 1}) == (
            "room_deleted",
            "join",
        )
        assert [room["room"] for room in (await answer(ana, "rooms", "rooms"))["rooms"]] == ["lobby"]
        assert (await answer(ana, "search", "search", query="secret"))["hits"] == []
        assert await error_reply(mara, "delete_room", room="plans") == ("room_deleted", "delete_room")


async def test_a_name_may_be_used_again_on_purpose_and_brings_nothing_back() -> None:
    async with chat() as c:
        mara = await hosting(c, "plans")
        await said(mara, "plans", "a secret plan")
        await answer(mara, "delete_room", "room_deleted", room="plans")
        kit, _ = await listing(c, "Kit", KIT)
        made = await answer(kit, "create", room="plans")
        assert (made["room"].get("last_seq", 0), made["room"].get("topic", "")) == (0, "")
        kit.send("enter", room="plans", id="e")
        assert (await kit.next("history"))["messages"] == []


@pytest.mark.parametrize(
    ("who", "room", "code"),
    [(KIT, "plans", "forbidden"), (None, "lobby", "forbidden"), (None, "nothing", "bad_room"), (None, "", "bad_room")],
)
async def test_only_the_host_deletes_and_only_what_is_there_and_not_the_lobby(
    who: str | None, room: str, code: str
) -> None:
    async with chat() as c:
        mara = await hosting(c)
        await answer(mara, "create", room="plans")
        peer = mara if who is None else (await listing(c, "Kit", who, "plans"))[0]
        assert await error_reply(peer, "delete_room", room=room, id="d") == (code, "d")


async def test_the_host_cannot_delete_what_two_people_have_said_alone() -> None:
    async with chat() as c:
        mara = await hosting(c)
        kit, _ = await listing(c, "Kit", KIT)
        await listing(c, "Ana", ANA)
        private = (await answer(kit, "create", to="Ana"))["room"]["room"]
        assert await error_reply(mara, "delete_room", room=private, id="d") == ("forbidden", "d")


@pytest.mark.parametrize("archived", [False, True])
async def test_the_text_is_gone_from_the_file_also_after_a_restart(tmp_path: Path, archived: bool) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        mara = await hosting(c, "plans")
        for number in range(30):
            await said(mara, "plans", f"{WORD} {number}")
        await answer(mara, "topic", room="plans", topic="Topic of quetzals")
        await answer(mara, "archive", room="plans", active=archived)
        assert WORD.encode() in stored(tmp_path)
        await answer(mara, "delete_room", "room_deleted", room="plans")
        await until(lambda: b"quetzal" not in stored(tmp_path), 30)
    async with serving(tmp_path, message_rate=0) as c:
        kit, rooms = await listing(c, "Kit", KIT)
        assert rooms.keys() == {"lobby"}
        assert await error_reply(kit, "enter", room="plans", id="link") == ("room_deleted", "link")
    with closing(connect(tmp_path)) as db:
        for table in ("entry", "room_settings", "subscription", "reading"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() <= (2,), table
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (0,)


async def test_a_deletion_that_cannot_be_stored_leaves_the_room_as_it_was(tmp_path: Path) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        mara = await hosting(c, "plans")
        await said(mara, "plans", "before")
        with locked(tmp_path):
            assert await error_reply(mara, "delete_room", room="plans", id="d") == ("storage", "d")
        while (await mara.next("storage"))["problem"]:
            pass
        await said(mara, "plans", "after")
        await answer(mara, "create", room="empty")
        await answer(mara, "delete_room", "room_deleted", room="empty")
        await answer(mara, "delete_room", "room_deleted", room="plans")


async def test_what_arrives_while_a_room_is_being_deleted_neither_fails_nor_brings_it_back(tmp_path: Path) -> None:
    async with serving(tmp_path, message_rate=0) as c:
        mara, tab = await hosting(c, "plans"), await hosting(c, "plans")
        kit, _ = await listing(c, "Kit", KIT, "plans")
        await said(kit, "plans", "hello")
        mara.send("delete_room", room="plans", id="first")
        tab.send("delete_room", room="plans", id="second")
        tab.send("topic", room="plans", topic="still here", id="topic")
        kit.send("read", room="plans", seq=1, id="read")
        kit.send("level", room="plans", level="nothing", id="level")
        while (await mara.next("room_deleted")).get("ref") != "first":
            pass
        refused = [(await tab.next("error")).get("ref") for _ in range(2)]
        assert refused == ["second", "topic"]
        assert [room["room"] for room in (await answer(tab, "rooms", "rooms"))["rooms"]] == ["lobby"]
        await said(mara, "lobby", "what was written before is on the disk then")
    with closing(connect(tmp_path)) as db:
        for table in ("room_settings", "subscription", "reading"):
            assert db.execute(f"SELECT count(*) FROM {table} WHERE room = 'plans'").fetchone() == (0,), table
