"""Plain HTTP on a live socket: answers for the honest, an end for everything else."""

import asyncio
from typing import Any

import h11
import pytest

from chatdesk.server.http import connection as module
from chatdesk.server.http.request_head import HEAD_BYTES
from chatdesk.server.scheduled_reader import PauseReason
from tests.server.chat import FILES, KEY, Reply, chat
from tests.server.wire import command
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]


async def answer(*fields: str, method: str = "GET", target: str = "/", host: str | None = None) -> Reply:
    """The answer of a fresh server to one request."""
    async with chat() as c:
        return await c.ask(c.head(method, target, *fields, host=host))


async def status(*fields: str, method: str = "GET", target: str = "/", host: str | None = None) -> int:
    return (await answer(*fields, method=method, target=target, host=host)).status


async def raw_status(data: bytes) -> int:
    """The status with which the server answers these bytes."""
    async with chat() as c:
        return (await c.ask(data)).status


async def raw_reply(data: bytes) -> Reply:
    """The answer of a fresh server to these bytes."""
    async with chat() as c:
        return await c.ask(data)


async def dropped(data: bytes) -> bool:
    """Whether the server hangs up on these bytes without an answer."""
    async with chat() as c:
        peer = await c.open()
        peer.write(data)
        assert await peer.reader.read() == b""
        return not c.server._http


async def test_the_page_comes_with_its_header_fields() -> None:
    reply = await answer()
    assert (reply.status, reply.body) == (200, FILES["/"].body)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["etag"] == '"etag"'
    assert reply.headers["date"].endswith("GMT")
    assert "default-src 'none'" in reply.headers["content-security-policy"]


async def test_a_browser_that_has_the_page_is_told_so_without_a_body() -> None:
    reply = await answer('If-None-Match: "etag"')
    assert (reply.status, reply.body) == (304, b"")


@pytest.mark.parametrize(("target", "code"), [("/", 200), ("/health", 200), ("/stats", 200), ("/nothing", 404)])
async def test_head_is_the_head_alone(target: str, code: int) -> None:
    async with chat() as c:
        peer = await c.open()
        peer.write(c.head("HEAD", target, "Connection: close"))
        reply = await peer.reply("HEAD")
        assert reply.status == code
        assert int(reply.headers["content-length"]) > 0
        assert await peer.reader.read() == b""


async def test_one_connection_serves_many_requests_even_when_they_come_together() -> None:
    async with chat() as c:
        peer = await c.open()
        for _ in range(2):
            peer.write(c.head() + c.head("GET", "/health") + c.head("GET", "/nothing"))
            assert [(await peer.reply()).status for _ in range(3)] == [200, 200, 404]


async def test_a_request_that_comes_byte_by_byte_is_answered() -> None:
    async with chat() as c:
        peer = await c.open()
        for byte in c.head():
            peer.write(bytes((byte,)))
            await asyncio.sleep(0)
        assert (await peer.reply()).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
async def test_other_methods_get_an_answer_even_with_a_long_body(method: str) -> None:
    async with chat() as c:
        peer = await c.open()
        peer.write(c.head(method, "/", "Content-Length: 300000") + b"x" * 300_000)
        reply = await peer.reply()
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
        assert reply.headers["connection"] == "close"
        assert await peer.hung_up()


