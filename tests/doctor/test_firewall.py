"""Which firewall there is, told from the output of the system's own programs."""

from pathlib import Path

import pytest

from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.doctor import firewall
from chatdesk.doctor.observations import Firewall, FirewallAccess

CABLE = Network("eth0", NetworkKind.ETHERNET, "", ("10.77.1.2",), (24,))
NFT_ACCEPTS = '{"nftables": []}'
NFT_DROPS = (
    '{"nftables": [{"chain": {"family": "inet", "table": "f", "name": "in", "type": "filter", "hook": "input",'
    ' "policy": "drop"}}]}'
)
UFW = """Status: active

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW       Anywhere
8080/tcp                   {verdict}       Anywhere
"""


@pytest.mark.parametrize(
    ("status", "gate"),
    [
        ("Status: inactive\n", FirewallAccess.OPEN),
        (UFW.format(verdict="ALLOW"), FirewallAccess.OPEN),
        (UFW.format(verdict="LIMIT"), FirewallAccess.OPEN),
        (UFW.format(verdict="DENY "), FirewallAccess.BLOCKED),
        (UFW.replace("8080/tcp", "8080    ").format(verdict="ALLOW"), FirewallAccess.OPEN),
        (UFW.replace("8080/tcp", "80/tcp  ").format(verdict="ALLOW"), FirewallAccess.BLOCKED),
        (UFW.replace("8080/tcp", "18080/tcp").format(verdict="ALLOW"), FirewallAccess.BLOCKED),
        (UFW.replace("8080/tcp", "8000:9000/tcp").format(verdict="ALLOW"), FirewallAccess.OPEN),
        (UFW.replace("8080/tcp", "8000:9000/udp").format(verdict="ALLOW"), FirewallAccess.BLOCKED),
        (UFW.replace("8080/tcp", "Nginx Full").format(verdict="ALLOW"), FirewallAccess.UNKNOWN),
        (UFW.replace("Anywhere", "10.9.0.0/16").format(verdict="ALLOW"), FirewallAccess.UNKNOWN),
    ],
)
def test_what_ufw_says(status: str, gate: FirewallAccess) -> None:
    assert firewall.read_ufw(status, 8080) is gate


