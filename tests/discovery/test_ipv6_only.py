"""In a network without IPv4 a chat is open, is found, and can be joined."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.discovery.chat_programs import ROOT, finding_chats, run, serve
from tests.netns import Machine, Networks
from tests.waiting import until


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    """A host and a guest."""
    with Networks() as networks:
        lan, host, guest = networks.lan(), networks.machine(), networks.machine()
        host.plug(lan, "fd77::2/64")
        guest.plug(lan, "fd77::3/64")
        yield host, guest


def said(machine: Machine, *command: str) -> str:
    done = run(machine, *command)
    assert done.stderr == ""
    return done.stdout


async def test_it_is_found_and_all_is_well(machines: tuple[Machine, Machine]) -> None:
    host, guest = machines
    serve(host, "Workshop")
    async with finding_chats(guest) as finder:
        await until(lambda: finder.hosts, 15)
    assert [it.addresses for it in finder.hosts] == [("[fd77::2]:8080",)]
    assert "All is well: the chat at http://[fd77::2]:8080 can be joined." in said(guest, "doctor", "[fd77::2]:8080")
    examined = said(host, "doctor")
    assert "All of them lead to the chat: fd77::2." in examined
    assert "The chat is open at http://[fd77::2]:8080. Nobody from outside has proved it yet." in examined


@pytest.mark.browser
def test_a_phones_test_page_works_in_it(machines: tuple[Machine, Machine]) -> None:
    host, guest = machines
    serve(host, "Workshop", "--no-discovery")
    phone = [sys.executable, "-m", "tests.doctor.browser_program", "http://[fd77::2]:8080/check", "wide, light"]
    done = guest.run(phone, capture_output=True, text=True, cwd=ROOT, timeout=60)
    (seen,) = json.loads(done.stdout).values()
    assert seen["verdict"] == "This device reaches the chat."
    assert seen["addresses"] == ["[fd77::2]:8080\nWorks"]
    assert seen["complaints"] == []


def test_an_address_of_one_interface_is_said_to_be_for_windows_alone(machines: tuple[Machine, Machine]) -> None:
    host, guest = machines
    host.add_address("eth0", "fe80::77:2/64")
    address = "fe80::77:2%eth0"
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = host.chatdesk("serve", "--in-memory", "--no-discovery", "--bind", address, **streams)
    assert process.stdout
    assert process.stdout.readline() == f"ChatDesk is open at http://[{address}]:8080\n"
    assert process.stdout.readline().startswith("No browser opens an address with an interface in it.")
    examined = said(guest, "doctor", f"[{address}]:8080")
    assert "The chat is there, but no browser opens an address with an interface in it" in examined


def test_a_firewall_for_ipv6_is_found_and_what_to_type(machines: tuple[Machine, Machine]) -> None:
    host, _ = machines
    serve(host, "Workshop", "--no-discovery")
    rules = "type filter hook input priority 0; policy drop;\niif lo accept\nmeta l4proto ipv6-icmp accept"
    host.run(["nft", "-f", "-"], input=f"table ip6 filter {{\nchain input {{\n{rules}\n}}\n}}\n", text=True)
    examined = said(host, "doctor")
    assert "It keeps others away from port 8080 (nftables, ip6 filter input)." in examined
    command = next(line.strip() for line in examined.splitlines() if line.startswith("    sudo nft"))
    host.run(command.split()[1:])
    assert "✓ ok       The firewall" in said(host, "doctor")
