"""The real program with missing, broken or vanishing displays: it prints a sentence and loses nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.e2e.hosting import CHATDESK, hosting
from tests.e2e.peer import Peer
from tests.e2e.screen import Screen
from tests.e2e.weston import Weston

_NOWHERE = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE", "XDG_RUNTIME_DIR")
_INSTEAD = " To host without a window: chatdesk serve.\n"
_LOST = "The display has gone away, so ChatDesk has ended. What was said is kept: start it again on another one.\n"


def without_display(home: Path, **variables: str) -> dict[str, str]:
    """Return this machine's environment without a display, and with these variables."""
    own = {name: value for name, value in os.environ.items() if name not in _NOWHERE}
    return {**own, "HOME": str(home), **variables}


@pytest.mark.parametrize("arguments", [(), ("host",), ("join", "127.0.0.1:9")])
def test_each_command_with_a_window_says_so_and_points_to_serve(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, said = _run(without_display(tmp_path), *arguments)
    assert (code, said) == (2, "There is no display to open a window on." + _INSTEAD)


@pytest.mark.parametrize("platform", ["nonsense", "linuxfb", "nonsense;linuxfb"])
def test_a_platform_that_qt_cannot_use_is_named(platform: str, tmp_path: Path) -> None:
    code, said = _run(without_display(tmp_path, QT_QPA_PLATFORM=platform))
    sentence = f"Qt cannot open a window with QT_QPA_PLATFORM={platform}: unset that variable."
    assert (code, said) == (2, sentence + _INSTEAD)


def test_displays_that_do_not_answer_are_named(tmp_path: Path) -> None:
    stale = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7", "DISPLAY": ":4711"}
    sentence = "The display {} does not let ChatDesk open a window."
    code, said = _run(without_display(tmp_path, **stale))
    assert (code, said) == (2, f"{sentence.format('wayland-7')} {sentence.format(':4711')}{_INSTEAD}")


def test_a_compositor_that_has_gone_leaves_x11_and_the_other_way_round(tmp_path: Path) -> None:
    with Screen() as screen, Weston() as weston:
        gone = str(tmp_path / "wayland-7")
        on_x11 = without_display(tmp_path, WAYLAND_DISPLAY=gone, DISPLAY=screen.display)
        on_wayland = {**weston.environment, "HOME": str(tmp_path), "DISPLAY": ":4711"}
        for environment in (on_x11, on_wayland):
            with hosting(environment) as (process, _, _):
                process.terminate()
                assert process.communicate(timeout=20)[1] == ""
                assert process.returncode == 0


@pytest.mark.parametrize("kind", [Screen, Weston])
def test_a_display_that_goes_away_ends_the_chat_in_order(kind: type[Screen] | type[Weston], tmp_path: Path) -> None:
    with kind() as display:
        environment = {**display.environment, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        with hosting(environment) as (process, _, socket), Peer(socket, "Kit") as kit:
            kit.say("Before the screen goes dark")
            display.die()
            with pytest.raises(ConnectionClosed) as closed:
                kit.hear("nothing more")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001  # "going away", so that a page does not wait for the host to return
            assert (process.communicate(timeout=20)[1], process.returncode) == (_LOST, 1)
    _run(environment, "export", str(tmp_path / "said.jsonl"))
    said = [json.loads(line) for line in (tmp_path / "said.jsonl").read_text().splitlines()]
    assert "Before the screen goes dark" in [line.get("content") for line in said]


def test_a_window_that_changes_after_its_display_has_gone_does_not_cut_the_end_short() -> None:
    command = [sys.executable, "-m", "tests.e2e.changing_window"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Screen() as screen, subprocess.Popen(command, env=screen.environment, text=True, **streams) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n", process.communicate()
        screen.die()
        assert (*process.communicate(timeout=20), process.returncode) == ("goodbye\n", _LOST, 1)


def _run(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    command = [*CHATDESK, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr
