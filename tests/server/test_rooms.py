"""Rooms as a whole: the list, what is kept of them and of who belongs to them."""

from pathlib import Path

from chatdesk.log.disk_store import open_store
from chatdesk.log.rooms import RoomSettings
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.wire import Event

KIT = "new." + 32 * "k"
ANA = "new." + 32 * "a"


async def listing(c: Chat, nickname: str, token: str, *entering: str) -> tuple[Peer, dict[str, Event]]:
    """Somebody whose client has a list of rooms, and the list at the join, by name."""
    peer = await c.connect()
    peer.send("join", nickname=nickname, token=token, capabilities=["presence", "rooms"])
    rooms = {room["room"]: room for room in (await peer.next("rooms"))["rooms"]}
    for room in entering:
        peer.send("enter", room=room, id=room)
        await peer.next("history")
    return peer, rooms


async def answer(peer: Peer, name: str, kind: str = "room", **fields: object) -> Event:
    """The event of this kind that answers a command."""
    peer.send(name, **fields, id=f"the {name}")
    while (event := await peer.next(kind)).get("ref") != f"the {name}":
        pass
    return event


async def test_a_room_is_made_with_a_topic_listed_entered_and_found_by_it() -> None:
    async with chat() as c:
        kit, rooms = await listing(c, "Kit", KIT)
        assert rooms.keys() == {"lobby"}
        assert rooms["lobby"]["joined"]
        ana, _ = await listing(c, "Ana", ANA)
        made = await answer(kit, "create", room="Build-Floor", topic="Benches  1 to 8")
        assert (made["room"]["room"], made["room"]["topic"]) == ("build-floor", "Benches 1 to 8")
        assert not made["room"]["joined"]
        told = await ana.next("room")
        assert told["room"]["room"] == "build-floor"
        assert "joined" not in told["room"], "what is said to everybody says nothing of one"
        assert await error_reply(ana, "create", room="build-floor", id="c") == ("room_exists", "c")
        ana.send("rooms", query="bench")
        assert [room["room"] for room in (await ana.next("rooms"))["rooms"]] == ["build-floor"]


async def test_rooms_whose_name_begins_with_what_was_typed_come_first() -> None:
    async with chat() as c:
        kit = await c.join("Kit", token=c.server.host_token)
        for name, topic in (("a-web", ""), ("b", "web pages"), ("web", ""), ("webcam", "")):
            await answer(kit, "create", room=name, topic=topic)
        ana, _ = await listing(c, "Ana", ANA, "a-web")
        page = await answer(ana, "rooms", "rooms", query="WEB", limit=3)
        assert ([room["room"] for room in page["rooms"]], page["more"]) == (["web", "webcam", "a-web"], True)
        rest = await answer(ana, "rooms", "rooms", query="WEB", after="a-web")
        assert [room["room"] for room in rest["rooms"]] == ["b"]


async def test_the_list_comes_in_pages_with_ones_own_rooms_first() -> None:
    async with chat() as c:
        kit = await c.join("Kit", token=c.server.host_token)
        for name in ("b", "a", "d", "c"):
            await answer(kit, "create", room=name)
        ana, _ = await listing(c, "Ana", ANA, "c")
        names: list[str] = []
        more = True
        while more:
            ana.send("rooms", limit=2, **({"after": names[-1]} if names else {}))
            page = await ana.next("rooms")
            names += [room["room"] for room in page["rooms"]]
            more = page.get("more", False)
        assert names == ["c", "lobby", "a", "b", "d"]


async def test_unread_is_counted_after_the_mark_and_the_mark_is_shared_and_never_goes_back(tmp_path: Path) -> None:
    """Behaviour 18, 19; the marks outlive the server."""
    async with open_store(tmp_path) as store, chat(store=store, message_rate=0) as c:
        kit, _ = await listing(c, "Kit", KIT, "plans")
        phone, _ = await listing(c, "Kit", KIT)
        ana, _ = await listing(c, "Ana", ANA, "plans")
        for number in range(4):
            ana.send("message", room="plans", content=f"plan {number}")
        for _ in range(4):
            await kit.next("message")
        kit.send("message", room="plans", content="mine")
        await kit.next("message")
        read = await answer(kit, "read", "read", room="plans", seq=2)
        assert (read["seq"], read["unread"], read["last_seq"]) == (2, 2, 5), "one's own is not unread"
        assert (await phone.next("read"))["seq"] == 2
        read = await answer(kit, "read", "read", room="plans", seq=1)
        assert read["seq"] == 2
        ana.send("delete", room="plans", seq=3, id="d")
        await kit.next("updated")
        read = await answer(kit, "read", "read", room="plans", seq=1)
        assert (read["seq"], read["unread"]) == (2, 1), "a deleted message is not unread"
        level = await answer(kit, "level", room="plans", level="mentions")
        assert level["room"]["level"] == "mentions"
        assert (await phone.next("room"))["room"]["level"] == "mentions"
        kit.send("exit", room="plans")
        await kit.next("exited")
    async with open_store(tmp_path) as store, chat(store=store) as c:
        assert "plans" not in c.server.hub.rooms, "it is not open, and still in the list"
        kit, rooms = await listing(c, "Kit", KIT)
        plans = rooms["plans"]
        assert (plans["joined"], plans["level"], plans["read"], plans["unread"]) == (False, "mentions", 2, 1)
        assert plans["last_seq"] == 5


