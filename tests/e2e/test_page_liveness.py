"""The page finds out whether the host is still there: it keeps a working connection and notices a dead one."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving

Message = dict[str, Any]

SHOW, HIDE = (
    f"""() => {{
        Object.defineProperty(document, 'visibilityState', {{value: '{state}', configurable: true}});
        Object.defineProperty(document, 'hidden', {{value: {str(state == "hidden").lower()}, configurable: true}});
        document.dispatchEvent(new Event('visibilitychange'));
    }}"""
    for state in ("visible", "hidden")
)


class ControlledConnection:
    """Between page and host: counts connections and pings, and can drop everything while the connection stays open."""

    def __init__(self, chat: ChatPage) -> None:
        self.dead = False
        self.knows_ping = True
        self.pings = 0
        self.answers = 0
        self.settled = False
        """Whether the answer to the last question of a join is here: a clock that jumps before that makes it late."""
        self.connections = chat.between(self._command, self._event)

    def _command(self, command: Message) -> Message | None:
        self.pings += command["type"] == "ping"
        return None if self.dead else command

    def _event(self, event: Message) -> Message | None:
        if self.dead:
            return None
        self.answers += event["type"] == "pong"
        self.settled |= event["type"] == "pins"
        if event["type"] == "pong" and not self.knows_ping:
            return {"type": "error", "code": "unknown_type", "content": "Never heard of it.", "ref": "ping"}
        return event

    def renew(self) -> None:
        """The next connection works again."""
        self.dead = False


@pytest.fixture
def connection(chat: ChatPage) -> ControlledConnection:
    return ControlledConnection(chat)


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    return new_peer("Mara")


def moves(peer: Peer) -> list[str]:
    """The joins and leaves of Kit that everybody has been told of."""
    told: list[Message] = []
    peer.send(type="message", content="Is anybody gone?")
    while not told or told[-1].get("content") != "Is anybody gone?":
        told.append(peer.wait_for(lambda _: True))
    return [event["type"] for event in told if event["type"].startswith("user_") and event["nickname"] == "Kit"]


def until_now(condition: Callable[[], bool], page: Page) -> None:
    """Wait for a condition while the page runs, whatever its clock shows."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(10)


def test_a_tab_that_was_hidden_for_minutes_keeps_its_working_connection(
    chat: ChatPage, connection: ControlledConnection, mara: Peer
) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    assert moves(mara) == ["user_joined"]
    chat.page.evaluate(HIDE)
    for minute in range(1, 6):  # browsers run the timers of hidden pages once a minute
        chat.page.clock.fast_forward(60_000)
        until_now(lambda minute=minute: connection.answers >= minute, chat.page)
    chat.page.clock.fast_forward(40_000)
    chat.page.evaluate(SHOW)
    chat.page.clock.fast_forward(10_000)
    chat.send("Here all the time")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    assert (len(connection.connections), moves(mara)) == (1, [])


@pytest.mark.parametrize("event", ["visibilitychange", "pageshow", "online", "resume"])
def test_a_dead_connection_is_found_out_soon_after_something_has_happened(
    chat: ChatPage, connection: ControlledConnection, mara: Peer, event: str
) -> None:
    """Behaviour 38: within three seconds."""
    target = "document" if event in ("visibilitychange", "resume") else "window"
    chat.page.clock.install()
    chat.join("Kit")
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    connection.dead = True
    chat.page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    until_now(lambda: connection.pings == 1, chat.page)
    chat.page.clock.run_for(2500)
    assert len(connection.connections) == 1
    connection.renew()
    chat.page.clock.run_for(2000)
    until_now(lambda: len(connection.connections) == 2, chat.page)
    chat.page.clock.resume()
    chat.send("Here again")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    assert moves(mara) == ["user_joined"]


def test_an_idle_page_in_a_network_that_died_silently_knows_it_within_half_a_minute(
    chat: ChatPage, connection: ControlledConnection
) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    connection.dead = True
    chat.page.clock.run_for(23_000)
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    chat.page.clock.run_for(7000)
    expect(chat.find("#banner")).to_contain_text("Connection lost.")


@pytest.mark.parametrize("knows_ping", [True, False], ids=["today's host", "an older host"])
def test_an_idle_page_asks_for_signs_of_life_and_stays(
    chat: ChatPage, connection: ControlledConnection, knows_ping: bool
) -> None:
    connection.knows_ping = knows_ping
    chat.page.clock.install()
    chat.join("Kit")
    until_now(lambda: connection.settled, chat.page)
    for pings in range(1, 5):
        chat.page.clock.run_for(11_000)
        until_now(lambda pings=pings: connection.answers >= pings, chat.page)
    assert len(connection.connections) == 1
    assert chat.find("#timeline").get_by_text("Never heard of it.").count() == 0


def test_offline_is_said_at_once_and_the_connection_goes_on_where_the_network_comes_back(
    chat: ChatPage, mara: Peer
) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    assert moves(mara) == ["user_joined"]
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    chat.context.set_offline(True)
    chat.page.clock.run_for(2000)
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    expect(chat.find("#banner")).to_contain_text("You are offline.")
    chat.page.clock.resume()
    chat.send("From the tunnel")
    chat.context.set_offline(False)
    expect(chat.find("#banner")).to_have_text("Back online. Nothing was missed.")
    expect(chat.find("#chat-status")).to_have_text("Open")
    assert mara.hear("From the tunnel")["nickname"] == "Kit"
    assert moves(mara) == []
    assert [command["type"] for command in chat.sent].count("join") == 1


def test_offline_is_not_believed_of_a_host_that_answers(chat: ChatPage) -> None:
    """As on the host's own computer, which reaches itself without a network."""
    chat.join("Kit")
    chat.page.evaluate("""() => {
        window.dark = 0;
        new MutationObserver(() => { dark += document.querySelector('#chat').classList.contains('lost'); })
            .observe(document.querySelector('#chat'), {attributes: true});
        Object.defineProperty(navigator, 'onLine', {value: false});
        window.dispatchEvent(new Event('offline'));
    }""")
    chat.send("Still here")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.page.wait_for_timeout(400)
    assert chat.page.evaluate("dark") == 0
    expect(chat.find("#banner")).to_be_hidden()


def test_after_a_reload_or_a_crash_the_person_has_neither_left_nor_joined(new_page: PageFactory, mara: Peer) -> None:
    kit = new_page()
    kit.join("Kit")
    assert moves(mara) == ["user_joined"]
    kit.page.reload()
    expect(kit.find("#chat")).to_be_visible()
    expect(kit.find("#chat-status")).to_have_text("Open")
    assert moves(mara) == []
    storage = kit.context.storage_state()
    kit.page.close()
    again = new_page(storage_state=storage)
    again.join("Kit")
    assert moves(mara) == []
    again.page.get_by_role("button", name="Leave the chat").click()
    expect(again.find("#join")).to_be_visible()
    assert moves(mara) == ["user_left"]


def test_a_clock_set_back_by_an_hour_does_not_delay_reconnecting(chat: ChatPage, serving: Serving) -> None:
    """Behaviour 39."""
    chat.page.clock.install()
    chat.join("Kit")
    serving.kill()
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    chat.page.clock.set_system_time(chat.page.evaluate("Date.now()") / 1000 - 3600)
    chat.page.clock.run_for(6000)
    expect(chat.find("#banner")).to_contain_text(re.compile(r"Connection lost\. Trying again"))
    serving.start()
    chat.try_now()
    expect(chat.find("#banner")).to_have_text("Back online. Nothing was missed.")
