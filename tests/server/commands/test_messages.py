"""What is said, how it is confirmed, and who types."""

import pytest

from chatdesk.protocol.limits import CONTENT_CHARS
from tests.server.budget_clock import stop_clock
from tests.server.chat import author, chat, error_reply, pair
from tests.shared_cases import INVISIBLE


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
        assert len(message.pop("author")) == 16
        expected = {"type": "message", "nickname": "Kit", "content": "hi", "room": "lobby", "seq": 1, "change": 1}
        assert message == expected


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


@pytest.mark.parametrize(
    "content", ["x" * CONTENT_CHARS, "two\nlines\tand a tab", "\u202eevil", "<img onerror=x>", "😀"]
)
async def test_text_is_passed_on_as_it_is(content: str) -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        kit.send("message", content=content)
        assert (await ana.next("message"))["content"] == content


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
        kit.send("typing", to="Ana")
        ana.send("users")
        assert (await ana.event())["type"] == "users"


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


async def test_the_burst_is_twice_the_rate_and_what_is_beyond_is_refused_by_its_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_clock(monkeypatch)
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
