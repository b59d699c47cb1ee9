"""Observations of a chat elsewhere, and what is concluded from them."""

from collections.abc import Callable
from typing import Any

import pytest

from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.doctor import diagnose_address
from chatdesk.doctor.observations import AddressObservations, ConnectOutcome, DeviceState, Neighbourhood, Proxy, Service
from chatdesk.doctor.report import Finding, Verdict

WIFI = Network("wlan0", NetworkKind.WIFI, "", ("10.77.1.3",), (24,))
DOCKER = Network("docker0", NetworkKind.VIRTUAL, "", ("172.17.0.1",), (16,))
ROUTER_ONLY = Neighbourhood(DeviceState.PRESENT, others=False)
OTHERS = Neighbourhood(DeviceState.PRESENT, others=True)
SILENT: dict[str, Any] = {"reached": ConnectOutcome.SILENT, "service": Service.NOBODY, "skew": None}
NO_WAY = SILENT | {"reached": ConnectOutcome.UNREACHABLE}
REFUSED = SILENT | {"reached": ConnectOutcome.REFUSED}
PROXY: dict[str, Any] = {"proxy": Proxy("10.77.1.1", 3128, "environment")}


def observed(host: str = "10.77.1.2", **changes: Any) -> AddressObservations:
    """Observations of a chat that works, with changes."""
    usual: dict[str, Any] = {
        "networks": (WIFI,),
        "addresses": (host,),
        "reached": ConnectOutcome.OPEN,
        "service": Service.CHATDESK,
        "skew": 0.4,
    }
    return AddressObservations(host, 8080, **(usual | changes))


