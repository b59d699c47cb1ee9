"""Passwords and locks of the chat and of rooms: people are let in or not, and told why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.memory import MemoryStore
from chatdesk.server import guess_line, guesses
from chatdesk.server.guesses import TRIES_OF_A_NETWORK, Guesser
from chatdesk.server.password_file import PasswordFileError
from tests.server.chat import Chat, Peer, chat
from tests.server.wire import Event

PASSWORD, SPELT, SHOUTED = "copper-walrus", "Copper-Walrus", "COPPER-WALRUS "
GUESS, WALRUS, KETTLE, LONGER, ANOTHER = "guess", "brass-walrus", "brass-kettle", "brass-kettle-longer", "another"
SECOND_LINE = "not this line"
KIT = "new." + "7" * 32
WINDOW = {"capabilities": ["presence", "rooms"], "client": "window"}


@asynccontextmanager
async def guarded(room: str | None = None, **entry: Any) -> AsyncIterator[tuple[Chat, Peer]]:
    """A chat whose host, who is in it, has set this for it or a room."""
    async with chat() as c:
        host = await c.join("Mara", token=c.server.host_token, **WINDOW)
        if room:
            host.send("create", room=room, id="made")
            await answer(host, "made")
        host.send("entry", room=room, id="set", **entry)
        assert (await answer(host, "set"))["type"] in ("entry", "room")
        yield c, host


async def answer(peer: Peer, ref: str) -> Event:
    """What answers the command with this id."""
    while True:
        event = await peer.event()
        if event.get("ref") == ref:
            return event


async def tried(c: Chat, nickname: str, **fields: Any) -> tuple[Peer, Event]:
    """The first answer to a join."""
    peer = await c.connect()
    peer.send("join", nickname=nickname, **fields)
    return peer, await peer.event()


async def test_the_chat_asks_for_its_password_and_then_no_more() -> None:
    async with guarded(password=SPELT) as (c, host):
        peer, refused = await tried(c, "Kit", token=KIT)
        assert (refused["code"], refused["ref"]) == ("password_required", "join")
        assert "Kit" not in [person.nickname for person in c.server.hub.people.values()]
        peer.send("join", nickname="Kit", token=KIT, password=WALRUS)
        wrong = await peer.event()
        assert wrong["code"] == "bad_password"
        assert "4 more tries" in wrong["content"]
        peer.send("join", nickname="Kit", token=KIT, password=SHOUTED)
        welcome = await peer.event()
        assert welcome["type"] == "welcome"
        peer.abort()
        _, again = await tried(c, "Kit", token=welcome["token"])
        assert again["type"] == "welcome"
        host.send("entry", password=KETTLE, id="new")
        assert (await answer(host, "new"))["asks"] == ["password"]
        _, asked = await tried(c, "Kit", token=welcome["token"])
        assert asked["code"] == "password_required"


async def test_who_guesses_waits_longer_and_longer_while_others_come_in_at_once() -> None:
    async with guarded(password=PASSWORD) as (c, _host):
        peer = await c.connect()
        answers = []
        for _ in range(7):
            peer.send("join", nickname="Eve", password=GUESS)
            answers.append(await peer.event())
        assert [event["code"] for event in answers] == ["bad_password"] * 7
        assert [event.get("retry_after", 0) > 0 for event in answers] == [False] * 4 + [True] * 3
        peer.send("join", nickname="Eve", password=PASSWORD)
        assert (await peer.event())["code"] == "bad_password", "the right one is not even looked at"
        _, welcome = await tried(c, "Ana", password=PASSWORD)
        assert welcome["type"] == "welcome"
        limits = c.server.reports.stats()["limits"]
        assert {name: limits[name] for name in limits if "password" in name} == {
            "password_waits": 3,
            "wrong_passwords": 5,
        }


async def test_a_class_comes_in_while_somebody_behind_the_same_address_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(guess_line, "PATIENCE_SECONDS", 60)  # sixty hashes take seconds, and beside other work more
    async with guarded(password=PASSWORD) as (c, host):
        network = "127.0.0.1"
        for number in range(TRIES_OF_A_NETWORK):
            c.server.dispatcher.entry.guesses.begin(Guesser(network, f"eve {number}"))
        known = await c.join("Kit", password=PASSWORD, **WINDOW)
        kit = c.server.hub.people["kit"].identity
        host.send("entry", password=KETTLE, id="new")
        await answer(host, "new")
        eves = [await c.connect() for _ in range(3)]

        async def guess(eve: Peer) -> None:
            for number in count():
                eve.send("join", nickname=f"Eve {id(eve)} {number}"[:32], password=GUESS)
                assert (await eve.event())["code"] == "bad_password"

        guessing = [asyncio.ensure_future(guess(eve)) for eve in eves]
        await asyncio.sleep(0)
        before = c.server.dispatcher.entry.guesses.count(Guesser(network, ""))
        pupils = await asyncio.gather(*(tried(c, f"Pupil {number}", password=KETTLE) for number in range(59)))
        assert [first for _, first in pupils if first["type"] != "welcome"] == []
        known.abort()
        token = c.server.hub.identities.token(kit)
        assert (await tried(c, "Kit", token=token, password=KETTLE))[1]["type"] == "welcome"
        wrong = c.server.dispatcher.entry.guesses.count(Guesser(network, "")) - before
        assert 0 < wrong < 59, "each of them costs a pause"
        limits = c.server.reports.stats()["limits"]
        assert limits["password_line"] >= 59
        for task in guessing:
            task.cancel()


async def test_after_a_restart_the_hash_is_enough() -> None:
    store = MemoryStore()
    async with chat(store=store) as c:
        host = await c.join("Mara", token=c.server.host_token, **WINDOW)
        host.send("entry", password=PASSWORD, id="set")
        await answer(host, "set")
        kept = c.server.hub.directory.chat
    store.room_settings = lambda: {"": kept}  # type: ignore[method-assign]
    async with chat(store=store) as c:
        peer = await c.connect()
        peer.send("join", nickname="Kit", password=GUESS)
        peer.send("join", nickname="Kit", password=PASSWORD)
        peer.send("message", content="hello")
        assert (await peer.event())["code"] == "bad_password"
        assert (await peer.next("message"))["content"] == "hello"


async def test_a_room_has_a_password_of_its_own() -> None:
    async with guarded("mentors", password=PASSWORD) as (c, _host):
        kit = await c.join("Kit", token=KIT, **WINDOW)
        kit.send("rooms", id="list")
        listed = await answer(kit, "list")
        assert [room.get("entry") for room in listed["rooms"] if room["room"] == "mentors"] == [["password"]]
        kit.send("enter", room="mentors", id="1")
        assert (await answer(kit, "1"))["code"] == "password_required"
        kit.send("enter", room="mentors", id="2", password=GUESS)
        assert (await answer(kit, "2"))["code"] == "bad_password"
        kit.send("enter", room="mentors", id="3", password=PASSWORD)
        assert (await answer(kit, "3"))["type"] == "users"
        kit.send("exit", room="mentors", id="4")
        await answer(kit, "4")
        kit.send("enter", room="mentors", id="5")
        assert (await answer(kit, "5"))["type"] == "users"


async def test_a_join_into_a_room_with_a_password_says_what_to_do() -> None:
    async with guarded("mentors", password=PASSWORD) as (c, host):
        _, asked = await tried(c, "Kit", room="mentors")
        assert asked["code"] == "password_required"
        _, welcome = await tried(c, "Kit", room="mentors", password=PASSWORD)
        assert welcome["room"] == "mentors"
        host.send("entry", password=KETTLE, id="chat")
        await answer(host, "chat")
        peer, both = await tried(c, "Bo", room="mentors", token=KIT, password=KETTLE)
        assert "then enter it" in both["content"]
        peer.send("join", nickname="Bo", token=KIT)
        assert (await peer.event())["type"] == "welcome"


async def test_nothing_of_a_room_with_a_password_is_found_by_others() -> None:
    async with guarded("mentors", password=PASSWORD) as (c, host):
        host.send("enter", room="mentors", id="in")
        await answer(host, "in")
        host.send("message", content="the walrus sleeps", room="mentors", id="said")
        await host.next("message")
        kit = await c.join("Kit", token=KIT, **WINDOW)
        for command in ("history", "users", "pins"):
            kit.send(command, room="mentors", id=command)
            assert (await answer(kit, command))["code"] == "bad_room"
        kit.send("search", query="walrus", id="found")
        assert (await answer(kit, "found"))["hits"] == []
        kit.send("enter", room="mentors", password=PASSWORD, id="enter")
        await answer(kit, "enter")
        kit.send("search", query="walrus", id="found")
        assert len((await answer(kit, "found"))["hits"]) == 1


async def test_a_locked_chat_lets_those_back_in_who_were_there() -> None:
    async with guarded() as (c, host):
        kit = await c.join("Kit", token=KIT, **WINDOW)
        terminal = await c.join("Tom")
        host.send("entry", locked=True, id="lock")
        assert (await answer(host, "lock"))["asks"] == ["locked"]
        _, refused = await tried(c, "Ana")
        assert refused["code"] == "locked"
        kit.abort()
        _, back = await tried(c, "Kit", token=KIT)
        assert back["type"] == "welcome"
        terminal.send("message", content="still here")
        assert await terminal.next("message")
        _, moderator = await tried(c, "Mara 2", token=c.server.host_token)
        assert moderator["type"] == "welcome"
        host.send("entry", locked=False, id="open")
        await answer(host, "open")
        _, welcome = await tried(c, "Ana")
        assert welcome["type"] == "welcome"


async def test_a_locked_room_lets_nobody_new_in() -> None:
    async with guarded("mentors", locked=True) as (c, host):
        kit = await c.join("Kit", token=KIT, **WINDOW)
        kit.send("enter", room="mentors", id="1")
        assert (await answer(kit, "1"))["code"] == "locked"
        host.send("entry", room="mentors", locked=False, id="open")
        assert "entry" not in (await answer(host, "open"))["room"]
        kit.send("enter", room="mentors", id="2")
        assert (await answer(kit, "2"))["type"] == "users"
        host.send("entry", room="mentors", locked=True, id="lock")
        await answer(host, "lock")
        kit.send("exit", room="mentors", id="3")
        await answer(kit, "3")
        kit.send("enter", room="mentors", id="4")
        assert (await answer(kit, "4"))["type"] == "users"


async def test_only_host_and_moderators_change_who_may_come_in() -> None:
    async with guarded() as (c, _host):
        kit = await c.join("Kit")
        for fields in ({"locked": True}, {"password": ANOTHER}, {"room": "lobby", "locked": True}, {}):
            kit.send("entry", id="1", **fields)
            assert (await answer(kit, "1"))["code"] == "forbidden"
        kit.send("entry", room="nowhere", id="2")
        assert (await answer(kit, "2"))["code"] == "bad_room"


async def test_those_in_a_room_are_told_and_nobody_is_told_the_password() -> None:
    async with guarded() as (c, host):
        kit = await c.join("Kit", **WINDOW)
        host.send("entry", room="lobby", password=PASSWORD)
        told = await kit.next("system")
        while told.get("code") != "room_changed":
            told = await kit.next("system")
        assert "Who is in stays" in told["content"]
        assert (await kit.next("room"))["room"]["entry"] == ["password"]
        host.send("entry", password=PASSWORD, id="chat")
        notice = await host.next("system")
        while "chat" not in notice["content"].lower() or notice["code"] != "room_changed":
            notice = await host.next("system")
        assert "at their next join" in notice["content"]
        assert c.server.reports.about()["entry"] == ("password",)
        assert PASSWORD not in repr(c.server.reports.about()) + repr(c.server.routes) + repr(
            vars(c.server.hub.directory)
        )


async def test_the_file_of_the_password_can_change_while_the_chat_is_open(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n{SECOND_LINE}\n")
    async with chat(password_file=file) as c:
        _, refused = await tried(c, "Kit", password=SECOND_LINE)
        assert refused["code"] == "bad_password"
        _, welcome = await tried(c, "Kit", password=PASSWORD)
        assert welcome["type"] == "welcome"
        host = await c.join("Mara", token=c.server.host_token)
        host.send("entry", password=ANOTHER, id="1")
        assert (await answer(host, "1"))["code"] == "forbidden"
        host.send("entry", id="2")
        assert (await answer(host, "2"))["password_in_file"]
        file.write_text(f"{LONGER}\n")
        _, old = await tried(c, "Ana", password=PASSWORD)
        assert old["code"] == "bad_password"
        _, new = await tried(c, "Ana", password=LONGER)
        assert new["type"] == "welcome"
        file.write_text("")
        _, free = await tried(c, "Bo")
        assert free["type"] == "welcome"
        file.unlink()
        _, still = await tried(c, "Cleo")
        assert still["type"] == "welcome"


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe", "no password"), (b"x" * 5000, "no password"), (None, "read")]
)
async def test_a_file_that_has_no_password_is_said_at_the_start(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PasswordFileError, match=words):
        async with chat(password_file=file):
            await asyncio.sleep(0)
