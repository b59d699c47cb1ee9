"""Whatever answers at an address, a connection ends with a sentence, never with an exception."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from websockets.asyncio.server import ServerConnection, serve

from chatdesk.client import connection as module
from chatdesk.client.connection import CloseReason, Connection
from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol import commands, events
from chatdesk.server.server import ChatServer
from tests.waiting import until

Speaker = Callable[[ServerConnection], Awaitable[None]]
Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def speaking(speak: Speaker) -> AsyncIterator[str]:
    """A WebSocket server that sends what a test wants."""
    async with serve(speak, "127.0.0.1", 0, max_size=None) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws"


@asynccontextmanager
async def answering(answer: Streams) -> AsyncIterator[str]:
    """A TCP server that answers what a test wants."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer)
        writer.close()

    async with await asyncio.start_server(once, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws"


async def run_connection(url: str, receive: Callable[[events.Event], None] = lambda _event: None) -> CloseReason:
    async with asyncio.timeout(10):
        return await Connection(url).run(receive)


_SILENT = "127.86.4.2"
"""An address of its own: from those that are nearer, tests of attacks connect, by any port."""


@contextmanager
def silent(address: str, port: int) -> Iterator[None]:
    """Nothing comes back from here, as where a firewall drops packets: the accept queue is full."""
    with socket.create_server((address, port), backlog=0) as server, socket.create_connection(server.getsockname()):
        yield


async def http(writer: asyncio.StreamWriter, reply: str) -> None:
    writer.write(f"HTTP/1.1 {reply}\r\nContent-Length: 0\r\n\r\n".encode())
    await writer.drain()


async def test_a_connection_carries_commands_and_events_until_the_client_closes_it() -> None:
    heard: list[events.Event] = []
    async with ChatServer(ServerConfig(port=0, bind="127.0.0.1"), MemoryStore(), {}) as server:
        connection = Connection(f"ws://127.0.0.1:{server.port}/ws")
        connection.send(commands.Join("Kit"))
        async with asyncio.TaskGroup() as tasks:
            visiting = tasks.create_task(connection.run(heard.append))
            await until(lambda: len(heard) == 5)
            connection.close(CloseReason("Enough."))
            connection.close(CloseReason("Too late."))
        assert visiting.result() == CloseReason("Enough.")
        await until(lambda: not server.connections)
    assert [type(event).__name__ for event in heard] == ["Welcome", "System", "Users", "History", "UserJoined"]


async def read_only(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Read what comes, and send nothing, until the other side leaves."""
    await reader.read()


async def test_nobody_there(unused_tcp_port: int) -> None:
    end = await run_connection(f"ws://127.0.0.1:{unused_tcp_port}/ws")
    assert end.sentence.startswith(f"Nobody hosts a chat at 127.0.0.1:{unused_tcp_port}.")
    assert end.may_reconnect


async def test_a_name_that_no_computer_has() -> None:
    assert (await run_connection("ws://no-such-name.invalid:8080/ws")).sentence.startswith("Nobody hosts a chat")


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ("404 Not Found", "There is no chat at"),
        ("200 OK", "A web page answers at"),
        ("302 Found\r\nLocation: ws://127.0.0.1:1/ws", "Join http://127.0.0.1:1 instead"),
        ("403 Forbidden", "does not answer to 127.0.0.1"),
        ("503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 10", "The chat is full"),
    ],
)
async def test_an_http_answer_instead_of_a_websocket(reply: str, sentence: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await http(writer, reply)

    async with answering(answer) as url:
        end = await run_connection(url)
    assert sentence in end.sentence
    assert end.busy is reply.startswith("503")


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"HTTP/1.1 101 Switching\r\n\r\n", b"\0" * 9999])
async def test_something_that_is_no_web_server(greeting: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()

    async with answering(answer) as url:
        assert (await run_connection(url)).sentence


async def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_OPEN_SECONDS", 0.2)
    async with answering(read_only) as url:
        assert "does not answer" in (await run_connection(url)).sentence


async def test_leaving_while_still_connecting() -> None:
    async with answering(read_only) as url:
        connection = Connection(url)
        asyncio.get_running_loop().call_later(0.1, connection.close, CloseReason("Never mind."))
        async with asyncio.timeout(15):
            assert await connection.run(lambda _event: None) == CloseReason("Never mind.")


SAID = '{"type":"message","nickname":"Kit","content":"x","timestamp":"2024-01-01T12:00:00.000Z","seq":1}'


@pytest.mark.parametrize(
    "frame",
    [
        "nonsense",
        "[]",
        "[" * 100_000,
        '{"type":"message","content":7}',
        '{"type":"typing","nickname":null}',
        SAID.replace(':"x"', f':"{"x" * 70_000}"'),
        SAID.replace('"Kit"', f'"{"K" * 300}"'),
        SAID.replace('"seq":1', '"seq":0'),
        SAID.replace('"seq":1', f'"seq":{2**60}'),
        b"\xff\xfe",
        '{"type":"presence","room":"lobby","joined":[],"left":[{"nickname":"'
        + "K" * 300
        + '"}],"user_count":1,"timestamp":""}',
    ],
)
async def test_an_invalid_event_closes_the_connection_for_good(frame: str | bytes) -> None:
    async def speak(socket: ServerConnection) -> None:
        await socket.send(frame)
        await socket.wait_closed()

    async with speaking(speak) as url:
        end = await run_connection(url)
    assert end.sentence.startswith("This host sends ")
    assert end.sentence.endswith(": ChatDesk has left the chat. Tell its host to start ChatDesk again there.")
    assert not end.may_reconnect


async def test_an_event_of_a_later_version_is_skipped() -> None:
    async def speak(socket: ServerConnection) -> None:
        await socket.send('{"type":"fireworks","colour":"red"}')
        await socket.send(SAID)
        await socket.close(1001)

    heard: list[events.Event] = []
    async with speaking(speak) as url:
        assert (await run_connection(url, heard.append)).may_reconnect
    assert [type(event) for event in heard] == [events.Message]


async def test_a_frame_that_is_too_big_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_EVENT_BYTES", 100_000)

    async def speak(socket: ServerConnection) -> None:
        await socket.send(SAID.replace(':"x"', f':"{"x" * 200_000}"'))

    async with speaking(speak) as url:
        end = await run_connection(url)
    assert "more at once than ChatDesk reads" in end.sentence


async def test_a_server_that_never_stops_talking_leaves_others_their_turn() -> None:
    async def speak(socket: ServerConnection) -> None:
        while True:
            for _ in range(200):
                await socket.send(SAID)
            await asyncio.sleep(0)

    heard: list[events.Event] = []
    worked: list[float] = []
    async with speaking(speak) as url:
        connection = Connection(url)
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            tasks.create_task(connection.run(heard.append))
            while len(worked) < 500 or len(heard) < 2000:
                await asyncio.sleep(0)
                worked.append(time.thread_time())
            connection.close(CloseReason("Enough."))
    assert max(after - before for before, after in pairwise(worked)) < 0.05, "seconds of work in one turn of the loop"


CLOSED = CloseReason("The connection is lost.")
token_needed = partial(CloseReason, may_reconnect=False, token_needed=True)


@pytest.mark.parametrize(
    ("code", "end"),
    [
        (1001, CloseReason("The host has closed the chat.", goodbye=True)),
        (1011, CLOSED),
        (1012, CLOSED),
        (1013, replace(CLOSED, busy=True)),
        (4000, CLOSED),
        (1000, CloseReason("The host has ended this connection.", may_reconnect=False)),
        (1008, CloseReason("The host has ended this connection.", may_reconnect=False)),
        (4500, CloseReason("The host has ended this connection.", may_reconnect=False)),
        (4501, token_needed("Your sign-in to this chat has expired: sign in again.")),
        (4502, token_needed("Your token no longer opens this chat: ask its host for a new one.")),
    ],
)
async def test_the_close_code_decides_about_coming_back(code: int, end: CloseReason) -> None:
    async with speaking(lambda socket: socket.close(code)) as url:
        assert await run_connection(url) == end


async def test_a_connection_that_breaks_without_a_word_is_lost() -> None:
    async def speak(socket: ServerConnection) -> None:
        socket.transport.abort()

    async with speaking(speak) as url:
        assert await run_connection(url) == CLOSED


async def test_a_silent_host_counts_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PING_SECONDS", 0.1)

    async def speak(socket: ServerConnection) -> None:
        socket.transport.pause_reading()
        await asyncio.sleep(1)
        socket.transport.abort()

    async with speaking(speak) as url:
        assert await run_connection(url) == CLOSED


async def test_an_exception_of_our_own_is_not_blamed_on_the_server() -> None:
    def receive(event: events.Event) -> None:
        raise ZeroDivisionError

    async def speak(socket: ServerConnection) -> None:
        await socket.send(SAID)
        await socket.wait_closed()

    async with speaking(speak) as url:
        with pytest.raises(ExceptionGroup) as caught:
            await run_connection(url, receive)
    assert caught.group_contains(ZeroDivisionError)


async def test_a_program_that_ends_has_left_and_is_not_waited_for() -> None:
    codes: list[int | None] = []

    async def listen(socket: ServerConnection) -> None:
        await socket.wait_closed()
        codes.append(socket.close_code)

    async with speaking(listen) as url:
        connection = Connection(url)
        visiting = asyncio.create_task(connection.run(lambda _event: None))
        await until(lambda: connection._open)
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
        await until(lambda: codes)
    assert visiting.cancelled()
    assert codes == [1000]


async def test_a_name_leads_to_whichever_of_its_addresses_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first may be an IPv6 one in a network that does not carry IPv6."""

    async def both(_host: str, port: int, **_options: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in (_SILENT, "127.0.0.1")]

    monkeypatch.setattr(module, "_OPEN_SECONDS", 3.0)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    async with ChatServer(ServerConfig(port=0, bind="127.0.0.1"), MemoryStore(), {}) as server:
        connection = Connection(f"ws://localhost:{server.port}/ws")
        with silent(_SILENT, server.port):
            visiting = asyncio.create_task(connection.run(lambda _event: None))
            await until(lambda: connection.endpoint == ("127.0.0.1", server.port) or visiting.done())
        assert connection.endpoint
        connection.close(CloseReason("Enough."))
        await visiting
