"""From what was seen of the chat that is hosted here to findings. Pure."""

from chatdesk.doctor import diagnose_page, remedies
from chatdesk.doctor.report import DIAGNOSIS, Finding, Remedy, Verdict, fault
from chatdesk.doctor.seen import CLOCK_SECONDS, ELSEWHERE, Caller, Gate, HostView, Near, Reached, Service
from chatdesk.doctor.words import duration, listing, page
from chatdesk.ip import EVERY_ADDRESS
from chatdesk.ports import opens_in_browsers, port_after
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


def listening(view: HostView) -> Finding:
    """Is there anything on the port?"""
    if view.listening and not opens_in_browsers(view.port):
        sentence = f"Something listens on port {view.port}, which no browser opens."
        return _finding("listening", Verdict.PROBLEM, sentence)
    if view.listening:
        return _finding("listening", Verdict.OK, f"Something listens on port {view.port}.")
    if Reached.SILENT in (view.loopback, *view.reached.values()):
        sentence = f"Nothing comes back from port {view.port}, not even to this computer itself."
        return _finding("listening", Verdict.PROBLEM, sentence)
    return _finding("listening", Verdict.PROBLEM, f"Nothing listens on port {view.port} of this computer.")


def answer(view: HostView) -> Finding:
    """Is it a chat?"""
    match view.service:
        case Service.CHATDESK:
            return _finding("answer", Verdict.OK, "It is ChatDesk.")
        case Service.NOBODY if not view.listening:
            return _finding("answer", Verdict.UNKNOWN, "Nothing answers there.")
        case Service.NOBODY:
            return _finding("answer", Verdict.PROBLEM, "It takes connections, but says nothing.")
        case _:
            return _finding("answer", Verdict.PROBLEM, "It is another program, not ChatDesk.")


def addresses(view: HostView) -> Finding:
    """Do our own addresses lead to it?"""
    if not view.networks:
        return _finding("addresses", Verdict.PROBLEM, "This computer is not in any network.")
    if not view.ways_in:
        return _finding("addresses", Verdict.PROBLEM, f"None of them leads to the chat: {listing(list(view.reached))}.")
    closed = [address for address in view.reached if address not in view.ways_in]
    if not closed:
        return _finding("addresses", Verdict.OK, f"All of them lead to the chat: {listing(view.ways_in)}.")
    sentence = f"{listing(view.ways_in)} {_lead(view.ways_in)} to the chat, but not {listing(closed)}."
    return _finding("addresses", Verdict.PROBLEM if view.best in closed else Verdict.WARNING, sentence)


def firewall(view: HostView) -> Finding:
    """Does this computer keep others out?"""
    program = view.firewall.program
    rules = view.firewall.place if program in ("nftables", "iptables", "iptables-legacy") else ""
    where = f"{program}, {rules}" if rules else program
    match view.firewall.gate:
        case Gate.SHUT:
            return _finding("firewall", Verdict.PROBLEM, f"It keeps others away from port {view.port} ({where}).")
        case Gate.OPEN:
            sentence = f"It lets others in ({program})." if program else "None is in the way."
            return _finding("firewall", Verdict.OK, sentence)
    if program:
        sentence = f"There is one ({where}), but whether it lets others in is not to be seen from here."
        return _finding("firewall", Verdict.WARNING, sentence)
    return _finding("firewall", Verdict.UNKNOWN, "Whether there is one, only an administrator may ask.")


def others(view: HostView) -> Finding:
    """Have others come in?"""
    if view.service is not Service.CHATDESK:
        return _finding("others", Verdict.UNKNOWN, "No chat answers here that others could come in to.")
    if not view.asked:
        sentence = (
            "Only who hosts can ask them: name the folder of its history with --data-dir, if it has one of its own."
        )
        return _finding("others", Verdict.UNKNOWN, sentence)
    if not view.callers:
        return _finding("others", Verdict.UNKNOWN, "Nobody is connected from another device who could be asked.")
    missed = [address for address in view.expected if not _reach(view, address)]
    came = [address for address in view.reached if _reach(view, address)]
    people = listing([_who(caller) for caller in view.callers])
    if not came:
        return _finding("others", Verdict.PROBLEM, f"{people}: no call has come in from there.")
    sentence = f"{people}: {_reaching(view.callers)} {listing(came)}{f', but not {listing(missed)}' if missed else ''}."
    return _finding("others", Verdict.PROBLEM if view.best in missed else Verdict.OK, sentence)