@pytest.mark.parametrize(
    ("view", "name", "words"),
    [
        (observed(), "fine", "http://10.77.1.2:8080 can be joined"),
        (observed("mara.local", addresses=(), **SILENT), "name", "Nothing here knows the name mara.local."),
        (
            observed("mara.local", addresses=(), mdns_addresses=("10.77.1.2",), **SILENT),
            "name",
            "The host is there, but this computer does not look for names that end in .local, such as mara.local.",
        ),
        (observed("mara.example", addresses=(), **SILENT), "name", "Nothing here knows the name mara.example."),
        (observed("fe80::1%eth0"), "wrong-interface", "no browser opens an address with an interface in it"),
        (
            observed("chat.dev", addresses=("10.77.1.2",)),
            "name",
            "names such as chat.dev are opened over https:// alone",
        ),
        (observed("chat.dev", url="https://chat.dev/", addresses=("10.77.1.2",)), "fine", "All is well"),
        (observed(service=Service.OBSTACLE, obstacle="Only a proxy answers."), "obstacle", "Only a proxy answers."),
        (observed(service=Service.UNTRUSTED), "untrusted", "encrypts with a certificate of its own"),
        (
            observed("mara.local", addresses=("10.77.1.2",), service=Service.WRONG_NAME),
            "name",
            "does not answer to the name",
        ),
        (observed(**REFUSED), "not-listening", "nobody hosts a chat on its port 8080"),
        (observed("10.99.5.7", **REFUSED), "not-listening", "nobody hosts a chat on its port 8080"),
        (observed("10.77.1.3", **REFUSED), "not-listening", "is this very computer"),
        (observed(service=Service.OTHER), "other-program", "another program, not ChatDesk"),
        (
            observed(service=Service.NOBODY),
            "not-answering",
            "takes the connection at http://10.77.1.2:8080, but does not",
        ),
        (observed(service=Service.PORTAL), "portal", "wants one to log in"),
        (
            observed(device=DeviceState.PRESENT, **SILENT),
            "firewall",
            "a firewall on it keeps others away from port 8080",
        ),
        (
            observed(device=DeviceState.PRESENT, **NO_WAY),
            "firewall",
            "a firewall on it keeps others away from port 8080",
        ),
        (
            observed(device=DeviceState.UNKNOWN, **SILENT),
            "firewall",
            "a firewall on it keeps others away from port 8080",
        ),
        (
            observed(device=DeviceState.ABSENT, neighbourhood=ROUTER_ONLY, **NO_WAY),
            "isolated",
            "kept its devices apart",
        ),
        (
            observed(device=DeviceState.ABSENT, neighbourhood=ROUTER_ONLY, **SILENT),
            "isolated",
            "kept its devices apart",
        ),
        (
            observed(device=DeviceState.ABSENT, neighbourhood=OTHERS, **NO_WAY),
            "nobody-there",
            "No device answers at 10.77.1.2",
        ),
        (
            observed(device=DeviceState.ABSENT, neighbourhood=Neighbourhood(DeviceState.ABSENT), **NO_WAY),
            "no-network",
            "Not even the router of this network answers",
        ),
        (observed(networks=(), **NO_WAY), "no-network", "This computer is in no network."),
        (observed("10.99.5.7", **SILENT), "other-subnet", "10.99.5.7, and this computer, 10.77.1.3, are in different"),
        (observed("fe80::1%lo", **SILENT), "wrong-interface", "only counts in the network of one interface"),
        (observed("10.99.5.7", **NO_WAY), "other-subnet", "nothing leads across"),
        (
            observed("172.17.0.2", networks=(WIFI, DOCKER), **NO_WAY),
            "wrong-interface",
            "in the network for containers or virtual machines (docker0)",
        ),
        (observed("127.0.0.1", **REFUSED), "wrong-interface", "always the very computer one sits at"),
        (observed("localhost", addresses=("127.0.0.1",), **REFUSED), "wrong-interface", "localhost is always"),
        (observed(**PROXY), "proxy", "go through the proxy 10.77.1.1:3128, which keeps them from it"),
        (observed(**PROXY, service_by_proxy=Service.CHATDESK), "fine", "All is well"),
        (observed(skew=7200.0), "clock", "The host's is 2 hours ahead of this computer's."),
        (observed(skew=-300.0), "clock", "The host's is 5 minutes behind this computer's."),
        (observed(skew=-90.0), "fine", "All is well"),
        (observed(skew=None), "fine", "All is well"),
        (observed(skew=7200.0, **PROXY), "proxy", "which keeps them from it"),
    ],
)
def test_what_it_means(view: AddressObservations, name: str, words: str) -> None:
    diagnosis = diagnose_address.diagnose(view, "linux")
    assert diagnosis.check == name
    assert words in diagnosis.sentence
    assert diagnosis.verdict is (Verdict.OK if name == "fine" else Verdict.PROBLEM)
    assert bool(diagnosis.remedies) == (name != "fine")


@pytest.mark.parametrize(
    "view",
    [
        observed("chat.example", addresses=("10.77.1.2",), **REFUSED),
        observed("chat.example", addresses=("10.77.1.2",), device=DeviceState.PRESENT, **SILENT),
        observed("chat.example", addresses=("10.99.5.7",), **NO_WAY),
        observed(url="http://10.77.1.2:8080/club/", **REFUSED),
    ],
)
def test_an_address_that_browsers_shorten_may_lack_its_scheme(view: AddressObservations) -> None:
    """As the window says: without a scheme it has ChatDesk's default port."""
    said = diagnose_address.diagnose(view, "linux")
    assert said.remedies[0].sentence.endswith("type all of it, with https:// or http:// before it.")


def test_any_other_address_lacks_nothing() -> None:
    for host in ("10.77.1.2", "mara.local", "mara"):
        said = diagnose_address.diagnose(observed(host, addresses=("10.77.1.2",), **REFUSED), "linux")
        assert not [remedy for remedy in said.remedies if "https://" in remedy.sentence]