async def test_an_archived_room_is_read_and_not_changed_until_it_is_opened_again(tmp_path: Path) -> None:
    """Behaviour 17."""
    async with open_store(tmp_path) as store, chat(store=store, message_rate=0) as c:
        host, kit = await c.join("Mara", token=c.server.host_token), await c.join("Kit", token=KIT)
        kit.send("message", content="before")
        await kit.next("message")
        assert await error_reply(kit, "archive", id="a") == ("forbidden", "a")
        assert await error_reply(kit, "topic", topic="mine", id="t") == ("forbidden", "t")
        assert (await answer(host, "archive"))["room"]["archived"]
        told = await kit.next("system")
        assert (told["content"], told["room"]) == ("Mara has archived this room: all of it can still be read.", "lobby")
        assert await error_reply(kit, "message", content="after", id="m") == ("archived", "m")
        assert await error_reply(kit, "edit", seq=1, content="other", id="e") == ("archived", "e")
        kit.send("search", query="before")
        assert len((await kit.next("search"))["hits"]) == 1
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit = await c.join("Kit", token=KIT)
        assert await error_reply(kit, "message", content="after", id="m") == ("archived", "m")
        host = await c.join("Mara", token=c.server.host_token)
        assert "archived" not in (await answer(host, "archive", active=False))["room"]
        kit.send("message", content="after")
        assert (await kit.next("message"))["seq"] == 2


async def test_a_closed_room_is_the_hosts_alone_until_it_is_opened(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        store.store_settings("plans", RoomSettings("Imported", created=True, closed=True), lambda _error: None)
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, rooms = await listing(c, "Kit", KIT)
        assert rooms.keys() == {"lobby"}
        kit.send("rooms", query="imported")
        assert (await kit.next("rooms"))["rooms"] == []
        assert await error_reply(kit, "enter", room="plans", id="e") == ("forbidden", "e")
        assert await error_reply(kit, "open", id="o") == ("forbidden", "o")
        host, rooms = await listing(c, "Mara", c.server.host_token, "plans")
        assert (rooms["plans"]["closed"], rooms["plans"]["topic"]) == (True, "Imported")
        assert await error_reply(kit, "enter", room="plans", id="e") == ("forbidden", "e"), "nor while it is in memory"
        assert "closed" not in (await answer(host, "open", room="plans"))["room"]
        assert (await kit.next("room"))["room"]["room"] == "plans"
        kit.send("enter", room="plans")
        assert (await kit.next("users"))["room"] == "plans"
    async with open_store(tmp_path) as store, chat(store=store) as c:
        _, rooms = await listing(c, "Kit", KIT)
        assert "closed" not in rooms["plans"], "it stays open"


async def test_newcomers_see_what_is_said_from_their_joining_on(tmp_path: Path) -> None:
    """Behaviour 15: in pages, in search, in updates of older messages, and after coming back."""
    async with open_store(tmp_path) as store, chat(store=store, message_rate=0) as c:
        host, kit = await c.join("Mara", token=c.server.host_token), await c.join("Kit", token=KIT)
        host.send("message", content="a secret plan")
        await kit.next("message")
        assert (await answer(host, "newcomers", see="joining"))["room"]["newcomers"] == "joining"
        late = await c.connect()
        late.send("join", nickname="Late", token=ANA)
        page = await late.next("history")
        assert (page["messages"], page["first_seq"], page["last_seq"]) == ([], 2, 1)
        host.send("edit", seq=1, content="another secret plan")
        host.send("message", content="in public")
        while (event := await late.event())["type"] != "message":
            assert event["type"] != "updated", "an edit would tell what was said before"
        assert event["content"] == "in public"
        for query in ({"before": 9}, {"after": 0}, {"around": 1}, {"at": "2020-01-01"}, {}):
            late.send("history", **query)
            told = await late.next("history")
            assert [message["content"] for message in told["messages"]] == ["in public"], query
            assert told["first_seq"] == 2
        late.send("search", query="plan")
        assert (await late.next("search"))["hits"] == []
        late.abort()
        late = await c.connect()
        late.send("join", nickname="Late", token=ANA)
        page = await late.next("history")
        assert [message["content"] for message in page["messages"]] == ["in public"]
        kit.send("history")
        assert len((await kit.next("history"))["messages"]) == 2, "who was there before sees all"
        await answer(host, "newcomers", see="all")
        late.send("history")
        assert len((await late.next("history"))["messages"]) == 2


async def test_in_a_history_that_begins_again_nothing_is_unread_also_after_a_restart(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store, message_rate=0) as c:
        host = await c.join("Mara", token=c.server.host_token)
        kit, _ = await listing(c, "Kit", KIT)
        for number in range(3):
            host.send("message", content=f"number {number}")
            await kit.next("message")
        await answer(kit, "read", "read", seq=3)
        host.send("clear")
        await kit.next("history")
        host.send("message", content="a new beginning")
        await kit.next("message")
        assert (await answer(kit, "read", "read", seq=0))["unread"] == 1
    async with open_store(tmp_path) as store, chat(store=store) as c:
        _, rooms = await listing(c, "Kit", KIT)
        assert (rooms["lobby"]["read"], rooms["lobby"]["unread"]) == (0, 1)
