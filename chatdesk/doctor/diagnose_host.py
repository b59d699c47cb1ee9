"""Draws conclusions about the chat that is hosted on this computer. Pure."""

from chatdesk.blocked_ports import next_allowed_port, opens_in_browsers
from chatdesk.doctor import diagnose_page, remedies
from chatdesk.doctor.observations import (
    CLOCK_SECONDS,
    FAR_NETWORKS,
    Caller,
    ConnectOutcome,
    DeviceState,
    FirewallAccess,
    HostObservations,
    Service,
)
from chatdesk.doctor.phrases import chat_url, duration, join_words
from chatdesk.doctor.report import DIAGNOSIS, Finding, Remedy, Verdict, fault
from chatdesk.ip import EVERY_ADDRESS
from chatdesk.protocol.text import isolated

TITLES = {
    "listening": "The port",
    "answer": "What answers",
    "page": diagnose_page.TITLE,
    "addresses": "Own addresses",
    "firewall": "The firewall",
    "others": "Other devices",
    "clock": "The clocks",
}


def listening(observed: HostObservations) -> Finding:
    """Check whether anything listens on the port."""
    if observed.listening and not opens_in_browsers(observed.port):
        sentence = f"Something listens on port {observed.port}, which no browser opens."
        return _finding("listening", Verdict.PROBLEM, sentence)
    if observed.listening:
        return _finding("listening", Verdict.OK, f"Something listens on port {observed.port}.")
    if ConnectOutcome.SILENT in (observed.loopback, *observed.reached.values()):
        sentence = f"Nothing comes back from port {observed.port}, not even to this computer itself."
        return _finding("listening", Verdict.PROBLEM, sentence)
    return _finding("listening", Verdict.PROBLEM, f"Nothing listens on port {observed.port} of this computer.")


def answer(observed: HostObservations) -> Finding:
    """Check whether a chat answers."""
    match observed.service:
        case Service.CHATDESK:
            return _finding("answer", Verdict.OK, "It is ChatDesk.")
        case Service.NOBODY if not observed.listening:
            return _finding("answer", Verdict.UNKNOWN, "Nothing answers there.")
        case Service.NOBODY:
            return _finding("answer", Verdict.PROBLEM, "It takes connections, but says nothing.")
        case _:
            return _finding("answer", Verdict.PROBLEM, "It is another program, not ChatDesk.")


def addresses(observed: HostObservations) -> Finding:
    """Check whether this computer's addresses lead to the chat."""
    if not observed.networks:
        return _finding("addresses", Verdict.PROBLEM, "This computer is not in any network.")
    if not observed.open_addresses:
        return _finding(
            "addresses", Verdict.PROBLEM, f"None of them leads to the chat: {join_words(list(observed.reached))}."
        )
    closed = [address for address in observed.reached if address not in observed.open_addresses]
    if not closed:
        return _finding(
            "addresses", Verdict.OK, f"All of them lead to the chat: {join_words(observed.open_addresses)}."
        )
    reached = observed.open_addresses
    sentence = f"{join_words(reached)} {_lead_or_leads(reached)} to the chat, but not {join_words(closed)}."
    return _finding("addresses", Verdict.PROBLEM if observed.shown_address in closed else Verdict.WARNING, sentence)


def firewall(observed: HostObservations) -> Finding:
    """Check whether this computer keeps others out."""
    program = observed.firewall.program
    rules = observed.firewall.location if program in ("nftables", "iptables", "iptables-legacy") else ""
    where = f"{program}, {rules}" if rules else program
    match observed.firewall.access:
        case FirewallAccess.BLOCKED:
            return _finding("firewall", Verdict.PROBLEM, f"It keeps others away from port {observed.port} ({where}).")
        case FirewallAccess.OPEN:
            sentence = f"It lets others in ({program})." if program else "None is in the way."
            return _finding("firewall", Verdict.OK, sentence)
    if program:
        sentence = f"There is one ({where}), but whether it lets others in is not to be seen from here."
        return _finding("firewall", Verdict.WARNING, sentence)
    return _finding("firewall", Verdict.UNKNOWN, "Whether there is one, only an administrator may ask.")


