"""Which devices of our own networks answer, below all programs: read from the system's neighbour table."""

import asyncio
import re
import socket
import sys
from pathlib import Path

from chatdesk.discovery.networks import Network
from chatdesk.doctor.observations import DeviceState, Neighbourhood
from chatdesk.doctor.system_commands import output_of

_SYSTEM: str = sys.platform
_DISCARD = 9
"""A port at which nobody listens: a packet to it only makes the system look for the device."""
_LOOK_SECONDS = 1.5
"""The system gives up after three ARP requests, one per second; a device that is there answers the first."""
_POLL_SECONDS = 0.1
"""How often the table is read meanwhile."""
_COMPLETE = 0x2
"""Linux's flag ATF_COM: the device has answered."""

_ARP_LINE = re.compile(r"(\d+\.\d+\.\d+\.\d+)\)?\s+(?:at\s+)?((?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2})", re.I)
_WINDOWS_ROUTE = re.compile(r"^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d\S+)", re.M)
_MACOS_ROUTE = re.compile(r"gateway:\s+(\d\S+)")


async def neighbourhood(network: Network) -> Neighbourhood:
    """Return whether the router of this network answers, and whether any other device is known."""
    router = next((address for address in await _routers() if network.contains(address)), "")
    state = await device_state(router) if router else DeviceState.UNKNOWN
    neighbours = await _table() or {}
    others = (
        address
        for address, answers in neighbours.items()
        if answers and network.contains(address) and address != router
    )
    return Neighbourhood(state, any(address not in network.addresses for address in others))


async def device_state(address: str) -> DeviceState:
    """Return whether this device of one of our networks answers at all."""
    if ":" in address:
        return DeviceState.UNKNOWN
    _send_packet(address)
    deadline = asyncio.get_running_loop().time() + _LOOK_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        table = await _table()
        if table is None:
            return DeviceState.UNKNOWN
        if table.get(address):
            return DeviceState.PRESENT
        await asyncio.sleep(_POLL_SECONDS)
    return DeviceState.ABSENT


def _send_packet(address: str) -> None:
    """Send a single byte that nobody reads."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        try:
            probe.sendto(b"\n", (address, _DISCARD))
        except OSError:
            return  # there is no route, and the table shows it


async def _table() -> dict[str, bool] | None:
    """Devices by address, and whether they have answered; None if the system does not say."""
    if _SYSTEM == "linux":
        return read_proc_arp(_read_text(Path("/proc/net/arp")))
    output = await output_of("arp", "-a" if _SYSTEM == "win32" else "-an")
    return None if output is None else read_arp(output)


async def _routers() -> list[str]:
    """The routers that this computer uses for other networks."""
    if _SYSTEM == "linux":
        return read_proc_route(_read_text(Path("/proc/net/route")))
    command, pattern = _ROUTES.get(_SYSTEM, _ROUTES["darwin"])
    return pattern.findall(await output_of(*command) or "")


def read_proc_arp(text: str) -> dict[str, bool]:
    """Parse Linux's ARP table: address, type, flags and so on in each line."""
    rows = [line.split() for line in text.splitlines()[1:]]
    return {row[0]: bool(int(row[2], 16) & _COMPLETE) for row in rows if len(row) > 2}


def read_arp(text: str) -> dict[str, bool]:
    """Parse the output of ``arp`` on Windows and macOS; devices that have not answered have no hardware address."""
    return {address: True for address, _ in _ARP_LINE.findall(text)}


def read_proc_route(text: str) -> list[str]:
    """Parse Linux's routes: interface, destination, gateway and so on, with addresses in little-endian hexadecimal."""
    rows = [line.split() for line in text.splitlines()[1:]]
    gateways = [row[2] for row in rows if len(row) > 2 and row[1] == "00000000" and row[2] != "00000000"]
    return [socket.inet_ntoa(bytes.fromhex(gateway)[::-1]) for gateway in gateways]


def _read_text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


_ROUTES: dict[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "win32": (("route", "print", "-4", "0.0.0.0"), _WINDOWS_ROUTE),  # noqa: S104 - the default route's name
    "darwin": (("route", "-n", "get", "default"), _MACOS_ROUTE),
}
