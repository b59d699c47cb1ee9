"""The neighbour tables and routes, as each operating system prints them."""

from pathlib import Path

import pytest

from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.doctor import neighbours
from chatdesk.doctor.observations import DeviceState, Neighbourhood

PROC_ARP = """IP address       HW type     Flags       HW address            Mask     Device
10.77.1.1        0x1         0x2         1a:2b:3c:4d:5e:6f     *        eth0
10.77.1.9        0x1         0x0         00:00:00:00:00:00     *        eth0
"""
MACOS_ARP = """? (10.77.1.1) at 1a:2b:3c:4:5e:6f on en0 ifscope [ethernet]
? (10.77.1.9) at (incomplete) on en0 ifscope [ethernet]
"""
WINDOWS_ARP = """
Interface: 10.77.1.2 --- 0x7
  Internet Address      Physical Address      Type
  10.77.1.1             1a-2b-3c-4d-5e-6f     dynamic
"""
MACOS_ROUTE = """   route to: default
destination: default
    gateway: 10.77.1.1
  interface: en0
"""
WINDOWS_ROUTE = """
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0        10.77.1.1        10.77.1.2     25
"""
PROC_ROUTE = """Iface   Destination Gateway     Flags   RefCnt  Use Metric  Mask        MTU Window  IRTT
eth0    00000000    01014D0A    0003    0   0   0   00000000    0   0   0
eth0    00014D0A    00000000    0001    0   0   0   00FFFFFF    0   0   0
"""


def test_linux() -> None:
    assert neighbours.read_proc_arp(PROC_ARP) == {"10.77.1.1": True, "10.77.1.9": False}
    assert neighbours.read_proc_route(PROC_ROUTE) == ["10.77.1.1"]


@pytest.mark.parametrize("text", [MACOS_ARP, WINDOWS_ARP])
def test_other_systems_list_the_devices_that_have_answered(text: str) -> None:
    assert neighbours.read_arp(text) == {"10.77.1.1": True}


@pytest.mark.parametrize("text", ["", "header only\n"])
def test_an_empty_table(text: str) -> None:
    assert neighbours.read_proc_arp(text) == neighbours.read_arp(text) == {}
    assert neighbours.read_proc_route(text) == []


async def test_of_ipv6_neighbours_nothing_is_known() -> None:
    assert await neighbours.device_state("fd77::2") is DeviceState.UNKNOWN


async def test_on_another_system_its_programs_are_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The router answers, and so does another device."""
    network = Network("en0", NetworkKind.WIFI, "", ("10.77.1.2",), (24,))
    for name, says in {"arp": MACOS_ARP.replace("(incomplete)", "2:3:4:5:6:7"), "route": MACOS_ROUTE}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n/bin/cat <<'END'\n{says}END\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(neighbours, "_SYSTEM", "darwin")
    monkeypatch.setattr(neighbours, "_send_packet", lambda _address: None)  # this machine's own network is left alone
    assert await neighbours.neighbourhood(network) == Neighbourhood(DeviceState.PRESENT, others=True)


def test_the_routers_of_other_systems() -> None:
    assert neighbours._MACOS_ROUTE.findall(MACOS_ROUTE) == ["10.77.1.1"]
    assert neighbours._WINDOWS_ROUTE.findall(WINDOWS_ROUTE) == ["10.77.1.1"]