def others(observed: HostObservations) -> Finding:
    """Check whether other devices have reached the chat."""
    if observed.service is not Service.CHATDESK:
        return _finding("others", Verdict.UNKNOWN, "No chat answers here that others could come in to.")
    if not observed.callers_known:
        sentence = (
            "Only the host can ask them: name the folder of its history with --data-dir, if it has one of its own."
        )
        return _finding("others", Verdict.UNKNOWN, sentence)
    if not observed.callers:
        return _finding("others", Verdict.UNKNOWN, "Nobody is connected from another device who could be asked.")
    missed = [address for address in observed.expected_addresses if not _was_reached(observed, address)]
    reached_addresses = [address for address in observed.reached if _was_reached(observed, address)]
    people = join_words([_caller_name(caller) for caller in observed.callers])
    if not reached_addresses:
        return _finding("others", Verdict.PROBLEM, f"{people}: no call has come in from there.")
    exception = f", but not {join_words(missed)}" if missed else ""
    sentence = f"{people}: {_reach_or_reaches(observed.callers)} {join_words(reached_addresses)}{exception}."
    return _finding("others", Verdict.PROBLEM if observed.shown_address in missed else Verdict.OK, sentence)


def clock(observed: HostObservations) -> Finding:
    """Check whether other devices have the same time."""
    known = [(caller, caller.skew) for caller in observed.callers if caller.skew is not None]
    if not known:
        return _finding("clock", Verdict.UNKNOWN, "No other device has told its time, so the clocks are not compared.")
    wrong = _wrong_clocks(observed)
    if wrong:
        listed = join_words([f"{_caller_name(caller)} is {_skew(caller.skew or 0)}" for caller in wrong])
        return _finding("clock", Verdict.WARNING, f"The clock of {listed}: {len(wrong)} of {len(known)} compared.")
    return _finding("clock", Verdict.OK, "They tell the same time as this computer's.")


def diagnose(observed: HostObservations, system: str) -> Finding:
    """Return the diagnosis of all observations; ``system`` is Python's name of the operating system."""
    faults = (
        _blocked,
        _not_listening,
        _other_program,
        _empty_page,
        _no_network,
        _bound_elsewhere,
        _firewall_blocks,
        _not_the_best,
        _far_interface,
    )
    problem = next((it for rule in faults if (it := rule(observed))), None)
    return problem or _wrong_clock(observed, system) or _unconfirmed(observed) or _fine(observed)


def _blocked(observed: HostObservations) -> Finding | None:
    if opens_in_browsers(observed.port):
        return None
    return fault(
        "port",
        f"No browser opens port {observed.port}, which belongs to another service.",
        Remedy("Host the chat on another port:", f"chatdesk host --port {next_allowed_port(observed.port)}"),
    )


def _not_listening(observed: HostObservations) -> Finding | None:
    if observed.listening:
        return None
    if ConnectOutcome.SILENT in (observed.loopback, *observed.reached.values()):
        return fault(
            "firewall",
            f"Not even this computer gets through to its own port {observed.port}.",
            *_open_firewall(observed),
        )
    return fault(
        "not-listening",
        f"Nobody hosts a chat on port {observed.port} of this computer.",
        Remedy("Host one:", f"chatdesk host --port {observed.port}"),
        Remedy("If the chat is on another port, such as 9000, say so:", "chatdesk doctor --port 9000"),
    )


def _other_program(observed: HostObservations) -> Finding | None:
    if observed.service is Service.CHATDESK:
        return None
    if observed.service is Service.NOBODY:
        return fault(
            "not-answering",
            f"What has port {observed.port} takes connections, but does not answer.",
            Remedy("If it is ChatDesk, it hangs: close it, if need be by force, and host the chat again."),
        )
    return fault(
        "other-program",
        f"Another program has port {observed.port}: people who open it do not find the chat.",
        Remedy("Host the chat on another port:", f"chatdesk host --port {next_allowed_port(observed.port)}"),
    )


def _empty_page(observed: HostObservations) -> Finding | None:
    return diagnose_page.diagnose(
        observed.page_load, f"{chat_url(observed, observed.shown_address or observed.loopback_address)}/"
    )


def _no_network(observed: HostObservations) -> Finding | None:
    if observed.networks:
        return None
    return fault(
        "no-network",
        "This computer is in no network, so nobody can reach it.",
        Remedy("Switch Wi-Fi on, or plug the cable in, and join the network that the others are in."),
    )


def _bound_elsewhere(observed: HostObservations) -> Finding | None:
    if observed.shown_address in observed.open_addresses:
        return None
    if observed.reached[observed.shown_address] is ConnectOutcome.SILENT:
        return fault(
            "firewall", f"A firewall keeps even this computer from {observed.shown_address}.", *_open_firewall(observed)
        )
    where = (
        f"only at {join_words(observed.open_addresses)}" if observed.open_addresses else "only to this computer itself"
    )
    return fault(
        "wrong-interface",
        f"The chat is open {where}: nobody reaches it at {observed.shown_address}.",
        Remedy("Host it at all addresses:", f"chatdesk host --port {observed.port} --bind {EVERY_ADDRESS}"),
    )


