"""Rules as nft itself prints them, and what they do with a new connection."""

import subprocess
from collections.abc import Iterator

import pytest

from chatdesk.doctor.iptables import parse_saved_rules
from chatdesk.doctor.nftables import FilterDecision, NewConnection, evaluate_rules, evaluate_ruleset
from chatdesk.doctor.observations import FirewallAccess
from tests.netns import Machine, Networks

NEWCOMER = NewConnection(8080, "eth0", "10.77.1.2", 24)
BY_IPV6 = NewConnection(8080, "eth0", "fd77::2", 64)
INPUT = "type filter hook input priority 0; policy {policy};"


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A machine to load rules on."""
    with Networks() as networks:
        yield networks.machine()


def decision(machine: Machine, text: str, new_connection: NewConnection = NEWCOMER) -> FilterDecision:
    """The decision about the new connection, once the kernel has loaded the rules."""
    machine.run(["nft", "-f", "-"], input=f"flush ruleset\n{text}\n", text=True)
    listed = machine.run(["nft", "--json", "list", "ruleset"], stdout=subprocess.PIPE, text=True)
    return evaluate_ruleset(listed.stdout, new_connection)


def chain(policy: str, *rules: str, more: str = "") -> str:
    """A table with an input chain, after whatever else is in it."""
    return "\n".join(["table inet filter {", more, "chain input {", INPUT.format(policy=policy), *rules, "}", "}"])


MINE = """
chain mine {
    udp dport 5353 accept
    tcp dport 8080 accept
    return
}
"""
OTHERS = MINE.replace("tcp dport 8080", "tcp dport 443")


@pytest.mark.parametrize(
    ("rules", "gate"),
    [
        ("", FirewallAccess.OPEN),
        (chain("accept"), FirewallAccess.OPEN),
        (chain("drop"), FirewallAccess.BLOCKED),
        (chain("drop", 'iif "lo" accept', "ct state established,related accept"), FirewallAccess.BLOCKED),
        (chain("drop", "tcp dport 8080 accept"), FirewallAccess.OPEN),
        (chain("drop", "tcp dport { 22, 8000-8999 } accept"), FirewallAccess.OPEN),
        (chain("drop", "tcp dport { 22, 443 } accept"), FirewallAccess.BLOCKED),
        (chain("drop", "tcp dport 80-8080 counter accept"), FirewallAccess.OPEN),
        (chain("drop", "tcp dport != 22 accept"), FirewallAccess.OPEN),
        (chain("drop", "udp dport != 22 accept"), FirewallAccess.BLOCKED),
        (chain("drop", 'iifname "eth*" accept'), FirewallAccess.OPEN),
        (chain("drop", 'iifname { "wlan0", "tun0" } accept'), FirewallAccess.BLOCKED),
        (chain("drop", "ip saddr 10.0.0.0/8 tcp dport 8080 accept"), FirewallAccess.OPEN),
        (chain("drop", "ip saddr 192.168.0.0/16 accept"), FirewallAccess.BLOCKED),
        (chain("drop", "ip saddr 10.77.1.9 accept"), FirewallAccess.UNKNOWN),
        (chain("drop", "ip daddr 10.77.1.2 accept"), FirewallAccess.OPEN),
        (chain("drop", "ct state new tcp dport 8080 accept"), FirewallAccess.OPEN),
        (chain("drop", "ct state vmap { invalid : drop, established : accept, new : accept }"), FirewallAccess.OPEN),
        (chain("drop", "tcp dport vmap { 22 : accept, 23 : drop }"), FirewallAccess.BLOCKED),
        (chain("drop", "meta l4proto tcp jump mine", more=MINE), FirewallAccess.OPEN),
        (chain("drop", "meta l4proto tcp jump mine", more=OTHERS), FirewallAccess.BLOCKED),
        (chain("drop", "meta l4proto udp jump mine", more=MINE), FirewallAccess.BLOCKED),
        (chain("drop", "goto mine", "tcp dport 8080 accept", more=OTHERS), FirewallAccess.BLOCKED),
        (chain("drop", "jump mine", "tcp dport 8080 accept", more=OTHERS), FirewallAccess.OPEN),
        (chain("accept", "goto mine", "drop", more=OTHERS), FirewallAccess.OPEN),
        (chain("drop", "ct status dnat accept"), FirewallAccess.BLOCKED),
        (chain("accept", "tcp dport 8080 drop"), FirewallAccess.BLOCKED),
        (chain("accept", "tcp dport 8080 reject with tcp reset"), FirewallAccess.BLOCKED),
        (chain("accept", "reject with icmpx admin-prohibited"), FirewallAccess.BLOCKED),
        (chain("accept", "limit rate over 3/second drop"), FirewallAccess.UNKNOWN),
        (chain("drop", "meta mark 7 accept"), FirewallAccess.UNKNOWN),
        (chain("drop", "tcp dport @open accept", more="set open { type inet_service; }"), FirewallAccess.UNKNOWN),
        (chain("drop", 'log prefix "in: "', "counter", "tcp dport 8080 accept"), FirewallAccess.OPEN),
        (chain("accept", "tcp dport 8080 drop").replace("hook input", "hook prerouting"), FirewallAccess.BLOCKED),
        (
            "table netdev f {\nchain in {\ntype filter hook ingress device lo priority 0; policy drop;\n}\n}",
            FirewallAccess.UNKNOWN,
        ),
        ("table ip6 f {\nchain input {\ntype filter hook input priority 0; policy drop;\n}\n}", FirewallAccess.OPEN),
        (
            "table inet f {\nchain forward {\ntype filter hook forward priority 0; policy drop;\n}\n}",
            FirewallAccess.OPEN,
        ),
        (
            chain("accept") + "\ntable ip f {\nchain in {\ntype filter hook input priority 9; policy drop;\n}\n}",
            FirewallAccess.BLOCKED,
        ),
    ],
)
def test_what_the_rules_come_to(machine: Machine, rules: str, gate: FirewallAccess) -> None:
    assert decision(machine, rules).access is gate


def test_the_place_is_where_the_newcomer_is_stopped(machine: Machine) -> None:
    second = "\ntable ip f {\nchain in {\ntype filter hook input priority 9; policy drop;\n}\n}"
    assert decision(machine, chain("accept") + second).location == "ip f in"


FOR_THOSE_WHO_ARE_IN = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"


@pytest.mark.parametrize(
    ("policy", "rules", "gate"),
    [
        ("ACCEPT", ["-p tcp --dport 8080 -j DROP"], FirewallAccess.BLOCKED),
        ("ACCEPT", ["-p tcp -j REJECT"], FirewallAccess.BLOCKED),
        ("ACCEPT", ["-p tcp -m multiport --dports 22,8080 -j REJECT"], FirewallAccess.UNKNOWN),
        ("ACCEPT", ["-p tcp --dport 22 -j DROP"], FirewallAccess.OPEN),
        ("DROP", ["-i lo -j ACCEPT", FOR_THOSE_WHO_ARE_IN], FirewallAccess.BLOCKED),
        ("DROP", [FOR_THOSE_WHO_ARE_IN, "-p tcp --dport 8080 -j ACCEPT"], FirewallAccess.OPEN),
        ("DROP", ["-p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT"], FirewallAccess.BLOCKED),
        ("DROP", ["-p tcp -m state --state NEW -m tcp --dport 8080 -j ACCEPT"], FirewallAccess.UNKNOWN),
    ],
)
def test_rules_that_iptables_has_made(machine: Machine, policy: str, rules: list[str], gate: FirewallAccess) -> None:
    machine.run(["nft", "flush", "ruleset"])
    machine.run(["iptables", "-P", "INPUT", policy])
    for rule in rules:
        machine.run(["iptables", "-A", "INPUT", *rule.split()])
    listed = machine.run(["nft", "--json", "list", "ruleset"], stdout=subprocess.PIPE, text=True)
    assert evaluate_ruleset(listed.stdout, NEWCOMER).access is gate


@pytest.mark.parametrize(
    ("rules", "gate"),
    [
        (["-i eth0 -j DROP"], FirewallAccess.BLOCKED),
        (["-i lo -j DROP"], FirewallAccess.OPEN),
        (["-p tcp --dport 8000:9000 -j REJECT"], FirewallAccess.BLOCKED),
        (["-p tcp -m multiport --dports 22,8080 -j ACCEPT", "-j DROP"], FirewallAccess.OPEN),
        (["-s 10.77.1.0/24 -j ACCEPT", "-j DROP"], FirewallAccess.OPEN),
        (["! -i eth0 -j DROP"], FirewallAccess.OPEN),
        ([FOR_THOSE_WHO_ARE_IN, "-j DROP"], FirewallAccess.BLOCKED),
        (["-m limit --limit 3/min -j DROP"], FirewallAccess.UNKNOWN),
        (["-p tcp -j NFQUEUE"], FirewallAccess.UNKNOWN),
    ],
)
def test_rules_of_the_older_packet_filter(machine: Machine, rules: list[str], gate: FirewallAccess) -> None:
    machine.run(["iptables-legacy", "-F"])
    for rule in rules:
        machine.run(["iptables-legacy", "-A", "INPUT", *rule.split()])
    saved = machine.run(["iptables-legacy-save"], stdout=subprocess.PIPE, text=True).stdout
    machine.run(["iptables-legacy", "-F"])
    assert evaluate_rules(parse_saved_rules(saved), NEWCOMER).access is gate


@pytest.mark.parametrize("text", ["", "{", "no rules"])
def test_an_invalid_ruleset_raises(text: str) -> None:
    with pytest.raises(ValueError, match="Expecting"):
        evaluate_ruleset(text, NEWCOMER)


@pytest.mark.parametrize(
    ("rules", "gates"),
    [
        (chain("drop").replace("inet", "ip6"), (FirewallAccess.OPEN, FirewallAccess.BLOCKED)),
        (chain("drop").replace("inet", "ip"), (FirewallAccess.BLOCKED, FirewallAccess.OPEN)),
        (chain("drop"), (FirewallAccess.BLOCKED, FirewallAccess.BLOCKED)),
        (chain("drop", "ip6 saddr fd77::/64 accept"), (FirewallAccess.BLOCKED, FirewallAccess.OPEN)),
        (chain("drop", "ip6 saddr fd77::/80 accept"), (FirewallAccess.BLOCKED, FirewallAccess.UNKNOWN)),
        (chain("drop", "ip6 saddr fe80::/10 accept"), (FirewallAccess.BLOCKED, FirewallAccess.BLOCKED)),
        (chain("drop", "ip saddr 10.0.0.0/8 accept"), (FirewallAccess.OPEN, FirewallAccess.BLOCKED)),
        (chain("drop", "ip6 nexthdr tcp accept"), (FirewallAccess.BLOCKED, FirewallAccess.OPEN)),
        (chain("drop", "meta nfproto ipv6 tcp dport 8080 accept"), (FirewallAccess.BLOCKED, FirewallAccess.OPEN)),
    ],
)
def test_each_version_of_ip_has_rules_of_its_own(
    machine: Machine, rules: str, gates: tuple[FirewallAccess, FirewallAccess]
) -> None:
    assert (decision(machine, rules).access, decision(machine, rules, BY_IPV6).access) == gates


def test_the_older_filter_has_a_table_for_ipv6() -> None:
    saved = "*filter\n:INPUT DROP [0:0]\n-A INPUT -s fd77::/64 -p tcp -m tcp --dport 8080 -j ACCEPT\nCOMMIT\n"
    assert evaluate_rules(parse_saved_rules(saved, "ip6"), BY_IPV6).access is FirewallAccess.OPEN
    assert evaluate_rules(parse_saved_rules(saved, "ip6"), NewConnection(22, "eth0", "fd77::2", 64)) == (
        FirewallAccess.BLOCKED,
        "ip6 filter INPUT",
    )
