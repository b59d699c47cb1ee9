"""Questions without a name: nothing that is sent or kept tells who has asked."""

import json
import sqlite3
from pathlib import Path

from chatdesk.log.disk_store import open_store
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.waiting import until

ORDER = ["pace", "rooms", "presence"]


async def open_room(c: Chat, **pace: object) -> Peer:
    mara = await c.join("Mara", token=c.server.host_token, capabilities=ORDER)
    mara.send("pace", nameless=True, **pace, id="p")
    await until(lambda: c.server.hub.rooms["lobby"].settings.nameless)
    return mara


async def test_a_question_has_no_name_in_any_event_to_anybody() -> None:
    async with chat() as c:
        mara = await open_room(c)
        kit, ana = await c.join("Kit Zebra", capabilities=ORDER), await c.join("Ana", capabilities=ORDER)
        me = c.server.hub.people["kit zebra"].author
        await ana.ping()
        await mara.ping()
        kit.send("ask", content="How do I save, @kit zebra?", id="q1")
        asked = await kit.next("asked")
        assert (asked["ref"], asked["content"]) == ("q1", "Your question is there, without your name.")
        for peer in (ana, mara):
            raw = await peer.event()
            assert raw["type"] == "message"
            assert raw["nameless"]
            mentioned = raw.pop("mentions")  # the one who is mentioned, not the one who has asked
            assert mentioned == [{"name": "Kit Zebra", "author": me}]
            raw.pop("content")
            assert me not in json.dumps(raw)
            assert "ebra" not in json.dumps(raw)
            assert "q1" not in json.dumps(raw)


async def test_two_questions_of_one_person_cannot_be_linked_and_asking_is_bounded() -> None:
    async with chat() as c:
        await open_room(c)
        kit, ana = await c.join("Kit"), await c.join("Ana")
        kit.send("ask", content="one?", id="q1")
        first = await ana.next("message")
        code = await error_reply(kit, "ask", content="two?", id="q2")
        assert code == ("slow_mode", "q2")
        ana.send("ask", content="mine?", id="q")
        await ana.next("asked")
        kit.send("history", id="h")
        while (page := await kit.next("history")).get("ref") != "h":
            pass
        authors = {message["author"] for message in page["messages"]}
        assert len(authors) == 2
        assert first["author"] in authors
        assert await error_reply(kit, "edit", seq=first["seq"], content="x", id="e") == ("forbidden", "e")
        assert await error_reply(kit, "delete", seq=first["seq"], id="d") == ("forbidden", "d")


async def test_it_takes_the_permission_of_the_room_and_waits_for_approval_without_a_name() -> None:
    async with chat() as c:
        plain = await c.join("Tom")
        assert await error_reply(plain, "ask", content="May I?", id="a") == ("forbidden", "a")
        mara = await open_room(c, hold=True)
        kit = await c.join("Kit", capabilities=ORDER)
        kit.send("ask", content="May I?", id="q")
        assert (await kit.next("asked"))["held"]
        [held] = (await mara.next("held"))["messages"]
        assert (held["nickname"], held["nameless"]) == ("Without a name", True)
        assert (await kit.ping("held"))["messages"] == []
        mara.send("approve", held=held["held"], id="a")
        assert (await plain.next("message"))["nameless"]


async def test_the_file_tells_nobody_who_has_asked(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        await open_room(c)
        kit = await c.join("Kit")
        identity = c.server.hub.people["kit"].identity
        kit.send("ask", content="How do I save?", id="question-id")
        await kit.next("asked")
        await kit.ping("history")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())  # noqa: ASYNC240
    assert b"How do I save?" in files
    assert b"question-id" not in files
    db = sqlite3.connect(tmp_path / "chat.db")
    [(author, nickname, id_)] = db.execute("SELECT identity, nickname, id FROM entry").fetchall()
    db.close()
    assert (nickname, id_) == ("Without a name", None)
    assert author.startswith("nameless-")
    assert identity not in author
