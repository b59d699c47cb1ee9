"""Plain HTTP on a live socket: answers for the honest, an end for everything else."""

import asyncio
from typing import Any

import h11
import pytest

from chatdesk.server import http as module
from chatdesk.server.head import HEAD_BYTES
from tests.server.chat import FILES, KEY, Reply, chat
from tests.server.wire import command
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["asyncio", "uvloop", "qt"]), pytest.mark.usefixtures("qapp")]


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


async def test_who_has_the_page_is_told_so_without_a_body() -> None:
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


async def test_two_hosts_two_origins_or_no_host_are_no_request() -> None:
    assert await status("Host: localhost") == 400
    assert await status("Origin: http://localhost", "Origin: http://localhost") == 400
    assert await raw_status(b"GET / HTTP/1.1\r\n\r\n") == 400
    assert await raw_status(b"GET / HTTP/1.0\r\n\r\n") == 400


@pytest.mark.parametrize(
    "line",
    [
        "GET /health HTTP/1.0",
        "HEAD /health?x HTTP/1.0",
        "GET http://localhost/health HTTP/1.0",
        "OPTIONS / HTTP/1.0",
        "OPTIONS * HTTP/1.0",
    ],
)
async def test_a_look_whether_the_chat_is_there_needs_no_host(line: str) -> None:
    """HAProxy's, which is ``OPTIONS /`` where nobody says otherwise."""
    assert await raw_status(f"{line}\r\n\r\n".encode()) == 200


@pytest.mark.parametrize("field", ["Origin: http://evil.example", "Origin: null"])
async def test_a_page_always_says_which_host_it_asks(field: str) -> None:
    for line in ("GET /health", "OPTIONS /"):
        assert await raw_status(f"{line} HTTP/1.0\r\n{field}\r\n\r\n".encode()) == 400
    assert await raw_status(b"GET /stats HTTP/1.0\r\n\r\n") == 400
    async with chat() as c:
        for path in (b"/ws", b"/health"):
            head = c.upgrade().replace(b"/ws HTTP/1.1", path + b" HTTP/1.0")
            assert (await c.ask(head.replace(b"Host", b"X-Host"))).status == 400
    assert await raw_status(b"GET /health HTTP/1.1\r\n\r\n") == 400


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://localhost:8080/health", "/health"),
        ("HTTP://LOCALHOST/health", "/health"),
        ("https://127.0.0.1/health?x=1", "/health"),
        ("http://[::ffff:127.0.0.1]/health", "/health"),
        ("http://localhost", "/"),
        ("http://localhost?x", "/"),
        ("http://localhost/", "/"),
    ],
)
async def test_an_absolute_address_is_answered_as_its_path(target: str, path: str) -> None:
    async with chat() as c:
        expected = await c.ask(c.head("GET", path))
        reply = await c.ask(c.head("GET", target))
        assert (reply.status, reply.headers["content-type"]) == (200, expected.headers["content-type"])
        reply = await c.ask(c.head("GET", target, host="evil.example"))  # what the address names counts
        assert reply.status == 200


