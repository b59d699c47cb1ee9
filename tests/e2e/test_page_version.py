"""A host is updated while pages of the version before are open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from chatdesk import __version__
from tests.e2e.browser import ChatPage
from tests.hostile_host import HostileHost, Visit

OLD = "0.0.9"
COUNT_LOADS = "sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileHost]:
    """A host that is older than this program at the first visit, and serves the older page until it is told of ours."""
    versions = iter([OLD])

    def visit_of(visit: Visit) -> None:
        visit.enter(server={"version": next(versions, __version__)})
        visit.stay()

    with monkeypatch.context() as patch:
        patch.setattr("chatdesk.server.http.static_files.__version__", OLD)
        older = HostileHost(visit_of)
    with older:
        yield older


@pytest.fixture
def chat(browser: Browser, host: HostileHost) -> Iterator[ChatPage]:
    with browser.new_context() as context:
        chat = ChatPage(context, host.url)
        chat.page.add_init_script(COUNT_LOADS)
        yield chat.join("Kit")
        assert [it for it in chat.complaints if "status of 404" not in it] == [], "this host has no /stats"


def has_loaded(chat: ChatPage, times: int, version: str) -> None:
    """Wait until the page was loaded so often and is in the room; it is of this version."""
    chat.page.wait_for_function(f"sessionStorage.loads === '{times}' && document.body.dataset.started")
    expect(chat.find("#chat")).to_be_visible()
    expect(chat.find("html")).to_have_attribute("data-version", version)


def lose(chat: ChatPage, host: HostileHost) -> None:
    """End the connection, and wait until the page is back."""
    visits = len(host.visits)
    host.visits[-1].cut()
    while len(host.visits) == visits:
        chat.try_now()
        chat.page.wait_for_timeout(20)


def test_an_older_page_is_loaded_again_and_keeps_what_is_half_written(chat: ChatPage, host: HostileHost) -> None:
    """Behaviour 40: the person is in the room again, and need not do anything."""
    has_loaded(chat, 1, OLD)
    host.update_page()
    chat.find("#message").fill("half a sentence")
    lose(chat, host)
    has_loaded(chat, 2, __version__)
    expect(chat.find("#message")).to_have_value("half a sentence")
    assert len(host.visits) == 3
    lose(chat, host)
    has_loaded(chat, 2, __version__)
    assert len(host.visits) == 4


def test_a_page_that_a_proxy_keeps_is_loaded_again_once(chat: ChatPage, host: HostileHost) -> None:
    """Behaviour 40."""
    lose(chat, host)
    has_loaded(chat, 2, OLD)
    lose(chat, host)
    expect(chat.find("#chat-status")).not_to_have_text("Not connected")
    has_loaded(chat, 2, OLD)
    assert len(host.visits) == 4
