"""The SSID, in the kernel's own bytes. Test machines have no Wi-Fi: a fake kernel answers."""

import asyncio
import ctypes
import errno
import struct
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from chatdesk.discovery import wifi
from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, NetworkKind, own_networks
from chatdesk.discovery.wifi import read, request, wifi_name
from tests.netns import Networks, inside
from tests.waiting import until

SIOCGIWESSID = 0x8B1B


class Kernel:
    """A fake kernel that knows the SSID of each interface; any other is no Wi-Fi."""

    def __init__(self, **names: bytes) -> None:
        self.names = names

    def ioctl(self, _file: Any, command: int, asked: bytearray) -> int:
        assert command == SIOCGIWESSID
        interface, place, room, _ = struct.unpack_from("16sPHH", asked)
        interface = interface.rstrip(b"\0").decode()
        if interface not in self.names:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        name = self.names[interface]
        assert len(name) <= room
        ctypes.memmove(place, name, len(name))
        struct.pack_into("HH", asked, 16 + struct.calcsize("P"), len(name), bool(name))
        return 0


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    made = Kernel(wlan0=b"Workshop-5G")
    monkeypatch.setattr(wifi, "fcntl", made)
    return made


def answer(length: int, *, is_there: int = 1) -> bytes:
    """An answered request, byte by byte: the interface, a pointer, two short numbers, and padding up to 32 bytes."""
    numbers = length.to_bytes(2, sys.byteorder) + is_there.to_bytes(2, sys.byteorder)
    return (b"wlan0".ljust(16, b"\0") + bytes(struct.calcsize("P")) + numbers).ljust(32, b"\0")


@pytest.mark.parametrize("interface", ["wlan0", "wlx00c0ca123456"])
def test_the_request_is_as_long_as_the_kernels_and_has_all_in_its_place(interface: str) -> None:
    pointer = struct.calcsize("P")
    place = 2 ** (8 * pointer) - 0x1234
    expected = interface.encode().ljust(16, b"\0") + place.to_bytes(pointer, sys.byteorder)
    assert request(interface, place) == (expected + (32).to_bytes(2, sys.byteorder)).ljust(32, b"\0")


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"Workshop-5G", "Workshop-5G"),
        ("Caf\u00e9 \U0001f680".encode(), "Caf\u00e9 \U0001f680"),
        ("غرفة".encode(), "غرفة"),
        (b"W" * 32, "W" * 32),
        (b"Workshop\0", "Workshop"),
        (b"\0" * 32, ""),
        (b"", ""),
        (b"   ", ""),
        (b"Caf\xe9 \xff", "Caf\ufffd \ufffd"),
        (b"one\r\ntwo\tthree\x1b[31m\x07", "one two three [31m"),
        ("left\u202eright\u2066\u200b".encode(), "left right"),
        (b"<b>R&D</b>", "<b>R&D</b>"),
    ],
)
def test_any_bytes_become_a_name_for_people(raw: bytes, name: str) -> None:
    assert read(answer(len(raw)), raw.ljust(32, b"\0")) == name


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (answer(4), "Work"),
        (answer(4, is_there=7), "Work"),
        (answer(0), ""),
        (answer(8, is_there=0), ""),
        (answer(65535), "Workshop" + "x" * 24),
    ],
)
def test_no_more_is_read_than_the_answer_says_and_the_place_holds(told: bytes, name: str) -> None:
    assert read(told, b"Workshop".ljust(32, b"x")) == name


def test_the_kernel_writes_the_name_where_it_is_read(kernel: Kernel) -> None:
    assert wifi_name("wlan0") == "Workshop-5G"
    assert wifi_name("eth0") == ""
    kernel.names["wlan0"] = b"W" * 32
    assert wifi_name("wlan0") == "W" * 32
    kernel.names["wlan0"] = b""
    assert wifi_name("wlan0") == ""


@pytest.mark.parametrize("number", [errno.ENODEV, errno.EOPNOTSUPP, errno.ENOTTY, errno.E2BIG, errno.EPERM])
def test_where_the_kernel_refuses_there_is_no_name(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(number, "refused")

    monkeypatch.setattr(wifi, "fcntl", SimpleNamespace(ioctl=refuse))
    assert wifi_name("wlan0") == ""


@pytest.mark.parametrize("interface", ["wlan0", "lo", "wlan9", "", "an-interface-of-a-long-name", "./\N{ROCKET}"])
def test_this_kernel_knows_no_wifi_at_a_cable_whatever_its_name_and_none_at_what_is_not_there(interface: str) -> None:
    with Networks() as made:
        machine = made.machine()
        machine.plug(made.lan(), "10.77.1.2/24", name="wlan0")
        with inside(machine):
            assert wifi_name(interface) == ""


async def test_the_wifi_has_its_name_among_the_networks_and_another_wifi_is_noticed(kernel: Kernel) -> None:
    seen: list[list[Network]] = []
    kernel.names["eth0"] = b"never asked for"
    with Networks() as made:
        machine = made.machine()
        machine.plug(made.lan(), "10.77.1.2/24", name="wlan0")
        machine.plug(made.lan(), "10.77.2.2/24", name="eth0")
        with inside(machine):
            assert [(network.kind, network.name) for network in own_networks()] == [
                (NetworkKind.ETHERNET, ""),
                (NetworkKind.WIFI, "Workshop-5G"),
            ]
            watching = asyncio.create_task(NetworkWatch(seen.append).run())
            await until(lambda: len(seen) == 1)
            kernel.names["wlan0"] = b"Workshop-guests"
            await until(lambda: len(seen) == 2)
            watching.cancel()
        await asyncio.wait([watching])
    assert [networks[1].name for networks in seen] == ["Workshop-5G", "Workshop-guests"]
