"""Behind the real nginx, HAProxy and Caddy, with the unchanged examples of ``packaging/proxies``.

Proxy, browser and chat have a network of their own, so that the examples keep their names, ports and paths.
"""

import asyncio
import contextlib
import re
import shlex
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from chatdesk.config import ServerConfig
from chatdesk.doctor.examine import examine_address
from chatdesk.doctor.report import Report
from chatdesk.log.memory import MemoryStore
from chatdesk.server.server import ChatServer
from tests.e2e.balanced import NODE_EXAMPLES, balanced, proxies_of_debian
from tests.e2e.browser import ChatPage, chromium
from tests.e2e.peer import Peer
from tests.e2e.proxies import EXAMPLES, NAMES, Proxies
from tests.e2e.serving import Serving
from tests.server.chat import FILES, Chat
from tests.waiting import until

ALL = sorted({file.name for file in EXAMPLES.iterdir()} - {"README.md", *NODE_EXAMPLES})
URL = "http://chat.example.org:8000"
_COMMAND = re.compile(r"^# +chatdesk serve (.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def proxies() -> Iterator[Proxies]:
    with proxies_of_debian() as started:
        yield started


@pytest.fixture(scope="module")
def browser(proxies: Proxies) -> Iterator[Browser]:
    """Chromium in the same network, which resolves the examples' names."""
    with chromium(*NAMES) as browser:
        yield browser


def converse(browser: Browser, url: str) -> ChatPage:
    """Join at ``url`` with a page that exchanges messages with a client already in the chat."""
    page = ChatPage(browser.new_context(ignore_https_errors=True), url)
    with Peer("ws://127.0.0.1:8080/ws", "Kit") as peer:
        page.join("Mara")
        page.send("Through the proxy")
        peer.hear("Through the proxy")
        peer.say("And back")
        expect(page.message("And back")).to_be_visible()
        assert page.complaints == []
    return page


@contextlib.contextmanager
def chat(*options: str) -> Iterator[Serving]:
    """A chat on the port to which the proxies forward."""
    with Serving("--port", "8080", *options) as serving:
        yield serving


@pytest.mark.parametrize("example", ALL)
def test_an_example_works_as_it_is_handed_out(proxies: Proxies, browser: Browser, example: str) -> None:
    text = (EXAMPLES / example).read_text()
    (options,) = _COMMAND.findall(text)
    with chat(*shlex.split(options)) as serving:
        parts = urlsplit(serving.url)
        with proxies.running(example.partition("-")[0], text, 443 if parts.scheme == "https" else 80):
            page = converse(browser, serving.url.rstrip("/"))  # as people type it
            if example == "haproxy-https.cfg":  # over HTTP/2, the WebSocket is a stream beside the page's files
                assert page.page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
                assert connections_to(443) == 1
            page.page.goto(serving.url.rstrip("/") + "/check")
            expect(page.find("#verdict")).not_to_have_text(re.compile("…"))
            page.context.close()


def connections_to(port: int) -> int:
    """Return how many connections there are in this network."""
    listing = ["ss", "--no-header", "--tcp", "--numeric", "state", "established", f"( dport = :{port} )"]
    return len(subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines())


def nginx(change: Callable[[str], str]) -> str:
    """Return the plain example on another port, with one part replaced."""
    text = (EXAMPLES / "nginx-http.conf").read_text()
    changed = change(text)
    assert changed != text
    return changed.replace("listen 80;", "listen 8000;").replace("listen [::]:80;", "listen [::]:8000;")


def without_host(text: str) -> str:
    """By default, nginx sends the name in ``proxy_pass`` as the Host."""
    return text.replace("proxy_set_header Host $http_host;", "")


def by_upstream(text: str) -> str:
    """The same if that is the name of an upstream group, with connections that are reused."""
    group = "upstream chatdesk { server 127.0.0.1:8080; keepalive 2; }\n"
    return group + without_host(text).replace("http://127.0.0.1:8080;", "http://chatdesk;")


def without_port(text: str) -> str:
    """The Host is the name that people have typed, without the port."""
    return text.replace("$http_host", "$host")


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (without_host, ["--public-url", URL]),
        (without_port, ["--allow-host", "chat.example.org"]),
    ],
)
def test_nginx_may_be_told_less_than_the_examples_say(
    proxies: Proxies, browser: Browser, change: Callable[[str], str], options: list[str]
) -> None:
    with chat(*options), proxies.running("nginx", nginx(change), 8000):
        converse(browser, URL).context.close()


@pytest.mark.parametrize("change", [without_port, by_upstream])
def test_who_is_refused_reads_what_to_set_and_comes_in_by_it(
    proxies: Proxies, browser: Browser, change: Callable[[str], str]
) -> None:
    """Some options are suggested only after the one suggested first is set."""
    options: list[str] = []
    with proxies.running("nginx", nginx(change), 8000), browser.new_context() as context:
        page = context.new_page()
        for _ in range(3):
            with chat(*options):
                if not (advice := refused(page)):
                    break
            options += advice
        assert set(options[::2]) <= {"--allow-host", "--public-url"}
        assert len(options) == (4 if change is by_upstream else 2)


