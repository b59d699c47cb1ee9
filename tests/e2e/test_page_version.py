"""A host is updated while pages of the version before are open."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from chatdesk import __version__
from chatdesk.server.http.static_files import page_files
from tests.e2e.browser import ChatPage
from tests.hostile_host import HostileHost, Visit

OLD = "0.0.9"
FULL_STORAGE = """() => {
const { setItem } = Storage.prototype;
Storage.prototype.setItem = function (name, value) {
    if (this === localStorage) throw new DOMException("full", "QuotaExceededError");
    setItem.call(this, name, value);
};
}"""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileHost]:
    """A host that is older than this program at the first visit, and serves the older page until it is told of ours."""
    versions = iter([OLD])

    def visit_of(visit: Visit) -> None:
        visit.enter(server={"version": next(versions, __version__)})
        visit.stay()

    with monkeypatch.context() as patch:
        patch.setattr("chatdesk.server.http.static_files.__version__", OLD)
        page_files.cache_clear()  # the process has the files of this version
        older = HostileHost(visit_of)
    page_files.cache_clear()
    with older:
        yield older


@pytest.fixture
def chat(browser: Browser, host: HostileHost) -> Iterator[ChatPage]:
    with browser.new_context() as context:
        chat = ChatPage(context, host.url)
        yield chat.join("Kit")
        assert [it for it in chat.complaints if "status of 404" not in it] == [], "this host has no /stats"


@pytest.fixture
def reloads(chat: ChatPage) -> list[str]:
    """The addresses that were loaded after the first time."""
    loaded: list[str] = []
    chat.page.on("load", lambda page: loaded.append(page.url))
    return loaded


def wait_for(chat: ChatPage, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, condition
        chat.page.wait_for_timeout(20)


def lose(chat: ChatPage, host: HostileHost) -> None:
    """End the connection, and wait until the page is back."""
    visits = len(host.visits)
    host.visits[-1].cut()
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    chat.try_now()
    wait_for(chat, lambda: len(host.visits) > visits)


def is_in_room(chat: ChatPage, version: str) -> None:
    expect(chat.find("#chat-status")).to_have_text("Hosted by Mara")
    expect(chat.find("html")).to_have_attribute("data-version", version)


def test_an_older_page_is_loaded_again_and_keeps_what_is_half_written(
    chat: ChatPage, host: HostileHost, reloads: list[str]
) -> None:
    """Behaviour 40: the person is in the room again, and need not do anything."""
    is_in_room(chat, OLD)
    host.update_page()
    chat.find("#message").fill("half a sentence")
    lose(chat, host)
    wait_for(chat, lambda: len(reloads) == 1 and len(host.visits) == 3)
    is_in_room(chat, __version__)
    expect(chat.find("#message")).to_have_value("half a sentence")
    lose(chat, host)
    is_in_room(chat, __version__)
    assert (len(reloads), len(host.visits)) == (1, 4)


def test_a_page_that_a_proxy_keeps_is_loaded_again_once(chat: ChatPage, host: HostileHost, reloads: list[str]) -> None:
    """Behaviour 40."""
    lose(chat, host)
    wait_for(chat, lambda: len(reloads) == 1 and len(host.visits) == 3)
    is_in_room(chat, OLD)
    lose(chat, host)
    is_in_room(chat, OLD)
    assert (len(reloads), len(host.visits)) == (1, 4)


def test_a_page_is_not_loaded_again_while_it_alone_has_an_unsent_message(
    chat: ChatPage, host: HostileHost, reloads: list[str]
) -> None:
    """Behaviour 40 costs nothing that was written."""
    chat.page.evaluate(FULL_STORAGE)
    chat.send("only here")
    host.wait_to_hear("only here")
    lose(chat, host)
    is_in_room(chat, OLD)
    expect(chat.find(".own-message.pending")).to_contain_text("only here")
    assert (reloads, len(host.visits)) == ([], 2)
