"""Names, connections and responses, at real sockets of this machine alone."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from chatdesk.doctor import network_probe
from chatdesk.doctor.network_probe import ProbeResponse, connect, fetch, resolve
from chatdesk.doctor.observations import ConnectOutcome

FULL = b"HTTP/1.1 200 OK\r\nX-Kind: full\r\nContent-Length: 2\r\n\r\nhi"


@asynccontextmanager
async def answering(answer: Callable[[bytes], bytes], *, stay: bool = False) -> AsyncIterator[int]:
    """A server that answers a request with some bytes; its port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(await reader.readuntil(b"\r\n\r\n")))
        if stay:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def recording_requests(asked: list[bytes]) -> Callable[[bytes], bytes]:
    """Answers completely, and records the requests."""

    def answer(head: bytes) -> bytes:
        asked.append(head)
        return FULL

    return answer


async def ask(port: int, token: str = "") -> ProbeResponse:
    return await fetch("127.0.0.1", port, "/about", "mara.local", token)


async def test_a_whole_answer() -> None:
    asked: list[bytes] = []
    async with answering(recording_requests(asked)) as port:
        assert await ask(port, "secret") == ProbeResponse(200, {"x-kind": "full", "content-length": "2"}, b"hi")
    (head,) = asked
    assert head.startswith(b"GET /about HTTP/1.1\r\nHost: mara.local\r\n")
    assert b"Authorization: Bearer secret" in head


async def test_without_a_token_none_is_sent() -> None:
    asked: list[bytes] = []
    async with answering(recording_requests(asked)) as port:
        await ask(port)
    assert b"Authorization" not in asked[0]


@pytest.mark.parametrize("reply", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x16\x03\x01", b"HTTP/1.1 200 OK\r\nContent-Le"])
async def test_what_is_not_http_counts_as_no_response(reply: bytes) -> None:
    async with answering(lambda _head: reply) as port:
        assert await ask(port) == ProbeResponse()


async def test_an_endless_answer_is_cut_off() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 500_000
    async with answering(lambda _head: endless, stay=True) as port:
        answer = await ask(port)
    assert answer.status == 200
    assert 65_536 <= len(answer.body) < 80_000


async def test_a_silent_server_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_probe, "_ANSWER_SECONDS", 0.05)
    async with answering(lambda _head: b"", stay=True) as port:
        assert await ask(port) == ProbeResponse()


async def test_connecting() -> None:
    async with answering(lambda _head: b"") as port:
        assert await connect("127.0.0.1", port, 5) is ConnectOutcome.OPEN
    assert await connect("127.0.0.1", port, 5) is ConnectOutcome.REFUSED


async def test_a_full_queue_is_silence() -> None:
    with socket.socket() as full, socket.socket() as first:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        first.connect(full.getsockname())
        assert await connect("127.0.0.1", full.getsockname()[1], 0.1) is ConnectOutcome.SILENT


async def test_names() -> None:
    assert "127.0.0.1" in await resolve("localhost")
    assert await resolve("a" * 64) == [], "what is no name stands for nothing"


async def test_a_resolver_that_never_answers_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(network_probe, "_RESOLVE_SECONDS", 0.05)
    monkeypatch.setattr(network_probe, "_getaddrinfo", lambda host: [host] if released.wait() else [])
    assert await resolve("mara.local") == []
    released.set()
