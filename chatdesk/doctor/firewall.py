"""Which firewall this computer has, and whether it lets people in; as far as it may be asked."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from chatdesk.discovery.networks import Network
from chatdesk.doctor.commands import output_of, run
from chatdesk.doctor.nftables import Newcomer, rule_on
from chatdesk.doctor.seen import Firewall, Gate

_SYSTEM: str = sys.platform
_UFW_SETTINGS = Path("/etc/ufw/ufw.conf")
_MACOS_FIREWALL = "/usr/libexec/ApplicationFirewall/socketfilterfw"
_NO_FIREWALL = Firewall(gate=Gate.OPEN)


async def look(port: int, networks: Sequence[Network]) -> Firewall:
    """The firewall, and what it does with somebody who comes to ``port`` from the first of the networks."""
    if _SYSTEM == "win32":
        return await _windows()
    if _SYSTEM == "darwin":
        return await _macos()
    return await _linux(port, networks)


async def _linux(port: int, networks: Sequence[Network]) -> Firewall:
    """The rules themselves tell most, but only to an administrator; what made them is whom to tell."""
    gate, place = await _rules(port, networks)
    if await output_of("firewall-cmd", "--state") is not None:
        return Firewall("firewalld", await _firewalld(port) if gate is Gate.UNKNOWN else gate)
    if _ufw_is_on():
        return Firewall("ufw", await _ufw(port) if gate is Gate.UNKNOWN else gate)
    if gate is Gate.UNKNOWN and not place:
        return Firewall()
    if gate is Gate.OPEN:
        return _NO_FIREWALL
    return Firewall("iptables" if place.endswith(" filter INPUT") else "nftables", gate, place)


async def _rules(port: int, networks: Sequence[Network]) -> tuple[Gate, str]:
    way = next(((network, index) for network in networks if (index := _ipv4(network)) is not None), None)
    text = await output_of("nft", "--json", "list", "ruleset")
    if text is None or way is None:
        return Gate.UNKNOWN, ""
    network, index = way
    newcomer = Newcomer(port, network.interface, network.addresses[index], network.prefixes[index])
    try:
        return rule_on(text, newcomer)
    except (ValueError, KeyError, TypeError):  # another version of nft writes its rules otherwise
        return Gate.UNKNOWN, ""


def _ipv4(network: Network) -> int | None:
    return next((index for index, address in enumerate(network.addresses) if ":" not in address), None)


async def _firewalld(port: int) -> Gate:
    outcome = await run("firewall-cmd", f"--query-port={port}/tcp")
    return {0: Gate.OPEN, 1: Gate.SHUT}.get(outcome[0] if outcome else -1, Gate.UNKNOWN)


def _ufw_is_on() -> bool:
    try:
        return re.search(r"^ENABLED=yes", _UFW_SETTINGS.read_text(), re.M | re.I) is not None
    except OSError:
        return False


async def _ufw(port: int) -> Gate:
    status = await output_of("ufw", "status")
    return Gate.UNKNOWN if status is None else read_ufw(status, port)


def read_ufw(status: str, port: int) -> Gate:
    """What ``ufw status`` says about a port, where others may come from anywhere."""
    if "Status: active" not in status:
        return Gate.OPEN
    rule = re.search(rf"^{port}(?:/tcp)?\s+(ALLOW|DENY|REJECT|LIMIT)\b", status, re.M)
    return Gate.OPEN if rule and rule[1] in ("ALLOW", "LIMIT") else Gate.SHUT


async def _windows() -> Firewall:
    state = await output_of("netsh", "advfirewall", "show", "currentprofile", "state")
    if state is not None and re.search(r"\bOFF\b", state):
        return _NO_FIREWALL
    rule = await run("netsh", "advfirewall", "firewall", "show", "rule", "name=ChatDesk", "dir=in")
    known = rule is not None and rule[0] == 0
    return Firewall("windows", Gate.OPEN if known else Gate.UNKNOWN)


async def _macos() -> Firewall:
    state = await output_of(_MACOS_FIREWALL, "--getglobalstate")
    if state is not None and "disabled" in state:
        return _NO_FIREWALL
    blocked = await output_of(_MACOS_FIREWALL, "--getappblocked", sys.executable)
    shut = blocked is not None and "blocked" in blocked and "not blocked" not in blocked
    return Firewall("macos", Gate.SHUT if shut else Gate.UNKNOWN, sys.executable)