def _firewall_blocks(observed: HostObservations) -> Finding | None:
    if observed.firewall.access is not FirewallAccess.BLOCKED or _was_reached(observed, observed.shown_address):
        return None
    return fault(
        "firewall",
        f"The firewall of this computer keeps others away from port {observed.port}.",
        *_open_firewall(observed),
    )


def _not_the_best(observed: HostObservations) -> Finding | None:
    """Others reach the chat, but not at the address that they are given."""
    reached_addresses = [address for address in observed.open_addresses if _was_reached(observed, address)]
    if not observed.callers or observed.shown_address in reached_addresses:
        return None
    neighbours = [caller for caller in observed.callers if observed.networks[0].contains(caller.address)]
    if neighbours or not reached_addresses:
        people = join_words([_caller_name(caller) for caller in neighbours or observed.callers])
        sentence = f"{people} cannot reach {chat_url(observed)}"
        return fault("firewall", f"{sentence}: it looks as if a firewall kept them away.", *_open_firewall(observed))
    return fault(
        "wrong-interface",
        f"Others reach this computer at {join_words(reached_addresses)}, not at {observed.shown_address}.",
        Remedy(f"Give them this address: {chat_url(observed, reached_addresses[0])}"),
    )


def _far_interface(observed: HostObservations) -> Finding | None:
    kind = FAR_NETWORKS.get(observed.networks[0].kind)
    if not kind or _was_reached(observed, observed.shown_address):
        return None
    return fault(
        "wrong-interface",
        f"The only address of this computer, {observed.shown_address}, is one {kind}: people in the room are not in "
        "that network.",
        Remedy("Switch Wi-Fi on, or plug the cable in, and join the network that the others are in."),
    )


def _wrong_clock(observed: HostObservations, system: str) -> Finding | None:
    if not any(caller.joined for caller in _wrong_clocks(observed)):
        return None
    finding = clock(observed)
    sentence = f"Others reach the chat, but the clocks differ. {finding.sentence}"
    whose = Remedy("Compare both with a clock that is right; then set the wrong one.")
    return fault("clock", sentence, whose, *remedies.set_clock(system))


def _wrong_clocks(observed: HostObservations) -> list[Caller]:
    return [caller for caller in observed.callers if abs(caller.skew or 0) > CLOCK_SECONDS]


def _unconfirmed(observed: HostObservations) -> Finding | None:
    """All is well as far as this computer can see, which is not far."""
    if _was_reached(observed, observed.shown_address):
        return None
    phone = Remedy(f"Open {chat_url(observed)}/check on a phone in the same network: it tests every address.")
    if observed.firewall.program and observed.firewall.access is FirewallAccess.UNKNOWN:
        sentence = (
            f"The chat is open at {chat_url(observed)}; the firewall of this computer may keep others out, though."
        )
        return _warning("firewall", sentence, phone, *_open_firewall(observed))
    if observed.neighbourhood.router is DeviceState.PRESENT and not observed.neighbourhood.others:
        sentence = f"The chat is open at {chat_url(observed)}, but no other device has been heard of in this network."
        return _warning("isolated", sentence, phone, *remedies.avoid_isolation())
    return _warning("fine", f"The chat is open at {chat_url(observed)}. Nobody from outside has proved it yet.", phone)


def _fine(observed: HostObservations) -> Finding:
    return Finding("fine", DIAGNOSIS, Verdict.OK, f"All is well: others reach the chat at {chat_url(observed)}.")


def _open_firewall(observed: HostObservations) -> tuple[Remedy, ...]:
    return remedies.open_firewall(observed.firewall, observed.port)


def _was_reached(observed: HostObservations, address: str) -> bool:
    return any(address in caller.reached for caller in observed.callers)


def _caller_name(caller: Caller) -> str:
    return f"{isolated(caller.name)} ({caller.address})"


def _skew(seconds: float) -> str:
    return f"{duration(abs(seconds))} {'ahead' if seconds > 0 else 'behind'}"


def _lead_or_leads(items: list[str]) -> str:
    return "leads" if len(items) == 1 else "lead"


def _reach_or_reaches(callers: tuple[Caller, ...]) -> str:
    return "reaches" if len(callers) == 1 else "they reach"


def _finding(check: str, verdict: Verdict, sentence: str) -> Finding:
    return Finding(check, TITLES[check], verdict, sentence)


def _warning(name: str, sentence: str, *remedies: Remedy) -> Finding:
    return Finding(name, DIAGNOSIS, Verdict.WARNING, sentence, remedies)