def clock(view: HostView) -> Finding:
    """Do others have the same time?"""
    known = [(caller, caller.skew) for caller in view.callers if caller.skew is not None]
    if not known:
        return _finding("clock", Verdict.UNKNOWN, "No other device has told its time, so the clocks are not compared.")
    wrong = _wrong_clocks(view)
    if wrong:
        listed = listing([f"{_who(caller)} is {_skew(caller.skew or 0)}" for caller in wrong])
        return _finding("clock", Verdict.WARNING, f"The clock of {listed}: {len(wrong)} of {len(known)} compared.")
    return _finding("clock", Verdict.OK, "They tell the same time as this computer's.")


def diagnose(view: HostView, system: str) -> Finding:
    """What it means, all in all; ``system`` is what Python calls it."""
    faults = (
        _blocked,
        _not_listening,
        _other_program,
        _empty_page,
        _no_network,
        _bound_elsewhere,
        _shut,
        _not_the_best,
        _far_interface,
    )
    found = next((it for rule in faults if (it := rule(view))), None)
    return found or _wrong_clock(view, system) or _unproved(view) or _fine(view)


def _blocked(view: HostView) -> Finding | None:
    if opens_in_browsers(view.port):
        return None
    return fault(
        "port",
        f"No browser opens port {view.port}, which belongs to another service.",
        Remedy("Host the chat on another port:", f"chatdesk host --port {port_after(view.port)}"),
    )


def _not_listening(view: HostView) -> Finding | None:
    if view.listening:
        return None
    if Reached.SILENT in (view.loopback, *view.reached.values()):
        return fault("firewall", f"Not even this computer gets through to its own port {view.port}.", *_let_in(view))
    return fault(
        "not-listening",
        f"Nobody hosts a chat on port {view.port} of this computer.",
        Remedy("Host one:", f"chatdesk host --port {view.port}"),
        Remedy("If the chat is on another port, such as 9000, say so:", "chatdesk doctor --port 9000"),
    )


def _other_program(view: HostView) -> Finding | None:
    if view.service is Service.CHATDESK:
        return None
    if view.service is Service.NOBODY:
        return fault(
            "not-answering",
            f"What has port {view.port} takes connections, but does not answer.",
            Remedy("If it is ChatDesk, it hangs: close it, if need be by force, and host the chat again."),
        )
    return fault(
        "other-program",
        f"Another program has port {view.port}: who comes to it does not find the chat.",
        Remedy("Host the chat on another port:", f"chatdesk host --port {port_after(view.port)}"),
    )


def _empty_page(view: HostView) -> Finding | None:
    return diagnose_page.blame(view.browsed, f"{page(view, view.best or view.home)}/")


def _no_network(view: HostView) -> Finding | None:
    if view.networks:
        return None
    return fault(
        "no-network",
        "This computer is in no network, so nobody can reach it.",
        Remedy("Switch Wi-Fi on, or plug the cable in, and join the network that the others are in."),
    )


def _bound_elsewhere(view: HostView) -> Finding | None:
    if view.best in view.ways_in:
        return None
    if view.reached[view.best] is Reached.SILENT:
        return fault("firewall", f"A firewall keeps even this computer from {view.best}.", *_let_in(view))
    where = f"only at {listing(view.ways_in)}" if view.ways_in else "only to this computer itself"
    return fault(
        "wrong-interface",
        f"The chat is open {where}: nobody reaches it at {view.best}.",
        Remedy("Host it at all addresses:", f"chatdesk host --port {view.port} --bind {EVERY_ADDRESS}"),
    )


