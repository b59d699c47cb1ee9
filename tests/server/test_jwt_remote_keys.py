"""Keys at an address of this computer: fetched again when one is unknown, seldom, and without holding anybody up."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from chatdesk.server.jwt_remote_keys import RemoteKeys
from chatdesk.server.jwt_sign_in import FOREIGN, JwtSignIn
from tests.server.chat import Chat, chat
from tests.server.test_jwt_keys import jwk
from tests.server.tokens import private_key, token
from tests.waiting import until


class Provider:
    """An identity provider that publishes ``keys``, once ``answers`` is set."""

    def __init__(self) -> None:
        self.keys = [jwk("ES256", kid="old")]
        self.answers = asyncio.Event()
        self.asked = 0
        self.status = "200 OK"
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        await self.answers.wait()
        body = json.dumps({"keys": self.keys}).encode()
        writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        writer.close()


@contextlib.asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    made = Provider()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
    async with server:
        yield made


def signed(kid: str, algorithm: str = "ES256") -> str:
    return token(private_key(algorithm), algorithm, {"kid": kid})


async def joined(c: Chat, given: str) -> str:
    peer = await c.connect()
    peer.send("join", nickname="Kit", token=given)
    event = await peer.event()
    return str(event.get("content") or event["type"])


async def test_a_join_and_a_handshake_wait_for_the_keys_and_nobody_else_does() -> None:
    async with provider() as p, chat(tokens=JwtSignIn(RemoteKeys(p.url, pause=0.0))) as c:
        joining, opening = await c.connect(), await c.open()
        joining.send("join", nickname="Kit", token=signed("old"))
        joining.send("message", content="After the join")
        opening.write(c.upgrade(f"Authorization: Bearer {signed('old')}"))
        bystander = await c.connect()
        bystander.send("ping")
        await bystander.next("pong")
        assert c.server.hub.people == {}
        p.answers.set()
        await joining.next("message")
        assert (await opening.reply()).status == 101
        p.keys = [jwk("EdDSA", kid="new")]
        assert await joined(c, signed("new", "EdDSA")) == "welcome"  # which makes the chat fetch again
        assert await joined(c, signed("old")) == FOREIGN


async def test_tokens_with_unknown_keys_cause_few_fetches() -> None:
    async with provider() as p:
        p.answers.set()
        async with chat(tokens=JwtSignIn(RemoteKeys(p.url, pause=3600.0))) as c:
            await until(lambda: p.asked == 1)
            assert await joined(c, signed("old")) == "welcome"
            for number in range(20):
                assert await joined(c, signed(f"unknown {number}")) == FOREIGN
            assert p.asked == 1


async def test_while_the_provider_does_not_answer_the_last_keys_stay() -> None:
    async with provider() as p:
        p.answers.set()
        async with chat(tokens=JwtSignIn(RemoteKeys(p.url, pause=0.0))) as c:
            assert await joined(c, signed("old")) == "welcome"
            p.status = "500 Internal Server Error"
            assert await joined(c, signed("unknown")) == FOREIGN
            assert p.asked == 2
            assert await joined(c, signed("old")) == "welcome"
