"""What a client may say, and what it hears in return."""

from typing import get_args

import pytest

from chatdesk.protocol import commands
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.server.auth import Role
from tests.server.chat import Chat, chat, error_reply, pair


def author(chat: Chat, nickname: str) -> str:
    """The public id of somebody who is there."""
    return next(person.author for person in chat.server.hub.people.values() if person.nickname == nickname)


async def test_a_joiner_hears_welcome_system_users_history_and_user_joined_in_this_order() -> None:
    async with chat(name="Robotics") as c:
        kit = await c.connect()
        kit.send("join", nickname=" Kit ", timestamp="1999-01-01T00:00:00Z", unknown=[1])
        welcome, system, users, history, joined = await kit.events(5)
    epoch, token, me = welcome.pop("epoch"), welcome.pop("token"), welcome.pop("me")
    assert len(epoch) == 16
    assert "." in token
    version, server_id = welcome["server"].pop("version"), welcome["server"].pop("id")
    assert welcome == {
        "type": "welcome",
        "protocol": 1,
        "nickname": "Kit",
        "room": "lobby",
        "user_count": 1,
        "limits": {
            "message_bytes": 65536,
            "content_chars": 8000,
            "nickname_chars": 32,
            "history": 200,
            "message_rate": 5.0,
        },
        "server": {"name": "Robotics", "host": ""},
    }
    assert version.count(".") == 2
    assert len(server_id) == 16
    assert system["type"] == "system"
    assert (system["content"], system["code"]) == ("Welcome to the chat!", "welcome")
    assert users["users"][0].pop("joined_at").endswith("Z")
    assert users == {
        "type": "users",
        "room": "lobby",
        "users": [{"nickname": "Kit", "status": "online", "author": me}],
        "user_count": 1,
    }
    assert history == {"type": "history", "room": "lobby", "epoch": epoch, "messages": [], "more": False}
    assert not joined.pop("timestamp").startswith("1999")
    assert joined == {"type": "user_joined", "nickname": "Kit", "user_count": 1, "room": "lobby", "author": me}


async def test_the_latest_fifty_come_with_the_join_and_older_ones_on_demand() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        for number in range(1, 121):
            kit.send("message", content=f"number {number}")
        await kit.ping()
        ana = await c.connect()
        ana.send("join", nickname="Ana")
        page = await ana.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(71, 121)]
        assert page["more"]
        assert page["messages"][-1]["content"] == "number 120"
        ana.send("history", before=71, limit=30)
        page = await ana.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(41, 71)]
        ana.send("history", after=100, limit=200)
        page = await ana.next("history")
        assert [message["seq"] for message in page["messages"]] == [*range(101, 121)]
        assert not page["more"]
        ana.send("history")
        assert len((await ana.next("history"))["messages"]) == 50
        assert await error_reply(ana, "history", before=5, after=1) == ("bad_message", "history")


async def test_a_client_that_resumes_gets_what_it_missed_and_nothing_else() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        for number in range(1, 6):
            kit.send("message", content=f"number {number}")
        epoch = (await kit.ping("history"))["epoch"]
        ana.abort()
        back = await c.connect()
        back.send("join", nickname="Ana again", resume={"epoch": epoch, "seq": 3})
        page = await back.next("history")
        assert ([message["seq"] for message in page["messages"]], page["more"]) == ([4, 5], False)
        other = await c.connect()
        other.send("join", nickname="Bo", resume={"epoch": "another", "seq": 3})
        assert len((await other.next("history"))["messages"]) == 5


async def test_messages_of_all_have_one_order_without_gaps() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        for number in range(50):
            (kit, ana)[number % 2].send("message", content=f"number {number}")
        heard = [await kit.next("message") for _ in range(50)]
        assert [message["seq"] for message in heard] == [*range(1, 51)]
        assert [await ana.next("message") for _ in range(50)] == heard


async def test_sender_number_and_time_are_the_servers_whatever_a_client_supplies() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("message", content="hi", nickname="Ana", seq=99, timestamp="1999-01-01T00:00:00Z", host=True)
        message = await ana.next("message")
        assert not message.pop("timestamp").startswith("1999")
        assert message == {"type": "message", "nickname": "Kit", "content": "hi", "room": "lobby", "seq": 1}


async def test_the_senders_id_comes_back_and_the_same_id_again_has_no_second_effect() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("message", content="once", id="a1")
        first = await kit.next("message")
        assert (first["id"], first["seq"]) == ("a1", 1)
        for _ in range(5):
            kit.send("message", content="once", id="a1")
            assert await kit.next("message") == first
        assert await error_reply(kit, "message", content="twice", id="a1") == ("id_reused", "a1")
        ana.send("message", content="mine", id="a1")
        assert [(await ana.next("message"))["content"] for _ in range(2)] == ["once", "mine"]


async def test_an_id_is_known_again_on_a_later_connection_of_the_same_person() -> None:
    async with chat() as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit")
        token = (await kit.next("welcome"))["token"]
        kit.send("message", content="once", id="a1")
        first = await kit.next("message")
        kit.abort()
        back = await c.join("Kit", token=token)
        back.send("message", content="once", id="a1")
        assert await back.next("message") == first
        assert c.server.traffic.messages == 1


async def test_typing_reaches_the_others_and_never_the_person_who_types() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("typing")
        told = {"type": "typing", "nickname": "Kit", "active": True, "room": "lobby", "author": author(c, "Kit")}
        assert await ana.event() == told
        kit.send("typing", active=False)
        assert not (await ana.event())["active"]
        kit.send("users")
        assert (await kit.event())["type"] == "users", "nothing about typing came before"