async def test_an_absolute_address_opens_a_websocket() -> None:
    async with chat() as c:
        for scheme in ("http", "ws"):
            head = c.upgrade(f"Origin: http://127.0.0.1:{c.server.port}")
            assert (
                await c.ask(head.replace(b"/ws", f"{scheme}://127.0.0.1:{c.server.port}/ws".encode(), 1))
            ).status == 101


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("GET http://evil.example/health", 403),
        ("GET http://localhost@evil.example/health", 403),
        ("GET http://evil.example@localhost/health", 403),
        ("GET http:///health", 403),
        ("GET http://localhost/nothing", 404),
        ("GET http://localhost//", 404),
        ("GET ftp://localhost/health", 400),
        ("GET localhost:8080", 400),
        ("GET health", 400),
        ("GET *", 404),
        ("OPTIONS *", 200),
        ("CONNECT localhost:22", 405),
        ("CONNECT evil.example:443", 405),
    ],
)
async def test_targets_of_other_forms_get_an_answer(line: str, code: int) -> None:
    reply = await raw_reply(f"{line} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert reply.status == code
    assert ("allow" in reply.headers) == (code in (200, 405))


async def test_what_proxies_add_changes_nothing() -> None:
    """Anybody can write it: neither does it let in, nor does it keep out."""
    fields = (
        "Forwarded: for=10.9.9.9;host=localhost;proto=https",
        "X-Forwarded-Host: localhost",
        "X-Forwarded-For: 10.9.9.9",
        "X-Forwarded-Proto: https",
        "X-Original-URL: /stats",
        "X-Real-IP: 10.9.9.9",
    )
    evil = tuple(field.replace("localhost", "evil.example") for field in fields)
    assert await status(*fields, host="evil.example") == 403
    assert await status(*fields, "Origin: http://localhost") == 403
    assert await status(*evil) == 200


async def test_a_person_who_is_refused_reads_what_to_set_and_a_program_too() -> None:
    browser = await answer("Accept: text/html,*/*;q=0.8", host="chat.example.org")
    assert (browser.status, browser.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert b"--allow-host chat.example.org" in browser.body
    assert b"<h1>" in browser.body
    assert "'none'" in browser.headers["content-security-policy"]
    program = await answer("Origin: https://chat.example.org")
    assert (program.status, program.headers["content-type"]) == (403, "text/plain; charset=utf-8")
    assert b"--public-url https://chat.example.org" in program.body


async def test_under_a_path_the_page_is_found_with_it_and_without() -> None:
    async with chat(public_url="https://chat.example.org/deep/chat") as c:
        for target in ("/health", "/deep/chat/health", "/deep/chat/health?x", "http://localhost/deep/chat/health"):
            assert (await c.ask(c.head("GET", target))).status == 200
        assert (await c.ask(c.head("GET", "/deep/chat/"))).body == FILES["/"].body
        reply = await c.ask(c.head("GET", "/deep/chat?x=1"))
        assert (reply.status, reply.headers["location"]) == (307, "chat/?x=1")
        for target in ("/deep/", "/deep/chat/nothing", "/deep/chatter/health", "/deep/chat/deep/chat/health"):
            assert (await c.ask(c.head("GET", target))).status == 404
        head = c.upgrade("Origin: https://chat.example.org").replace(b"/ws", b"/deep/chat/ws", 1)
        assert (await c.ask(head)).status == 101


async def test_behind_nginxs_location_without_a_slash_everything_begins_with_two() -> None:
    """With ``location /chat`` and a slash at the end of ``proxy_pass``, /chat/health is asked for as //health."""
    async with chat(public_url="https://example.org/chat") as c:
        for target in ("//health", "/health", "//chat/health", "///"):
            assert (await c.ask(c.head("GET", target))).status == 200
        assert (await c.ask(c.upgrade("Origin: https://example.org").replace(b"/ws", b"//ws", 1))).status == 101


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "If a proxy leads here, whoever runs the chat starts it with --public-url and the whole address"),
        ("https://example.org/chat", "The chat is at https://example.org/chat/."),
    ],
)
async def test_who_asks_at_a_path_where_nothing_is_reads_what_to_set_or_where_the_chat_is(
    url: str, sentence: str
) -> None:
    async with chat(public_url=url) as c:
        reply = await c.ask(c.head("GET", "/club/"))
    assert (reply.status, sentence in reply.body.decode()) == (404, True)


@pytest.mark.parametrize("start", [b"PROXY TCP4 10.0.0.1 10.0.0.2 5 80\r\n", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"])
async def test_who_puts_something_before_http_is_told_so(start: bytes) -> None:
    """HAProxy's ``send-proxy`` and ``send-proxy-v2``."""
    reply = await raw_reply(start + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (reply.status, b"send-proxy in HAProxy" in reply.body) == (400, True)


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


async def test_who_asks_without_end_waits_so_that_nobody_else_has_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REST_SECONDS", 60)
    async with chat() as c:
        peer = await c.open()
        (server_side,) = c.server._http
        peer.write(c.head("GET", "/health") * 500)
        for _ in range(40):
            assert (await peer.reply()).status == 200
        await until(lambda: not server_side._transport.is_reading())
        assert len(peer.reader._buffer) < 20_000  # type: ignore[attr-defined]  # what else has been answered
        assert (await c.ask(c.head("GET", "/health"))).status == 200
        server_side.abort()


async def test_who_asks_a_lot_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REST_SECONDS", 0.001)
    async with chat() as c:
        peer = await c.open()
        for method in ("GET", "HEAD"):
            peer.write(c.head(method, "/health") * 100 + c.head(method, "/nothing"))
            assert [(await peer.reply(method)).status for _ in range(101)] == [200] * 100 + [404]
        peer.write(c.upgrade() + command("join", nickname="Kit"))
        assert (await peer.reply()).status == 101
        assert (await peer.next("welcome"))["nickname"] == "Kit"


async def test_who_goes_in_the_middle_of_a_request_leaves_nothing_behind() -> None:
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
