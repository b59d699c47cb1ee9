"""From what was seen of a chat elsewhere to findings: why it cannot be joined from here. Pure."""

import ipaddress
from urllib.parse import urlsplit

from chatdesk.client.connect_errors import SHORTENED, may_be_shortened
from chatdesk.discovery.addresses import with_port
from chatdesk.doctor import diagnose_page, remedies
from chatdesk.doctor.report import DIAGNOSIS, Finding, Remedy, Verdict, fault
from chatdesk.doctor.seen import CLOCK_SECONDS, ELSEWHERE, AddressView, Near, Reached, Service
from chatdesk.doctor.words import duration
from chatdesk.origin import opens_unencrypted
from chatdesk.ports import opens_in_browsers, port_after

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

_THE_SHOWN = Remedy("Type the address as it stands on the host's screen, such as 192.168.4.20:8080.")


def name(view: AddressView) -> Finding:
    """Does the name stand for an address?"""
    if view.heard and not view.found:
        sentence = f"The network knows {view.host} as {view.heard[0]}, but this computer does not ask it."
        return _finding("name", Verdict.PROBLEM, sentence)
    if not view.found:
        return _finding("name", Verdict.PROBLEM, f"No computer is known here as {view.host}.")
    if view.code:
        return _finding("name", Verdict.OK, f"The short code {view.code} stands for {view.address} here.")
    if view.address == view.host:
        return _finding("name", Verdict.OK, f"{view.host} is an address in numbers: there is no name to look up.")
    return _finding("name", Verdict.OK, f"{view.host} is {view.address}.")


def network(view: AddressView) -> Finding:
    """Is it in a network of ours?"""
    if not view.found:
        return _finding("network", Verdict.UNKNOWN, "Which network it is in is not known, because its address is not.")
    if _is_loopback(view):
        return _finding("network", Verdict.WARNING, f"{view.address} is always the very computer one sits at.")
    if _is_link_local(view):
        return _finding("network", Verdict.WARNING, f"{view.address} only counts in the network of one interface.")
    if not view.networks:
        return _finding("network", Verdict.PROBLEM, "This computer is not in any network.")
    if view.own:
        return _finding("network", Verdict.OK, f"{view.address} is this computer itself.")
    if view.network is None:
        own = view.networks[0].addresses[0]
        sentence = f"{view.address} is in another network than this computer, {own}: a router stands between."
        return _finding("network", Verdict.WARNING, sentence)
    if kind := ELSEWHERE.get(view.network.kind):
        return _finding("network", Verdict.WARNING, f"{view.address} is in a network {kind} on this computer.")
    return _finding("network", Verdict.OK, f"{view.address} is in the same network as this computer.")


def connection(view: AddressView) -> Finding:
    """Can one connect?"""
    if not view.found:
        return _finding("connection", Verdict.UNKNOWN, "There is no address to connect to.")
    place = f"port {view.port} of {view.address}"
    match view.reached:
        case Reached.OPEN if not opens_in_browsers(view.port):
            sentence = f"Something listens on {place}, but no browser opens that port."
            return _finding("connection", Verdict.PROBLEM, sentence)
        case Reached.OPEN:
            return _finding("connection", Verdict.OK, f"Something listens on {place}.")
        case Reached.REFUSED:
            return _finding(
                "connection", Verdict.PROBLEM, f"That computer is there, but it refuses connections to {place}."
            )
        case Reached.SILENT:
            return _finding("connection", Verdict.PROBLEM, f"Nothing comes back from {place}.")
        case Reached.UNREACHABLE:
            return _finding("connection", Verdict.PROBLEM, f"There is no way to {place}.")


def answer(view: AddressView) -> Finding:
    """Is it a chat that answers?"""
    match view.service:
        case Service.CHATDESK:
            return _finding("answer", Verdict.OK, "It is ChatDesk.")
        case Service.WRONG_NAME:
            return _finding("answer", Verdict.PROBLEM, f"It is ChatDesk, but it does not go by the name {view.host}.")
        case Service.WRONG_PATH:
            return _finding("answer", Verdict.PROBLEM, f"It is ChatDesk, but it is not at {_path(view)}.")
        case Service.OBSTACLE:
            return _finding("answer", Verdict.PROBLEM, "Something before the chat does not let one in.")
        case Service.PORTAL:
            return _finding("answer", Verdict.PROBLEM, "It is the page of a network where one has to log in.")
        case Service.OTHER:
            return _finding("answer", Verdict.PROBLEM, "It is another program, not ChatDesk.")
        case Service.NOBODY:
            reached = view.reached is Reached.OPEN
            sentence = "It takes the connection, but says nothing." if reached else "Nobody has answered."
            return _finding("answer", Verdict.PROBLEM if reached else Verdict.UNKNOWN, sentence)


