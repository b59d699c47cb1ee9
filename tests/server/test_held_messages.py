"""Messages that wait for approval, across a restart of the host and a crash between two steps."""

from pathlib import Path

from chatdesk.log.disk_store import open_store
from tests.server.chat import chat


async def test_what_waits_is_there_after_a_restart_and_is_said_once(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["pace", "rooms"])
        mara.send("pace", hold=True, id="p")
        while (await mara.next("room")).get("ref") != "p":
            pass
        kit = await c.connect()
        kit.send("join", nickname="Kit", capabilities=["pace"])
        token = (await kit.next("welcome"))["token"]
        for text in ("one", "two"):
            kit.send("message", content=text, id=text)
            [held] = (await kit.next("held"))["messages"]
        mara.send("refuse", held=held["held"], reason="twice", id="d")
        await mara.next("decided")
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=token, capabilities=["pace"])
        one, two = (await kit.next("held"))["messages"]
        assert (one["content"], two["content"]) == ("one", "two")
        assert "twice" in two["declined"]
        mara = await c.join("Mara", token=c.server.host_token, capabilities=["pace", "rooms"])
        assert [held["content"] for held in (await mara.ping("held"))["messages"]] == ["one"]
        mara.send("approve", held=one["held"], id="a")
        assert (await kit.next("message"))["id"] == "one"
        kit.send("message", content="one", id="one")  # it was not confirmed before the restart
        assert (await kit.next("message"))["seq"] == 1
    async with open_store(tmp_path) as store:
        assert [(held.content, bool(held.declined)) for held in store.held.all()] == [("two", True)]
        assert store.room("lobby").last_seq == 1
        assert store.room_settings()["lobby"].hold