def _shut(view: HostView) -> Finding | None:
    if view.firewall.gate is not Gate.SHUT or _reach(view, view.best):
        return None
    return fault("firewall", f"The firewall of this computer keeps others away from port {view.port}.", *_let_in(view))


def _not_the_best(view: HostView) -> Finding | None:
    """Others come in, but not where they are told to."""
    came = [address for address in view.ways_in if _reach(view, address)]
    if not view.callers or view.best in came:
        return None
    neighbours = [caller for caller in view.callers if view.networks[0].contains(caller.address)]
    if neighbours or not came:
        sentence = f"{listing([_who(it) for it in neighbours or view.callers])} cannot reach {page(view)}"
        return fault("firewall", f"{sentence}: it looks as if a firewall kept them away.", *_let_in(view))
    return fault(
        "wrong-interface",
        f"Others reach this computer at {listing(came)}, not at {view.best}.",
        Remedy(f"Give them this address: {page(view, came[0])}"),
    )


def _far_interface(view: HostView) -> Finding | None:
    kind = ELSEWHERE.get(view.networks[0].kind)
    if not kind or _reach(view, view.best):
        return None
    return fault(
        "wrong-interface",
        f"The only address of this computer, {view.best}, is one {kind}: people in the room are not in that network.",
        Remedy("Switch Wi-Fi on, or plug the cable in, and join the network that the others are in."),
    )


def _wrong_clock(view: HostView, system: str) -> Finding | None:
    if not any(caller.joined for caller in _wrong_clocks(view)):
        return None
    finding = clock(view)
    sentence = f"Others reach the chat, but the clocks differ. {finding.sentence}"
    whose = Remedy("Compare both with a clock that is right; then set the wrong one.")
    return fault("clock", sentence, whose, *remedies.set_clock(system))


def _wrong_clocks(view: HostView) -> list[Caller]:
    return [caller for caller in view.callers if abs(caller.skew or 0) > CLOCK_SECONDS]


def _unproved(view: HostView) -> Finding | None:
    """All is well as far as it can be seen from here, which is not far."""
    if _reach(view, view.best):
        return None
    phone = Remedy(f"Open {page(view)}/check on a phone in the same network: it tests every address.")
    if view.firewall.program and view.firewall.gate is Gate.UNKNOWN:
        sentence = f"The chat is open at {page(view)}; the firewall of this computer may keep others out, though."
        return _perhaps("firewall", sentence, phone, *_let_in(view))
    if view.neighbourhood.router is Near.THERE and not view.neighbourhood.others:
        sentence = f"The chat is open at {page(view)}, but no other device has been heard of in this network."
        return _perhaps("isolated", sentence, phone, *remedies.join_apart())
    return _perhaps("fine", f"The chat is open at {page(view)}. Nobody from outside has proved it yet.", phone)


def _fine(view: HostView) -> Finding:
    return Finding("fine", DIAGNOSIS, Verdict.OK, f"All is well: others reach the chat at {page(view)}.")


def _let_in(view: HostView) -> tuple[Remedy, ...]:
    return remedies.open_firewall(view.firewall, view.port)


def _reach(view: HostView, address: str) -> bool:
    return any(address in caller.reached for caller in view.callers)


def _who(caller: Caller) -> str:
    return f"{isolated(caller.name)} ({caller.address})"


def _skew(seconds: float) -> str:
    return f"{duration(abs(seconds))} {'ahead' if seconds > 0 else 'behind'}"


def _lead(items: list[str]) -> str:
    return "leads" if len(items) == 1 else "lead"


def _reaching(callers: tuple[Caller, ...]) -> str:
    return "reaches" if len(callers) == 1 else "they reach"


def _finding(check: str, verdict: Verdict, sentence: str) -> Finding:
    return Finding(check, TITLES[check], verdict, sentence)


def _perhaps(name: str, sentence: str, *remedies: Remedy) -> Finding:
    return Finding(name, DIAGNOSIS, Verdict.WARNING, sentence, remedies)
