"""Draws conclusions about a chat elsewhere: why it cannot be joined from here. Pure."""

import ipaddress
from urllib.parse import urlsplit

from chatdesk.blocked_ports import next_allowed_port, opens_in_browsers
from chatdesk.client.connect_errors import SHORTENED, may_be_shortened
from chatdesk.discovery.addresses import with_port
from chatdesk.doctor import diagnose_page, remedies
from chatdesk.doctor.observations import (
    CLOCK_SECONDS,
    FAR_NETWORKS,
    AddressObservations,
    ConnectOutcome,
    DeviceState,
    Service,
)
from chatdesk.doctor.phrases import duration
from chatdesk.doctor.report import DIAGNOSIS, Finding, Remedy, Verdict, fault
from chatdesk.origin import opens_over_http

TITLES = {
    "name": "The name",
    "network": "The network",
    "connection": "The connection",
    "answer": "What answers",
    "page": diagnose_page.TITLE,
    "proxy": "The proxy",
    "clock": "The clocks",
}
"""The checks, in the order in which they are made."""

_OWN_WINDOW = Remedy("Or join with ChatDesk's own window, which is not as particular as browsers.")

_SHOWN_ADDRESS = Remedy("Type the address as it stands on the host's screen, such as 192.168.4.20:8080.")


def name(observed: AddressObservations) -> Finding:
    """Check whether the name stands for an address."""
    if observed.mdns_addresses and not observed.addresses:
        sentence = (
            f"The network knows {observed.host} as {observed.mdns_addresses[0]}, but this computer does not ask it."
        )
        return _finding("name", Verdict.PROBLEM, sentence)
    if not observed.addresses:
        return _finding("name", Verdict.PROBLEM, f"No computer is known here as {observed.host}.")
    if observed.code:
        return _finding("name", Verdict.OK, f"The short code {observed.code} stands for {observed.address} here.")
    if observed.address == observed.host:
        return _finding("name", Verdict.OK, f"{observed.host} is an address in numbers: there is no name to look up.")
    return _finding("name", Verdict.OK, f"{observed.host} is {observed.address}.")


def network(observed: AddressObservations) -> Finding:
    """Check whether the address is in a network of this computer."""
    if not observed.addresses:
        return _finding("network", Verdict.UNKNOWN, "Which network it is in is not known, because its address is not.")
    if _is_loopback(observed):
        return _finding("network", Verdict.WARNING, f"{observed.address} is always the very computer one sits at.")
    if _is_link_local(observed):
        return _finding("network", Verdict.WARNING, f"{observed.address} only counts in the network of one interface.")
    if not observed.networks:
        return _finding("network", Verdict.PROBLEM, "This computer is not in any network.")
    if observed.is_own:
        return _finding("network", Verdict.OK, f"{observed.address} is this computer itself.")
    if observed.network is None:
        own = observed.networks[0].addresses[0]
        sentence = f"{observed.address} is in another network than this computer, {own}: a router stands between."
        return _finding("network", Verdict.WARNING, sentence)
    if kind := FAR_NETWORKS.get(observed.network.kind):
        return _finding("network", Verdict.WARNING, f"{observed.address} is in a network {kind} on this computer.")
    return _finding("network", Verdict.OK, f"{observed.address} is in the same network as this computer.")


def connection(observed: AddressObservations) -> Finding:
    """Check whether the port accepts connections."""
    if not observed.addresses:
        return _finding("connection", Verdict.UNKNOWN, "There is no address to connect to.")
    port = f"port {observed.port} of {observed.address}"
    match observed.reached:
        case ConnectOutcome.OPEN if not opens_in_browsers(observed.port):
            sentence = f"Something listens on {port}, but no browser opens that port."
            return _finding("connection", Verdict.PROBLEM, sentence)
        case ConnectOutcome.OPEN:
            return _finding("connection", Verdict.OK, f"Something listens on {port}.")
        case ConnectOutcome.REFUSED:
            return _finding(
                "connection", Verdict.PROBLEM, f"That computer is there, but it refuses connections to {port}."
            )
        case ConnectOutcome.SILENT:
            return _finding("connection", Verdict.PROBLEM, f"Nothing comes back from {port}.")
        case ConnectOutcome.UNREACHABLE:
            return _finding("connection", Verdict.PROBLEM, f"There is no way to {port}.")


