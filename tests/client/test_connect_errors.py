"""Whatever answers instead of a chat, or in front of it: the person learns what it is, and what to do."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.client.address import parse_address
from chatdesk.client.changes import Ended
from chatdesk.client.client import ChatClient
from chatdesk.client.connect_errors import HttpResponse, explain_failure
from chatdesk.client.connection import CloseReason, Connection
from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.protocol.commands import Join
from chatdesk.protocol.events import Event, Welcome
from chatdesk.server.server import ChatServer
from tests.reverse_proxy import ReverseProxy, certificate


async def run_connection(url: str) -> CloseReason:
    """Connect to the chat at the page's URL; the reason is *welcome* if it is a chat."""
    connection = Connection(f"{url.replace('http', 'ws', 1)}ws")

    def receive(event: Event) -> None:
        if isinstance(event, Welcome):
            connection.close(CloseReason("welcome"))

    connection.send(Join("Kit"))
    async with asyncio.timeout(10):
        return await connection.run(receive)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The port of a chat."""
    async with ChatServer(ServerConfig(port=0, bind="127.0.0.1"), MemoryStore(), {}) as server:
        yield server.port


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate that this computer trusts, with little in it, as private ones have."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return certificate(tmp_path)


async def test_over_tls_in_a_folder_a_chat_is_a_chat(port: int, tls: ssl.SSLContext) -> None:
    with ReverseProxy(port, folder="/club/chat/", tls=tls) as proxy:
        assert (await run_connection(proxy.url)).sentence == "welcome"


@pytest.mark.parametrize(
    ("name", "days", "trusted", "sentence"),
    [
        (
            "127.0.0.1",
            2,
            False,
            "is signed by nobody that this computer knows: it could be anybody’s. Ask its host",
        ),
        ("127.0.0.1", -1, True, "has expired. Tell its host"),
        ("127.0.0.2", 2, True, "is for another address. Use the one"),
        ("chat.example", 2, True, "is for another address. Use the one"),
    ],
)
async def test_a_certificate_that_fails_is_named_and_the_host_is_not_called_away(
    name: str, days: int, trusted: bool, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, name=name, days=days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with ReverseProxy(tls=context, folder="/chat/") as proxy:
        end = await run_connection(proxy.url)
    assert end.sentence.startswith(f"The certificate of {proxy.address}/chat {sentence}")
    assert end.may_reconnect, "a hotel that asks for a login is not the end of the chat"


async def test_plain_text_to_a_tls_port_and_tls_to_a_plain_port(port: int, tls: ssl.SSLContext) -> None:
    with ReverseProxy(port, tls=tls) as proxy:
        end = await run_connection(proxy.url.replace("https", "http"))
        assert end.sentence.endswith(f"wants an encrypted connection. Join https://{proxy.address} instead.")
        assert (await run_connection("https://" + end.sentence.split("//")[1].split()[0] + "/")).sentence == "welcome"
    end = await run_connection(f"https://127.0.0.1:{port}/")
    assert end.sentence.endswith(f"If nothing secret is said there, join http://127.0.0.1:{port} instead.")
    async with await asyncio.start_server(_refuse, "127.0.0.1", 0) as server:
        end = await run_connection(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert "does not encrypt" in end.sentence


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer like a web server that does not understand."""
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def test_a_proxy_that_passes_no_websocket_on_says_that_the_chat_is_there(port: int) -> None:
    with ReverseProxy(port, folder="/chat/", upgrades=False) as proxy:
        end = await run_connection(proxy.url)
    assert end.sentence.startswith(f"The chat is at {proxy.address}/chat, but no WebSocket comes through to it.")


async def test_a_refused_client_shows_the_reason_of_the_chat(port: int) -> None:
    with ReverseProxy(port, host="chat.example") as proxy:
        end = await run_connection(proxy.url)
    assert end.sentence.startswith(f"The chat does not answer to {proxy.address}. ")
    assert "--allow-host chat.example" in end.sentence


async def test_at_a_wrong_path_a_chat_says_where_it_is(port: int) -> None:
    client = ChatClient(f"ws://127.0.0.1:{port}/typo/ws", "Kit", on_changes=lambda _: None)
    async with asyncio.timeout(10):
        await client.run()
    assert isinstance(client.state.status, Ended)
    there = f"Connect to ws://127.0.0.1:{port}/ws instead."
    assert client.state.status.sentence == f"There is no chat at /typo/ws. {there}"


PAGE = "Content-Type: text/html\r\nRetry-After: 5"
ANSWERS = {
    "502 Bad Gateway": "Only a proxy answers at {}/chat, and it does not reach the chat behind it.",
    f"503 Service Unavailable\r\n{PAGE}": "Only a proxy answers at {}/chat, and it does not reach the chat behind it.",
    "504 Gateway Timeout": "Only a proxy answers at {}/chat, and it does not reach the chat behind it.",
    f"403 Forbidden\r\n{PAGE}": "The chat does not answer to {}/chat. Use the address on the host's screen.",
    "500 Internal Server Error": "Only a proxy answers at {}/chat, and it does not reach the chat behind it.",
    "501 Not Implemented": "The chat is at {}/chat, but no WebSocket comes through to it.",
    "429 Too Many Requests": "{}/chat takes no more connections from here just now.",
    "401 Unauthorized": "{}/chat wants a login, which only a browser can do: open that address in one.",
    "404 Not Found": "There is no chat at {}/chat. Check the address.",
    f"200 OK\r\n{PAGE}": "A web page answers at {}/chat, and no chat. Check the address.",
    "301 Moved Permanently\r\nLocation: https://127.0.0.1/chat/ws": "Join https://127.0.0.1/chat instead.",
    "302 Found\r\nLocation: /login?to=chat": "{}/chat leads to /login/, perhaps for a login: open",
    "308 Permanent Redirect\r\nLocation: /chat/ws": "There is no chat at {}/chat. Check the address.",
    "302 Found\r\nLocation: http://[/": "There is no chat at {}/chat. Check the address.",
    "302 Found\r\nLocation: https://login.example/?to=chat": "{}/chat leads to login.example, perhaps for a login:",
    "302 Found": "There is no chat at {}/chat. Check the address.",
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_another_responder_is_named(answer: str) -> None:
    with ReverseProxy(answer=f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()) as proxy:
        end = await run_connection(f"{proxy.url}chat/")
    assert ANSWERS[answer].format(proxy.address) in end.sentence
    assert end.busy == answer.startswith(("429", "500", "502", "503", "504"))


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("chat.example", "If it is a page’s, type all of it, with https:// or http:// before it."),
        ("192.168.4.20/club", "If it is a page’s, type all of it"),
        ("192.168.4.20", "Check the address, and that both are on the same network."),
        ("robotics.local", "Check the address"),
        ("::1", "Check the address"),
        ("chat.example:9000", "Check the address"),
        ("https://chat.example/club", "Check the address"),
    ],
)
def test_an_address_that_a_browser_shortened_is_explained(typed: str, what: str) -> None:
    assert f". {what}" in explain_failure(ConnectionRefusedError(), parse_address(typed)).sentence


def test_text_of_a_stranger_is_cleaned_and_truncated() -> None:
    said = ("\x1b[31mUse\nthat one. " + "x" * 9000).encode() + b"\xff"
    sentence = explain_failure(HttpResponse(403, {"content-type": "text/plain"}, said), "wss://a.example/ws").sentence
    assert sentence.startswith("The chat does not answer to a.example. Use that one. xxx")
    assert len(sentence) < 600
