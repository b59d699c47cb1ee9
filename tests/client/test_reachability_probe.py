"""Which addresses a client calls when a server asks for it, seen by the packets that leave its computer."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk.client.reachability_probe import ReachabilityProbe
from chatdesk.ip import is_private
from chatdesk.protocol.connection_events import Reach
from tests.netns import Machine, Networks

ROOT = Path(__file__).parents[2]
NONCE = "0123456789abcdef" * 2
COUNTING = """
table inet seen {
    set called { type ipv4_addr . inet_service; flags dynamic; }
    chain output {
        type filter hook output priority 0; policy accept;
        tcp flags & (syn | ack) == syn add @called { ip daddr . tcp dport }
    }
}
"""


@pytest.mark.parametrize("address", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.4.20", "fd77::2"])
def test_private_addresses(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "0.0.0.0",
        "169.254.169.254",
        "172.32.0.1",
        "8.8.8.8",
        "224.0.0.251",
        "255.255.255.255",
        "100.64.0.1",
        "2001:db8::1",
        "fe80::1",
        "::ffff:10.0.0.1",
        "10.0.0.1:22",
        "10.1",
        "167772161",
        "mara.local",
        "10.0.0.1/admin",
        "",
    ],
)
def test_what_is_not_called(address: str) -> None:
    assert not is_private(address)


@pytest.fixture
def guest() -> Iterator[Machine]:
    """A computer with a client in the chat of a hostile server, which has asked it to call."""
    with Networks() as networks:
        lan, server, guest = networks.lan(), networks.machine(), networks.machine()
        server.plug(lan, "10.77.1.2/24", "192.168.7.2/24")
        guest.plug(lan, "10.77.1.3/24", "192.168.7.3/24")
        for machine, gateway in ((server, "10.77.1.3"), (guest, "10.77.1.2")):
            machine.route("add", "default", "via", gateway)
        guest.run(["nft", "-f", "-"], input=COUNTING, text=True)
        server_command = [sys.executable, "-m", "tests.client.probing_server"]
        hostile = server.popen(server_command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert hostile.stdout
        assert hostile.stdout.readline() == "open\n"
        client = [sys.executable, "-m", "tests.doctor.client_program", "ws://10.77.1.2:8080/ws", "Kit"]
        guest.popen(client, stdout=subprocess.DEVNULL, cwd=ROOT)
        assert hostile.stdout.readline() == "asked\n"
        yield guest


def called(guest: Machine) -> set[str]:
    """The addresses and ports that the client's computer has called so far."""
    listed = guest.run(["nft", "list", "set", "inet", "seen", "called"], stdout=subprocess.PIPE, text=True)
    return {f"{address}:{port}" for address, port in re.findall(r"([\d.]+) \. ([\w-]+)", listed.stdout)}


def test_a_server_cannot_make_a_client_look_around_in_its_network(guest: Machine) -> None:
    """It asks for many addresses, again and again."""
    expected = {"10.77.1.2:8080", "192.168.7.2:8080", "10.77.1.4:8080"}
    deadline = time.monotonic() + 30
    while called(guest) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert called(guest) == expected


async def test_an_encrypted_chat_is_not_called_in_the_clear() -> None:
    probe = ReachabilityProbe()
    probe.run(Reach(NONCE, ["10.77.1.2"]), "wss://10.77.1.2:8080/ws")
    assert not probe.supported("wss://10.77.1.2:8080/ws")
    assert not probe._tasks


@pytest.mark.parametrize("nonce", ["", NONCE[:-1], NONCE + "0", f"{NONCE[:-2]}\r\n", NONCE.upper(), "../" + NONCE[3:]])
async def test_a_malformed_nonce_is_not_sent(nonce: str) -> None:
    probe = ReachabilityProbe()
    probe.run(Reach(nonce, ["10.77.1.2"]), "ws://10.77.1.2:8080/ws")
    assert not probe._tasks


@pytest.mark.parametrize("address", ["fd00::1%" + "a" * 80, "fd00::1%lo\r\nX: y", "FD00::1", "fd00:0::1", "10.1"])
async def test_what_is_not_spelled_as_an_address_is_not_called(address: str) -> None:
    probe = ReachabilityProbe()
    probe.run(Reach(NONCE, [address]), "ws://10.77.1.2:8080/ws")
    assert not probe._tasks