@pytest.mark.parametrize(
    ("check", "view", "verdict", "words"),
    [
        (diagnose_address.name, observed(), Verdict.OK, "is an address in numbers"),
        (
            diagnose_address.name,
            observed("mara.local", addresses=("10.77.1.2",)),
            Verdict.OK,
            "mara.local is 10.77.1.2.",
        ),
        (diagnose_address.name, observed("mara.local", addresses=()), Verdict.PROBLEM, "No computer is known here as"),
        (
            diagnose_address.name,
            observed("mara.local", addresses=(), mdns_addresses=("10.77.1.2",)),
            Verdict.PROBLEM,
            "The network knows mara.local as 10.77.1.2",
        ),
        (diagnose_address.network, observed(), Verdict.OK, "in the same network"),
        (diagnose_address.network, observed(addresses=()), Verdict.UNKNOWN, "because its address is not"),
        (diagnose_address.network, observed(networks=()), Verdict.PROBLEM, "not in any network"),
        (diagnose_address.network, observed("10.77.1.3"), Verdict.OK, "this computer itself"),
        (diagnose_address.network, observed("::1"), Verdict.WARNING, "always the very computer"),
        (diagnose_address.network, observed("10.99.5.7"), Verdict.WARNING, "a router stands between"),
        (diagnose_address.network, observed("172.17.0.2", networks=(DOCKER,)), Verdict.WARNING, "for containers"),
        (diagnose_address.connection, observed(), Verdict.OK, "Something listens"),
        (diagnose_address.connection, observed(addresses=()), Verdict.UNKNOWN, "no address to connect to"),
        (
            diagnose_address.connection,
            observed(**REFUSED),
            Verdict.PROBLEM,
            "refuses connections to port 8080 of 10.77.1.2",
        ),
        (diagnose_address.connection, observed(**SILENT), Verdict.PROBLEM, "Nothing comes back"),
        (diagnose_address.connection, observed(**NO_WAY), Verdict.PROBLEM, "There is no way"),
        (diagnose_address.answer, observed(), Verdict.OK, "It is ChatDesk."),
        (diagnose_address.answer, observed(service=Service.WRONG_NAME), Verdict.PROBLEM, "does not go by the name"),
        (diagnose_address.answer, observed(service=Service.PORTAL), Verdict.PROBLEM, "has to log in"),
        (diagnose_address.answer, observed(service=Service.OTHER), Verdict.PROBLEM, "another program"),
        (diagnose_address.answer, observed(service=Service.NOBODY), Verdict.PROBLEM, "says nothing"),
        (diagnose_address.answer, observed(**SILENT), Verdict.UNKNOWN, "Nobody has answered."),
        (diagnose_address.name, observed(code="kite-42"), Verdict.OK, "The short code kite-42 stands for 10.77.1.2"),
        (
            diagnose_address.network,
            observed("fe80::1%lo"),
            Verdict.WARNING,
            "only counts in the network of one interface",
        ),
        (diagnose_address.proxy, observed(uses_pac_script=True), Verdict.UNKNOWN, "ask a script"),
        (diagnose_address.proxy, observed(), Verdict.OK, "directly"),
        (diagnose_address.proxy, observed(addresses=()), Verdict.UNKNOWN, "because its address is not"),
        (diagnose_address.proxy, observed(**PROXY), Verdict.PROBLEM, "does not lead there"),
        (diagnose_address.proxy, observed(**PROXY, service_by_proxy=Service.CHATDESK), Verdict.OK, "leads to the chat"),
        (diagnose_address.clock, observed(), Verdict.OK, "the same time"),
        (diagnose_address.clock, observed(skew=None), Verdict.UNKNOWN, "are not compared"),
        (diagnose_address.clock, observed(skew=200_000.0), Verdict.PROBLEM, "is 2 days ahead of this computer's."),
    ],
)
def test_what_each_check_says(
    check: Callable[[AddressObservations], Finding], view: AddressObservations, verdict: Verdict, words: str
) -> None:
    finding = check(view)
    assert finding.verdict is verdict
    assert words in finding.sentence
    assert finding.title == diagnose_address.TITLES[finding.check]
