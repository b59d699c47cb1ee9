"""Fixtures with the real program: a server in its own process, and pages in a real browser."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import ChatPage, chromium
from tests.e2e.hostile_host_page import join_hostile_host
from tests.e2e.page_work import work
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.log.disk_fixtures import disk, pytest_pyfunc_call

__all__ = ["disk", "join_hostile_host", "pytest_pyfunc_call", "work"]

PageFactory = Callable[..., ChatPage]
PeerFactory = Callable[..., Peer]

_open = ExitStack()
_kept: list[Browser] = []
"""Chromium, while it is open: a start takes a second of the processor's time."""


@pytest.fixture
def serving(request: pytest.FixtureRequest) -> Iterator[Serving]:
    """The server's process. `@pytest.mark.parametrize("serving", [[...]], indirect=True)` gives it other options."""
    with Serving(*getattr(request, "param", ["--message-rate", "0"])) as serving:
        yield serving


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server started without options."""
    with Serving() as serving:
        yield serving.url


@pytest.fixture(scope="module")
def kept_browser() -> Browser:
    """Chromium, kept open for the next module if its first test uses it, too."""
    if not _kept:
        _kept.append(_open.enter_context(chromium()))
    return _kept[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None]:
    """Close Chromium before any other test: Playwright occupies the thread's event loop."""
    try:
        yield
    finally:
        if kept_browser.__name__ not in getattr(nextitem, "fixturenames", ()):
            _kept.clear()
            _open.close()


@pytest.fixture(scope="module")
def browser(kept_browser: Browser) -> Browser:
    """Chromium. Some modules have another one in its place."""
    return kept_browser


@pytest.fixture
def new_page(browser: Browser, serving: Serving) -> Iterator[PageFactory]:
    """Opens pages, each in its own browser profile; the arguments are those of the profile.

    An error or warning of the browser about a page fails the test.
    """
    with ExitStack() as stack:
        pages: list[ChatPage] = []

        def new(**profile: Any) -> ChatPage:
            context = stack.enter_context(browser.new_context(**profile))
            pages.append(ChatPage(context, serving.url))
            return pages[-1]

        yield new
        assert [complaint for page in pages for complaint in page.complaints] == []


@pytest.fixture
def chat(new_page: PageFactory) -> ChatPage:
    """A page in a wide window."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    """A page that has not joined, in which the page's modules without state can be imported."""
    with Serving() as serving, browser.new_context() as context:
        page = context.new_page()
        page.goto(serving.url)
        yield page


@pytest.fixture
def new_peer(serving: Serving) -> Iterator[PeerFactory]:
    """Makes other clients join."""
    with ExitStack() as stack:
        yield lambda nickname, **join: stack.enter_context(Peer(serving.websocket, nickname, **join))
