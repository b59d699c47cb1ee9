"""The doctor and a browser interpret a page's content security policy in the same way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from chatdesk.doctor.content_security_policy import blocked_kinds
from tests.doctor.test_content_security_policy import CASES, PAGE
from tests.e2e.browser import chromium

_FILES = {
    "": ("text/html", "<!doctype html><link rel='stylesheet' href='page.css'><script src='page.js'></script><p>"),
    "page.css": ("text/css", "p { margin: 7px }"),
    "page.js": ("text/javascript", "window.ran = true"),
}
_LOOK = """new Promise(done => {
    const socket = new WebSocket('ws://chat.example.org:8000/club/ws');
    const tell = refused => done({
        script: !window.ran,
        style: getComputedStyle(document.querySelector('p')).marginTop !== '7px',
        websocket: refused || socket.url.startsWith('wss:'),
    });
    addEventListener('securitypolicyviolation', () => tell(true));
    socket.onerror = () => setTimeout(() => tell(false));
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium("chat.example.org") as browser:
        yield browser.new_page()


@pytest.mark.parametrize("policies", [policies for policies, _ in CASES if "sandbox" not in policies])
def test_a_browser_obeys_it_as_the_doctor_says(page: Page, policies: str) -> None:
    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(PAGE)
        if name not in _FILES:
            return route.abort()
        content_type, body = _FILES[name]
        return route.fulfill(
            content_type=content_type, body=body, headers={"Content-Security-Policy": policies} if policies else {}
        )

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(PAGE)
    seen = page.evaluate(_LOOK)
    assert {kind for kind, is_barred in seen.items() if is_barred} == blocked_kinds(policies, PAGE)
