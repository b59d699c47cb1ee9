"""What browsers do not get at an address is reported, with a remedy; with real chats behind real proxies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chatdesk.config import ServerConfig
from chatdesk.doctor.examine import examine_address, examine_host, hosted_chat
from chatdesk.doctor.report import Report
from chatdesk.log.memory import MemoryStore
from chatdesk.server.http.static_files import StaticFile, page_files
from chatdesk.server.server import ChatServer
from tests.reverse_proxy import ReverseProxy, certificate

FILES = page_files()
MODULES = {
    **FILES,
    "/": StaticFile("text/html", b'<!doctype html><script type="module" src="a.js"></script>', '"p"'),
    "/a.js": StaticFile("text/javascript", b'import "./b.js";\n', '"a"'),
    "/b.js": StaticFile("text/javascript", b"export {};\n", '"b"'),
}
"""A page whose scripts browsers request with Origin."""

Spoil = Callable[[str, bytes], bytes]
"""Changes the response for a path."""


@asynccontextmanager
async def chat(files: dict[str, StaticFile] = FILES, **settings: Any) -> AsyncIterator[int]:
    """A chat on loopback; its port."""
    async with ChatServer(ServerConfig(bind="127.0.0.1", port=0, **settings), MemoryStore(), files) as server:
        yield server.port


@asynccontextmanager
async def spoiling(port: int, spoil: Spoil, listen_on: int = 0) -> AsyncIterator[str]:
    """A proxy that changes responses of the chat behind it; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        back, on = await asyncio.open_connection("127.0.0.1", port)
        on.write(head)
        reply = await (back.readuntil(b"\r\n\r\n") if b"Upgrade" in head else back.read())
        on.transport.abort()
        if spoil(head.split()[1].decode(), reply) is SILENCE:
            await reader.read()
        writer.write(spoil(head.split()[1].decode(), reply))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", listen_on) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def examine(address: str) -> Report:
    return await examine_address(address, [], lambda _finding: None)


def row(report: Report, check: str) -> str:
    return next(finding.sentence for finding in report.findings if finding.check == check)


def commands(report: Report) -> list[str]:
    return [remedy.command for remedy in report.diagnosis.remedies if remedy.command]


def only(path: str, change: Callable[[bytes], bytes]) -> Spoil:
    return lambda target, reply: change(reply) if target == path else reply


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SILENCE = b"silence"
GZIP = b"\x1f\x8b\x08\x00"
LOGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<p>in"
NOTHING = b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def also(policy: bytes, reply: bytes) -> bytes:
    """The response with a policy in addition to the chat's own."""
    return reply.replace(b"\r\n\r\n", b"\r\nContent-Security-Policy: " + policy + b"\r\n\r\n", 1)


def cut(reply: bytes) -> bytes:
    """Half of the body, as if it were all of it."""
    head, _, body = reply.partition(b"\r\n\r\n")
    half = body[: len(body) // 2]
    return head.replace(b"%d" % len(body), b"%d" % len(half)) + b"\r\n\r\n" + half


async def test_all_is_well_where_everything_arrives() -> None:
    async with chat() as port:
        report = await examine(f"127.0.0.1:{port}")
        here = await examine_host(port, [], lambda _finding: None)
    assert report.diagnosis.check == "fine"
    assert row(report, "page") == row(here, "page") == "All of its 5 files arrive, and its WebSocket opens."


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (only("/page.js", lambda _reply: NOT_FOUND), "1 of its 5 files does not arrive: /page.js (404)."),
        (only("/page.js", lambda reply: reply[:5000]), "/page.js (it breaks off)."),
        (only("/page.css", lambda _reply: LOGIN), "/page.css (as text/html)."),
        (only("/page.js", lambda reply: reply.replace(GZIP, b"....")), "/page.js (garbled)."),
        (only("/page.js", cut), "/page.js (garbled)."),
        (only("/", lambda reply: also(b"Style-src 'none'", reply)), "/page.css (barred by a Content-Security-Policy)."),
        (only("/page.js", lambda reply: reply.replace(b"Encoding: gzip", b"Encoding: br")), "/page.js (garbled)."),
        (only("/page.js", lambda _reply: LOGIN.replace(b"html", b"javascript")), "/page.js (no script)."),
        (only("/page.js", lambda _reply: NOTHING), "/page.js (no script)."),
        (only("/", lambda _reply: NOT_FOUND), "It does not arrive: / (404)."),
        (only("/", lambda _reply: LOGIN), "It does not arrive: / (another page)."),
        (only("/page.js", lambda _reply: SILENCE), "/page.js (no answer in time)."),
        (only("/icon.svg", lambda _reply: b""), "/icon.svg (it breaks off)."),
    ],
)
async def test_what_a_proxy_loses_or_changes_is_named(spoil: Spoil, words: str) -> None:
    async with chat() as port, spoiling(port, spoil) as address:
        report = await examine(address)
    assert row(report, "page").endswith(words)
    assert report.diagnosis.check == "page"
    assert f"answers at http://{address}/, but browsers show" in report.diagnosis.sentence
    assert "passes on all that begins with" in report.diagnosis.remedies[0].sentence


