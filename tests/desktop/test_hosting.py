"""What the window knows about the server in its process."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from chatdesk.config import ServerConfig
from chatdesk.desktop.hosting import Hosted, HostError
from chatdesk.discovery.query import query_chat
from chatdesk.log.memory import MemoryStore
from chatdesk.server.server import ChatServer
from tests.netns import Networks, inside


def test_an_error_is_a_sentence_and_may_know_a_way_out() -> None:
    error = HostError("Port 8080 is taken.", 8081)
    assert (str(error), error.free_port) == ("Port 8080 is taken.", 8081)
    assert HostError("No.").free_port is None


def test_hosted_is_immutable() -> None:
    hosted = Hosted("ws://127.0.0.1:1/ws", "http://10.0.0.1:1", "0.0.0.0", 1, "secret", print)
    with pytest.raises(AttributeError):
        hosted.page_url = "http://10.0.0.2:1"  # type: ignore[misc]


async def test_beside_a_window_a_server_listens_in_both_families(qapp: QApplication) -> None:
    """The server runs on the window's event loop."""
    with Networks() as networks:
        machine = networks.machine()
        with inside(machine):
            async with ChatServer(ServerConfig(port=0), MemoryStore(), {}) as server:
                for address in ("127.0.0.1", "::1"):
                    assert await query_chat(
                        f"[{address}]:{server.port}" if ":" in address else f"{address}:{server.port}", 5
                    )


def test_it_needs_no_qt() -> None:
    code = "import sys, chatdesk.desktop.hosting; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