def proxy(view: AddressView) -> Finding:
    """Do browsers get there, too?"""
    if not view.found:
        return _finding(
            "proxy", Verdict.UNKNOWN, "Whether a proxy stands between is not known, because its address is not."
        )
    if view.by_script:
        sentence = "Browsers here ask a script of the network which proxy to take; whether they get there is not known."
        return _finding("proxy", Verdict.UNKNOWN, sentence)
    if not view.proxy:
        return _finding("proxy", Verdict.OK, "Browsers here go to this address directly.")
    through = f"Browsers here go through the proxy {view.proxy.host}:{view.proxy.port}"
    if view.encrypted:
        return _finding("proxy", Verdict.UNKNOWN, f"{through}; whether that leads there is not known.")
    if view.by_proxy is Service.CHATDESK:
        return _finding("proxy", Verdict.OK, f"{through}, and it leads to the chat.")
    return _finding("proxy", Verdict.PROBLEM, f"{through}, which does not lead there.")


def clock(view: AddressView) -> Finding:
    """Do both tell the same time?"""
    if view.skew is None:
        return _finding("clock", Verdict.UNKNOWN, "The clocks are not compared, because the chat has not answered.")
    if abs(view.skew) <= CLOCK_SECONDS:
        return _finding("clock", Verdict.OK, "Both tell the same time.")
    ahead = "ahead of" if view.skew > 0 else "behind"
    return _finding("clock", Verdict.PROBLEM, f"The host's is {duration(abs(view.skew))} {ahead} this computer's.")


def diagnose(view: AddressView, system: str) -> Finding:
    """What it means, all in all; ``system`` is what Python calls it."""
    if not view.found:
        return _no_name(view, system)
    if view.reached is Reached.OPEN:
        found = (
            _wrong_answer(view)
            or _blocked(view)
            or diagnose_page.blame(view.browsed, view.url)
            or _proxy(view, system)
            or _clock(view, system)
        )
        return found or Finding("fine", DIAGNOSIS, Verdict.OK, f"All is well: the chat at {_page(view)} can be joined.")
    if _is_loopback(view):
        sentence = f"{view.host} is always the very computer one sits at, and there nobody hosts a chat."
        return fault("wrong-interface", sentence, _THE_SHOWN)
    if not view.networks:
        return fault("no-network", "This computer is in no network.", Remedy("Join the network that the host is in."))
    if view.reached is Reached.REFUSED or view.own:
        return _not_listening(view)
    return _no_way(view)


def _no_name(view: AddressView, system: str) -> Finding:
    if view.heard:
        return fault(
            "name",
            f"The host is there, but this computer does not look for names that end in .local, such as {view.host}.",
            Remedy(f"Type its address in numbers instead: {with_port(view.heard[0], view.port)}"),
            *remedies.local_names(system),
        )
    sentence = f"Nothing here knows the name {view.host}."
    number = Remedy("Type the host's address in numbers instead, such as 192.168.4.20:8080.")
    if view.host.endswith(".local"):
        return fault("name", sentence, number, *remedies.local_names(system))
    return fault("name", sentence, number, Remedy("Check how the name is written."))


def _wrong_answer(view: AddressView) -> Finding | None:
    match view.service:
        case Service.CHATDESK:
            return None
        case Service.WRONG_NAME:
            asked = view.asked_as or view.host
            sentence = f"The chat there does not answer to the name {asked}."
            return fault("name", sentence, _THE_SHOWN, *remedies.allow_name(asked, view.url))
        case Service.WRONG_PATH:
            sentence = f"The chat there is not at {_path(view)}."
            return fault("path", sentence, remedies.leave_out_path(view.url), *remedies.name_address(view.url))
        case Service.OBSTACLE:
            return fault("obstacle", view.why, remedies.DOCTOR_THERE)
        case Service.PORTAL:
            return fault(
                "portal",
                "This network wants one to log in before it lets anything through.",
                Remedy("Open any page in a browser, such as http://example.com, log in there, and try again."),
            )
        case Service.NOBODY:
            return fault(
                "not-answering",
                f"Something takes the connection at {_page(view)}, but does not answer.",
                Remedy("If the chat hangs, its host can close it, and open it again. Then try again."),
                remedies.DOCTOR_THERE,
            )
        case Service.OTHER:
            return fault(
                "other-program",
                f"At {_page(view)} there is another program, not ChatDesk.",
                Remedy("Compare the port, the number behind the colon, with the one on the host's screen."),
                remedies.DOCTOR_THERE,
            )


