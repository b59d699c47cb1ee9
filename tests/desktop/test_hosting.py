"""What the window is told about the server beside it."""

import subprocess
import sys

import pytest

from chatdesk.desktop.hosting import Hosted, HostError


def test_an_error_is_a_sentence_and_may_know_a_way_out() -> None:
    error = HostError("Port 8080 is taken.", 8081)
    assert (str(error), error.free_port) == ("Port 8080 is taken.", 8081)
    assert HostError("No.").free_port is None


def test_what_is_hosted_does_not_change() -> None:
    hosted = Hosted("ws://127.0.0.1:1/ws", "http://10.0.0.1:1", "0.0.0.0", 1, "secret", print)
    with pytest.raises(AttributeError):
        hosted.page_url = "http://10.0.0.2:1"  # type: ignore[misc]


def test_it_needs_no_qt() -> None:
    code = "import sys, chatdesk.desktop.hosting; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
