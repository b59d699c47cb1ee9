"""What a principal may expect of a real server: a nickname, an end, and no way around either."""

import time

import pytest

from chatdesk.server.auth import Principal, Role
from tests.server.chat import Chat, chat
from tests.waiting import until


class Passes:
    """An authenticator beside the chat's own: a token of its kind is ``pass``, a nickname, and the seconds it lasts."""

    def principal(self, token: str) -> Principal | None:
        kind, _, rest = token.partition(" ")
        nickname, _, seconds = rest.rpartition(" ")
        if kind != "pass":
            return None
        return Principal(f"pass-{nickname}", nickname or None, Role.MEMBER, time.monotonic() + float(seconds))


async def refusal(chat: Chat, **fields: str) -> tuple[str, str]:
    peer = await chat.connect()
    peer.send("join", nickname="Kit", **fields)
    error = await peer.next("error")
    return error["code"], error["content"]


async def test_a_doctors_token_does_not_open_the_chat() -> None:
    """It is sent to whatever answers at a port of this machine."""
    async with chat() as c:
        token = c.server.hub.identities.doctor_token()
        sentence = "This token is for the doctor alone: it does not open the chat. Join without it."
        assert await refusal(c, token=token) == ("forbidden", sentence)
        assert c.server.hub.people == {}


@pytest.mark.parametrize("until", ["1", "99999999999", "", "now", "-1"])
async def test_a_doctors_token_does_not_open_it_once_it_has_expired_either(until: str) -> None:
    async with chat() as c:
        token = c.server.hub.identities.token(f"doctor-{until}")
        assert (await refusal(c, token=token))[0] == "forbidden"
        assert (await c.ask(c.head("GET", "/reach", f"Authorization: Bearer {token}"))).status == 403


async def test_a_doctors_token_in_a_cookie_opens_no_nickname() -> None:
    async with chat() as c:
        await c.join("Mara", token=c.server.host_token)
        token = c.server.hub.identities.doctor_token()
        peer = await c.open()
        peer.write(c.upgrade(f"Cookie: chatdesk-0={token}"))
        assert (await peer.reply()).status == 101
        peer.send("join", nickname="Mara")
        assert (await peer.next("error"))["code"] == "nickname_taken"


async def test_an_authenticator_beside_the_chats_own_states_the_nickname() -> None:
    async with chat() as c:
        c.server.hub.authenticators.append(Passes())
        peer = await c.connect()
        peer.send("join", nickname="The host", token="pass Kit Bell 60")  # noqa: S106
        assert (await peer.next("welcome"))["nickname"] == "Kit Bell"


async def test_who_has_expired_is_not_admitted_and_told_what_to_do() -> None:
    async with chat() as c:
        c.server.hub.authenticators.append(Passes())
        sentence = "Your sign-in has expired: sign in again."
        assert await refusal(c, token="pass Kit -1") == ("expired", sentence)  # noqa: S106
        assert c.server.hub.people == {}


async def test_who_expires_while_connected_is_closed_and_hears_nothing_more() -> None:
    async with chat() as c:
        c.server.hub.authenticators.append(Passes())
        ana = await c.join("Ana")
        kit = await c.connect()
        kit.send("join", nickname="Kit", token="pass Kit 0.3")  # noqa: S106
        await kit.next("welcome")
        assert await kit.farewell() == (4501, "your sign-in has expired")
        ana.send("message", content="Is Kit gone?")
        await ana.next("message")
        assert (await ana.next("user_left"))["nickname"] == "Kit"
        assert await kit.hung_up()


async def test_a_command_after_the_end_is_not_executed() -> None:
    """The heartbeat comes by once a second; a quicker client is closed by the command."""
    async with chat() as c:
        c.server.hub.authenticators.append(Passes())
        kit = await c.connect()
        kit.send("join", nickname="Kit", token="pass Kit 0.2")  # noqa: S106
        await kit.next("history")
        (session,) = (connection.session for connection in c.server.connections)
        assert session.principal
        await until(lambda: session.principal is None or session.principal.expired)
        kit.send("message", content="One more.")
        assert await kit.farewell() == (4501, "your sign-in has expired")
        assert c.server.traffic.messages == 0


async def test_a_welcome_makes_no_everlasting_token_out_of_one_that_expires() -> None:
    async with chat() as c:
        c.server.hub.authenticators.append(Passes())
        kit = await c.connect()
        kit.send("join", nickname="Kit", token="pass Kit 60")  # noqa: S106
        assert (await kit.next("welcome"))["token"] == "pass Kit 60"  # noqa: S105
