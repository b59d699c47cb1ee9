"""Real nodes, of which one cannot keep what people write, though the other can: people go on there by themselves."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosedError

from chatdesk.cluster.order_link import Row
from chatdesk.cluster.redis_link import PROBLEMS, RedisLink
from tests.cluster.node_process import NodeProcess, check_level, named, stream, wait_until
from tests.cluster.redis_server import RedisServer
from tests.e2e.browser import ChatPage, chromium
from tests.e2e.peer import Peer
from tests.log.disks import Disk
from tests.waiting import until
from tests.warm_program import WarmProgram


def url(node: NodeProcess) -> str:
    """The address of its page."""
    return node.websocket.removesuffix("/ws").replace("ws", "http", 1)


def ready(node: NodeProcess) -> int:
    """What a balancer is answered."""
    try:
        with urlopen(f"{url(node)}/ready") as answer:
            status: int = answer.status
            return status
    except HTTPError as error:
        return error.code


def sent_on(peer: Peer) -> None:
    """Wait until the server has closed it so that clients connect again at once."""
    with pytest.raises(ConnectionClosedError, match="1012"):
        peer.wait_for(lambda _event: False)


@pytest.fixture
def pair(start: Callable[..., NodeProcess], redis: RedisServer, disk: Disk | None) -> tuple[NodeProcess, NodeProcess]:
    """The nodes a and b, which know each other; b can be cut off, and has a small disk."""
    assert disk
    b = start("disk/b", "--cluster", redis.own_way)
    a = start("a")
    assert a.wait_until_open()
    assert b.wait_until_open()
    wait_until(lambda: named(a.websocket) == [url(b)])
    wait_until(lambda: named(b.websocket) == [url(a)])
    return a, b


@pytest.fixture
def page() -> Iterator[Callable[[NodeProcess, str], ChatPage]]:
    """Joins by the page of a node."""
    with chromium() as browser, browser.new_context() as context:
        yield lambda node, nickname: ChatPage(context, url(node)).join(nickname)


def fall_behind(redis: RedisServer, chat: str, a: NodeProcess) -> None:
    """Let b miss what Redis does not keep any more."""
    with redis.cut_off(), Peer(a.websocket, "Ana") as ana:
        ana.say("two", "three")
        redis.command("XTRIM", stream(chat), "MAXLEN", "1")


def test_people_at_a_node_that_falls_behind_go_on_at_another(
    pair: tuple[NodeProcess, NodeProcess],
    page: Callable[[NodeProcess, str], ChatPage],
    redis: RedisServer,
    chat_name: str,
    tmp_path: Path,
) -> None:
    """They stayed, alone, for as long as nobody started it again."""
    a, b = pair
    how: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True, "cwd": tmp_path}
    with ExitStack() as stack:
        tail = stack.enter_context(WarmProgram("tail", "--json", "--nickname", "Tia", "--address", url(b), **how))
        stack.callback(tail.kill)
        kit, ben = stack.enter_context(Peer(b.websocket, "Kit")), stack.enter_context(Peer(a.websocket, "Ben"))
        kit.say("one")
        pat = page(b, "Pat")
        ben.wait_for(lambda event: event["type"] == "user_joined" and event["nickname"] == "Pat")
        fall_behind(redis, chat_name, a)
        pat.send("four")
        assert ben.hear("four")["nickname"] == "Pat"
        pat.expect_texts("one", "two", "three", "four")
        assert tail.stdout
        assert [json.loads(tail.stdout.readline())["content"] for _ in range(4)] == ["one", "two", "three", "four"]
        sent_on(kit)
        assert (ready(a), ready(b)) == (200, 503)
        assert named(a.websocket) == []
        assert pat.complaints == []


@pytest.mark.usefixtures("apart")
def test_who_comes_to_a_node_that_is_behind_goes_on_at_another_and_stays_where_there_is_none(
    start: Callable[..., NodeProcess], page: Callable[[NodeProcess, str], ChatPage]
) -> None:
    """Also where it knows the others from nobody but themselves, as it has just been started."""
    a, b = start("a"), start("b")
    assert a.wait_until_open()
    assert b.wait_until_open()
    wait_until(lambda: named(b.websocket) == [url(a)])
    with Peer(a.websocket, "Ben") as ben:
        page(b, "Pat").send("four")
        assert ben.hear("four")["nickname"] == "Pat"
    with Peer(b.websocket, "Kit") as kit:
        sent_on(kit)
    assert a.end(signal.SIGINT) == 0
    wait_until(lambda: named(b.websocket) == [])
    with Peer(b.websocket, "Cy") as cy:
        time.sleep(5)
        cy.send(type="ping", id="still here")
        cy.wait_for(lambda event: event["type"] == "pong")


def test_who_finds_no_other_server_comes_back_and_stays(
    pair: tuple[NodeProcess, NodeProcess], redis: RedisServer, chat_name: str
) -> None:
    a, b = pair
    with Peer(b.websocket, "Kit") as kit:
        kit.say("one")
        fall_behind(redis, chat_name, a)
        sent_on(kit)
    with Peer(b.websocket, "Kit", token=kit.welcome["token"]) as kit:
        time.sleep(5)
        kit.send(type="ping", id="still here")
        kit.wait_for(lambda event: event["type"] == "pong")


def test_people_at_a_node_whose_disk_is_full_go_on_at_another(
    pair: tuple[NodeProcess, NodeProcess], page: Callable[[NodeProcess, str], ChatPage], disk: Disk | None
) -> None:
    a, b = pair
    assert disk
    with Peer(a.websocket, "Ben") as ben:
        pat = page(b, "Pat")
        pat.send("one")
        ben.hear("one")
        disk.fill()
        ben.say("two" + 1500 * " much")
        pat.send("three")
        ben.hear("three")
        expect(pat.find("#timeline")).to_contain_text("three")
        wait_until(lambda: ready(b) == 503)
        wait_until(lambda: named(a.websocket) == [])
        disk.free()
        wait_until(lambda: ready(b) == 200 and named(a.websocket) == [url(b)])
    check_level(a, b)


@pytest.mark.usefixtures("apart")
def test_a_node_that_is_behind_gives_nobody_its_history(start: Callable[..., NodeProcess]) -> None:
    b = start("b")
    assert b.wait_until_open()
    b.wait_until_it_says(PROBLEMS.apart.sentence)
    new = start("new", "--rejoin")
    assert new.wait_until_open()
    new.wait_until_it_says("No other machine gives its history (none answers)")


async def test_what_only_a_newer_version_knows_is_said_to_be_that(
    opened: Callable[..., Any], redis: RedisServer, chat_name: str
) -> None:
    """It was said that this machine was away for too long."""
    unknown: Row = ("key", "lobby", 0, 0, '{"do":"dance","room":"lobby"}')
    async with opened("a") as a, RedisLink(redis.url, chat_name) as link:
        a.say("one")
        await a.heard(1)
        await link.order(a.store.server_id, [unknown])
        await until(lambda: a.store.problem == PROBLEMS.newer)
        assert a.store.better_elsewhere
    async with opened("a") as a, opened("late") as late:
        await until(lambda: [it.store.problem for it in (a, late)] == [PROBLEMS.newer] * 2)
        assert late.log.last_seq == 1
