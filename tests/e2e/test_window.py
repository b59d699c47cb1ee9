"""The main use: a window hosts a chat that a browser, another window and wscat join."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import ChatPage
from tests.e2e.peer import Peer
from tests.e2e.window import Window
from tests.e2e.wscat import Wscat

HOST = ("host", "--bind", "127.0.0.1", "--name", "Robotics Workshop", "--nickname", "Mara Lindqvist")


class OpenWindow(Protocol):
    def __call__(self, *arguments: str) -> Window: ...


@pytest.fixture
def open_window(tmp_path: Path) -> Iterator[OpenWindow]:
    """Opens windows, each on its own screen and with its own settings."""
    with ExitStack() as stack:
        homes = iter(range(9))
        yield lambda *arguments: stack.enter_context(Window(tmp_path / str(next(homes)), *arguments))


@pytest.fixture
def host(open_window: OpenWindow) -> Window:
    window = open_window(*HOST, "--port", "0")
    window.wait_for_address()
    window.wait_for_title("Robotics Workshop")
    return window


def websocket(window: Window) -> str:
    return window.url.replace("http", "ws") + "/ws"


def test_window_browser_second_window_and_wscat_are_in_one_chat_until_signals_end_the_windows(
    host: Window, open_window: OpenWindow, browser: Browser
) -> None:
    second = open_window("join", host.url, "--nickname", "Tomas")
    second.wait_for_title("Robotics Workshop")
    with browser.new_context() as context, Wscat(websocket(host)) as wscat:
        page = ChatPage(context, host.url).join("Kit")
        wscat.type('{"type":"join","nickname":"test_user"}')
        wscat.wait_for("Welcome to the chat!")
        said = {
            "Mara Lindqvist": "Good morning everyone",
            "Tomas": "Here from the other window",
            "Kit": "Here from the browser",
            "test_user": "Hello from wscat!",
        }
        host.say(said["Mara Lindqvist"])
        second.say(said["Tomas"])
        page.send(said["Kit"])
        wscat.type('{"type":"message","content":"Hello from wscat!"}')
        for text in said.values():
            wscat.wait_for(text)
            expect(page.message(text)).to_be_visible()
        lines = [f"{name}, " for name in said]
        for window in (host, second):
            window.wait_for(*said.values(), *lines)
        _everybody_is_listed(wscat, page, list(said))
        _typing_is_seen(host, page, wscat)
        assert page.complaints == []
    with Peer(websocket(host), "Latecomer") as late:
        late.send(type="history")
        page_of_history = late.wait_for(lambda event: event["type"] == "history")
        assert {message["content"] for message in page_of_history["messages"]} == set(said.values())
        assert second.end(signal.SIGINT) == (0, "")
        assert host.end(signal.SIGTERM) == (0, "")


def _everybody_is_listed(wscat: Wscat, page: ChatPage, names: list[str]) -> None:
    wscat.type('{"type":"users"}')
    wscat.wait_for('"user_count":4}')
    listed = [event for event in wscat.received() if event["type"] == "users"][-1]
    assert {user["nickname"] for user in listed["users"]} == set(names)
    assert [user["client"] for user in listed["users"] if user["nickname"] == "Tomas"] == ["window"]
    for name in names:
        expect(page.find("#people-list")).to_contain_text(name)


def _typing_is_seen(host: Window, page: ChatPage, wscat: Wscat) -> None:
    host.write("I am still wri")
    expect(page.find("#typing")).to_have_text("Mara is typing")
    wscat.wait_for('{"type":"typing","nickname":"Mara Lindqvist","active":true')


@pytest.mark.slow
def test_a_host_that_is_killed_and_started_again_has_everybody_back(
    open_window: OpenWindow, browser: Browser, unused_tcp_port: int
) -> None:
    host = open_window(*HOST, "--port", str(unused_tcp_port))
    host.wait_for_address()
    second = open_window("join", host.url, "--nickname", "Tomas")
    second.wait_for_title("Robotics Workshop")
    with browser.new_context() as context:
        page = ChatPage(context, host.url).join("Kit")
        page.send("Before the fall")
        second.wait_for("Before the fall")
        host.end(signal.SIGKILL)
        second.say("Said while nobody hosts")
        host.start()
        host.wait_for_address()
        expect(page.message("Said while nobody hosts")).to_be_visible(timeout=40_000)
        page.send("We are all back")
        second.wait_for("Said while nobody hosts", "We are all back", seconds=40)
        host.wait_for("Said while nobody hosts", "We are all back")


def test_an_open_menu_and_a_dialog_do_not_stop_the_server(host: Window) -> None:
    with Peer(websocket(host), "Kit") as kit, Peer(websocket(host), "Ines") as ines:
        host.open_menu()
        kit.say("While a menu is open")
        ines.hear("While a menu is open")
        host.choose("Up", "Return")  # Close the room: it asks first
        host.wait_for_question()
        kit.say("While a dialog is open")
        ines.hear("While a dialog is open")
        host.screen.press("Escape")
        host.say("Still here")
        kit.hear("Still here")
        assert host.end(signal.SIGINT) == (0, "")


def test_a_taken_port_is_said_the_next_one_offered_and_closing_tells_everyone_in_time(
    open_window: OpenWindow, host: Window
) -> None:
    port = int(host.url.rpartition(":")[2])
    other = open_window(*HOST, "--port", str(port))
    other.wait_for_question()
    other.screen.press("Return")
    assert int(other.wait_for_address().rpartition(":")[2]) > port
    with Wscat(websocket(host)) as wscat:
        wscat.type('{"type":"join","nickname":"test_user"}')
        wscat.wait_for("Welcome to the chat!")
        host.screen.close_window("Robotics Workshop")
        assert host.wait_until_gone() == (0, "")
        wscat.wait_for("The host has closed the chat.")
        wscat.wait_for("Disconnected (code: 1001")
