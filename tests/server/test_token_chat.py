"""A chat that asks for tokens: at the handshake, in the join, over the socket, and from one second to the next."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.server import connection, jwt_sign_in
from tests.server.chat import HEARTBEAT_SECONDS, Chat, Peer, chat
from tests.server.tokens import SECRET, sign_in, token
from tests.waiting import until

REFUSED = (4502, "a valid token is needed")


@contextlib.asynccontextmanager
async def token_chat(
    *, heartbeat: float = HEARTBEAT_SECONDS, revoked: RevokedTokens | None = None, **how: Any
) -> AsyncIterator[Chat]:
    async with chat(heartbeat, tokens=sign_in(revoked=revoked, **how)) as c:
        yield c


async def shake_hands(c: Chat, *fields: str) -> Peer:
    peer = await c.open()
    peer.write(c.upgrade(*fields))
    assert (await peer.reply()).status == 101
    return peer


async def welcome(c: Chat, **fields: Any) -> tuple[Peer, dict[str, Any]]:
    peer = await c.connect()
    peer.send("join", **{"nickname": "Kit", **fields})
    return peer, await peer.next("welcome")


async def refusal(peer: Peer, **fields: Any) -> tuple[str, str]:
    peer.send("join", **{"nickname": "Kit", **fields})
    error = await peer.next("error")
    return error["code"], error["content"]


async def test_a_token_in_the_handshake_or_in_the_join_opens_the_chat_to_one_and_the_same_person() -> None:
    async with token_chat() as c:
        peer = await shake_hands(c, f"Authorization: Bearer {token()}")
        peer.send("join", nickname="Kit")
        first = await peer.next("welcome")
        assert first["token"] == ""  # nothing that would last longer than what it came with
        _, second = await welcome(c, token=token())
        assert second["token"] == ""
        assert first["me"] == second["me"]
        assert 3590 < second["expires_in"] <= 3600
        assert c.server.reports.about()["entry"] == ("token",)


BAD = {
    "wrong": f"Authorization: Bearer {token(SECRET[::-1])}",
    "expired": f"Authorization: bearer {token(exp=1)}",
    "unsigned": "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJraXQiLCJleHAiOjQwMDAwMDAwMDB9.",
    "garbage": "Authorization: BEARER of bad news",
    "empty": "Authorization: Bearer ",
    "two": f"Authorization: Bearer {token()}\r\nAuthorization: Bearer {token()}",
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("required", [True, False])
async def test_a_bad_token_in_the_handshake_is_refused_before_it_holds_a_place(bad: str, required: bool) -> None:
    async with token_chat(required=required) as c:
        reply = await c.ask(c.upgrade(BAD[bad]))
        assert reply.status == 401
        assert reply.headers["www-authenticate"].startswith(
            'Bearer realm="ChatDesk", error="invalid_token", error_desc'
        )
        assert reply.body.decode().strip() in reply.headers["www-authenticate"]
        assert not c.server.connections


async def test_the_host_needs_no_token_and_who_was_here_before_does() -> None:
    async with token_chat() as c:
        _, host = await welcome(c, token=c.server.host_token)
        assert "expires_in" not in host
        own = c.server.hub.identities.token("0123456789abcdef")
        assert (await refusal(await c.connect(), nickname="Ana", token=own))[0] == "unauthorized"
        peer = await shake_hands(c, f"Authorization: Bearer {c.server.host_token}")
        peer.send("join", nickname="Mara")
        await peer.next("welcome")
        place = f"Authorization: Bearer {c.server.hub.identities.place_token()}"
        assert (await refusal(await shake_hands(c, place), nickname="Eve"))[0] == "unauthorized"
        peer = await shake_hands(c, place)
        peer.send("join", nickname="Mara", token=c.server.host_token)
        await peer.next("welcome")


async def test_neither_a_cookie_nor_being_a_bot_is_a_way_around() -> None:
    async with token_chat() as c:
        await welcome(c, nickname="Mara", token=token(sub="mara"))
        identity = c.server.hub.people["mara"].identity
        for kept in (c.server.hub.identities.token(identity), c.server.hub.identities.token("0123456789abcdef")):
            peer = await shake_hands(c, f"Cookie: chatdesk-0={kept}")
            assert (await refusal(peer, nickname="Mara"))[0] == "unauthorized"
        assert (await refusal(await c.connect(), client="bot"))[0] == "unauthorized"
        _, bot = await welcome(c, client="bot", nickname="Robo", token=token(role="host", exp=time.time() + 60))
        assert bot["expires_in"] <= 60
        assert not c.server.hub.people["robo"].host


async def test_a_join_without_a_valid_token_is_refused_and_closed_for_good() -> None:
    async with token_chat() as c:
        for given in ({}, {"token": "new.0123456789abcdef0123456789abcdef"}):
            peer = await c.connect()
            code, content = await refusal(peer, **given)
            assert (code, content[:28]) == ("unauthorized", "This chat asks for a token: ")
            assert await peer.farewell() == REFUSED
        peer = await c.connect()
        assert await refusal(peer, token=token(exp=5)) == ("unauthorized", jwt_sign_in.EXPIRED)
        assert await peer.farewell() == REFUSED
        assert c.server.hub.people == {}


async def test_who_brings_no_token_has_ten_seconds_and_who_has_brought_one_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "TOKEN_SECONDS", 0.1)
    async with token_chat() as c:
        signed_in = await shake_hands(c, f"Authorization: Bearer {token()}")
        late = await c.connect()
        error = await late.next("error")
        assert (error["code"], await late.farewell()) == ("unauthorized", REFUSED)
        signed_in.send("join", nickname="Kit")
        await signed_in.next("welcome")


async def test_a_refused_name_costs_no_time_and_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person has to think of another name: their token is known."""
    monkeypatch.setattr(connection, "TOKEN_SECONDS", 0.1)
    async with token_chat() as c:
        peer = await c.connect()
        assert (await refusal(peer, nickname="", token=token()))[0] == "bad_nickname"
        late = await c.connect()
        assert await late.farewell() == REFUSED
        peer.send("join", nickname="Kit", token=token())
        await peer.next("welcome")


