"""Coming and going: what a joiner hears, who is refused, and the end."""

import pytest

from tests.server.chat import author, chat, error_reply, pair


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
            "edit_seconds": 3600,
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


@pytest.mark.parametrize("twin", ["amina", "AMINA", "ａｍｉｎａ", "\u0430mina", "arnina", " amina "])
async def test_a_name_that_somebody_could_take_for_anothers_is_taken(twin: str) -> None:
    async with chat() as c:
        await c.join("Amina")
        stranger = await c.connect()
        assert await error_reply(stranger, "join", nickname=twin) == ("nickname_taken", "join")


async def test_nobody_joins_twice_on_one_connection() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        assert await error_reply(kit, "join", nickname="Ana") == ("already_joined", "join")
        assert (await kit.ping())["user_count"] == 1


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
