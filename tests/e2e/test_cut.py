"""The connection breaks at each place of each frame: nothing is lost, doubled or out of order."""

import asyncio
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from chatdesk.client.changes import Ended
from tests.bench.crowd import Person
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.cutting_proxy import CUT_POINTS, DIRECTIONS, Cut, CutPoint, CuttingProxy, Direction
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.e2e.writer import Writer
from tests.waiting import until

MESSAGES: tuple[tuple[Direction, int], ...] = (("to the server", 0), ("to the client", 0), ("to the client", 1))
"""The frames with a message, when both the page and another client send one."""
LOST = Ended("The connection is lost.")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("point", CUT_POINTS)
async def test_the_client_loses_and_doubles_nothing(serving: Serving, direction: Direction, point: CutPoint) -> None:
    mara = Writer(serving.websocket, "Mara")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(mara.stay())
        with CuttingProxy(serving.port) as proxy:
            for frames in count():
                proxy.cut(Cut(direction, frames, point))
                await converse(mara, proxy, f"Kit {frames}")
                if not proxy.has_cut:
                    break
        assert frames > 7
        mara.leave()


async def converse(mara: Writer, proxy: CuttingProxy, nickname: str) -> None:
    """A conversation during which the connection breaks somewhere, and checks of its result."""
    kit = Person(f"ws://{proxy.address}/ws", nickname)
    first = len(mara.heard)
    said = [f"Mara {number} to {nickname}" for number in range(4)]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stay(kit))
        await until(lambda: kit.client.state.online)
        kit.say(f"{nickname} 0")
        await until(lambda: not list(kit.client.state.shown.outbox))
        mara.say(said[0])
        await until(lambda: kit.heard and kit.heard[-1][1] == said[0])
        kit.client.presence.set_typing(True)
        kit.client.search("Kit")
        for number in range(1, 4):
            kit.say(f"{nickname} {number}")
            mara.say(said[number])
        await mara.settle()
        await until(lambda: not list(kit.client.state.shown.outbox))
        await until(lambda: kit.client.state.shown.transcript.last_seq == first + 8)
        await until(lambda: len(mara.heard) == first + 8)
        kit.client.stop()
    kept = [(message["seq"], message["content"]) for message in mara.heard]
    assert [content for _, content in kept[first:] if content in kit.said] == kit.said
    assert [content for _, content in kept[first:] if content in said] == said
    assert kit.heard == kept[-len(kit.heard) :]


async def stay(person: Person) -> None:
    """Run the client, and repeat a failed first attempt, which the client does not do by itself."""
    await person.client.run()
    while person.client.state.status == LOST:
        await person.client.run()


def test_the_page_loses_and_doubles_nothing(browser: Browser, serving: Serving, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    said: list[str] = []
    with CuttingProxy(serving.port) as proxy, browser.new_context() as context:
        page = ChatPage(context, f"http://{proxy.address}").join("Kit")
        for point in CUT_POINTS:
            for direction, frames in MESSAGES:
                proxy.cut(Cut(direction, frames, point))
                for speaker in ("Kit", "Mara"):
                    said.append(f"{speaker}: {direction}, {point}, {frames}")
                    page.send(said[-1]) if speaker == "Kit" else mara.say(said[-1])
                come_back(page)
                expect(page.find(".row .text")).to_have_count(len(said))
                assert proxy.has_cut
        assert sorted(page.texts()) == sorted(said)
        assert page.texts() == latest(mara, len(said))
        assert page.complaints == []


def come_back(page: ChatPage) -> None:
    """Reconnect at once, and return when all messages have arrived."""
    while page.find(".own-message.pending").count():
        page.page.evaluate("dispatchEvent(new Event('online'))")
    page.page.evaluate("dispatchEvent(new Event('online'))")


def latest(peer: Peer, count: int) -> list[str]:
    """Return the host's history."""
    peer.send(type="history", limit=count)
    page = peer.wait_for(lambda event: event["type"] == "history")
    return [message["content"] for message in page["messages"]]
