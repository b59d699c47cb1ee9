"""Messages are found again: by a search, and after the window was closed."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chatdesk.desktop.theme import load_tokens
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.e2e.window import Window

UNREAD = load_tokens()["color"]["light"]["unread-line"]


@pytest.fixture
def window(tmp_path: Path, serving: Serving) -> Iterator[Window]:
    """A window that has joined."""
    with ExitStack() as stack:
        made = stack.enter_context(Window(tmp_path, "join", serving.url, "--nickname", "Mara"))
        made.wait_for_title("ChatDesk – ChatDesk")
        yield made


@pytest.mark.slow
def test_a_message_from_long_ago_is_searched_for_and_jumped_to(window: Window, serving: Serving) -> None:
    with Peer(serving.websocket, "Kit") as kit:
        kit.say("The long screwdriver lies on bench 7", *(f"Message {number}" for number in range(400)))
    assert window.end(signal.SIGTERM) == (0, "")
    window.start()  # it has only the newest messages
    transcript = window.wait_for("Message 399")
    assert "screwdriver" not in transcript
    window.screen.press("ctrl+f")
    window.screen.type("screwd")
    window.screen.press("Return")
    window.wait_for_color(load_tokens()["color"]["light"]["search-hit"])
    window.screen.press("Return")
    transcript = window.wait_for("The long screwdriver lies on bench 7", "Message 40")
    assert "Message 399" not in transcript
    window.say("Found it")  # sending a message scrolls to the end
    window.wait_for("Message 399", "Found it")


def test_after_a_restart_the_new_is_divided_off_and_what_was_unsent_goes_out_once(
    window: Window, serving: Serving
) -> None:
    with Peer(serving.websocket, "Kit") as kit:
        kit.say("Good morning", "Is anybody here?")
        window.wait_for("Is anybody here?")
        assert window.end(signal.SIGTERM) == (0, "")
        kit.say("While you were away", "it went on")
        window.start()
        window.wait_for_color(UNREAD)
        window.wait_for("Is anybody here?", "it went on")
    serving.kill()
    window.say("Said while nobody hosts")
    window.wait_for("Said while nobody hosts")  # what is shown is on the disk
    window.wait_for_color(UNREAD, seen=False)
    window.end(signal.SIGKILL)
    serving.start()
    window.start()
    window.wait_for("Mara, ", "Said while nobody hosts")
    with Peer(serving.websocket, "Priya") as priya:
        window.say("Said after that")
        priya.hear("Said after that")
        priya.send(type="history")
        page = priya.wait_for(lambda event: event["type"] == "history")
        contents = [message["content"] for message in page["messages"] if message["nickname"] == "Mara"]
    assert contents == ["Said while nobody hosts", "Said after that"]
