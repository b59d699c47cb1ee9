"""What a client may say, and what it hears in return."""

from typing import Any

import pytest

from chatdesk.protocol.limits import CONTENT_CHARS
from tests.server.chat import Chat, Peer, chat
from tests.server.wire import text
from tests.shared_cases import INVISIBLE


async def pair(chat: Chat) -> tuple[Peer, Peer]:
    """Kit and Ana, who have heard of each other."""
    kit = await chat.join("Kit")
    ana = await chat.join("Ana")
    await kit.next("user_joined")
    return kit, ana


async def refusal(peer: Peer, name: str, **fields: Any) -> tuple[str, str | None]:
    """Code and ref of the error that answers a command."""
    peer.send(name, **fields)
    error = await peer.next("error")
    assert error["content"].endswith(".")
    return error["code"], error.get("ref")


async def test_a_joiner_hears_welcome_system_users_history_and_user_joined_in_this_order() -> None:
    async with chat(name="Robotics") as c:
        kit = await c.connect()
        kit.send("join", nickname=" Kit ", timestamp="1999-01-01T00:00:00Z", unknown=[1])
        welcome, system, users, history, joined = await kit.events(5)
    epoch, token = welcome.pop("epoch"), welcome.pop("token")
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
    assert system["content"] == "Welcome to the chat!"
    assert users["users"][0].pop("joined_at").endswith("Z")
    assert users == {
        "type": "users",
        "room": "lobby",
        "users": [{"nickname": "Kit", "status": "online"}],
        "user_count": 1,
    }
    assert history == {"type": "history", "room": "lobby", "epoch": epoch, "messages": [], "more": False}
    assert not joined.pop("timestamp").startswith("1999")
    assert joined == {"type": "user_joined", "nickname": "Kit", "user_count": 1, "room": "lobby"}


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
        assert await refusal(ana, "history", before=5, after=1) == ("bad_message", "history")


async def test_who_resumes_gets_what_was_missed_and_nothing_else() -> None:
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
        assert await refusal(kit, "message", content="twice", id="a1") == ("id_reused", "a1")
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


async def test_typing_reaches_the_others_and_never_the_one_who_types() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("typing")
        assert await ana.event() == {"type": "typing", "nickname": "Kit", "active": True, "room": "lobby"}
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


async def test_who_can_take_batches_hears_of_people_in_batches() -> None:
    async with chat() as c:
        kit = await c.join("Kit", capabilities=["presence", "reach", "of a later version"])
        await c.join("Ana")
        came = await kit.next("presence")
        assert came.pop("timestamp").endswith("Z")
        assert came["joined"][0].pop("joined_at").endswith("Z")
        assert came == {
            "type": "presence",
            "room": "lobby",
            "joined": [{"nickname": "Ana", "status": "online"}],
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
        ana.send("leave", timestamp="2024-01-01T12:00:00Z")
        assert await ana.farewell() == (1000, "")
        left = await kit.next("user_left")
        assert left.pop("timestamp").endswith("Z")
        assert left == {"type": "user_left", "nickname": "Ana", "user_count": 1, "room": "lobby"}


@pytest.mark.parametrize("name", ["message", "typing", "users", "history", "leave"])
async def test_a_stranger_is_told_to_join_first(name: str) -> None:
    async with chat() as c:
        stranger = await c.connect()
        assert await refusal(stranger, name, content="hi") == ("not_joined", name)
        stranger.send("join", nickname="Kit")
        await stranger.next("welcome")


@pytest.mark.parametrize("name", ["message", "typing", "users", "history"])
async def test_nothing_works_in_a_room_that_one_is_not_in(name: str) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        ana = await c.join("Ana", room="elsewhere")
        assert await refusal(kit, name, room="elsewhere", content="hi") == ("bad_room", name)
        ana.send("users")
        assert (await ana.event())["type"] == "users", "nothing has reached the room"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_message"),
        *((text, "empty_message") for text in INVISIBLE),
        ("x" * (CONTENT_CHARS + 1), "message_too_long"),
        ("nul \0", "bad_message"),
        ("bell \a", "bad_message"),
        ("escape \x1b[2J", "bad_message"),
        ("vertical tab \x0b", "bad_message"),
        ("next line \x85", "bad_message"),
        (None, "bad_message"),
        (True, "bad_message"),
        (["a"], "bad_message"),
    ],
)
async def test_a_message_that_says_nothing_or_too_much_is_refused_by_its_id(content: object, code: str) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        assert await refusal(kit, "message", content=content, id="a1") == (code, "a1")
        assert c.server.traffic.messages == 0


@pytest.mark.parametrize(
    "content", ["x" * CONTENT_CHARS, "two\nlines\tand a tab", "\u202eevil", "<img onerror=x>", "😀"]
)
async def test_text_is_passed_on_as_it_is(content: str) -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("message", content=content)
        assert (await ana.next("message"))["content"] == content