def answer(observed: AddressObservations) -> Finding:
    """Check whether a chat answers."""
    match observed.service:
        case Service.CHATDESK:
            return _finding("answer", Verdict.OK, "It is ChatDesk.")
        case Service.WRONG_NAME:
            return _finding(
                "answer", Verdict.PROBLEM, f"It is ChatDesk, but it does not go by the name {observed.host}."
            )
        case Service.WRONG_PATH:
            return _finding("answer", Verdict.PROBLEM, f"It is ChatDesk, but it is not at {_path(observed)}.")
        case Service.OBSTACLE:
            return _finding("answer", Verdict.PROBLEM, "Something before the chat does not let one in.")
        case Service.UNTRUSTED:
            sentence = "It is ChatDesk, with a certificate of its own that this computer does not trust yet."
            return _finding("answer", Verdict.WARNING, sentence)
        case Service.PORTAL:
            return _finding("answer", Verdict.PROBLEM, "It is the page of a network where one has to log in.")
        case Service.OTHER:
            return _finding("answer", Verdict.PROBLEM, "It is another program, not ChatDesk.")
        case Service.NOBODY:
            reached = observed.reached is ConnectOutcome.OPEN
            sentence = "It takes the connection, but says nothing." if reached else "Nobody has answered."
            return _finding("answer", Verdict.PROBLEM if reached else Verdict.UNKNOWN, sentence)


def page(observed: AddressObservations) -> Finding:
    """Check whether the page opens in browsers."""
    if observed.service is Service.UNTRUSTED:
        return _finding("page", Verdict.WARNING, "Browsers here warn before they open it.")
    return diagnose_page.check(observed.page_load)


def proxy(observed: AddressObservations) -> Finding:
    """Check whether browsers get there, too."""
    if not observed.addresses:
        return _finding(
            "proxy", Verdict.UNKNOWN, "Whether a proxy stands between is not known, because its address is not."
        )
    if observed.uses_pac_script:
        sentence = "Browsers here ask a script of the network which proxy to take; whether they get there is not known."
        return _finding("proxy", Verdict.UNKNOWN, sentence)
    if not observed.proxy:
        return _finding("proxy", Verdict.OK, "Browsers here go to this address directly.")
    route = f"Browsers here go through the proxy {observed.proxy.host}:{observed.proxy.port}"
    if observed.encrypted:
        return _finding("proxy", Verdict.UNKNOWN, f"{route}; whether that leads there is not known.")
    if observed.service_by_proxy is Service.CHATDESK:
        return _finding("proxy", Verdict.OK, f"{route}, and it leads to the chat.")
    return _finding("proxy", Verdict.PROBLEM, f"{route}, which does not lead there.")


def clock(observed: AddressObservations) -> Finding:
    """Check whether both clocks show the same time."""
    if observed.skew is None:
        return _finding("clock", Verdict.UNKNOWN, "The clocks are not compared, because the chat has not answered.")
    if abs(observed.skew) <= CLOCK_SECONDS:
        return _finding("clock", Verdict.OK, "Both tell the same time.")
    ahead = "ahead of" if observed.skew > 0 else "behind"
    return _finding("clock", Verdict.PROBLEM, f"The host's is {duration(abs(observed.skew))} {ahead} this computer's.")


def diagnose(observed: AddressObservations, system: str) -> Finding:
    """Return the diagnosis of all observations; ``system`` is Python's name of the operating system."""
    if not observed.addresses:
        return _no_name(observed, system)
    if observed.reached is ConnectOutcome.OPEN:
        problem = (
            _wrong_answer(observed)
            or _blocked(observed)
            or diagnose_page.diagnose(observed.page_load, observed.url)
            or _proxy(observed, system)
            or _clock(observed, system)
        )
        return problem or Finding(
            "fine", DIAGNOSIS, Verdict.OK, f"All is well: the chat at {_page(observed)} can be joined."
        )
    if _is_loopback(observed):
        sentence = f"{observed.host} is always the very computer one sits at, and there nobody hosts a chat."
        return fault("wrong-interface", sentence, _SHOWN_ADDRESS)
    if not observed.networks:
        return fault("no-network", "This computer is in no network.", Remedy("Join the network that the host is in."))
    if observed.reached is ConnectOutcome.REFUSED or observed.is_own:
        return _not_listening(observed)
    return _no_route(observed)


