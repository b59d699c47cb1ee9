"""Chinese is typed into the real window with a real input method."""

import time
from pathlib import Path

import pytest

from tests.e2e.ibus import Ibus
from tests.e2e.peer import Peer
from tests.e2e.window import Window

pytestmark = pytest.mark.timeout(300)  # on a busy machine the input method starts slowly

_HOST = ("host", "--bind", "127.0.0.1", "--port", "0", "--name", "Robotics Workshop", "--nickname", "Mara")
_HINT = 400, 750, 150, 20
"""A part of the composer that the placeholder covers and two Chinese characters do not."""


def test_what_is_composed_stands_alone_and_is_sent_once_it_is_done(tmp_path: Path) -> None:
    screen = Ibus(tmp_path)
    with Window(tmp_path, *_HOST, screen=screen) as window:
        window.wait_for_address()
        window.wait_for_title("Robotics Workshop")
        with Peer(window.url.replace("http", "ws") + "/ws", "Kit") as kit:
            window.write("")
            _wait_for_hint(screen, shown=True)
            screen.type("nihao")
            _wait_for_hint(screen, shown=False)
            screen.press("space")
            screen.press("Return")
            kit.hear("你好")


def _wait_for_hint(screen: Ibus, *, shown: bool) -> None:
    end = time.monotonic() + 20
    while (len(screen.colors(_HINT)) > 1) != shown:
        assert time.monotonic() < end, f"the hint was {'never' if shown else 'always'} to be seen"
        time.sleep(0.1)
