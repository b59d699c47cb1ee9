"""The ports that ChatDesk avoids are those that browsers refuse to open."""

import re
from collections.abc import Set

import pytest
from playwright.sync_api import Browser, Error

from chatdesk.blocked_ports import BLOCKED, next_allowed_port
from chatdesk.origin import HTTPS_ONLY_DOMAINS
from tests.e2e.browser import chromium

ADDED_LAST = {4190, 6679}
"""Chromium still opens these."""
USUAL = {"local", "lan", "home", "internal", "test", "example", "org", "corp", "box", "school"}
"""Top-level domains, in private networks and on the internet."""
_ASK_ALL = (
    "names => Promise.all(names.map(name => fetch(`http://${name}:8123/`, { mode: 'no-cors' }).catch(() => null)))"
)
NEXT_TO_THEM = {next_allowed_port(port) for port in BLOCKED} | {8080, 9000}


def obstacles(browser: Browser, ports: Set[int]) -> set[str]:
    """The browser's errors for pages at these ports, where nothing listens."""
    page = browser.new_page()
    said = set()
    for port in sorted(ports):
        with pytest.raises(Error) as refused:
            page.goto(f"http://127.0.0.2:{port}/")
        said |= set(re.findall(r"net::ERR_\w+", str(refused.value)))
    page.close()
    return said


def test_names_that_a_browser_opens_over_tls_alone_are_those_that_are_known() -> None:
    names = [f"chatdesk.{end}" for end in sorted(HTTPS_ONLY_DOMAINS | USUAL)]
    asked: set[str] = set()
    with chromium(*names) as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.add(request.url))
        page.evaluate(_ASK_ALL, names)
    assert {url for url in asked if url.startswith("https:")} == {
        f"https://chatdesk.{end}:8123/" for end in HTTPS_ONLY_DOMAINS
    }


def test_no_browser_opens_an_address_with_an_interface(browser: Browser) -> None:
    """As the doctor says."""
    page = browser.new_page()
    for url in ("http://[fe80::1%lo]:8080/", "http://[fe80::1%25lo]:8080/"):
        with pytest.raises(Error, match=r"invalid URL|ERR_INVALID_URL"):
            page.goto(url)
    page.close()


def test_all_of_them_and_none_beside_them_are_refused_by_a_browser(browser: Browser) -> None:
    assert obstacles(browser, BLOCKED - ADDED_LAST) == {"net::ERR_UNSAFE_PORT"}
    assert obstacles(browser, NEXT_TO_THEM) == {"net::ERR_CONNECTION_REFUSED"}