def _blocked(view: AddressView) -> Finding | None:
    if "%" in view.host:
        return fault(
            "wrong-interface",
            f"The chat is there, but no browser opens an address with an interface in it, such as {view.host}.",
            Remedy("Take another one of the addresses that the host has, or its name."),
            _OWN_WINDOW,
        )
    if not view.encrypted and not opens_unencrypted(view.host):
        return fault(
            "name",
            f"The chat is there, but names such as {view.host} are opened over https:// alone by browsers.",
            Remedy("Take another name of the host's, or its address in numbers."),
            Remedy("Or put a proxy that encrypts before the chat: ChatDesk has examples for nginx, HAProxy and Caddy."),
            _OWN_WINDOW,
        )
    if opens_in_browsers(view.port):
        return None
    return fault(
        "port",
        f"The chat is there, but no browser opens port {view.port}, which belongs to another service.",
        Remedy("Whoever hosts it takes another port:", f"chatdesk host --port {port_after(view.port)}"),
        _OWN_WINDOW,
    )


def _proxy(view: AddressView, system: str) -> Finding | None:
    if not view.proxy or view.encrypted or view.by_proxy is Service.CHATDESK:
        return None
    proxy = view.proxy
    through = f"the proxy {proxy.host}:{proxy.port}"
    sentence = f"The chat is there, but browsers on this computer go through {through}, which keeps them from it."
    return fault("proxy", sentence, *remedies.bypass_proxy(proxy.setting, view.host, proxy.excepted, system))


def _clock(view: AddressView, system: str) -> Finding | None:
    finding = clock(view)
    if finding.verdict is not Verdict.PROBLEM:
        return None
    whose = Remedy("Compare both with a clock that is right; then set the wrong one.")
    sentence = f"The chat can be joined, but the clocks differ. {finding.sentence}"
    return fault("clock", sentence, whose, *remedies.set_clock(system))


def _not_listening(view: AddressView) -> Finding:
    if view.own:
        return fault(
            "not-listening",
            f"{view.address} is this very computer, and nobody hosts a chat on its port {view.port}.",
            Remedy("See what is wrong with the chat that is hosted here:", f"chatdesk doctor --port {view.port}"),
        )
    return fault(
        "not-listening",
        f"The computer {view.address} is there, but nobody hosts a chat on its port {view.port}.",
        *_shortened(view),
        Remedy("Compare the port, the number behind the colon, with the one on the host's screen."),
        Remedy("See that the chat is still open there."),
        remedies.DOCTOR_THERE,
    )


def _no_way(view: AddressView) -> Finding:
    """Nobody says yes or no. What tells the reasons apart is whether the device itself answers, below all programs."""
    network = view.network
    if network is None:
        return _other_subnet(view)
    if kind := ELSEWHERE.get(network.kind):
        sentence = f"{view.address} is in the network {kind} ({network.interface}), not in the one of the room."
        return fault("wrong-interface", sentence, Remedy("Take another one of the addresses that the host has."))
    if view.target is Near.THERE or (view.target is Near.UNKNOWN and view.reached is Reached.SILENT):
        sentence = (
            f"The computer {view.address} is there, but a firewall on it keeps others away from port {view.port}."
        )
        return fault("firewall", sentence, *_shortened(view), *remedies.open_firewall_there(view.port))
    if view.neighbourhood.router is Near.ABSENT:
        sentence = "Not even the router of this network answers: this computer has lost its network."
        return fault("no-network", sentence, Remedy("Join the Wi-Fi again, or plug the cable in."))
    if view.neighbourhood.others:
        return fault(
            "nobody-there",
            f"No device answers at {view.address}, though others in this network do.",
            Remedy("See that the host's computer is awake and in this network: its address may have changed."),
            _THE_SHOWN,
        )
    return fault(
        "isolated",
        f"No device answers at {view.address}, nor any other, only the router: it looks as if this Wi-Fi kept its "
        "devices apart.",
        Remedy("First see that the host's computer is awake, and that the address is the one on its screen."),
        *remedies.join_apart(),
    )


def _shortened(view: AddressView) -> tuple[Remedy, ...]:
    return (Remedy(SHORTENED),) if may_be_shortened(view.url) else ()


def _other_subnet(view: AddressView) -> Finding:
    if _is_link_local(view):
        sentence = f"Nothing answers at {view.address}, an address that only counts in the network of one interface."
        return fault("wrong-interface", sentence, _THE_SHOWN)
    own = view.networks[0].addresses[0]
    return fault(
        "other-subnet",
        f"The host, {view.address}, and this computer, {own}, are in different networks, and nothing leads across.",
        *_shortened(view),
        Remedy("Join the same Wi-Fi, or the same cable network, as the host."),
        Remedy("If the host's computer has several addresses, take another one: this may be a VPN's or a container's."),
    )


def _page(view: AddressView) -> str:
    return view.url.removesuffix("/")


def _path(view: AddressView) -> str:
    return urlsplit(_page(view)).path


def _is_loopback(view: AddressView) -> bool:
    return ipaddress.ip_address(view.address).is_loopback


def _is_link_local(view: AddressView) -> bool:
    return ipaddress.ip_address(view.address).is_link_local


def _finding(check: str, verdict: Verdict, sentence: str) -> Finding:
    return Finding(check, TITLES[check], verdict, sentence)
