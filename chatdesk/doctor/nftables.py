"""Predicts from the rules of a Linux packet filter what happens to a new connection. Pure.

A rule may match on something unknown, such as a rate. So a chain has a set of possible outcomes, and a verdict is given
only if there is a single one.
"""

import fnmatch
import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NamedTuple

from chatdesk.doctor.observations import FirewallAccess

_DEPTH = 16
"""How deep chains may jump into each other; the kernel has the same limit."""
_HOOKS = {
    "inet": ("ingress", "prerouting", "input"),
    "ip": ("prerouting", "input"),
    "ip6": ("prerouting", "input"),
    "netdev": ("ingress",),
}
"""The hooks at which the kernel passes incoming packets of each family to chains."""


class _Outcome(Enum):
    ACCEPT = auto()
    DROP = auto()
    CONTINUE = auto()
    """The next rule is evaluated."""
    RETURN = auto()
    """The chain returns."""


_Outcomes = frozenset[_Outcome]
_ANY: _Outcomes = frozenset({_Outcome.ACCEPT, _Outcome.DROP, _Outcome.CONTINUE})
_CONTINUE: _Outcomes = frozenset({_Outcome.CONTINUE})
_VERDICTS = {
    "accept": frozenset({_Outcome.ACCEPT}),
    "drop": frozenset({_Outcome.DROP}),
    "reject": frozenset({_Outcome.DROP}),
    "return": frozenset({_Outcome.RETURN}),
    "continue": _CONTINUE,
    "queue": _ANY,
}
_ABSENT = ""
"""The value of a property that only other packets have: no match on it applies to this one."""
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_STATES = ("conntrack", "state")
_XT_TARGETS = {
    "REJECT": _VERDICTS["reject"],
    "DROP": _VERDICTS["drop"],
    "ACCEPT": _VERDICTS["accept"],
    "LOG": _CONTINUE,
}


@dataclass(frozen=True, slots=True)
class NewConnection:
    """The first packet of a connection from one of our networks to ``address`` and ``port``."""

    port: int
    interface: str
    address: str
    prefix: int

    @property
    def family(self) -> str:
        """What nft calls the IP version."""
        return "ip6" if ":" in self.address else "ip"


class FilterDecision(NamedTuple):
    """``location`` is where it is made: family, table and chain."""

    access: FirewallAccess
    location: str = ""


def evaluate_ruleset(text: str, new_connection: NewConnection) -> FilterDecision:
    """Return what the output of ``nft --json list ruleset`` does with a new connection.

    Raises ValueError if it is no ruleset.
    """
    return evaluate_rules(json.loads(text)["nftables"], new_connection)


def evaluate_rules(objects: list[dict[str, Any]], new_connection: NewConnection) -> FilterDecision:
    """Return what chains and rules do with a new connection."""
    rules = [entry["rule"] for entry in objects if "rule" in entry]
    chains = [entry["chain"] for entry in objects if "chain" in entry]
    return strictest(
        _ChainEvaluation(chain, rules, new_connection).decide() for chain in chains if _is_asked(chain, new_connection)
    )


def strictest(decisions: Iterable[FilterDecision]) -> FilterDecision:
    """Return the decision of all chains together: all of them are evaluated, and a drop wins."""
    by_access = {decision.access: decision for decision in reversed(list(decisions))}
    return (
        by_access.get(FirewallAccess.BLOCKED)
        or by_access.get(FirewallAccess.UNKNOWN)
        or FilterDecision(FirewallAccess.OPEN)
    )


def _is_asked(chain: dict[str, Any], new_connection: NewConnection) -> bool:
    if chain.get("hook") not in _HOOKS.get(chain["family"], ()) or chain.get("type") != "filter":
        return False
    if chain["family"] in ("ip", "ip6") and chain["family"] != new_connection.family:
        return False
    devices = chain.get("dev", new_connection.interface)
    return new_connection.interface in (devices if isinstance(devices, list) else [devices])