async def test_a_page_that_takes_for_ever_is_not_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.doctor.examine._PAGE_SECONDS", 0.3)
    async with chat() as port, spoiling(port, only("/", lambda _reply: SILENCE)) as address:
        report = await examine(address)
    assert row(report, "page") == "It does not arrive: / (no answer in time)."
    assert report.diagnosis.check == "page"


@pytest.mark.parametrize("path", ["/a.js", "/b.js"])
async def test_modules_and_what_they_import_count(path: str) -> None:
    async with chat(MODULES) as port, spoiling(port, only(path, lambda _reply: NOT_FOUND)) as address:
        report = await examine(address)
    assert f"{path} (404)" in report.diagnosis.sentence


@pytest.mark.parametrize(
    ("files", "check", "words"),
    [(FILES, "origin", "its WebSocket is refused"), (MODULES, "page", "/a.js (403)")],
)
async def test_behind_a_proxy_that_puts_in_its_own_host_it_says_what_to_set(
    files: dict[str, StaticFile], check: str, words: str
) -> None:
    async with chat(files) as port:
        with ReverseProxy(port, folder="/club/", host=f"127.0.0.1:{port}") as proxy:
            report = await examine(proxy.url)
        assert report.diagnosis.check == check
        assert words in report.diagnosis.sentence
        assert commands(report) == [f"chatdesk serve --public-url {proxy.url}"]


async def test_what_it_says_to_set_helps() -> None:
    with ReverseProxy(folder="/club/") as proxy:
        async with chat(public_url=proxy.url) as port:
            proxy._port, proxy._host = port, f"127.0.0.1:{port}"
            report = await examine(proxy.url)
            assert await hosted_chat(port, []) == ("ChatDesk", proxy.url)
    assert report.diagnosis.sentence == f"All is well: the chat at {proxy.url[:-1]} can be joined."


async def test_the_name_that_a_proxy_asks_for_is_told_and_how_it_is_allowed() -> None:
    async with chat() as port:
        with ReverseProxy(port, host="chat.example") as proxy:
            report = await examine(proxy.url)
        assert report.diagnosis.sentence == "The chat there does not answer to the name chat.example."
        assert "chatdesk serve --allow-host chat.example" in commands(report)
    async with chat(allow_host=("chat.example",)) as port:
        with ReverseProxy(port, host="chat.example", folder="/") as proxy:
            report = await examine(proxy.url)
        assert report.diagnosis.check == "origin", "by then, the page is another's"


async def test_a_chat_that_is_not_at_the_path_is_no_other_program() -> None:
    async with chat() as port:
        report = await examine(f"http://127.0.0.1:{port}/club")
    assert row(report, "answer") == "It is ChatDesk, but it is not at /club."
    assert report.diagnosis.sentence == "The chat there is not at /club."
    assert report.diagnosis.remedies[0].sentence == f"Type the address without that: http://127.0.0.1:{port}"
    assert commands(report) == [f"chatdesk serve --public-url http://127.0.0.1:{port}/club/"]


async def test_a_proxy_that_passes_no_websocket_on_is_named() -> None:
    async with chat() as port:
        with ReverseProxy(port, upgrades=False) as proxy:
            report = await examine(proxy.url)
    assert row(report, "page") == "All of its 5 files arrive, but no WebSocket comes through."
    assert report.diagnosis.check == "websocket"


