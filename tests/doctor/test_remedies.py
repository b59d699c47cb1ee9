"""The commands to type, on each system."""

import pytest

from chatdesk.doctor import remedies
from chatdesk.doctor.observations import Firewall, FirewallAccess
from chatdesk.doctor.report import Remedy


def commands(found: tuple[Remedy, ...]) -> list[str]:
    return [remedy.command for remedy in found if remedy.command]


@pytest.mark.parametrize(
    ("firewall", "typed"),
    [
        (Firewall("ufw"), ["sudo ufw allow 9000/tcp"]),
        (
            Firewall("firewalld"),
            ["sudo firewall-cmd --add-port=9000/tcp", "sudo firewall-cmd --permanent --add-port=9000/tcp"],
        ),
        (
            Firewall("nftables", FirewallAccess.BLOCKED, "inet filter input"),
            ["sudo nft insert rule inet filter input tcp dport 9000 accept"],
        ),
        (Firewall("iptables"), ["sudo iptables -I INPUT -p tcp --dport 9000 -j ACCEPT"]),
        (
            Firewall("iptables-legacy", FirewallAccess.BLOCKED, "ip raw PREROUTING"),
            ["sudo iptables-legacy -t raw -I PREROUTING -p tcp --dport 9000 -j ACCEPT"],
        ),
        (
            Firewall("windows"),
            [
                'netsh advfirewall firewall add rule name="ChatDesk" dir=in action=allow protocol=TCP localport=9000 '
                "profile=private",
                'New-NetFirewallRule -DisplayName "ChatDesk" -Direction Inbound -Action Allow -Protocol TCP '
                "-LocalPort 9000 -Profile Private",
            ],
        ),
        (
            Firewall("macos", location="/Applications/Chat $Desk/chatdesk"),
            [
                "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --add '/Applications/Chat $Desk/chatdesk'",
                "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --unblockapp '/Applications/Chat $Desk/chatdesk'",
            ],
        ),
        (Firewall(), []),
    ],
)
def test_a_firewall_is_opened_with_the_port_filled_in(firewall: Firewall, typed: list[str]) -> None:
    found = remedies.open_firewall(firewall, 9000)
    assert commands(found) == typed
    assert found


def test_for_another_computers_firewall_every_system_has_its_line() -> None:
    typed = commands(remedies.open_other_firewall(9000))
    assert typed[0] == "chatdesk doctor"
    assert sum("9000" in command for command in typed) == 3


@pytest.mark.parametrize("system", ["linux", "win32", "darwin", "freebsd14"])
def test_on_every_system_the_clock_can_be_set(system: str) -> None:
    assert remedies.set_clock(system)


@pytest.mark.parametrize(
    ("setting", "system", "typed"),
    [
        ("environment", "linux", "export no_proxy=localhost,.lab,10.77.1.2"),
        ("environment", "win32", "set no_proxy=localhost,.lab,10.77.1.2"),
        ("gnome", "linux", "gsettings set org.gnome.system.proxy ignore-hosts \"['localhost', '.lab', '10.77.1.2']\""),
        ("darwin", "darwin", ""),
        ("win32", "win32", ""),
    ],
)
def test_a_proxy_is_gone_around_where_it_is_set(setting: str, system: str, typed: str) -> None:
    first, second = remedies.bypass_proxy(setting, "10.77.1.2", ("localhost", ".lab"), system)
    assert first.command == typed
    assert "10.77.1.2" in first.sentence + first.command
    assert second.sentence
