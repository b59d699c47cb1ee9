"""Rules as nft itself writes them, and what they make of somebody who wants to join."""

import subprocess
from collections.abc import Iterator

import pytest

from chatdesk.doctor.iptables import objects_of
from chatdesk.doctor.nftables import Newcomer, Ruling, judge, rule_on
from chatdesk.doctor.seen import Gate
from tests.netns import Machine, Networks

NEWCOMER = Newcomer(8080, "eth0", "10.77.1.2", 24)
BY_IPV6 = Newcomer(8080, "eth0", "fd77::2", 64)
INPUT = "type filter hook input priority 0; policy {policy};"


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Somewhere to load rules."""
    with Networks() as networks:
        yield networks.machine()


def ruling(machine: Machine, text: str, newcomer: Newcomer = NEWCOMER) -> Ruling:
    """What the rules make of the newcomer, once the kernel has taken them."""
    machine.run(["nft", "-f", "-"], input=f"flush ruleset\n{text}\n", text=True)
    listed = machine.run(["nft", "--json", "list", "ruleset"], stdout=subprocess.PIPE, text=True)
    return rule_on(listed.stdout, newcomer)


def chain(policy: str, *rules: str, more: str = "") -> str:
    """A table with an input chain, behind whatever else is in it."""
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
        ("", Gate.OPEN),
        (chain("accept"), Gate.OPEN),
        (chain("drop"), Gate.SHUT),
        (chain("drop", 'iif "lo" accept', "ct state established,related accept"), Gate.SHUT),
        (chain("drop", "tcp dport 8080 accept"), Gate.OPEN),
        (chain("drop", "tcp dport { 22, 8000-8999 } accept"), Gate.OPEN),
        (chain("drop", "tcp dport { 22, 443 } accept"), Gate.SHUT),
        (chain("drop", "tcp dport 80-8080 counter accept"), Gate.OPEN),
        (chain("drop", "tcp dport != 22 accept"), Gate.OPEN),
        (chain("drop", "udp dport != 22 accept"), Gate.SHUT),
        (chain("drop", 'iifname "eth*" accept'), Gate.OPEN),
        (chain("drop", 'iifname { "wlan0", "tun0" } accept'), Gate.SHUT),
        (chain("drop", "ip saddr 10.0.0.0/8 tcp dport 8080 accept"), Gate.OPEN),
        (chain("drop", "ip saddr 192.168.0.0/16 accept"), Gate.SHUT),
        (chain("drop", "ip saddr 10.77.1.9 accept"), Gate.UNKNOWN),
        (chain("drop", "ip daddr 10.77.1.2 accept"), Gate.OPEN),
        (chain("drop", "ct state new tcp dport 8080 accept"), Gate.OPEN),
        (chain("drop", "ct state vmap { invalid : drop, established : accept, new : accept }"), Gate.OPEN),
        (chain("drop", "tcp dport vmap { 22 : accept, 23 : drop }"), Gate.SHUT),
        (chain("drop", "meta l4proto tcp jump mine", more=MINE), Gate.OPEN),
        (chain("drop", "meta l4proto tcp jump mine", more=OTHERS), Gate.SHUT),
        (chain("drop", "meta l4proto udp jump mine", more=MINE), Gate.SHUT),
        (chain("drop", "goto mine", "tcp dport 8080 accept", more=OTHERS), Gate.SHUT),
        (chain("drop", "jump mine", "tcp dport 8080 accept", more=OTHERS), Gate.OPEN),
        (chain("accept", "goto mine", "drop", more=OTHERS), Gate.OPEN),
        (chain("drop", "ct status dnat accept"), Gate.SHUT),
        (chain("accept", "tcp dport 8080 drop"), Gate.SHUT),
        (chain("accept", "tcp dport 8080 reject with tcp reset"), Gate.SHUT),
        (chain("accept", "reject with icmpx admin-prohibited"), Gate.SHUT),
        (chain("accept", "limit rate over 3/second drop"), Gate.UNKNOWN),
        (chain("drop", "meta mark 7 accept"), Gate.UNKNOWN),
        (chain("drop", "tcp dport @open accept", more="set open { type inet_service; }"), Gate.UNKNOWN),
        (chain("drop", 'log prefix "in: "', "counter", "tcp dport 8080 accept"), Gate.OPEN),
        (chain("accept", "tcp dport 8080 drop").replace("hook input", "hook prerouting"), Gate.SHUT),
        (
            "table netdev f {\nchain in {\ntype filter hook ingress device lo priority 0; policy drop;\n}\n}",
            Gate.UNKNOWN,
        ),
        ("table ip6 f {\nchain input {\ntype filter hook input priority 0; policy drop;\n}\n}", Gate.OPEN),
        ("table inet f {\nchain forward {\ntype filter hook forward priority 0; policy drop;\n}\n}", Gate.OPEN),
        (
            chain("accept") + "\ntable ip f {\nchain in {\ntype filter hook input priority 9; policy drop;\n}\n}",
            Gate.SHUT,
        ),
    ],
)
def test_what_the_rules_come_to(machine: Machine, rules: str, gate: Gate) -> None:
    assert ruling(machine, rules).gate is gate


def test_the_place_is_where_the_newcomer_is_stopped(machine: Machine) -> None:
    second = "\ntable ip f {\nchain in {\ntype filter hook input priority 9; policy drop;\n}\n}"
    assert ruling(machine, chain("accept") + second).place == "ip f in"


FOR_THOSE_WHO_ARE_IN = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"


@pytest.mark.parametrize(
    ("policy", "rules", "gate"),
    [
        ("ACCEPT", ["-p tcp --dport 8080 -j DROP"], Gate.SHUT),
        ("ACCEPT", ["-p tcp -j REJECT"], Gate.SHUT),
        ("ACCEPT", ["-p tcp -m multiport --dports 22,8080 -j REJECT"], Gate.UNKNOWN),
        ("ACCEPT", ["-p tcp --dport 22 -j DROP"], Gate.OPEN),
        ("DROP", ["-i lo -j ACCEPT", FOR_THOSE_WHO_ARE_IN], Gate.SHUT),
        ("DROP", [FOR_THOSE_WHO_ARE_IN, "-p tcp --dport 8080 -j ACCEPT"], Gate.OPEN),
        ("DROP", ["-p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT"], Gate.SHUT),
        ("DROP", ["-p tcp -m state --state NEW -m tcp --dport 8080 -j ACCEPT"], Gate.UNKNOWN),
    ],
)
def test_rules_that_iptables_has_made(machine: Machine, policy: str, rules: list[str], gate: Gate) -> None:
    machine.run(["nft", "flush", "ruleset"])
    machine.run(["iptables", "-P", "INPUT", policy])
    for rule in rules:
        machine.run(["iptables", "-A", "INPUT", *rule.split()])
    listed = machine.run(["nft", "--json", "list", "ruleset"], stdout=subprocess.PIPE, text=True)
    assert rule_on(listed.stdout, NEWCOMER).gate is gate


@pytest.mark.parametrize(
    ("rules", "gate"),
    [
        (["-i eth0 -j DROP"], Gate.SHUT),
        (["-i lo -j DROP"], Gate.OPEN),
        (["-p tcp --dport 8000:9000 -j REJECT"], Gate.SHUT),
        (["-p tcp -m multiport --dports 22,8080 -j ACCEPT", "-j DROP"], Gate.OPEN),
        (["-s 10.77.1.0/24 -j ACCEPT", "-j DROP"], Gate.OPEN),
        (["! -i eth0 -j DROP"], Gate.OPEN),
        ([FOR_THOSE_WHO_ARE_IN, "-j DROP"], Gate.SHUT),
        (["-m limit --limit 3/min -j DROP"], Gate.UNKNOWN),
        (["-p tcp -j NFQUEUE"], Gate.UNKNOWN),
    ],
)
def test_rules_of_the_older_packet_filter(machine: Machine, rules: list[str], gate: Gate) -> None:
    machine.run(["iptables-legacy", "-F"])
    for rule in rules:
        machine.run(["iptables-legacy", "-A", "INPUT", *rule.split()])
    saved = machine.run(["iptables-legacy-save"], stdout=subprocess.PIPE, text=True).stdout
    machine.run(["iptables-legacy", "-F"])
    assert judge(objects_of(saved), NEWCOMER).gate is gate


@pytest.mark.parametrize("text", ["", "{", "no rules"])
def test_what_is_no_list_of_rules_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="Expecting"):
        rule_on(text, NEWCOMER)


@pytest.mark.parametrize(
    ("rules", "gates"),
    [
        (chain("drop").replace("inet", "ip6"), (Gate.OPEN, Gate.SHUT)),
        (chain("drop").replace("inet", "ip"), (Gate.SHUT, Gate.OPEN)),
        (chain("drop"), (Gate.SHUT, Gate.SHUT)),
        (chain("drop", "ip6 saddr fd77::/64 accept"), (Gate.SHUT, Gate.OPEN)),
        (chain("drop", "ip6 saddr fd77::/80 accept"), (Gate.SHUT, Gate.UNKNOWN)),
        (chain("drop", "ip6 saddr fe80::/10 accept"), (Gate.SHUT, Gate.SHUT)),
        (chain("drop", "ip saddr 10.0.0.0/8 accept"), (Gate.OPEN, Gate.SHUT)),
        (chain("drop", "ip6 nexthdr tcp accept"), (Gate.SHUT, Gate.OPEN)),
        (chain("drop", "meta nfproto ipv6 tcp dport 8080 accept"), (Gate.SHUT, Gate.OPEN)),
    ],
)
def test_each_version_of_ip_has_rules_of_its_own(machine: Machine, rules: str, gates: tuple[Gate, Gate]) -> None:
    assert (ruling(machine, rules).gate, ruling(machine, rules, BY_IPV6).gate) == gates


def test_the_older_filter_has_a_table_for_ipv6() -> None:
    saved = "*filter\n:INPUT DROP [0:0]\n-A INPUT -s fd77::/64 -p tcp -m tcp --dport 8080 -j ACCEPT\nCOMMIT\n"
    assert judge(objects_of(saved, "ip6"), BY_IPV6).gate is Gate.OPEN
    assert judge(objects_of(saved, "ip6"), Newcomer(22, "eth0", "fd77::2", 64)) == (
        Gate.SHUT,
        "ip6 filter INPUT",
    )