async def test_what_does_not_exist_yet_is_refused_and_not_said_to_everybody() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        assert await refusal(kit, "message", content="psst", to="Ana", id="a1") == ("not_supported", "a1")
        kit.send("typing", to="Ana")
        assert await refusal(kit, "edit", seq=1, content="x") == ("unknown_type", "edit")
        ana.send("users")
        assert (await ana.event())["type"] == "users"


@pytest.mark.parametrize(
    "nickname",
    [
        "",
        "   ",
        "x" * 33,
        "x" * 10_000,
        "a\nb",
        "a\u200bb",
        "\u202eevil",
        "a\u0301\u0301\u0301\u0301",
        "system",
        "Server",
        "HOST",
    ],
)
async def test_a_nickname_that_could_mislead_is_refused(nickname: str) -> None:
    async with chat() as c:
        stranger = await c.connect()
        assert await refusal(stranger, "join", nickname=nickname) == ("bad_nickname", "join")
        stranger.send("join", nickname="Kit")
        await stranger.next("welcome")


@pytest.mark.parametrize("twin", ["admin", "ADMIN", "ａｄｍｉｎ", "\u0430dmin", "adrnin", " admin "])
async def test_a_name_that_somebody_could_take_for_anothers_is_taken(twin: str) -> None:
    async with chat() as c:
        await c.join("Admin")
        stranger = await c.connect()
        assert await refusal(stranger, "join", nickname=twin) == ("nickname_taken", "join")


async def test_nobody_joins_twice_on_one_connection() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        assert await refusal(kit, "join", nickname="Ana") == ("already_joined", "join")
        assert (await kit.ping())["user_count"] == 1


HOSTILE: list[str | bytes] = [
    "[" * 60_000,
    '{"type":"message","content":' + "[" * 900 + "]" * 900 + "}",
    '{"type":"history","before":' + "9" * 5_000 + "}",
    '{"type":"history","before":9223372036854775808}',
    '{"type":"history","before":1e400}',
    '{"type":"message","content":"a","x":NaN}',
    '{"type":"message","content":"a","x":Infinity}',
    '{"type":"message","content":"\\ud800"}',
    '{"type":"message","content":"a","content":"b"}',
    '{"type":"typing","active":1}',
    '{"type":"history","limit":true}',
    '{"type":"message","content":["a"]}',
    '{"type":"message","content":"a\\u0000"}',
    '{"type":"message","content":"a\x00"}',
    '{"type":"message","content":"a"}'.encode("utf-16-le"),
    "",
    " " * 65_000,
    "null",
    "join",
    "{}",
]


async def test_hostile_json_is_answered_with_an_error_and_the_connection_stays() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        for data in HOSTILE:
            kit.write(text(data))
            error = await kit.next("error")
            assert error["code"] in ("bad_json", "bad_message"), data
        assert (await kit.ping())["user_count"] == 1
        assert c.server.traffic.messages == 0


async def test_the_burst_is_twice_the_rate_and_what_is_beyond_is_refused_by_its_id() -> None:
    async with chat(message_rate=2) as c:
        kit = await c.join("Kit")
        for number in range(1, 7):
            kit.send("message", content="hi", id=f"a{number}")
        answers = await kit.events(6)
        refused = [event for event in answers if event["type"] == "error"]
        assert [(event["code"], event["ref"]) for event in refused] == [("rate_limited", "a5"), ("rate_limited", "a6")]
        assert c.server.traffic.messages == 4
        await kit.ping()


async def test_a_rate_below_one_lets_the_first_message_through() -> None:
    async with chat(message_rate=0.1) as c:
        kit = await c.join("Kit")
        kit.send("message", content="hi")
        assert (await kit.next("message"))["seq"] == 1
        assert await refusal(kit, "message", content="hi") == ("rate_limited", "message")


async def test_a_rate_of_zero_is_no_limit() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        for _ in range(500):
            kit.send("message", content="hi")
        heard = [await kit.next("message") for _ in range(500)]
        assert heard[-1]["seq"] == 500


async def test_questions_have_a_rate_of_their_own() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        for _ in range(25):
            kit.send("history")
        answers = [await kit.event() for _ in range(25)]
        refused = [event for event in answers if event["type"] == "error"]
        assert {(event["code"], event["ref"]) for event in refused} == {("rate_limited", "history")}
        assert 3 <= len(refused) <= 7
        kit.send("message", content="still here")
        await kit.next("message")


async def test_who_keeps_making_errors_is_sent_away_with_1008() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        for _ in range(200):
            kit.write(text("nonsense"))
        codes: list[str] = []
        while not codes or codes[-1] != "too_many_errors":
            codes.append((await kit.event())["code"])
        assert codes.count("bad_json") in (31, 32)
        assert await kit.farewell() == (1008, "too many errors")
        kit.abort()
        await ana.next("user_left")
