"""What holds for every command: it is known, allowed and not too frequent, and its answer names it."""

from typing import get_args

import pytest

from chatdesk.protocol import commands
from chatdesk.protocol.proof import make_proof
from chatdesk.server.auth import Role
from tests.server.budget_clock import stop_clock
from tests.server.chat import chat, error_reply, pair
from tests.server.wire import text

ROOMS = ("users", "history", "search", "message", "typing", "user_joined", "user_left", "presence")


async def test_whatever_answers_a_command_brings_its_id_back_and_names_its_room() -> None:
    async with chat() as c:
        kit = await c.connect()
        kit.send("prove", identities=["a"], nonce="n" * 16, id="p1")
        kit.send("join", nickname="Kit", id="j1")
        answers = await kit.events(6)
        kit.send("users", id="u1")
        kit.send("history", id="h1")
        kit.send("search", query="x", id="s1", room="lobby")
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


@pytest.mark.parametrize("page", ["http://b.example.org/chat", "https://b.example.org"])
async def test_behind_a_proxy_the_server_proves_itself_by_the_address_of_its_page(page: str) -> None:
    async with chat(public_url=page) as c:
        kit = await c.connect()
        kit.send("prove", identities=["kit"], nonce="n" * 16)
        token = c.server.hub.identities.token("kit")
        assert make_proof(token, "n" * 16, page, 0) in (await kit.next("proof"))["proofs"]


ACCEPTED = {"ping", "prove", "leave", "rooms", "nick", "status", "give_receipts"}
"""Commands that need nothing of what a test may send wrongly."""
EVERY_COMMAND = [str(command.__struct_config__.tag) for command in get_args(commands.Command)]


FIELDS: dict[str, object] = {
    "content": "",
    "nickname": "Kit",
    "room": "nowhere",
    "query": "x",
    "nonce": "n" * 16,
    "identities": [],
    "seq": 1,
    "seqs": [1],
    "first": 1,
    "last": 2,
    "emoji": "👍",
    "topic": "",
    "see": "all",
    "level": "all",
    "allow": "nobody",
    "whom": "Kit",
    "invitation": "x",
    "held": 1,
    "who": "x",
    "reason": "x",
    "role": "guest",
    "token": "x",
}


@pytest.mark.parametrize("name", [name for name in EVERY_COMMAND if name not in ACCEPTED])
async def test_every_error_refers_to_its_command_by_id_or_else_by_type(name: str) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        fields = FIELDS if name not in ("enter", "create") else FIELDS | {"room": "no/room"}
        assert (await error_reply(kit, name, **fields))[1] == name
        assert (await error_reply(kit, name, **fields, id="c1"))[1] == "c1"


@pytest.mark.parametrize("name", [name for name in EVERY_COMMAND if name not in ("ping", "prove", "join")])
async def test_a_command_of_a_stranger_is_refused_by_its_id(name: str) -> None:
    async with chat() as c:
        kit = await c.connect()
        assert await error_reply(kit, name, **FIELDS, id="c1") == ("not_joined", "c1")
        assert await error_reply(kit, name, **FIELDS) == ("not_joined", name)
        kit.send("join", nickname="Kit")
        await kit.next("welcome")


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


@pytest.mark.parametrize("name", ["message", "typing", "users", "history", "search", "clear", "exit"])
async def test_nothing_works_in_a_room_that_one_is_not_in(name: str) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        ana = await c.join("Ana", room="elsewhere")
        assert await error_reply(kit, name, room="elsewhere", content="hi", query="hi") == ("bad_room", name)
        ana.send("users")
        assert (await ana.event())["type"] == "users", "nothing has reached the room"


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


async def test_questions_have_a_rate_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)
    async with chat() as c:
        kit = await c.join("Kit")
        for _ in range(25):
            kit.send("history")
        answers = [await kit.event() for _ in range(25)]
        refused = [event for event in answers if event["type"] == "error"]
        assert {(event["code"], event["ref"]) for event in refused} == {("rate_limited", "history")}
        assert len(refused) == 6, "one more was spent when Kit joined"
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
