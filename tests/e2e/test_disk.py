"""The disk of a real host fills up during a conversation and is freed: every message arrives once, in one order."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from chatdesk.client.changes import Change
from chatdesk.client.client import ChatClient
from tests.e2e.browser import ChatPage
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.log.disks import Disk

SENTENCE = (
    "The host's disk is full, so nothing new can be kept: the host must free some space. "
    "Messages that wait then go out by themselves."
)


class Window:
    """The window's client in its own thread, as the browser occupies the test's thread."""

    def __init__(self, url: str) -> None:
        self.client: ChatClient | None = None
        self.changed = threading.Condition()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(url)))
        self._thread.start()

    async def _run(self, url: str) -> None:
        self._loop = asyncio.get_running_loop()
        self.client = ChatClient(url, "Wanda", on_changes=self._tell)
        await self.client.run()

    def _tell(self, _changes: list[Change]) -> None:
        with self.changed:
            self.changed.notify_all()

    def wait(self, condition: Callable[[ChatClient], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.client and condition(self.client), 20)

    def say(self, content: str) -> None:
        assert self.client
        self._loop.call_soon_threadsafe(self.client.send, content)

    def close(self) -> None:
        assert self.client
        self._loop.call_soon_threadsafe(self.client.stop)
        self._thread.join(10)
        assert not self._thread.is_alive()


@contextmanager
def window(url: str) -> Iterator[Window]:
    """The window's client in the chat."""
    window = Window(url)
    try:
        window.wait(lambda client: client.state.online)
        yield window
    finally:
        window.close()


def test_a_full_disk_holds_messages_up_and_loses_none(
    browser: Browser, disk: Disk, capfd: pytest.CaptureFixture[str]
) -> None:
    options = ("--message-rate", "0", "--data-dir", str(disk.folder / "chat"))
    with (
        Serving(*options) as serving,
        browser.new_context() as context,
        window(serving.websocket) as wanda,
        Peer(serving.websocket, "Mara") as mara,
    ):
        page = ChatPage(context, serving.url)
        page.join("Kit")
        page.send("Before")
        expect(page.find(".own-message.confirmed")).to_have_count(1)
        disk.fill()
        refused = fill_up(mara)
        banner = page.find("#banner")
        expect(banner).to_have_class("banner trouble")
        expect(banner).to_contain_text(SENTENCE)
        wanda.wait(lambda client: client.state.storage_problem == SENTENCE)
        page.send("From the page 1")
        wanda.say("From the window 1")
        page.send("From the page 2")
        wanda.say("From the window 2")
        expect(page.find(".own-message.pending")).to_have_count(2)
        expect(page.find(".own-message.confirmed")).to_have_count(1)
        wanda.wait(lambda client: client.state.shown.outbox.waiting == 2)
        disk.free()
        expect(banner).to_have_text("Messages are kept again.")
        expect(banner).to_be_hidden()
        expect(page.find(".own-message.confirmed")).to_have_count(3)
        wanda.wait(lambda client: not client.state.storage_problem and not [*client.state.shown.outbox])
        mara.say("The end")
        heard = [content for content in said_in(mara) if not content.startswith("xx")]
        assert sorted(heard) == sorted(
            ["Before", "The end", *(f"From the {where} {number}" for where in ("page", "window") for number in (1, 2))]
        )
        assert [content for content in heard if "page" in content] == ["From the page 1", "From the page 2"]
        assert [content for content in heard if "window" in content] == ["From the window 1", "From the window 2"]
        serving.kill()
        serving.start()
        with Peer(serving.websocket, "Ana") as ana:
            again = said_in(ana)
        assert [content for content in again if not content.startswith("xx")] == heard, "and all of it was true"
        assert refused not in again
        assert page.complaints == []
    complaints = capfd.readouterr().err
    assert SENTENCE in complaints
    assert "What is said is kept again." in complaints
    assert "Traceback" not in complaints


def fill_up(peer: Peer) -> str:
    """Send long messages until one is refused; returns that one."""
    for number in range(1_000):
        content = f"xx {number} " + "x" * 7_000
        peer.send(type="message", content=content, id=f"x{number}")
        answer = peer.wait_for(lambda event: f"x{number}" in (event.get("id"), event.get("ref")))  # noqa: B023
        if answer["type"] == "error":
            assert (answer["code"], answer["content"], answer["ref"]) == ("storage", SENTENCE, f"x{number}")
            return content
    raise AssertionError("the disk is not full")


def said_in(peer: Peer) -> list[str]:
    """Return the host's whole history."""
    contents: list[str] = []
    after, more = 0, True
    while more:
        peer.send(type="history", after=after, limit=100, id=f"after {after}")
        page = peer.wait_for(lambda event: event["type"] == "history" and event.get("ref") == f"after {after}")  # noqa: B023
        contents += [message["content"] for message in page["messages"]]
        after, more = page["messages"][-1]["seq"] if page["messages"] else after, page["more"]
    return contents