@pytest.mark.parametrize("change", [without_host, without_port])
def test_the_doctor_says_what_to_set_and_then_that_all_is_well(
    proxies: Proxies, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]
) -> None:
    async def resolve(_name: str) -> list[str]:
        return ["127.0.0.1"]

    def examine() -> Report:
        with ThreadPoolExecutor(1) as beside:  # the browser occupies this thread's event loop
            return beside.submit(asyncio.run, examine_address(URL, [], lambda _finding: None)).result()

    monkeypatch.setattr("chatdesk.doctor.examine.resolve", resolve)
    with proxies.running("nginx", nginx(change), 8000):
        with chat():
            said = examine()
        command = next(it.command for it in said.diagnosis.remedies if "--public-url" in it.command)
        assert not said.fine
        with chat(*command.split()[2:]):
            assert examine().diagnosis.sentence == f"All is well: the chat at {URL} can be joined."


TCP = """
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend web
    bind [::]:80 v4v6
    default_backend chatdesk
backend chatdesk
    server chatdesk 127.0.0.1:8080 {}
"""


@pytest.mark.parametrize(
    ("program", "configuration"),
    [
        ("nginx", (EXAMPLES / "nginx-http.conf").read_text()),
        ("haproxy", (EXAMPLES / "haproxy-http.cfg").read_text()),
        ("caddy", (EXAMPLES / "caddy-http.Caddyfile").read_text()),
        ("haproxy", TCP.format("send-proxy")),
        ("haproxy", TCP.format("send-proxy-v2")),
    ],
    ids=["nginx", "haproxy", "caddy", "proxy-v1", "proxy-v2"],
)
def test_people_have_their_own_addresses_and_can_claim_no_other(
    proxies: Proxies, program: str, configuration: str
) -> None:
    unchecked = configuration.replace("8080 check", "8080")  # the chat is not there yet
    with proxies.running(program, unchecked, 80), ThreadPoolExecutor(1) as beside:  # as the doctor above
        assert beside.submit(asyncio.run, address_through_proxy()).result() == "127.0.0.5"


async def address_through_proxy() -> str | None:
    """Where the chat sees a client at 127.0.0.5 that connects through the proxy, and claims to be at 198.51.100.1."""
    config = ServerConfig(8080, "127.0.0.1", public_url="http://chat.example.org", trusted_proxy=("127.0.0.1",))
    claims = b"X-Forwarded-For: 198.51.100.1\r\nForwarded: for=198.51.100.1\r\n\r\n"
    async with ChatServer(config, MemoryStore(), FILES) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", 80, local_addr=("127.0.0.5", 0))
        writer.write(Chat(server).upgrade(host="chat.example.org").removesuffix(b"\r\n") + claims)
        assert (await reader.readline()).split()[1] == b"101"
        (connection,) = server.connections
        writer.close()
        await until(lambda: not server.connections)
        return connection.address


def refused(page: Page) -> list[str]:
    """Return the option that the refusing page says to set."""
    page.goto(URL)
    if page.locator("#nickname").count():
        page.fill("#nickname", "Mara")
        page.click("#join-button")
        expect(page.locator("#chat, #join-error:not(:empty)").filter(visible=True)).to_be_visible()
    if page.locator("#chat").is_visible():
        return []
    found = re.search(r"(--allow-host|--public-url) (\S+?)[,.]? ", page.inner_text("body"))
    assert found, page.inner_text("body")
    return [found[1], found[2]]


@pytest.mark.parametrize("check", ["option httpchk GET /health", "option httpchk"])
def test_haproxy_sees_that_the_chat_is_there(proxies: Proxies, check: str) -> None:
    text = (EXAMPLES / "haproxy-http.cfg").read_text()
    check = f"{check}\n    timeout check 5s"  # the default is the interval
    hasty = text.replace("option httpchk GET /health", check).replace("8080 check", "8080 check inter 50ms fall 1")
    assert hasty != text
    with chat("--public-url", "http://chat.example.org"), proxies.running("haproxy", hasty, 80):
        for _ in range(10):  # after a failed check, HAProxy would answer with 503
            request = urllib.request.Request("http://127.0.0.1/health", headers={"Host": "chat.example.org"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                assert answer.status == 200
            time.sleep(0.05)


@pytest.mark.parametrize("sticky", [False, True], ids=["any node", "sticky"])
@pytest.mark.parametrize("example", NODE_EXAMPLES)
def test_people_of_two_nodes_go_on_behind_a_proxy_when_one_is_killed(
    proxies: Proxies, example: str, sticky: bool
) -> None:
    with ThreadPoolExecutor(1) as beside:  # as the doctor above
        assert beside.submit(balanced, proxies, example, 20, sticky=sticky).result() == []
