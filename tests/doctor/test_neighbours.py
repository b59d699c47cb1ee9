"""The system's tables of neighbours and routes, as each system writes them."""

import pytest

from chatdesk.doctor import neighbours
from chatdesk.doctor.seen import Near

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
PROC_ROUTE = """Iface   Destination Gateway     Flags   RefCnt  Use Metric  Mask        MTU Window  IRTT
eth0    00000000    01014D0A    0003    0   0   0   00000000    0   0   0
eth0    00014D0A    00000000    0001    0   0   0   00FFFFFF    0   0   0
"""


def test_linux() -> None:
    assert neighbours.read_proc_arp(PROC_ARP) == {"10.77.1.1": True, "10.77.1.9": False}
    assert neighbours.read_proc_route(PROC_ROUTE) == ["10.77.1.1"]


@pytest.mark.parametrize("text", [MACOS_ARP, WINDOWS_ARP])
def test_other_systems_list_who_has_answered(text: str) -> None:
    assert neighbours.read_arp(text) == {"10.77.1.1": True}


@pytest.mark.parametrize("text", ["", "header only\n"])
def test_an_empty_table(text: str) -> None:
    assert neighbours.read_proc_arp(text) == neighbours.read_arp(text) == {}
    assert neighbours.read_proc_route(text) == []


async def test_of_ipv6_neighbours_nothing_is_known() -> None:
    assert await neighbours.near("fd77::2") is Near.UNKNOWN
