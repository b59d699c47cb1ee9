"""Real nodes with ``--rejoin`` that opened read only: they become complete by themselves as soon as they can."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from chatdesk.cluster.redis_link import WAITS_FOR_HISTORY
from tests.cluster.node_process import NodeProcess, check_level, stream, wait_until
from tests.cluster.redis_server import RedisServer
from tests.e2e.browser import ChatPage, chromium
from tests.e2e.peer import Peer

_FOUND = "can be had now"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def wait_until_parted(node: NodeProcess) -> None:
    node.wait_until_it_says(WAITS_FOR_HISTORY.sentence)


def wait_until_it_opens_again(node: NodeProcess) -> None:
    """Return when it has the history of the others, and listens at its port."""
    node.wait_until_it_says("The old one is")
    port = int(node.websocket.removesuffix("/ws").rpartition(":")[2])

    def listens() -> bool:
        with socket.socket() as client:
            return not client.connect_ex(("127.0.0.1", port))

    wait_until(listens)


@pytest.mark.usefixtures("apart")
def test_a_node_that_nobody_gave_a_history_takes_that_of_the_first_who_has_one(
    start: Callable[..., NodeProcess], browser: Browser, tmp_path: Path
) -> None:
    """It stayed read only until somebody started it once more. People are told, and come back by themselves."""
    b = start("b", "--rejoin")
    assert b.wait_until_open()
    b.wait_until_it_says("No other machine gives its history (none answers)")
    wait_until_parted(b)
    with browser.new_context() as context:
        page = ChatPage(context, b.websocket.removesuffix("/ws").replace("ws", "http", 1))
        page.join("Kit")
        banner = page.find("#banner")
        expect(banner).to_have_text(WAITS_FOR_HISTORY.sentence)
        page.send("From a page that waits")
        a = start("a")
        assert a.wait_until_open()
        b.wait_until_it_says(_FOUND)
        expect(banner).to_have_text("Messages are kept again.", timeout=30_000)
        expect(page.find(".own-message.confirmed")).to_contain_text("From a page that waits")
        expect(page.find("#timeline")).to_contain_text("three")
        blocked = a.websocket  # which was not there when the page was loaded, so its policy does not name it
        assert [complaint for complaint in page.complaints if blocked not in complaint] == []
    (aside,) = (tmp_path / "b").glob("chat-2*.db")
    b.wait_until_it_says(f"The old one is {aside}")
    check_level(a, b)


@pytest.mark.usefixtures("apart")
def test_a_node_that_started_without_redis_takes_the_history_of_the_others_once_it_is_back(
    start: Callable[..., NodeProcess], redis: RedisServer
) -> None:
    redis.kill()
    try:
        b = start("b", "--rejoin")
        assert b.wait_until_open()
        b.wait_until_it_says("could not be compared with that of the others")
    finally:
        redis.start()
    wait_until_parted(b)
    a = start("a")
    with Peer(b.websocket, "Kit") as kit:
        assert kit.wait_for(lambda event: event["type"] == "storage")["problem"] == "apart"
        with pytest.raises(Exception, match="1012"):
            kit.wait_for(lambda event: event["type"] == "system" and event.get("code") == "closing")
    wait_until_it_opens_again(b)
    check_level(a, b)


def test_one_that_was_cut_off_for_too_long_takes_what_redis_has(
    start: Callable[..., NodeProcess], redis: RedisServer, chat_name: str
) -> None:
    """While it ran: Redis lost what this node had, and the others have gone on without it."""
    b = start("b", "--rejoin", "--cluster", redis.own_way)
    assert b.wait_until_open()
    with Peer(b.websocket, "Kit") as kit:
        kit.say("before")
        with redis.cut_off():
            a = start("a")
            assert a.wait_until_open()
            with Peer(a.websocket, "Ana") as ana:
                ana.say("two", "three")
            redis.command("XTRIM", stream(chat_name), "MAXLEN", "1")
        wait_until_it_opens_again(b)
    check_level(a, b)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_node_that_waits_for_a_history_ends_when_it_is_told_to(
    start: Callable[..., NodeProcess], redis: RedisServer, number: signal.Signals
) -> None:
    """While it is open, and while it closes to open again."""
    redis.kill()
    b = start("b", "--rejoin")
    assert b.wait_until_open()
    redis.start()
    wait_until_parted(b)
    a = start("a")
    b.wait_until_it_says(_FOUND)
    begun_at = time.monotonic()
    assert b.end(number) == 0
    assert time.monotonic() - begun_at < 10
    again = start("b", "--rejoin")
    assert again.wait_until_open()
    check_level(a, again)


@pytest.mark.usefixtures("apart")
def test_without_rejoin_a_node_replaces_nothing(
    start: Callable[..., NodeProcess], redis: RedisServer, tmp_path: Path
) -> None:
    b = start("b")
    assert b.wait_until_open()
    b.wait_until_it_says("the host must start it with --rejoin")
    a = start("a")
    assert a.wait_until_open()
    time.sleep(3)
    assert not list((tmp_path / "b").glob("chat-2*.db"))
    assert b.end(signal.SIGINT) == 0