BODIES = {
    "a length": ("Content-Length: 5", 413),
    "chunks": ("Transfer-Encoding: chunked", 413),
    "chunks with trailers": ("Transfer-Encoding: chunked\r\nTrailer: X", 413),
    "more than numbers can say": ("Content-Length: 99999999999999999999", 413),
    "a body that waits to be asked for": ("Expect: 100-continue\r\nContent-Length: 5", 413),
    "something to expect": ("Expect: 100-continue", 417),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_is_refused_by_the_head_alone(name: str) -> None:
    """For what is answered, what is not there, and a WebSocket: none of it is waited for, or looked at."""
    field, code = BODIES[name]
    async with chat() as c:
        for head in (c.head("GET", "/health", field), c.head("GET", "/nothing", field), c.upgrade(field)):
            peer = await c.open()
            peer.write(head)
            reply = await peer.reply()
            assert (reply.status, reply.headers["connection"]) == (code, "close")
            assert await peer.hung_up()


async def test_an_empty_body_is_none() -> None:
    assert await status("Content-Length: 0", target="/health") == 200


async def test_of_a_body_in_pieces_of_a_byte_nothing_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[object] = []

    class Counting(h11.Connection):
        def next_event(self) -> Any:
            events.append(None)
            return super().next_event()

    monkeypatch.setattr(module.h11, "Connection", Counting)
    async with chat() as c:
        peer = await c.open()
        peer.write(c.head("GET", "/health", "Transfer-Encoding: chunked") + b"1\r\nx\r\n" * 10_000)
        assert (await peer.reply()).status == 413
        assert await peer.hung_up()
    assert len(events) == 1


@pytest.mark.parametrize("target", ["/../etc/passwd", "/%2e%2e/etc/passwd", "/..\\x", "/%00", "/C:/x", "/js/../", "//"])
async def test_there_is_no_way_out_of_the_pages_files(target: str) -> None:
    assert await status(target=target) == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost.evil.example", " ", "a@localhost"])
async def test_a_host_that_is_not_this_machine_is_refused(host: str) -> None:
    """DNS rebinding; for the page, for what it could read, and for the WebSocket."""
    async with chat() as c:
        for head in (c.head(host=host), c.head("GET", "/stats", host=host), c.upgrade(host=host)):
            assert (await c.ask(head)).status == 403


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://{host}.evil", "http://evil/{host}", "http://evil@{host}", "file://"],
)
async def test_a_foreign_page_is_refused_everywhere(origin: str) -> None:
    async with chat() as c:
        field = f"Origin: {origin.format(host=f'127.0.0.1:{c.server.port}')}"
        for head in (c.head("GET", "/", field), c.head("GET", "/stats", field), c.upgrade(field)):
            assert (await c.ask(head)).status == 403
        assert not c.server.connections


async def test_the_own_page_and_programs_without_an_origin_open_a_websocket() -> None:
    async with chat() as c:
        for fields in [(f"Origin: http://127.0.0.1:{c.server.port}",), ()]:
            reply = await c.ask(c.upgrade(*fields))
            assert reply.status == 101
            assert reply.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


async def test_a_websocket_opens_over_http_1_0_too() -> None:
    """So asks an nginx that was not told ``proxy_http_version 1.1``, and takes the answer."""
    async with chat() as c:
        assert (await c.ask(c.upgrade().replace(b"HTTP/1.1", b"HTTP/1.0"))).status == 101


async def test_nobody_gets_an_extension_or_a_subprotocol() -> None:
    async with chat() as c:
        reply = await c.ask(c.upgrade("Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: chat"))
        assert reply.status == 101
        assert not {"sec-websocket-extensions", "sec-websocket-protocol"} & set(reply.headers)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"], 400),
        (["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"], 400),
        (["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 8", f"Sec-WebSocket-Key: {KEY}"], 400),
        (["Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"], 426),
        (["Upgrade: h2c", "Connection: Upgrade"], 426),
    ],
)
async def test_a_broken_handshake_is_answered_and_closed(fields: list[str], code: int) -> None:
    async with chat() as c:
        peer = await c.open()
        peer.write(c.head("GET", "/ws", *fields, "Connection: close"))
        assert (await peer.reply()).status == code
        assert await peer.hung_up()
        assert not c.server.connections


async def test_a_websocket_where_the_chat_is_not_is_taken_told_and_closed_even_when_the_chat_is_full() -> None:
    async with chat(max_connections=1) as c:
        await c.connect()
        peer = await c.open()
        peer.write(c.upgrade().replace(b"/ws", b"/club/ws", 1))
        assert (await peer.reply()).status == 101
        assert await peer.hung_up()
        assert len(c.server.connections) == 1


async def test_a_page_that_a_proxy_asks_to_become_a_websocket_is_a_page_all_the_same() -> None:
    async with chat() as c:
        reply = await c.ask(c.head("GET", "/health", "Upgrade: websocket", "Connection: Upgrade"))
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")


async def test_a_handshake_with_control_characters_is_answered_with_400() -> None:
    async with chat() as c:
        reply = await c.ask(c.upgrade("X-Odd: \x0e\x9a"))
        assert (reply.status, reply.headers["connection"]) == (400, "close")