@pytest.mark.parametrize(
    "spoil",
    [
        only("/ws", lambda reply: reply.replace(b"-Accept: ", b"-Accept: x")),
        only("/", lambda reply: also(b"connect-src 'none'", reply)),
    ],
)
async def test_a_websocket_that_no_browser_accepts_does_not_count(spoil: Spoil) -> None:
    """One opened by a server that does not know the protocol, and one that the page may not open."""
    async with chat() as port, spoiling(port, spoil) as address:
        report = await examine(address)
    assert report.diagnosis.check == "websocket"


async def test_names_that_no_chat_would_give_its_files_stop_nobody() -> None:
    page = b'<script src="page.js"></script><script src="a b\x1b\xc3\xa9.js"></script><script src="http://["></script>'
    async with chat({**FILES, "/": StaticFile("text/html", page, '"p"')}) as port:
        report = await examine(f"127.0.0.1:{port}")
    assert row(report, "page") == "1 of its 3 files does not arrive: /a%20b%1B%C3%A9.js (404)."


async def test_a_full_chat_is_not_mistaken_for_a_blocked_one() -> None:
    async with chat(max_connections=1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        writer.write(f"GET /ws HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n{key}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        report = await examine(f"127.0.0.1:{port}")
        writer.transport.abort()
    assert row(report, "page").endswith("the chat is full.")
    assert report.diagnosis.check == "fine"


@pytest.mark.parametrize(
    ("name", "days", "trusted", "words"),
    [
        ("127.0.0.1", 2, True, "All is well: the chat at https://{place}/club can be joined."),
        ("127.0.0.1", 2, False, "The certificate of {place}/club is signed by nobody that this computer knows"),
        ("127.0.0.1", -1, True, "The certificate of {place}/club has expired."),
        ("chat.example", 2, True, "The certificate of {place}/club is for another address."),
    ],
)
async def test_https_and_the_path_are_kept_and_certificates_named(
    name: str, days: int, trusted: bool, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificate(tmp_path, name=name, days=days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    async with chat() as port:
        with ReverseProxy(port, folder="/club/", tls=tls) as proxy:
            report = await examine(proxy.url)
    assert report.diagnosis.sentence.startswith(words.format(place=proxy.address))


async def test_where_plain_words_meet_tls_the_address_that_works_is_said(tmp_path: Path) -> None:
    async with chat() as port:
        with ReverseProxy(port, tls=certificate(tmp_path)) as proxy:
            report = await examine(proxy.address)
        encrypted = await examine(f"https://127.0.0.1:{port}")
    assert report.diagnosis.sentence.endswith(f"wants an encrypted connection. Join https://{proxy.address} instead.")
    assert "does not encrypt" in encrypted.diagnosis.sentence


async def test_a_chat_that_this_computer_reaches_by_ipv6_alone_is_found() -> None:
    async with ChatServer(ServerConfig(bind="::1", port=0), MemoryStore(), FILES) as server:
        here = await examine_host(server.port, [], lambda _finding: None)
    assert row(here, "answer") == "It is ChatDesk."
    assert row(here, "page") == "All of its 5 files arrive, and its WebSocket opens."


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 Gateway Timeout"])
async def test_a_proxy_that_does_not_reach_the_chat_is_no_other_program(status: str) -> None:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    with ReverseProxy(answer=answer) as proxy:
        report = await examine(proxy.url)
    assert report.diagnosis.check == "obstacle"
    assert report.diagnosis.sentence.startswith("Only a proxy answers at")


async def test_a_port_that_no_browser_opens_is_named() -> None:
    """A chat whose port is forwarded from another one, as by a container."""
    async with chat() as port, spoiling(port, lambda _path, reply: reply, listen_on=6666) as address:
        report = await examine(address)
        here = await examine_host(6666, [], lambda _finding: None)
    assert "no browser opens that port" in row(report, "connection")
    assert "which no browser opens" in row(here, "listening")
    for said in (report, here):
        assert said.diagnosis.check == "port"
        assert "o browser opens port 6666, which belongs to another service." in said.diagnosis.sentence
        assert commands(said) == ["chatdesk host --port 6670"]
    assert not report.fine