class _ChainEvaluation:
    """Evaluates one base chain, with all chains that it jumps to."""

    def __init__(self, chain: dict[str, Any], rules: list[dict[str, Any]], new_connection: NewConnection) -> None:
        self._chain = chain
        self._rules = [rule for rule in rules if all(rule[key] == chain[key] for key in ("family", "table"))]
        self._facts = _facts(new_connection)

    def decide(self) -> FilterDecision:
        policy = _VERDICTS[self._chain.get("policy", "accept")]
        outcomes = self._chain_outcomes(self._chain["name"], _DEPTH)
        outcomes = outcomes - _CONTINUE | policy if _Outcome.CONTINUE in outcomes else outcomes
        location = " ".join(self._chain[key] for key in ("family", "table", "name"))
        if outcomes == _VERDICTS["accept"]:
            return FilterDecision(FirewallAccess.OPEN, location)
        elsewhere = self._chain["hook"] == "ingress" and "dev" not in self._chain
        # an older nft does not list the device of such a chain
        return FilterDecision(
            FirewallAccess.BLOCKED if outcomes == _VERDICTS["drop"] and not elsewhere else FirewallAccess.UNKNOWN,
            location,
        )

    def _chain_outcomes(self, chain: str, depth: int) -> _Outcomes:
        """The possible outcomes of a chain; CONTINUE if it ends without a verdict."""
        if not depth:
            return _ANY
        possible: _Outcomes = frozenset()
        for rule in self._rules:
            if rule["chain"] != chain:
                continue
            outcomes = self._rule_outcomes(rule["expr"], depth)
            possible |= outcomes - _CONTINUE
            if _Outcome.CONTINUE not in outcomes:
                break
        else:
            possible |= _CONTINUE
        return possible - _VERDICTS["return"] | _CONTINUE if _Outcome.RETURN in possible else possible

    def _rule_outcomes(self, statements: list[dict[str, Any]], depth: int) -> _Outcomes:
        """The possible outcomes of a rule."""
        certain = True
        names_port = any(_key(part["match"]["left"]).endswith("dport") for part in statements if "match" in part)
        for statement in statements:
            ((kind, body),) = statement.items()
            fits = self._matches_connection(kind, body)
            if kind == "xt" and body["name"] in _STATES and not names_port:
                fits = False  # its condition is not listed; without a port, it is for established connections
            if fits is False:
                return _CONTINUE
            certain = certain and fits is True
            outcomes = self._verdict(kind, body, depth)
            if outcomes is not None:
                return outcomes if certain else outcomes | _CONTINUE
        return _CONTINUE

    def _matches_connection(self, kind: str, body: Any) -> bool | None:
        """Whether a statement applies to the connection; None if that is unknown."""
        if kind == "match":
            return _matches(self._facts.get(_key(body["left"])), body["op"], body["right"])
        return None if kind == "limit" or (kind == "xt" and body["type"] == "match") else True

    def _verdict(self, kind: str, body: Any, depth: int) -> _Outcomes | None:
        """The outcomes of a statement; None if it decides nothing."""
        if kind in _VERDICTS:
            return _VERDICTS[kind]
        if kind == "jump":
            return self._chain_outcomes(body["target"], depth - 1)
        if kind == "goto":  # it does not return to the next rule
            outcomes = self._chain_outcomes(body["target"], depth - 1)
            return outcomes - _CONTINUE | _VERDICTS["return"] if _Outcome.CONTINUE in outcomes else outcomes
        if kind == "xt" and body["type"] == "target":
            return _XT_TARGETS.get(body["name"], _ANY)
        if kind == "vmap":
            return self._map_outcomes(body, depth)
        return None

    def _map_outcomes(self, vmap: dict[str, Any], depth: int) -> _Outcomes:
        fact, data = self._facts.get(_key(vmap["key"])), vmap["data"]
        if not isinstance(data, dict):  # a named map, whose content may change
            return _ANY
        possible = _CONTINUE
        for value, statement in data["set"]:
            fits = _equals(fact, value)
            if fits is not False:
                outcomes = self._rule_outcomes([statement], depth)
                possible = outcomes if fits else possible | outcomes
            if fits:
                break
        return possible


def _facts(new_connection: NewConnection) -> dict[str, Any]:
    """The properties of the connection that rules may match on."""
    network = ipaddress.ip_network(f"{new_connection.address}/{new_connection.prefix}", strict=False)
    own, other = ("ip6", "ip") if new_connection.family == "ip6" else ("ip", "ip6")
    protocol = {"ip": "protocol", "ip6": "nexthdr"}
    return {
        f"{own} {protocol[own]}": "tcp",
        f"{own} daddr": new_connection.address,
        f"{own} saddr": network,
        f"{other} {protocol[other]}": _ABSENT,
        f"{other} daddr": _ABSENT,
        f"{other} saddr": _ABSENT,
        "tcp dport": new_connection.port,
        "th dport": new_connection.port,
        "udp dport": _ABSENT,
        "icmp type": _ABSENT,
        "icmpv6 type": _ABSENT,
        "l4proto": "tcp",
        "nfproto": "ipv6" if own == "ip6" else "ipv4",
        "protocol": own,
        "iif": new_connection.interface,
        "iifname": new_connection.interface,
        "pkttype": "host",
        "status": _ABSENT,
        "state": "new",
        "direction": "original",
    }


def _key(expression: Any) -> str:
    if not isinstance(expression, dict):
        return ""
    if payload := expression.get("payload"):
        return f"{payload.get('protocol')} {payload.get('field')}"
    field = expression.get("meta") or expression.get("ct") or {}
    return str(field.get("key", ""))


def _matches(fact: Any, operator: str, wanted: Any) -> bool | None:
    if fact == _ABSENT:
        return False
    fits = _equals(fact, wanted)
    if operator in ("==", "in") or fits is None:
        return fits
    return not fits if operator == "!=" else None


def _equals(fact: Any, wanted: Any) -> bool | None:
    """Whether a property has one of the wanted values; None if that is unknown."""
    if fact is None or (isinstance(wanted, str) and wanted.startswith("@")):
        return None
    if isinstance(wanted, dict) and "set" in wanted:
        wanted = wanted["set"]
    if isinstance(wanted, list):
        answers = [_equals(fact, one) for one in wanted]
        return True if True in answers else None if None in answers else False
    if isinstance(wanted, dict):
        return _within(fact, wanted)
    if isinstance(fact, _Network):
        return None if _overlap(fact, str(wanted)) else False
    return fnmatch.fnmatchcase(str(fact), str(wanted))


def _within(fact: Any, wanted: dict[str, Any]) -> bool | None:
    if "range" in wanted and isinstance(fact, int):
        first, last = wanted["range"]
        return bool(first <= fact <= last)
    if "prefix" in wanted:
        prefix = f"{wanted['prefix']['addr']}/{wanted['prefix']['len']}"
        network = fact if isinstance(fact, _Network) else ipaddress.ip_network(str(fact))
        if not _overlap(network, prefix):
            return False
        return True if network.prefixlen >= wanted["prefix"]["len"] else None
    return None


def _overlap(network: Any, text: str) -> bool:
    other = ipaddress.ip_network(text, strict=False)
    return bool(network.version == other.version and network.overlaps(other))
