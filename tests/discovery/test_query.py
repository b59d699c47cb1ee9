"""An address is queried for its chat; another program, a silent one or a hostile one is none."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from chatdesk import __version__
from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.query import query_chat
from tests.server.chat import chat

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
ABOUT = b'{"service": "chatdesk", "id": "0123456789abcdef", "port": 8080}'


@contextlib.asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Another program that gives this answer to every request; its address."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await answer(writer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


def sending(*parts: bytes) -> Answer:
    async def send(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)

    return send


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def endlessly(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b" " * 1000)
        await writer.drain()


async def never(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.5)


async def test_a_chat_says_what_it_is() -> None:
    async with chat(name="Robotics 🤖") as c:
        await c.join("Kit")
        address = f"127.0.0.1:{c.server.port}"
        found = await query_chat(address, 5)
        server_id = c.server.reports.about()["id"]
    assert found == FoundHost(server_id, "Robotics 🤖", "", 1, 1, False, __version__, (address,))


async def test_a_name_that_would_command_a_terminal_is_cleaned() -> None:
    hostile = ABOUT[:-1] + rb', "name": "Robotics \u001b[31m"}'
    async with answering(sending(ok(hostile))) as address:
        found = await query_chat(address, 5)
    assert found
    assert found.name == "Robotics [31m"


async def test_what_comes_in_chunks_or_until_the_end_is_read_too() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with answering(sending(chunked, b"%x\r\n%b\r\n0\r\n\r\n" % (len(ABOUT), ABOUT))) as address:
        assert await query_chat(address, 5)
    async with answering(sending(b"HTTP/1.0 200 OK\r\n\r\n", ABOUT)) as address:
        assert await query_chat(address, 5)


@pytest.mark.parametrize(
    "answer",
    [
        sending(),
        sending(b"SSH-2.0-OpenSSH_9.9\r\n"),
        sending(b"\x00" * 20000),
        sending(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        sending(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
        sending(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", ABOUT),
        sending(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20000),
        sending(ok(b"<html>")),
        sending(ok(b"[]")),
        sending(ok(b"\xff")),
        sending(ok(b"[" * 5000)),
        sending(ok(ABOUT.replace(b"chatdesk", b"another"))),
        sending(ok(ABOUT.replace(b"0123", b"../."))),
        sending(ok(ABOUT.replace(b"8080", b"0"))),
        sending(ok(ABOUT.replace(b"8080", b"9" * 400))),
        sending(ok(ABOUT + b" " * 20000)),
        endlessly,
    ],
)
async def test_anything_else_is_none(answer: Answer) -> None:
    async with answering(answer) as address:
        assert await query_chat(address, 5) is None


async def test_a_silent_program_is_not_waited_for() -> None:
    async with answering(never) as address:
        assert await query_chat(address, 0.05) is None


@pytest.mark.parametrize("address", ["127.0.0.1:1", "[::1]:1", "127.0.0.1:99999", "[::1", "127.0.0.1", "", "a b:1"])
async def test_where_nobody_listens_there_is_no_chat(address: str) -> None:
    assert await query_chat(address, 5) is None


async def test_no_number_that_somebody_sends_is_too_large() -> None:
    odd = ABOUT[:-1] + b', "people": ' + b"9" * 30 + b', "rooms": -5, "version": "\\u0000"}'
    async with answering(sending(ok(odd))) as address:
        found = await query_chat(address, 5)
    assert found
    assert (found.people, found.rooms, found.version) == (1_000_000, 0, "")