def _no_name(observed: AddressObservations, system: str) -> Finding:
    if observed.mdns_addresses:
        return fault(
            "name",
            "The host is there, but this computer does not look for names that end in .local, such as "
            f"{observed.host}.",
            Remedy(f"Type its address in numbers instead: {with_port(observed.mdns_addresses[0], observed.port)}"),
            *remedies.enable_mdns(system),
        )
    sentence = f"Nothing here knows the name {observed.host}."
    number = Remedy("Type the host's address in numbers instead, such as 192.168.4.20:8080.")
    if observed.host.endswith(".local"):
        return fault("name", sentence, number, *remedies.enable_mdns(system))
    return fault("name", sentence, number, Remedy("Check how the name is written."))


def _wrong_answer(observed: AddressObservations) -> Finding | None:
    match observed.service:
        case Service.CHATDESK:
            return None
        case Service.WRONG_NAME:
            asked = observed.refused_name or observed.host
            sentence = f"The chat there does not answer to the name {asked}."
            return fault("name", sentence, _SHOWN_ADDRESS, *remedies.allow_host(asked, observed.url))
        case Service.WRONG_PATH:
            sentence = f"The chat there is not at {_path(observed)}."
            return fault("path", sentence, remedies.omit_path(observed.url), *remedies.set_public_url(observed.url))
        case Service.OBSTACLE:
            return fault("obstacle", observed.obstacle, remedies.RUN_DOCTOR_ON_HOST)
        case Service.UNTRUSTED:
            return fault(
                "untrusted",
                "The chat is there, and encrypts with a certificate of its own: browsers warn until they trust it.",
                remedies.trust(observed.url),
                Remedy("Or join with ChatDesk's own window, where four words are compared, once."),
            )
        case Service.PORTAL:
            return fault(
                "portal",
                "This network wants one to log in before it lets anything through.",
                Remedy("Open any page in a browser, such as http://example.com, log in there, and try again."),
            )
        case Service.NOBODY:
            return fault(
                "not-answering",
                f"Something takes the connection at {_page(observed)}, but does not answer.",
                Remedy("If the chat hangs, its host can close it, and open it again. Then try again."),
                remedies.RUN_DOCTOR_ON_HOST,
            )
        case Service.OTHER:
            return fault(
                "other-program",
                f"At {_page(observed)} there is another program, not ChatDesk.",
                Remedy("Compare the port, the number behind the colon, with the one on the host's screen."),
                remedies.RUN_DOCTOR_ON_HOST,
            )


def _blocked(observed: AddressObservations) -> Finding | None:
    if "%" in observed.host:
        return fault(
            "wrong-interface",
            f"The chat is there, but no browser opens an address with an interface in it, such as {observed.host}.",
            Remedy("Take another one of the addresses that the host has, or its name."),
            _OWN_WINDOW,
        )
    if not observed.encrypted and not opens_over_http(observed.host):
        return fault(
            "name",
            f"The chat is there, but names such as {observed.host} are opened over https:// alone by browsers.",
            Remedy("Take another name of the host's, or its address in numbers."),
            Remedy("Or put a proxy that encrypts before the chat: ChatDesk has examples for nginx, HAProxy and Caddy."),
            _OWN_WINDOW,
        )
    if opens_in_browsers(observed.port):
        return None
    return fault(
        "port",
        f"The chat is there, but no browser opens port {observed.port}, which belongs to another service.",
        Remedy("The host takes another port:", f"chatdesk host --port {next_allowed_port(observed.port)}"),
        _OWN_WINDOW,
    )


def _proxy(observed: AddressObservations, system: str) -> Finding | None:
    if not observed.proxy or observed.encrypted or observed.service_by_proxy is Service.CHATDESK:
        return None
    proxy = observed.proxy
    proxy_name = f"the proxy {proxy.host}:{proxy.port}"
    sentence = f"The chat is there, but browsers on this computer go through {proxy_name}, which keeps them from it."
    return fault("proxy", sentence, *remedies.bypass_proxy(proxy.setting, observed.host, proxy.bypassed, system))


