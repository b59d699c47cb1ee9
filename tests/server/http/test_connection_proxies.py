"""Which host a request is for, and what proxies make of that, of its target and of its path."""

import pytest

from tests.server.chat import FILES, chat
from tests.server.http.test_connection import answer, raw_reply, raw_status, status


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
    """By default HAProxy's is ``OPTIONS /``."""
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
        ("", "If a proxy leads here, the host starts the chat with --public-url and the whole address"),
        ("https://example.org/chat", "The chat is at https://example.org/chat/."),
    ],
)
async def test_an_unknown_path_says_what_to_configure_or_where_the_chat_is(url: str, sentence: str) -> None:
    async with chat(public_url=url) as c:
        reply = await c.ask(c.head("GET", "/club/"))
    assert (reply.status, sentence in reply.body.decode()) == (404, True)


@pytest.mark.parametrize("start", [b"PROXY TCP4 10.0.0.1 10.0.0.2 5 80\r\n", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"])
async def test_a_proxy_that_puts_something_before_http_is_told_so(start: bytes) -> None:
    """HAProxy's ``send-proxy`` and ``send-proxy-v2``."""
    reply = await raw_reply(start + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (reply.status, b"--trusted-proxy" in reply.body, b"send-proxy in HAProxy" in reply.body) == (400, True, True)
