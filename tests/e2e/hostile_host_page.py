"""A page that joins a hostile host, and the sentence it shows after it has left."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import ChatPage
from tests.hostile_host import HostileHost, Script

JoinHostileHost = Callable[..., ChatPage]
LEFT_SENTENCE = "ChatDesk has left the chat. Tell its host to start ChatDesk again there."
SLOW_CLOCK = """
const now = performance.now.bind(performance);
performance.now = () => now() / 20;
"""
"""Lets a slow machine send as many frames in a second of the page as any other one."""


@pytest.fixture
def join_hostile_host(browser: Browser) -> Iterator[JoinHostileHost]:
    """Joins a host with this script as Kit; a complaint of the browser fails the test."""
    with ExitStack() as stack:
        pages: list[ChatPage] = []

        def join(script: Script, before: str = "", **profile: Any) -> ChatPage:
            host = stack.enter_context(HostileHost(script))
            context = stack.enter_context(
                browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **profile})
            )
            chat = ChatPage(context, host.url)
            chat.page.add_init_script(before)
            pages.append(chat)
            chat.open()
            chat.find("#nickname").fill("Kit")
            chat.find("#join-button").click()
            return chat

        yield join
        complaints = [complaint for chat in pages for complaint in chat.complaints if "status of 404" not in complaint]
        assert complaints == []