def _clock(observed: AddressObservations, system: str) -> Finding | None:
    finding = clock(observed)
    if finding.verdict is not Verdict.PROBLEM:
        return None
    whose = Remedy("Compare both with a clock that is right; then set the wrong one.")
    sentence = f"The chat can be joined, but the clocks differ. {finding.sentence}"
    return fault("clock", sentence, whose, *remedies.set_clock(system))


def _not_listening(observed: AddressObservations) -> Finding:
    if observed.is_own:
        return fault(
            "not-listening",
            f"{observed.address} is this very computer, and nobody hosts a chat on its port {observed.port}.",
            Remedy("See what is wrong with the chat that is hosted here:", f"chatdesk doctor --port {observed.port}"),
        )
    return fault(
        "not-listening",
        f"The computer {observed.address} is there, but nobody hosts a chat on its port {observed.port}.",
        *_shortened(observed),
        Remedy("Compare the port, the number behind the colon, with the one on the host's screen."),
        Remedy("See that the chat is still open there."),
        remedies.RUN_DOCTOR_ON_HOST,
    )


def _no_route(observed: AddressObservations) -> Finding:
    """Nothing answers, neither yes nor no.

    What tells the reasons apart is whether the device itself answers, below all programs.
    """
    network = observed.network
    if network is None:
        return _other_subnet(observed)
    if kind := FAR_NETWORKS.get(network.kind):
        sentence = f"{observed.address} is in the network {kind} ({network.interface}), not in the one of the room."
        return fault("wrong-interface", sentence, Remedy("Take another one of the addresses that the host has."))
    if observed.device is DeviceState.PRESENT or (
        observed.device is DeviceState.UNKNOWN and observed.reached is ConnectOutcome.SILENT
    ):
        sentence = (
            f"The computer {observed.address} is there, but a firewall on it keeps others away from port "
            f"{observed.port}."
        )
        return fault("firewall", sentence, *_shortened(observed), *remedies.open_other_firewall(observed.port))
    if observed.neighbourhood.router is DeviceState.ABSENT:
        sentence = "Not even the router of this network answers: this computer has lost its network."
        return fault("no-network", sentence, Remedy("Join the Wi-Fi again, or plug the cable in."))
    if observed.neighbourhood.others:
        return fault(
            "nobody-there",
            f"No device answers at {observed.address}, though others in this network do.",
            Remedy("See that the host's computer is awake and in this network: its address may have changed."),
            _SHOWN_ADDRESS,
        )
    return fault(
        "isolated",
        f"No device answers at {observed.address}, nor any other, only the router: it looks as if this Wi-Fi kept its "
        "devices apart.",
        Remedy("First see that the host's computer is awake, and that the address is the one on its screen."),
        *remedies.avoid_isolation(),
    )


def _shortened(observed: AddressObservations) -> tuple[Remedy, ...]:
    return (Remedy(SHORTENED),) if may_be_shortened(observed.url) else ()


def _other_subnet(observed: AddressObservations) -> Finding:
    if _is_link_local(observed):
        sentence = (
            f"Nothing answers at {observed.address}, an address that only counts in the network of one interface."
        )
        return fault("wrong-interface", sentence, _SHOWN_ADDRESS)
    own = observed.networks[0].addresses[0]
    return fault(
        "other-subnet",
        f"The host, {observed.address}, and this computer, {own}, are in different networks, and nothing leads across.",
        *_shortened(observed),
        Remedy("Join the same Wi-Fi, or the same cable network, as the host."),
        Remedy("If the host's computer has several addresses, take another one: this may be a VPN's or a container's."),
    )


def _page(observed: AddressObservations) -> str:
    return observed.url.removesuffix("/")


def _path(observed: AddressObservations) -> str:
    return urlsplit(_page(observed)).path


def _is_loopback(observed: AddressObservations) -> bool:
    return ipaddress.ip_address(observed.address).is_loopback


def _is_link_local(observed: AddressObservations) -> bool:
    return ipaddress.ip_address(observed.address).is_link_local


def _finding(check: str, verdict: Verdict, sentence: str) -> Finding:
    return Finding(check, TITLES[check], verdict, sentence)
