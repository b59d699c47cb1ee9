"""What a client may not say, or not so often, and what it hears in return."""

import pytest

from chatdesk.protocol.limits import CONTENT_CHARS
from tests.server.chat import chat, error_reply, pair
from tests.server.wire import text
from tests.shared_cases import INVISIBLE


@pytest.mark.parametrize("name", ["message", "typing", "users", "history", "leave"])
async def test_a_stranger_is_told_to_join_first(name: str) -> None:
    async with chat() as c:
        stranger = await c.connect()
        assert await error_reply(stranger, name, content="hi") == ("not_joined", name)
        stranger.send("join", nickname="Kit")
        await stranger.next("welcome")


@pytest.mark.parametrize("name", ["message", "typing", "users", "history"])
async def test_nothing_works_in_a_room_that_one_is_not_in(name: str) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        ana = await c.join("Ana", room="elsewhere")
        assert await error_reply(kit, name, room="elsewhere", content="hi") == ("bad_room", name)
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
        assert await error_reply(kit, "message", content=content, id="a1") == (code, "a1")
        assert c.server.traffic.messages == 0


async def test_what_does_not_exist_yet_is_refused_and_not_said_to_everybody() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        assert await error_reply(kit, "message", content="psst", to="Ana", id="a1") == ("not_supported", "a1")
        kit.send("typing", to="Ana")
        assert await error_reply(kit, "edit", seq=1, content="x") == ("unknown_type", "edit")
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
        assert await error_reply(stranger, "join", nickname=nickname) == ("bad_nickname", "join")
        stranger.send("join", nickname="Kit")
        await stranger.next("welcome")


@pytest.mark.parametrize("twin", ["admin", "ADMIN", "ａｄｍｉｎ", "\u0430dmin", "adrnin", " admin "])
async def test_a_name_that_somebody_could_take_for_anothers_is_taken(twin: str) -> None:
    async with chat() as c:
        await c.join("Admin")
        stranger = await c.connect()
        assert await error_reply(stranger, "join", nickname=twin) == ("nickname_taken", "join")


async def test_nobody_joins_twice_on_one_connection() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        assert await error_reply(kit, "join", nickname="Ana") == ("already_joined", "join")
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
        assert await error_reply(kit, "message", content="hi") == ("rate_limited", "message")


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


async def test_a_client_that_keeps_making_errors_is_closed_with_1008() -> None:
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
