"""A program started from its icon shows in a window why it cannot start, as its output is not visible."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatdesk.desktop.dialogs.startup_error import TITLE
from tests.e2e.screen import Screen
from tests.e2e.window import Window

ROOT = Path(__file__).parents[2]
LAUNCHED = "GIO_LAUNCHED_DESKTOP_FILE"


@pytest.fixture
def icon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts programs as desktops do."""
    monkeypatch.setenv(LAUNCHED, "/usr/share/applications/chatdesk.desktop")


@pytest.mark.parametrize(
    ("arguments", "port", "sentence"),
    [
        ([], "http", "The variable CHATDESK_PORT is 'http': it must be a whole number.\n"),
        (["host"], "70000", "or 0 for any free one. It is set by the variable CHATDESK_PORT.\n"),
        (["chatdesk://[::1"], "0", "This is no address. Type it as it stands on the host's screen"),
    ],
)
def test_a_window_says_it_until_it_is_closed(
    tmp_path: Path, icon: None, monkeypatch: pytest.MonkeyPatch, arguments: list[str], port: str, sentence: str
) -> None:
    monkeypatch.setenv("CHATDESK_PORT", port)
    with Window(tmp_path, *arguments) as window:
        window.wait_for_title(f"^{TITLE}$")
        window.screen.close_window(TITLE)
        _, errors = window.process.communicate(timeout=20)
    assert window.process.returncode == 2
    assert sentence in errors
    assert len(errors.splitlines()) == 1


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "chatdesk", command]
    return subprocess.run(
        arguments, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=20, check=False
    )


def test_whoever_reads_what_is_printed_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    with Screen() as screen:
        process = run("host", **screen.environment, CHATDESK_PORT="http")
        assert (process.returncode, process.stderr.count("\n")) == (2, 1)
        monkeypatch.setenv(LAUNCHED, "chatdesk.desktop")
        process = run("serve", **screen.environment, CHATDESK_PORT="http")
        assert (process.returncode, process.stderr.count("\n")) == (2, 1)


def test_without_a_display_the_sentence_is_all(icon: None) -> None:
    process = run("host", QT_QPA_PLATFORM="xcb", DISPLAY="", WAYLAND_DISPLAY="")
    assert process.returncode == 2
    assert process.stderr.startswith("There is no display to open a window on.")
