"""Whether a window can open is found out before Qt is asked, for Qt would end the process."""

import subprocess
import sys

import pytest

from chatdesk.desktop import display
from chatdesk.desktop.display import display_problem


def test_without_a_display_there_is_a_sentence() -> None:
    assert display_problem({}) == "There is no display to open a window on."


def test_a_display_that_nobody_serves_is_named() -> None:
    assert display_problem({"DISPLAY": ":4711"}) == "The display :4711 does not let ChatDesk open a window."


def test_offscreen_and_wayland_need_no_x_server() -> None:
    assert display_problem({"QT_QPA_PLATFORM": "offscreen"}) is None
    assert display_problem({"WAYLAND_DISPLAY": "wayland-0"}) is None


def test_missing_libraries_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_X11_LIBRARIES", {"libnowhere.so.1": "libnowhere1", "libgone.so.2": "libgone2"})
    problem = display_problem({"DISPLAY": ":0"})
    assert problem is not None
    assert "apt install libnowhere1 libgone2." in problem
    assert display_problem({"QT_QPA_PLATFORM": "offscreen"}) is None


@pytest.mark.parametrize("arguments", [(), ("host",), ("join", "127.0.0.1:9")])
def test_each_command_with_a_window_says_so_and_points_to_serve(arguments: tuple[str, ...]) -> None:
    command = [
        "env",
        "-u",
        "DISPLAY",
        "-u",
        "WAYLAND_DISPLAY",
        "-u",
        "QT_QPA_PLATFORM",
        sys.executable,
        "-m",
        "chatdesk",
    ]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stderr == "There is no display to open a window on. To host without a window: chatdesk serve.\n"
