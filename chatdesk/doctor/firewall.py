"""Detects the firewall of this computer, and whether it lets others in, as far as the user may ask."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from chatdesk.discovery.networks import Network
from chatdesk.doctor.iptables import parse_saved_rules
from chatdesk.doctor.nftables import FilterDecision, NewConnection, evaluate_rules, evaluate_ruleset
from chatdesk.doctor.observations import Firewall, FirewallAccess
from chatdesk.doctor.remedies import MACOS_FIREWALL
from chatdesk.doctor.system_commands import output_of, run

_SYSTEM: str = sys.platform
_UFW_SETTINGS = Path("/etc/ufw/ufw.conf")
_UFW_RULE = re.compile(r"^(\S.*?)\s{2,}(ALLOW|DENY|REJECT|LIMIT)(?: IN)?\s+(\S.*)$", re.M)
_OLDER_TABLES = {"ip": Path("/proc/net/ip_tables_names"), "ip6": Path("/proc/net/ip6_tables_names")}
_IPTABLES = " filter INPUT"
_WINDOWS_FIELD = re.compile(r"^(\w+):[ \t]*(.*?)[ \t]*$", re.M)
_NO_FIREWALL = Firewall(access=FirewallAccess.OPEN)


async def find_firewall(port: int, networks: Sequence[Network]) -> Firewall:
    """Return the firewall, and what it does with a connection to ``port`` from the first of the networks."""
    if _SYSTEM == "win32":
        return await _windows(port)
    if _SYSTEM == "darwin":
        return await _macos()
    return await _linux(port, networks)


async def _linux(port: int, networks: Sequence[Network]) -> Firewall:
    """The rules themselves say most, but only to an administrator; the program that made them is the one to change."""
    new_connection = _new_connection(port, networks)
    access, location = await _rules(new_connection)
    older = await _older_rules(new_connection)
    if older.access is FirewallAccess.BLOCKED or (
        older.access is FirewallAccess.UNKNOWN and access is FirewallAccess.OPEN
    ):
        return Firewall("iptables-legacy", older.access, older.location)
    if access is FirewallAccess.BLOCKED and not _is_made_by_others(location):
        return Firewall("nftables", access, location)
    if await output_of("firewall-cmd", "--state") is not None:
        return Firewall("firewalld", await _firewalld(port, networks) if access is FirewallAccess.UNKNOWN else access)
    if _ufw_is_on():
        return Firewall("ufw", await _ufw(port) if access is FirewallAccess.UNKNOWN else access)
    if access is FirewallAccess.UNKNOWN and not location:
        return Firewall()
    if access is FirewallAccess.OPEN:
        return _NO_FIREWALL
    return Firewall("iptables" if location.endswith(_IPTABLES) else "nftables", access, location)


def _is_made_by_others(location: str) -> bool:
    """Whether ufw or firewalld may have made the rules: only then does a command for them change anything."""
    return location.endswith(_IPTABLES) or location.split()[1] == "firewalld"


def _new_connection(port: int, networks: Sequence[Network]) -> NewConnection | None:
    """Others connect by IPv4 if there is any: that is the address that they are given."""
    if not networks:
        return None
    ipv4_networks = ((network, index) for network in networks if (index := _ipv4(network)) is not None)
    network, index = next(ipv4_networks, (networks[0], 0))
    return NewConnection(port, network.interface, network.addresses[index], network.prefixes[index])


async def _rules(new_connection: NewConnection | None) -> FilterDecision:
    text = await output_of("nft", "--json", "list", "ruleset")
    if text is None or new_connection is None:
        return FilterDecision(FirewallAccess.UNKNOWN)
    try:
        return evaluate_ruleset(text, new_connection)
    except (ValueError, KeyError, TypeError):  # another version of nft writes its rules in another way
        return FilterDecision(FirewallAccess.UNKNOWN)


async def _older_rules(new_connection: NewConnection | None) -> FilterDecision:
    """The older packet filter may be in use beside the newer one, and nft does not show its rules."""
    family = new_connection.family if new_connection else "ip"
    if not _has_older_tables(family):
        return FilterDecision(FirewallAccess.OPEN)
    saved = await output_of("ip6tables-legacy-save" if family == "ip6" else "iptables-legacy-save")
    if saved is None or new_connection is None:
        return FilterDecision(FirewallAccess.UNKNOWN)
    try:
        return evaluate_rules(parse_saved_rules(saved, family), new_connection)
    except (ValueError, KeyError, TypeError, StopIteration):
        return FilterDecision(FirewallAccess.UNKNOWN)


def _has_older_tables(family: str) -> bool:
    try:
        return bool(_OLDER_TABLES[family].read_text().split())
    except OSError:
        return False


def _ipv4(network: Network) -> int | None:
    return next((index for index, address in enumerate(network.addresses) if ":" not in address), None)


async def _firewalld(port: int, networks: Sequence[Network]) -> FirewallAccess:
    """The zone of the interface counts; without one, the default zone does."""
    interface = networks[0].interface if networks else ""
    zone = (await output_of("firewall-cmd", f"--get-zone-of-interface={interface}") or "").strip()
    outcome = await run("firewall-cmd", *([f"--zone={zone}"] if zone else []), f"--query-port={port}/tcp")
    return {0: FirewallAccess.OPEN, 1: FirewallAccess.BLOCKED}.get(
        outcome[0] if outcome else -1, FirewallAccess.UNKNOWN
    )


def _ufw_is_on() -> bool:
    try:
        return re.search(r"^ENABLED=yes", _UFW_SETTINGS.read_text(), re.M | re.I) is not None
    except OSError:
        return False


async def _ufw(port: int) -> FirewallAccess:
    status = await output_of("ufw", "status")
    return FirewallAccess.UNKNOWN if status is None else read_ufw(status, port)


def read_ufw(status: str, port: int) -> FirewallAccess:
    """Return what ``ufw status`` says about a port, for connections from anywhere."""
    if "Status: active" not in status:
        return FirewallAccess.OPEN
    for to, action, source in _UFW_RULE.findall(status):
        fits = _ufw_fits(to, port)
        if fits is None or (fits and source.strip() != "Anywhere"):
            return FirewallAccess.UNKNOWN
        if fits:
            return FirewallAccess.OPEN if action in ("ALLOW", "LIMIT") else FirewallAccess.BLOCKED
    return FirewallAccess.BLOCKED


def _ufw_fits(to: str, port: int) -> bool | None:
    """Whether a rule of ufw is about the port; None for an application, whose ports are not listed, and the like."""
    if to.endswith("(v6)"):
        return False
    if to == "Anywhere":
        return True
    ports = re.fullmatch(r"([\d:,]+)(?:/(tcp|udp))?", to)
    if not ports:
        return None
    ranges = (part.partition(":") for part in ports[1].split(",") if part)
    return ports[2] != "udp" and any(int(first) <= port <= int(last or first) for first, _, last in ranges)


async def _windows(port: int) -> Firewall:
    state = await output_of("netsh", "advfirewall", "show", "currentprofile", "state")
    if state is not None and re.search(r"\bOFF\b", state):
        return _NO_FIREWALL
    profile = re.search(r"^(\w+) Profile", state or "", re.M)
    rules = await output_of("netsh", "advfirewall", "firewall", "show", "rule", "name=ChatDesk", "dir=in")
    return Firewall("windows", read_windows(rules or "", port, profile[1] if profile else ""))


def read_windows(rules: str, port: int, profile: str) -> FirewallAccess:
    """Return what ``netsh advfirewall firewall show rule`` says about a port in networks of a profile: a block wins."""
    blocks = (dict(_WINDOWS_FIELD.findall(block)) for block in re.split(r"^Rule Name:", rules, flags=re.M)[1:])
    actions = {rule.get("Action") for rule in blocks if _windows_fits(rule, port, profile)}
    if "Block" in actions:
        return FirewallAccess.BLOCKED
    return FirewallAccess.OPEN if actions == {"Allow"} else FirewallAccess.UNKNOWN


def _windows_fits(rule: dict[str, str], port: int, profile: str) -> bool:
    if (rule.get("Enabled"), rule.get("Direction")) != ("Yes", "In") or rule.get("Protocol") not in ("TCP", "Any"):
        return False
    if profile not in rule.get("Profiles", "").split(","):
        return False
    ranges = (part.partition("-") for part in rule.get("LocalPort", "Any").split(","))
    return any(
        first == "Any" or (first.isdecimal() and int(first) <= port <= int(last if last.isdecimal() else first))
        for first, _, last in ranges
    )


async def _macos() -> Firewall:
    state = await output_of(MACOS_FIREWALL, "--getglobalstate")
    if state is not None and "disabled" in state:
        return _NO_FIREWALL
    blocked = await output_of(MACOS_FIREWALL, "--getappblocked", sys.executable)
    is_blocked = blocked is not None and "blocked" in blocked and "not blocked" not in blocked
    return Firewall("macos", FirewallAccess.BLOCKED if is_blocked else FirewallAccess.UNKNOWN, sys.executable)
