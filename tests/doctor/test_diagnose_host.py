"""Observations of the chat that is hosted here, and what is concluded from them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.doctor import diagnose_host
from chatdesk.doctor.observations import (
    Caller,
    ConnectOutcome,
    DeviceState,
    Firewall,
    FirewallAccess,
    HostObservations,
    Neighbourhood,
    Service,
)
from chatdesk.doctor.report import Finding, Verdict

WIFI = Network("wlan0", NetworkKind.WIFI, "", ("10.77.1.2",), (24,))
CABLE = Network("eth0", NetworkKind.ETHERNET, "", ("10.77.2.2",), (24,))
VPN = Network("tun0", NetworkKind.VPN, "", ("10.8.0.2",), (24,))
BOTH = Network("eth0", NetworkKind.ETHERNET, "", ("10.77.1.2", "fd77::2", "2001:db8::2"), (24, 64, 64))
"""Nobody is asked to call the last of these, which is public."""
NO_FIREWALL = Firewall(access=FirewallAccess.OPEN)
ALONE = Neighbourhood(DeviceState.PRESENT, others=False)
KIT = Caller("Kit", "10.77.1.3", ("10.77.1.2",), 0.1)
EVA = Caller("Eva", "10.77.2.3", ("10.77.2.2",), 0.1)


def observed(**changes: Any) -> HostObservations:
    """Observations of a chat that works and that Kit has called, with changes."""
    networks = changes.pop("networks", (WIFI,))
    usual: dict[str, Any] = {
        "networks": networks,
        "loopback": ConnectOutcome.OPEN,
        "reached": {network.addresses[0]: ConnectOutcome.OPEN for network in networks},
        "service": Service.CHATDESK,
        "firewall": NO_FIREWALL,
        "callers": (KIT,),
        "callers_known": True,
        "neighbourhood": Neighbourhood(DeviceState.PRESENT, others=True),
    }
    return HostObservations(8080, **(usual | changes))


CLOSED = {"10.77.1.2": ConnectOutcome.REFUSED}
NOBODY = {"loopback": ConnectOutcome.REFUSED, "reached": CLOSED, "service": Service.NOBODY, "callers": ()}
UFW = Firewall("ufw")
SHUT = Firewall("ufw", FirewallAccess.BLOCKED)


@pytest.mark.parametrize(
    ("changes", "name", "verdict", "words"),
    [
        ({}, "fine", Verdict.OK, "others reach the chat at http://10.77.1.2:8080"),
        (NOBODY, "not-listening", Verdict.PROBLEM, "Nobody hosts a chat on port 8080"),
        (NOBODY | {"networks": (), "reached": {}}, "not-listening", Verdict.PROBLEM, "Nobody hosts"),
        (
            NOBODY | {"loopback": ConnectOutcome.SILENT},
            "firewall",
            Verdict.PROBLEM,
            "Not even this computer gets through to its own port 8080",
        ),
        ({"service": Service.OTHER}, "other-program", Verdict.PROBLEM, "Another program has port 8080"),
        ({"service": Service.NOBODY}, "not-answering", Verdict.PROBLEM, "takes connections, but does not answer"),
        ({"networks": (), "reached": {}, "callers": ()}, "no-network", Verdict.PROBLEM, "in no network"),
        ({"reached": CLOSED, "callers": ()}, "wrong-interface", Verdict.PROBLEM, "only to this computer itself"),
        (
            {"networks": (WIFI, VPN), "reached": CLOSED | {"10.8.0.2": ConnectOutcome.OPEN}, "callers": ()},
            "wrong-interface",
            Verdict.PROBLEM,
            "open only at 10.8.0.2: nobody reaches it at 10.77.1.2",
        ),
        (
            {"reached": {"10.77.1.2": ConnectOutcome.SILENT}, "callers": ()},
            "firewall",
            Verdict.PROBLEM,
            "keeps even this computer from 10.77.1.2",
        ),
        ({"firewall": SHUT, "callers": ()}, "firewall", Verdict.PROBLEM, "keeps others away from port 8080"),
        ({"firewall": SHUT}, "fine", Verdict.OK, "others reach the chat"),
        (
            {"callers": (replace(KIT, reached=()),)},
            "firewall",
            Verdict.PROBLEM,
            "Kit (10.77.1.3) cannot reach http://10.77.1.2:8080",
        ),
        (
            {"networks": (WIFI, CABLE), "callers": (EVA,)},
            "wrong-interface",
            Verdict.PROBLEM,
            "Others reach this computer at 10.77.2.2, not at 10.77.1.2",
        ),
        (
            {"networks": (WIFI, CABLE), "callers": (EVA, replace(KIT, reached=("10.77.2.2",)))},
            "firewall",
            Verdict.PROBLEM,
            "Kit (10.77.1.3) cannot reach",
        ),
        ({"networks": (VPN,), "callers": ()}, "wrong-interface", Verdict.PROBLEM, "10.8.0.2, is one of a VPN"),
        (
            {"networks": (VPN,), "callers": (Caller("Lin", "10.8.0.9", ("10.8.0.2",), 0.0),)},
            "fine",
            Verdict.OK,
            "http://10.8.0.2:8080",
        ),
        ({"callers": (replace(KIT, skew=-7200),)}, "clock", Verdict.PROBLEM, "Kit (10.77.1.3) is 2 hours behind"),
        ({"callers": (replace(KIT, skew=-7200, joined=False),)}, "fine", Verdict.OK, "All is well"),
        ({"callers": (replace(KIT, skew=90.0),)}, "fine", Verdict.OK, "All is well"),
        ({"callers": (), "firewall": UFW}, "firewall", Verdict.WARNING, "may keep others out"),
        ({"callers": (), "neighbourhood": ALONE}, "isolated", Verdict.WARNING, "no other device has been heard of"),
        ({"callers": ()}, "fine", Verdict.WARNING, "Nobody from outside has proved it yet"),
    ],
)
def test_what_it_means(changes: dict[str, Any], name: str, verdict: Verdict, words: str) -> None:
    diagnosis = diagnose_host.diagnose(observed(**changes), "linux")
    assert (diagnosis.check, diagnosis.verdict) == (name, verdict)
    assert words in diagnosis.sentence
    assert bool(diagnosis.remedies) == (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    ("check", "changes", "verdict", "words"),
    [
        (diagnose_host.listening, {}, Verdict.OK, "Something listens on port 8080."),
        (diagnose_host.listening, NOBODY, Verdict.PROBLEM, "Nothing listens on port 8080 of this computer."),
        (
            diagnose_host.listening,
            NOBODY | {"loopback": ConnectOutcome.SILENT},
            Verdict.PROBLEM,
            "Nothing comes back from port 8080, not even",
        ),
        (diagnose_host.others, NOBODY | {"callers_known": False}, Verdict.UNKNOWN, "No chat answers here"),
        (diagnose_host.answer, {}, Verdict.OK, "It is ChatDesk."),
        (diagnose_host.answer, {"service": Service.PORTAL}, Verdict.PROBLEM, "another program"),
        (diagnose_host.answer, {"service": Service.NOBODY}, Verdict.PROBLEM, "says nothing"),
        (diagnose_host.answer, NOBODY, Verdict.UNKNOWN, "Nothing answers there."),
        (diagnose_host.addresses, {}, Verdict.OK, "All of them lead to the chat: 10.77.1.2."),
        (diagnose_host.addresses, NOBODY, Verdict.PROBLEM, "None of them leads to the chat: 10.77.1.2."),
        (diagnose_host.addresses, {"networks": (), "reached": {}}, Verdict.PROBLEM, "not in any network"),
        (
            diagnose_host.addresses,
            {
                "networks": (WIFI, VPN),
                "reached": {"10.77.1.2": ConnectOutcome.OPEN, "10.8.0.2": ConnectOutcome.REFUSED},
            },
            Verdict.WARNING,
            "10.77.1.2 leads to the chat, but not 10.8.0.2.",
        ),
        (diagnose_host.firewall, {}, Verdict.OK, "None is in the way."),
        (
            diagnose_host.firewall,
            {"firewall": Firewall("ufw", FirewallAccess.OPEN)},
            Verdict.OK,
            "It lets others in (ufw).",
        ),
        (diagnose_host.firewall, {"firewall": SHUT}, Verdict.PROBLEM, "It keeps others away from port 8080 (ufw)."),
        (diagnose_host.firewall, {"firewall": UFW}, Verdict.WARNING, "There is one (ufw)"),
        (diagnose_host.firewall, {"firewall": Firewall()}, Verdict.UNKNOWN, "only an administrator may ask"),
        (
            diagnose_host.others,
            {"networks": (BOTH,), "reached": dict.fromkeys(BOTH.addresses, ConnectOutcome.OPEN)},
            Verdict.OK,
            "Kit (10.77.1.3): reaches 10.77.1.2, but not fd77::2.",
        ),
        (diagnose_host.others, {}, Verdict.OK, "Kit (10.77.1.3): reaches 10.77.1.2."),
        (diagnose_host.others, {"networks": (WIFI, VPN)}, Verdict.OK, "Kit (10.77.1.3): reaches 10.77.1.2."),
        (diagnose_host.others, {"callers_known": False}, Verdict.UNKNOWN, "Only the host can ask them"),
        (diagnose_host.others, {"callers": ()}, Verdict.UNKNOWN, "Nobody is connected from another device"),
        (diagnose_host.others, {"callers": (replace(KIT, reached=()),)}, Verdict.PROBLEM, "no call has come in"),
        (
            diagnose_host.others,
            {"networks": (WIFI, CABLE), "callers": (KIT, EVA)},
            Verdict.OK,
            "Kit (10.77.1.3) and Eva (10.77.2.3): they reach 10.77.1.2 and 10.77.2.2.",
        ),
        (
            diagnose_host.others,
            {"networks": (WIFI, CABLE), "callers": (EVA,)},
            Verdict.PROBLEM,
            "reaches 10.77.2.2, but not 10.77.1.2.",
        ),
        (diagnose_host.clock, {}, Verdict.OK, "the same time"),
        (
            diagnose_host.clock,
            {"callers": (replace(KIT, skew=None),)},
            Verdict.UNKNOWN,
            "No other device has told its time",
        ),
        (
            diagnose_host.clock,
            {"callers": (replace(KIT, skew=300),)},
            Verdict.WARNING,
            "The clock of Kit (10.77.1.3) is 5 minutes ahead: 1 of 1 compared.",
        ),
    ],
)
def test_what_each_check_says(
    check: Callable[[HostObservations], Finding], changes: dict[str, Any], verdict: Verdict, words: str
) -> None:
    finding = check(observed(**changes))
    assert finding.verdict is verdict
    assert words in finding.sentence
    assert finding.title == diagnose_host.TITLES[finding.check]
