"""Converts rules of Linux's older packet filter, which nft does not show, into nft's JSON. Pure."""

import shlex
from typing import Any

_HOOKS = {"PREROUTING": "prerouting", "INPUT": "input"}
_VERDICTS = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "reject", "RETURN": "return"}
_NON_TERMINAL = ("LOG", "NFLOG", "MARK", "CONNMARK", "CT", "TCPMSS", "TRACE")
_MATCHES: dict[str, dict[str, Any]] = {
    "-i": {"meta": {"key": "iifname"}},
    "-p": {"meta": {"key": "l4proto"}},
    "-s": {"payload": {"protocol": "ip", "field": "saddr"}},
    "-d": {"payload": {"protocol": "ip", "field": "daddr"}},
    "--dport": {"payload": {"protocol": "tcp", "field": "dport"}},
    "--dports": {"payload": {"protocol": "tcp", "field": "dport"}},
    "--ctstate": {"ct": {"key": "state"}},
    "--state": {"ct": {"key": "state"}},
}
_LOWER_CASE = ("-p", "--ctstate", "--state")
"""Values that are written in capitals here, and in lower case by nft."""
_IGNORED_OPTIONS = ("-m", "--reject-with", "--log-prefix", "--log-level", "--comment")
_UNKNOWN_MATCH = {"xt": {"type": "match", "name": "unknown"}}


def parse_saved_rules(saved: str, family: str = "ip") -> list[dict[str, Any]]:
    """Return the chains and rules that ``iptables-legacy-save`` or ``ip6tables-legacy-save`` prints.

    ``family`` is ip or ip6. Raises ValueError for a line of another format.
    """
    objects: list[dict[str, Any]] = []
    table = ""
    for line in saved.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":"):
            objects.append({"chain": _chain(family, table, *line[1:].split()[:2])})
        elif line.startswith("-A "):
            _, chain, *arguments = shlex.split(line)
            objects.append(
                {"rule": {"family": family, "table": table, "chain": chain, "expr": _statements(arguments, family)}}
            )
    return objects


def _chain(family: str, table: str, name: str, policy: str) -> dict[str, Any]:
    chain = {"family": family, "table": table, "name": name}
    if name not in _HOOKS:
        return chain
    kind = "nat" if table == "nat" else "filter"
    return {**chain, "type": kind, "hook": _HOOKS[name], "policy": policy.lower()}


def _statements(arguments: list[str], family: str) -> list[dict[str, Any]]:
    """A rule: its matches, then its verdict."""
    matches: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    operator = "=="
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "!":
            operator = "!="
            continue
        if argument in ("-j", "-g"):
            verdicts.append(_verdict(argument, next(remaining)))
        elif argument in _MATCHES:
            right = _right(argument, next(remaining))
            matches.append({"match": {"left": _left(argument, family), "op": operator, "right": right}})
        elif argument in _IGNORED_OPTIONS:
            next(remaining, "")
        elif argument.startswith("-") and not verdicts:
            matches.append(_UNKNOWN_MATCH)
        operator = "=="
    return [*matches, *verdicts]


def _left(argument: str, family: str) -> dict[str, Any]:
    """The left side of a match, for a packet of this family."""
    match = _MATCHES[argument]
    return {"payload": {**match["payload"], "protocol": family}} if argument in ("-s", "-d") else match


def _verdict(argument: str, target: str) -> dict[str, Any]:
    if target in _VERDICTS:
        return {_VERDICTS[target]: None}
    if target in _NON_TERMINAL:
        return {"log": None}
    if target.isupper():  # a target of the kernel, which may do anything
        return {"xt": {"type": "target", "name": target}}
    return {"goto" if argument == "-g" else "jump": {"target": target}}


def _right(argument: str, text: str) -> Any:
    values = [_value(part.lower() if argument in _LOWER_CASE else part) for part in text.split(",")]
    return values[0] if len(values) == 1 else {"set": values}


def _value(text: str) -> Any:
    first, colon, last = text.partition(":")
    if colon and first.isdecimal() and last.isdecimal():
        return {"range": [int(first), int(last)]}
    address, slash, length = text.partition("/")
    if slash and length.isdecimal():
        return {"prefix": {"addr": address, "len": int(length)}}
    return f"{text[:-1]}*" if text.endswith("+") else text
