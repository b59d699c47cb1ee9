"""Two windows of one user with different nicknames: each restarts with its own nickname and its own messages."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.conftest import PeerFactory
from tests.e2e.serving import Serving
from tests.e2e.window import Window

NAMES = ("Ann", "Bob")


@pytest.fixture
def windows(serving: Serving, tmp_path: Path) -> Iterator[list[Window]]:
    """They share settings and stored data."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(Window(tmp_path / "home", "join", serving.url, "--nickname", nickname))
            for nickname in NAMES
        ]


@pytest.mark.parametrize("serving", [["--name", "Deck"]], indirect=True)
def test_what_each_window_could_not_send_is_sent_once_and_in_its_own_name(
    windows: list[Window], serving: Serving, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    for window, nickname in zip(windows, NAMES, strict=True):
        window.wait_for_title("Deck")
        window.say(f"{nickname} is here")
        assert mara.hear(f"{nickname} is here")["nickname"] == nickname
    serving.hold()
    for window, nickname in zip(windows, NAMES, strict=True):
        window.say(f"{nickname} waits")
        window.wait_for(f"{nickname} waits")  # what is shown is on the disk
        window.end(signal.SIGKILL)
    serving.resume()
    said: list[tuple[str, str]] = []
    for window, nickname in reversed(list(zip(windows, NAMES, strict=True))):
        window.start()
        window.wait_for_title("Deck")
        window.say(f"{nickname} is back")
        while (nickname, f"{nickname} is back") not in said:
            message = mara.wait_for(lambda event: event["type"] == "message", 30)
            said.append((message["nickname"], message["content"]))
    in_order = sorted(said, key=lambda message: message[0])
    assert in_order == [(name, f"{name} {does}") for name in NAMES for does in ("waits", "is back")]