async def test_where_tokens_are_optional_both_are_in_and_a_bad_token_is_still_refused() -> None:
    async with token_chat(required=False) as c:
        _, guest = await welcome(c, nickname="Ana")
        _, kit = await welcome(c, token=token(name="Kit"))
        assert ("expires_in" in guest, "expires_in" in kit) == (False, True)
        peer = await c.connect()
        assert await refusal(peer, nickname="Bo", token=token(exp=5)) == ("unauthorized", jwt_sign_in.EXPIRED)
        assert await peer.farewell() == REFUSED
        assert c.server.reports.about()["entry"] == ("token_optional",)


async def test_a_token_says_name_and_role() -> None:
    async with token_chat() as c:
        peer, kit = await welcome(c, nickname="The host", token=token(name="Kit Bell", role="guest"))
        assert kit["nickname"] == "Kit Bell"
        for command in ({"name": "message", "content": "Hello"}, {"name": "nick", "nickname": "Bo"}):
            peer.send(**command)
            assert (await peer.next("error"))["code"] == "forbidden"


async def test_rooms_of_a_token_are_the_only_ones() -> None:
    async with token_chat() as c:
        peer, kit = await welcome(c, token=token(rooms=["build", "dev"]))
        assert kit["room"] == "build"  # in place of the lobby, where everybody comes first
        peer.send("enter", room="dev")
        await peer.next("history")
        for command in (
            {"name": "enter", "room": "lobby"},
            {"name": "enter", "room": "new"},
            {"name": "create", "room": "new"},
        ):
            peer.send(**command)
            assert (await peer.next("error"))["code"] == "forbidden"
        assert "new" not in c.server.hub.directory
        for room in ("build", "dev"):
            peer.send("message", room=room, content="A room in which something was said is in the list.")
            await peer.next("message")
        peer.send("rooms")
        assert {room["room"] for room in (await peer.next("rooms"))["rooms"]} == {"build", "dev"}
        assert (await refusal(await c.connect(), nickname="Kit", token=token(), room="lobby/"))[0] != "unauthorized"
        elsewhere = await c.connect()
        assert (await refusal(elsewhere, token=token(rooms=["build"]), room="dev"))[0] == "forbidden"


