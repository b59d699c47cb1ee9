"""No chat is hosted on a port that browsers refuse, and no such port is suggested."""

import subprocess
import sys
from pathlib import Path

import pytest

from chatdesk.blocked_ports import next_allowed_port, opens_in_browsers
from chatdesk.config import ConfigError, ServerConfig
from chatdesk.doctor.diagnose_host import diagnose
from chatdesk.doctor.observations import ConnectOutcome, HostObservations, Service
from chatdesk.server.listening import free_port_after, listen
from tests.netns import Networks, inside

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("port", [22, 6000, 6665, 6669, 10080])
def test_no_chat_is_hosted_on_one(port: int) -> None:
    with pytest.raises(ConfigError, match=f"^No browser opens port {port}, .* such as 8080") as refused:
        ServerConfig(port=port)
    assert refused.value.settings == ("port",)


def test_behind_a_proxy_only_that_ones_counts() -> None:
    assert ServerConfig(port=6000, public_url="https://chat.example.org").port == 6000
    with pytest.raises(ConfigError, match=r"is at port 6000, which no browser opens") as refused:
        ServerConfig(public_url="https://chat.example.org:6000/")
    assert refused.value.settings == ("public_url",)


def test_the_next_one_is_good() -> None:
    assert (next_allowed_port(8080), next_allowed_port(6664), next_allowed_port(65535)) == (8081, 6670, 8080)
    assert all(opens_in_browsers(next_allowed_port(port)) for port in range(65536))


def test_neither_a_free_one_nor_the_one_that_is_offered_is_bad() -> None:
    """The system would give the first of these, and the next free one is among them."""
    with Networks() as networks:
        machine = networks.machine()
        machine.run(["sysctl", "-q", "net.ipv4.ip_local_port_range=6665 6669"])
        with inside(machine):
            assert free_port_after("::", 6664) == 6670
            sockets = listen("::", 0)
            assert {it.getsockname()[1] for it in sockets} == {6670}
            for it in sockets:
                it.close()


def test_the_doctor_sends_nobody_to_one() -> None:
    nobody = HostObservations(6000)
    other = HostObservations(6664, loopback=ConnectOutcome.OPEN, service=Service.OTHER)
    commands = [remedy.command for view in (nobody, other) for remedy in diagnose(view, "linux").remedies]
    assert commands == ["chatdesk host --port 6001", "chatdesk host --port 6670"]


def test_the_command_line_says_so() -> None:
    command = [sys.executable, "-m", "chatdesk", "serve", "--port", "6000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("No browser opens port 6000, which belongs to another service: choose another")