class System:
    """A computer's programs, each of them a script."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch
        patch.setenv("PATH", str(folder))
        patch.setattr("chatdesk.doctor.system_commands._SYSTEM_PATHS", str(folder))
        self.ufw(enabled=False)

    def has(self, program: str, says: str = "", code: int = 0) -> None:
        """Add a program that prints this and exits with a code."""
        self.runs(program, f"/bin/cat <<'END'\n{says}\nEND\nexit {code}")

    def runs(self, program: str, script: str) -> None:
        """Add a program that runs a script."""
        file = self.folder / program
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def ufw(self, *, enabled: bool) -> None:
        """Add ufw, switched on or off."""
        settings = self.folder / "ufw.conf"
        settings.write_text(f"# comment\nENABLED={'yes' if enabled else 'no'}\n")
        self._patch.setattr(firewall, "_UFW_SETTINGS", settings)

    def is_called(self, name: str) -> None:
        """Pretend to be another operating system."""
        self._patch.setattr(firewall, "_SYSTEM", name)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    return System(tmp_path, monkeypatch)


async def look() -> Firewall:
    return await firewall.find_firewall(8080, [CABLE])


async def test_without_any_of_the_programs_nothing_is_known(system: System) -> None:
    assert await look() == Firewall()


async def test_without_rights_only_the_presence_of_ufw_is_known(system: System) -> None:
    system.ufw(enabled=True)
    system.has("nft", code=1)
    system.has("ufw", "ERROR: You need to be root to run this script", code=1)
    assert await look() == Firewall("ufw")


async def test_ufw_is_asked_where_the_rules_cannot_be(system: System) -> None:
    system.ufw(enabled=True)
    system.has("ufw", UFW.format(verdict="ALLOW"))
    assert await look() == Firewall("ufw", FirewallAccess.OPEN)


async def test_the_rules_say_more_than_what_has_made_them(system: System) -> None:
    system.ufw(enabled=True)
    system.has("ufw", UFW.format(verdict="ALLOW"))
    system.has("nft", NFT_DROPS)
    assert await look() == Firewall("nftables", FirewallAccess.BLOCKED, "inet f in"), "ufw would change nothing there"
    system.has("nft", NFT_DROPS.replace('"inet"', '"ip"').replace('"f"', '"filter"').replace('"in"', '"INPUT"'))
    assert await look() == Firewall("ufw", FirewallAccess.BLOCKED)


WINDOWS_RULE = """
Rule Name:                            ChatDesk
----------------------------------------------------------------------
Enabled:                              {enabled}
Direction:                            In
Profiles:                             {profiles}
Grouping:
Protocol:                             TCP
LocalPort:                            {port}
Action:                               {action}
"""


def windows_rule(action: str, enabled: str = "Yes", profiles: str = "Private", port: str = "8080") -> str:
    return WINDOWS_RULE.format(action=action, enabled=enabled, profiles=profiles, port=port)


@pytest.mark.parametrize(
    ("rules", "gate"),
    [
        ("", FirewallAccess.UNKNOWN),
        (windows_rule("Allow"), FirewallAccess.OPEN),
        (windows_rule("Allow", port="8000-9000"), FirewallAccess.OPEN),
        (windows_rule("Allow", port="Any", profiles="Domain,Private,Public"), FirewallAccess.OPEN),
        (windows_rule("Block"), FirewallAccess.BLOCKED),
        (windows_rule("Allow") + windows_rule("Block"), FirewallAccess.BLOCKED),
        (windows_rule("Allow") + windows_rule("Block", enabled="No"), FirewallAccess.OPEN),
        (windows_rule("Allow", profiles="Public"), FirewallAccess.UNKNOWN),
        (windows_rule("Allow", port="80"), FirewallAccess.UNKNOWN),
    ],
)
def test_what_windows_says(rules: str, gate: FirewallAccess) -> None:
    assert firewall.read_windows(rules, 8080, "Private") is gate


async def test_tables_of_the_older_packet_filter_that_cannot_be_read_leave_it_open(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tables").write_text("filter\n")
    monkeypatch.setattr(firewall, "_OLDER_TABLES", {"ip": tmp_path / "tables"})
    system.has("nft", NFT_ACCEPTS)
    assert await look() == Firewall("iptables-legacy", FirewallAccess.UNKNOWN)


@pytest.mark.parametrize(
    ("code", "gate"), [(0, FirewallAccess.OPEN), (1, FirewallAccess.BLOCKED), (252, FirewallAccess.UNKNOWN)]
)
async def test_firewalld_says_so_itself(system: System, code: int, gate: FirewallAccess) -> None:
    query = "[ $1 = --get-zone-of-interface=eth0 ] && echo home && exit 0\n"
    query += f'[ "$*" = "--zone=home --query-port=8080/tcp" ] && exit {code}'
    system.runs("firewall-cmd", f"[ $1 = --state ] && echo running && exit 0\n{query}")
    assert await look() == Firewall("firewalld", gate)


async def test_rules_without_a_known_program(system: System) -> None:
    system.has("nft", NFT_DROPS)
    assert await look() == Firewall("nftables", FirewallAccess.BLOCKED, "inet f in")
    system.has("nft", NFT_ACCEPTS)
    assert await look() == Firewall("", FirewallAccess.OPEN)


async def test_what_nft_says_may_be_unreadable(system: System) -> None:
    system.has("nft", '{"nftables": [{"chain": {}}]}')
    assert await look() == Firewall()


@pytest.mark.parametrize(
    ("state", "rule", "found"),
    [
        ("State                                 ON", "", Firewall("windows")),
        ("State                                 ON", windows_rule("Allow"), Firewall("windows", FirewallAccess.OPEN)),
        ("State                                 OFF", "", Firewall("", FirewallAccess.OPEN)),
    ],
)
async def test_windows(system: System, state: str, rule: str, found: Firewall) -> None:
    system.is_called("win32")
    system.runs("netsh", f"[ $2 = show ] && echo 'Private Profile Settings:\n{state}' && exit 0\necho '{rule}'")
    assert await look() == found


@pytest.mark.parametrize(
    ("state", "blocked", "found"),
    [
        ("Firewall is disabled. (State = 0)", "", ("", FirewallAccess.OPEN)),
        (
            "Firewall is enabled. (State = 1)",
            "Incoming connection to the application is blocked.",
            ("macos", FirewallAccess.BLOCKED),
        ),
        ("Firewall is enabled. (State = 1)", "... is not blocked.", ("macos", FirewallAccess.UNKNOWN)),
    ],
)
async def test_macos(
    system: System,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    state: str,
    blocked: str,
    found: tuple[str, FirewallAccess],
) -> None:
    system.is_called("darwin")
    system.runs("socketfilterfw", f"[ $1 = --getglobalstate ] && echo '{state}' && exit 0\necho '{blocked}'")
    monkeypatch.setattr(firewall, "MACOS_FIREWALL", str(tmp_path / "socketfilterfw"))
    looked = await look()
    assert (looked.program, looked.access) == found
