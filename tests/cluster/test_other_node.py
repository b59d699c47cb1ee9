"""Any node will do: who loses one goes on at another where they were, by themselves."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cluster.node_process import named
from tests.cluster.redis_server import RedisServer
from tests.e2e.browser import ChatPage, chromium
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.warm_program import WarmProgram


@pytest.fixture
def nodes(redis: RedisServer, chat_name: str) -> Iterator[tuple[Serving, Serving]]:
    """Two that know each other, the second one before anybody has its page."""
    options = ("--no-discovery", "--message-rate", "0", "--name", chat_name, "--cluster", redis.url, "--drain", "1")
    with ExitStack() as stack:
        first, second = (stack.enter_context(Serving(*options)) for _ in range(2))
        wait_until_named(first, second)
        yield first, second


def wait_until_named(node: Serving, *others: Serving) -> None:
    """Wait until a node names exactly these others to who joins."""
    deadline, wanted = time.monotonic() + 20, sorted(other.url for other in others)
    while named(node.websocket) != wanted:
        assert time.monotonic() < deadline, "the node does not name the others"
        time.sleep(0.05)


def lines(tail: WarmProgram, until: str) -> list[str]:
    """What a terminal prints, up to this message."""
    assert tail.stdout
    printed: list[str] = []
    while until not in printed:
        event: dict[str, Any] = json.loads(tail.stdout.readline())
        printed.append(event["content"])
    return printed


def test_a_page_and_a_terminal_go_on_at_another_node(nodes: tuple[Serving, Serving], tmp_path: Path) -> None:
    first, second = nodes
    how: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True, "cwd": tmp_path}
    with ExitStack() as stack:
        context = stack.enter_context(stack.enter_context(chromium()).new_context())
        tail = stack.enter_context(WarmProgram("tail", "--json", "--nickname", "Tia", "--address", first.url, **how))
        stack.callback(tail.kill)
        ben = stack.enter_context(Peer(second.websocket, "Ben"))
        page = ChatPage(context, first.url).join("Kit")
        page.send("one")
        ben.hear("one")
        ben.say("two")
        assert lines(tail, "two")[-1:] == ["two"]
        first.kill()
        ben.say("three")
        page.send("four")
        assert ben.hear("four")["nickname"] == "Kit"
        expect(page.find("#chat-status")).not_to_have_text("Not connected")
        page.expect_texts("one", "two", "three", "four")
        assert lines(tail, "four") == ["three", "four"]

        first.start()
        wait_until_named(second, first)
        cy = stack.enter_context(Peer(first.websocket, "Cy"))
        second.terminate()
        page.send("five")  # while the node drains or after it: that is no matter
        cy.hear("five")
        cy.say("six")
        expect(page.find("#banner")).not_to_contain_text("closed")
        page.expect_texts("one", "two", "three", "four", "five", "six")
        assert lines(tail, "six") == ["five", "six"]
        assert page.complaints == []