async def test_an_old_program_gets_its_answer_and_the_end() -> None:
    async with chat() as c:
        peer = await c.open()
        peer.write(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert (await peer.reply()).status == 200
        assert await peer.hung_up()


async def test_heads_that_are_too_large_are_refused_by_what_is_too_large() -> None:
    assert await status(*[f"X-{number}: x" for number in range(130)]) == 431
    assert await status(f"X: {'x' * 9000}") == 431
    assert await status(target=f"/{'x' * 3000}") == 414
    assert await raw_status(b"GET /" + b"x" * 100_000) == 414
    assert await raw_status(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000) == 431


async def test_a_head_just_below_the_limit_is_fine() -> None:
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "
    assert await raw_status(head + b"x" * (HEAD_BYTES - len(head)) + b"\r\n\r\n") == 200


async def test_what_is_no_http_is_hung_up_on() -> None:
    assert await dropped(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), "TLS"
    assert await dropped(b"GET / HTTP/1.1\nHost: localhost\n\n"), "lines that end in LF alone"
    assert await dropped(b"GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n")


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"\r\n\r\n",
        "GET /é HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    ],
)
async def test_a_broken_request_is_answered_with_400_and_the_end(data: bytes) -> None:
    async with chat() as c:
        peer = await c.open()
        peer.write(data)
        reply = await peer.reply()
        assert reply.status == 400
        assert await peer.hung_up()


@pytest.mark.parametrize(
    "data",
    [
        b"HEAD / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: odd\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
        b"HEAD  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n",
    ],
)
async def test_a_broken_request_for_a_head_is_answered_by_a_head(data: bytes) -> None:
    async with chat() as c:
        peer = await c.open()
        peer.write(data)
        assert (await peer.reply("HEAD")).status >= 400
        assert await peer.reader.read() == b""


async def test_a_client_that_asks_and_never_reads_is_answered_no_further_than_its_buffer() -> None:
    async with chat() as c:
        peer = await c.open(receive_buffer=4096)
        (server_side,) = c.server._http
        flood = c.head() * 40
        for _ in range(300):
            peer.write(flood)
            await asyncio.sleep(0)
            assert server_side._transport.get_write_buffer_size() < 200_000
        assert (await c.ask(c.head("GET", "/health"))).status == 200


async def test_a_peer_that_requests_without_end_is_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 60)
    async with chat() as c:
        peer = await c.open()
        (server_side,) = c.server._http
        peer.write(c.head("GET", "/health") * 500)
        for _ in range(40):
            assert (await peer.reply()).status == 200
        await until(lambda: server_side._reader.paused_for & PauseReason.FLOOD)
        assert len(peer.reader._buffer) < 20_000  # type: ignore[attr-defined]  # what else has been answered
        assert (await c.ask(c.head("GET", "/health"))).status == 200
        server_side.abort()


async def test_a_peer_that_requests_a_lot_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.001)
    async with chat() as c:
        peer = await c.open()
        for method in ("GET", "HEAD"):
            peer.write(c.head(method, "/health") * 100 + c.head(method, "/nothing"))
            assert [(await peer.reply(method)).status for _ in range(101)] == [200] * 100 + [404]
        peer.write(c.upgrade() + command("join", nickname="Kit"))
        assert (await peer.reply()).status == 101
        assert (await peer.next("welcome"))["nickname"] == "Kit"


async def test_a_peer_that_goes_in_the_middle_of_a_request_leaves_nothing_behind() -> None:
    async with chat() as c:
        for data in (b"", b"GET", c.head()[:-2], c.head("POST", "/", "Content-Length: 9"), c.upgrade()):
            peer = await c.open()
            peer.write(data)
            await asyncio.sleep(0)
            peer.abort()
        await until(lambda: not c.server._http and not c.server.connections)


async def test_a_full_chat_answers_503_and_says_when_to_come_back() -> None:
    async with chat(max_connections=2) as c:
        await c.join("Kit")
        ana = await c.join("Ana")
        reply = await c.ask(c.upgrade())
        assert (reply.status, reply.headers["retry-after"]) == (503, "10")
        assert reply.body == b"The chat is full: try again later.\n"
        assert (await c.ask(c.head("GET", "/health"))).status == 200
        ana.abort()
        await until(lambda: len(c.server.connections) == 1)
        await c.join("Bo")


async def test_a_refused_handshake_does_not_carry_commands() -> None:
    async with chat(max_connections=1) as c:
        await c.join("Kit")
        peer = await c.open()
        peer.write(c.upgrade() + command("join", nickname="Ana"))
        assert (await peer.reply()).status == 503
        assert len(c.server.hub.people) == 1