async def test_a_session_goes_on_with_the_next_token_of_the_same_person_only() -> None:
    async with token_chat() as c:
        peer, _ = await welcome(c, token=token(rooms=["build", "lobby"], exp=time.time() + 60))
        peer.send("enter", room="build")
        await peer.next("history")
        for given, why in (
            (token(sub="ana"), "This token is for somebody else than the one you have joined with."),
            (token(exp=1), jwt_sign_in.EXPIRED),
            (token(role="host"), "This token makes you the host, or no longer: leave, and join with it."),
            ("nothing", "This token is for somebody else than the one you have joined with."),
        ):
            peer.send("refresh", token=given, id="r")
            error = await peer.next("error")
            assert (error["code"], error["content"], error["ref"]) == ("unauthorized", why, "r")
        peer.send("refresh", token=token(rooms=["lobby"], role="moderator"), id="r2")
        assert (await peer.next("exited"))["room"] == "build"
        refreshed = await peer.next("refreshed")
        assert 3590 < refreshed["expires_in"] <= 3600
        assert refreshed["ref"] == "r2"
        peer.send("topic", room="lobby", topic="Tea")
        await peer.next("system")


async def test_who_has_joined_without_a_token_cannot_go_on_with_one() -> None:
    async with token_chat(required=False) as c:
        peer, _ = await welcome(c)
        peer.send("refresh", token=token())
        assert (await peer.next("error"))["code"] == "unauthorized"
        await peer.ping()  # the connection stays


async def test_after_its_end_a_token_can_be_renewed_for_some_seconds_and_then_the_connection_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jwt_sign_in, "GRACE_SECONDS", 1.5)
    async with token_chat() as c:
        kit, _ = await welcome(c, token=token(exp=int(time.time()) + 2))
        ana, _ = await welcome(c, nickname="Ana", token=token(sub="ana", exp=int(time.time()) + 2))
        principals = [connection.session.principal for connection in c.server.connections]
        await until(lambda: all(principal and principal.expires_in == 0 for principal in principals))
        kit.send("message", content="Still here")  # within the grace
        await ana.next("message")
        kit.send("refresh", token=token())
        await kit.next("refreshed")
        assert await ana.farewell() == (4501, "your sign-in has expired")
        await kit.ping()


async def test_a_revoked_token_ends_the_connections_that_were_opened_with_it(tmp_path: Path) -> None:
    async with token_chat(revoked=RevokedTokens(tmp_path)) as c:
        kit, _ = await welcome(c, token=token(jti="7"))
        ana, _ = await welcome(c, nickname="Ana", token=token(sub="ana", jti="8"))
        RevokedTokens(tmp_path).add("7")
        error = await kit.next("error")
        assert (error["code"], error["content"][:23]) == ("unauthorized", "Your token was revoked:")
        assert await kit.farewell() == REFUSED
        await ana.ping()
        assert await refusal(await c.connect(), token=token(jti="7")) == ("unauthorized", jwt_sign_in.REVOKED)


async def test_a_doctor_asks_with_its_own_token_and_a_forged_one_is_no_failure() -> None:
    async with token_chat() as c:
        for given, status in ((c.server.hub.identities.doctor_token(), 200), (token(SECRET[::-1]), 403)):
            reply = await c.ask(c.head("GET", "/reach", f"Authorization: Bearer {given}"))
            assert reply.status == status
        await asyncio.sleep(0)
