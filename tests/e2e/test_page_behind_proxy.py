"""The page behind a proxy: in a folder, with TLS, and with incomplete settings."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.serving import Serving
from tests.reverse_proxy import ReverseProxy, certificate

FOLDER = "/rooms/chat/"
FrontedPage = Callable[..., ChatPage]


@pytest.fixture
def behind(browser: Browser, serving: Serving) -> Iterator[FrontedPage]:
    """Opens a page behind a ``ReverseProxy`` with these properties. Any error in the browser fails the test."""
    with ExitStack() as stack:
        pages: list[ChatPage] = []

        def open_page(proxy: ReverseProxy | None = None, **properties: Any) -> ChatPage:
            url = (proxy or stack.enter_context(ReverseProxy(serving.port, **properties))).url
            context = stack.enter_context(browser.new_context(ignore_https_errors=True))
            pages.append(ChatPage(context, url).open())
            return pages[-1]

        yield open_page
        assert [complaint for page in pages for complaint in page.complaints] == []


def test_the_page_works_in_a_folder_of_a_proxy(behind: FrontedPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    chat = behind(folder=FOLDER)
    expect(chat.find("#encryption")).to_contain_text("unencrypted")
    expect(chat.find("#join-open")).to_have_text("The room is open")
    chat.join("Kit")
    assert "reach" not in chat.sent[0]["capabilities"], "the proxy's port is not the host's"
    chat.send("Hello")
    mara.hear("Hello")
    address = chat.url.removeprefix("http://").removesuffix("/")
    expect(chat.find("#me-address")).to_have_text(f"on {address}")
    stored = chat.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert stored, "it is remembered who one is"
    assert all(key.startswith("chatdesk.rooms/chat/") for key in stored), "but not to other chats of the same proxy"
    chat.page.goto(f"{chat.url}check")
    expect(chat.find("#verdict")).to_have_text("This device reaches the chat.")
    chat.page.get_by_role("link", name="Go to the chat").click()
    expect(chat.message("Hello")).to_be_visible()


def test_over_tls_the_page_does_not_say_that_others_could_read_along(
    behind: FrontedPage, new_peer: PeerFactory, tmp_path: Path
) -> None:
    mara = new_peer("Mara")
    chat = behind(folder=FOLDER, tls=certificate(tmp_path))
    address = chat.url.removesuffix("/")
    place = address.removeprefix("https://")
    expect(chat.find("#encryption")).to_have_text(
        f"Messages go to the host’s computer, by way of {place}, and encrypted as far as there."
    )
    assert "unencrypted" not in chat.page.inner_text("body")
    chat.join("Kit")
    expect(chat.find("#me-address")).to_have_attribute("title", address)
    chat.send("Hello")
    mara.hear("Hello")
    chat.page.goto(f"{chat.url}check")
    expect(chat.find("#verdict")).to_have_text("This device reaches the chat.")
    expect(chat.find("#advice")).to_have_text(f"It does so by {address}")


def test_behind_a_proxy_that_changes_the_host_the_page_comes_and_says_what_to_set(
    behind: FrontedPage, serving: Serving
) -> None:
    chat = behind(host=f"127.0.0.1:{serving.port}")
    chat.find("#nickname").fill("Kit")
    chat.find("#join-button").click()
    expect(chat.find("#join-error")).to_contain_text(f"starts the chat with --public-url {chat.url[:-1]},")
    chat.complaints.clear()


def test_behind_a_proxy_that_passes_no_websocket_on_it_says_so(behind: FrontedPage) -> None:
    chat = behind(upgrades=False)
    chat.find("#nickname").fill("Kit")
    chat.find("#join-button").click()
    expect(chat.find("#join-error")).to_contain_text("no WebSocket comes through")
    chat.complaints.clear()


def test_a_proxy_without_a_host_behind_it_and_a_login_are_no_host_that_is_silent(
    behind: FrontedPage, serving: Serving
) -> None:
    with ReverseProxy(serving.port) as proxy:
        chat = behind(proxy=proxy)
        for answer, sentence in (
            (b"502 Bad Gateway\r\n", "only a proxy in front of it"),
            (b"302 Found\r\nLocation: https://login.example/\r\n", "you may have to log in"),
            (b"200 OK\r\nContent-Type: text/html\r\n", "you may have to log in"),
            (b"403 Forbidden\r\nContent-Type: text/html\r\n", "you may have to log in"),
        ):
            proxy.answer = b"HTTP/1.1 " + answer + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            chat.find("#nickname").fill("Kit")
            chat.find("#join-button").click()
            expect(chat.find("#join-error")).to_contain_text(sentence)
    chat.complaints.clear()
