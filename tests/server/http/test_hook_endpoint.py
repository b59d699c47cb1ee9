"""Incoming webhooks on a live socket: who knows the secret speaks, by the rules for everybody (behaviour 24)."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from chatdesk.log.disk_store import open_store
from chatdesk.log.hook_file import HookFile
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.server import heartbeat
from chatdesk.server.auth import Role
from tests.server.chat import Chat, Peer, Reply, chat


class Posting(NamedTuple):
    """A chat with a hook named CI in the lobby."""

    chat: Chat
    file: HookFile
    secret: str

    async def send(self, body: bytes, *fields: str, secret: str | None = None) -> Reply:
        peer = await self.chat.open()
        head = self.chat.head(
            "POST", f"/hooks/{self.secret if secret is None else secret}", f"Content-Length: {len(body)}", *fields
        )
        peer.write(head + body)
        return await peer.reply()

    async def say(self, **fields: Any) -> Reply:
        return await self.send(json.dumps(fields).encode())


@asynccontextmanager
async def posting(folder: Path, **settings: Any) -> AsyncIterator[Posting]:
    file = HookFile(folder)
    async with open_store(folder) as store, chat(store=store, **settings) as opened:
        yield Posting(opened, file, file.add("CI", "lobby"))


async def next_message(peer: Peer) -> tuple[str, str]:
    message = await peer.next("message")
    assert message["bot"]
    return message["nickname"], message["content"]


async def test_what_slack_and_discord_take_is_said_once_it_is_stored(tmp_path: Path) -> None:
    async with posting(tmp_path) as hook:
        kit = await hook.chat.join("Kit")
        said = [
            ({"text": "one"}, ("CI", "one")),
            ({"content": "two", "username": "Build 12", "embeds": []}, ("Build 12", "two")),
            ({"text": "\nthr\u0007ee\n", "content": None, "username": None}, ("CI", "three")),
        ]
        for fields, message in said:
            reply = await hook.say(**fields)
            assert (reply.status, reply.body) == (200, b"ok\n")
            assert await next_message(kit) == message


async def test_a_hook_is_made_and_removed_while_the_chat_is_open(tmp_path: Path) -> None:
    async with posting(tmp_path) as hook:
        secret = hook.file.add("Other", "build")
        assert (await hook.send(b'{"text":"hi"}', secret=secret)).status == 200
        other = hook.file.named("OTHER")
        assert other
        hook.file.remove(other)
        for unknown in (secret, "x", "", "%C3%A9" * 50):
            assert (await hook.send(b"{}", secret=unknown)).status == 404
        assert (await hook.say(text="still there")).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"text=hi", 400),
        (b"[" * 60_000, 400),
        (b'{"text": 5}', 400),
        (b'{"username": "CI"}', 400),
        (b'{"text": " \\n "}', 400),
        (b'{"text": "hi", "username": "\\u0000"}', 400),
        (b'{"text": "hi", "username": "Kit"}', 400),
        (json.dumps({"text": "a" * (CONTENT_CHARS + 1)}).encode(), 400),
        (b'{"text": "%s"}' % (b"a" * 65536), 413),
    ],
)
async def test_what_cannot_be_a_message_is_answered_with_a_sentence(tmp_path: Path, body: bytes, status: int) -> None:
    async with posting(tmp_path) as hook:
        await hook.chat.join("Kit")
        reply = await hook.send(body)
        assert reply.status == status
        assert reply.body.endswith((b".\n", b'"}.\n'))
        assert hook.chat.server.hub.rooms["lobby"].log.last_seq == 0


async def test_too_many_are_told_when_to_try_again(tmp_path: Path) -> None:
    async with posting(tmp_path, message_rate=1) as hook:
        replies = [await hook.say(text=str(number)) for number in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 429]
        assert int(replies[2].headers["retry-after"]) >= 1


async def test_a_hook_is_held_to_what_a_room_allows(tmp_path: Path) -> None:
    """Behaviour 24: a room in which an identity may only read takes nothing of it by a hook either."""
    async with posting(tmp_path) as hook:
        made = hook.file.named("CI")
        assert made
        hook.chat.server.hub.rooms["lobby"].roles[made.identity] = Role.GUEST
        reply = await hook.say(text="hi")
        assert (reply.status, reply.body) == (403, b"In this room you can only read.\n")


async def test_a_log_that_cannot_store_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with posting(tmp_path) as hook:
        full = LogError(StorageProblem("full", "The host's disk is full."))
        monkeypatch.setattr(hook.chat.server.hub.rooms["lobby"].log, "append", lambda _draft, refuse: refuse(full))
        reply = await hook.say(text="hi")
        assert (reply.status, reply.body) == (503, b"The host's disk is full.\n")
        assert reply.headers["retry-after"]


@pytest.mark.parametrize("field", ["Transfer-Encoding: chunked", "X-None: 0"])
async def test_a_body_without_a_length_is_refused_by_its_head(tmp_path: Path, field: str) -> None:
    async with posting(tmp_path) as hook:
        peer = await hook.chat.open()
        peer.write(hook.chat.head("POST", f"/hooks/{hook.secret}", field))
        assert (await peer.reply()).status == 411


async def test_a_foreign_page_cannot_post(tmp_path: Path) -> None:
    async with posting(tmp_path) as hook:
        assert (await hook.send(b'{"text":"hi"}', "Origin: http://evil.example")).status == 403


async def test_a_body_may_come_in_pieces_and_wait_to_be_asked_for(tmp_path: Path) -> None:
    async with posting(tmp_path) as hook:
        peer = await hook.chat.open()
        body = b'{"text":"slowly"}'
        fields = (f"Content-Length: {len(body)}", "Expect: 100-continue")
        peer.write(hook.chat.head("POST", f"/hooks/{hook.secret}", *fields))
        assert await peer.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        for byte in body:
            peer.write(bytes((byte,)))
            await asyncio.sleep(0)
        assert (await peer.reply()).status == 200
        assert await peer.hung_up()


async def test_a_body_that_never_ends_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_HTTP_IDLE_SECONDS", 0.2)
    async with posting(tmp_path, heartbeat=0.02) as hook:
        peer = await hook.chat.open()
        peer.write(hook.chat.head("POST", f"/hooks/{hook.secret}", "Content-Length: 100") + b"{")
        assert await peer.hung_up()


async def test_a_post_that_waits_for_the_disk_is_not_overdue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_HTTP_IDLE_SECONDS", 0.2)
    async with posting(tmp_path, heartbeat=0.02) as hook:
        with contextlib.closing(sqlite3.connect(tmp_path / "chat.db", isolation_level=None)) as other_program:
            other_program.execute("BEGIN IMMEDIATE")
            reply = asyncio.create_task(hook.say(text="slowly"))
            await asyncio.sleep(0.5)
            other_program.execute("COMMIT")
            assert (await reply).status == 200