async def test_a_typing_sign_repeated_without_need_is_not_passed_on() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        for _ in range(50):
            kit.send("typing")
        for _ in range(50):
            kit.send("typing", active=False)
        kit.send("message", content="done")
        assert [(await ana.event())["type"] for _ in range(3)] == ["typing", "typing", "message"]


async def test_a_client_with_the_capability_gets_presence_in_batches() -> None:
    async with chat() as c:
        kit = await c.join("Kit", capabilities=["presence", "reach", "of a later version"])
        await c.join("Ana")
        came = await kit.next("presence")
        assert came.pop("timestamp").endswith("Z")
        assert came["joined"][0].pop("joined_at").endswith("Z")
        assert came == {
            "type": "presence",
            "room": "lobby",
            "joined": [{"nickname": "Ana", "status": "online", "author": author(c, "Ana")}],
            "left": [],
            "user_count": 2,
        }


async def test_a_ping_is_answered_before_a_join_and_while_another_answer_is_due() -> None:
    async with chat() as c:
        kit = await c.connect()
        kit.send("ping", id="first")
        assert await kit.event() == {"type": "pong", "ref": "first"}
        kit.send("ping")
        assert await kit.event() == {"type": "pong"}
        kit.send("join", nickname="Kit")
        kit.send("ping", id="second")
        assert {"type": "pong", "ref": "second"} in await kit.events(6)


async def test_leaving_ends_with_1000_and_the_others_are_told() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        gone = author(c, "Ana")
        ana.send("leave", timestamp="2024-01-01T12:00:00Z")
        assert await ana.farewell() == (1000, "")
        left = await kit.next("user_left")
        assert left.pop("timestamp").endswith("Z")
        assert left == {"type": "user_left", "nickname": "Ana", "user_count": 1, "room": "lobby", "author": gone}


@pytest.mark.parametrize(
    "content", ["x" * CONTENT_CHARS, "two\nlines\tand a tab", "\u202eevil", "<img onerror=x>", "😀"]
)
async def test_text_is_passed_on_as_it_is(content: str) -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("message", content=content)
        assert (await ana.next("message"))["content"] == content


async def test_an_author_is_the_identity_under_every_nickname_and_tells_nobody_which() -> None:
    async with chat() as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit")
        welcome = await kit.next("welcome")
        other = await c.connect()
        other.send("join", nickname="Kit on the phone", token=welcome["token"])
        assert (await other.next("welcome"))["me"] == welcome["me"]
        kit.send("leave")
        await kit.farewell()
        later = await c.connect()
        later.send("join", nickname="Kit")
        assert (await later.next("welcome"))["me"] != welcome["me"], "an unrelated Kit"
        identity = welcome["token"].partition(".")[0]
        forged = await c.connect()
        forged.send("join", nickname="Bo", token=f"{welcome['me']}.{welcome['token'].partition('.')[2]}")
        assert (await forged.next("welcome"))["me"] not in (welcome["me"], identity)


ROOMS = ("users", "history", "search", "message", "typing", "user_joined", "user_left", "presence")


async def test_whatever_answers_a_command_brings_its_id_back_and_names_its_room() -> None:
    async with chat() as c:
        kit = await c.connect()
        kit.send("prove", identities=["a"], nonce="n" * 16, id="p1")
        kit.send("join", nickname="Kit", id="j1")
        answers = await kit.events(6)
        kit.send("users", id="u1")
        kit.send("history", id="h1")
        kit.send("search", query="x", id="s1")
        kit.send("ping", id="i1")
        kit.send("message", content="hi", id="m1")
        answers += await kit.events(5)
        told = {(event["type"], event.get("ref") or event.get("id")) for event in answers}
        assert told == {
            ("proof", "p1"),
            ("welcome", "j1"),
            ("system", None),
            ("users", "j1"),
            ("history", "j1"),
            ("user_joined", None),
            ("users", "u1"),
            ("history", "h1"),
            ("search", "s1"),
            ("pong", "i1"),
            ("message", "m1"),
        }
        assert all(event["room"] == "lobby" for event in answers if event["type"] in ROOMS)


EVERY_COMMAND = [str(command.__struct_config__.tag) for command in get_args(commands.Command)]
FIELDS: dict[str, object] = {
    "content": "",
    "nickname": "Kit",
    "room": "nowhere",
    "query": "x",
    "nonce": "n" * 16,
    "identities": [],
    "seq": 1,
}


@pytest.mark.parametrize("name", [name for name in EVERY_COMMAND if name not in ("ping", "prove", "leave")])
async def test_every_error_refers_to_its_command_by_id_or_else_by_type(name: str) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        fields = FIELDS if name != "enter" else FIELDS | {"room": "no/room"}
        assert (await error_reply(kit, name, **fields))[1] == name
        assert (await error_reply(kit, name, **fields, id="c1"))[1] == "c1"


@pytest.mark.parametrize("name", [name for name in EVERY_COMMAND if name not in ("ping", "prove", "join")])
async def test_a_command_of_a_stranger_is_refused_by_its_id(name: str) -> None:
    async with chat() as c:
        kit = await c.connect()
        assert await error_reply(kit, name, **FIELDS, id="c1") == ("not_joined", "c1")
        assert await error_reply(kit, name, **FIELDS) == ("not_joined", name)


async def test_what_a_role_does_not_allow_is_refused_at_the_command() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        (person,) = (person for person in c.server.hub.people.values() if person.nickname == "Kit")
        c.server.hub.rooms["lobby"].roles[person.identity] = Role.GUEST
        assert await error_reply(kit, "message", content="hi", id="m1") == ("forbidden", "m1")
        assert await error_reply(kit, "typing") == ("forbidden", "typing")
        assert await error_reply(kit, "clear") == ("forbidden", "clear")
        ana.send("message", content="Kit hears this")
        assert (await kit.next("message"))["content"] == "Kit hears this"
        assert c.server.traffic.messages == 1
