"""The start screen without a window manager: the first field has the keyboard focus, without a click."""

import time
from pathlib import Path

from chatdesk.desktop.theme import load_tokens
from tests.e2e.window import Window

_FOCUS = load_tokens()["color"]["light"]["focus"]


def test_the_name_can_be_typed_at_once(tmp_path: Path) -> None:
    with Window(tmp_path, "--no-discovery") as window:
        window.wait_for_title("ChatDesk")
        window.wait_for_color(_FOCUS)
        window.screen.press("ctrl+a")
        window.screen.type("Zoe")
        window.screen.press("ctrl+a", "ctrl+c")
        end = time.monotonic() + 20
        while window.screen.clipboard() != "Zoe":
            assert time.monotonic() < end, window.screen.clipboard()
            time.sleep(0.1)
