"""Converts rules of Linux's older packet filter, which nft does not show, into nft's JSON. Pure."""

import shlex
from typing import Any

_HOOKS = {"PREROUTING": "prerouting", "INPUT": "input"}
_DECIDES = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "reject", "RETURN": "return"}
_GOES_ON = ("LOG", "NFLOG", "MARK", "CONNMARK", "CT", "TCPMSS", "TRACE")
_QUESTIONS: dict[str, dict[str, Any]] = {
    "-i": {"meta": {"key": "iifname"}},
    "-p": {"meta": {"key": "l4proto"}},
    "-s": {"payload": {"protocol": "ip", "field": "saddr"}},
    "-d": {"payload": {"protocol": "ip", "field": "daddr"}},
    "--dport": {"payload": {"protocol": "tcp", "field": "dport"}},
    "--dports": {"payload": {"protocol": "tcp", "field": "dport"}},
    "--ctstate": {"ct": {"key": "state"}},
    "--state": {"ct": {"key": "state"}},
}
_OF_PACKETS = ("-p", "--ctstate", "--state")
"""Values that are written in capitals here, and in lower case by nft."""
_SAY_NOTHING = ("-m", "--reject-with", "--log-prefix", "--log-level", "--comment")
_NOBODY_KNOWS = {"xt": {"type": "match", "name": "unknown"}}


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
            _, chain, *words = shlex.split(line)
            objects.append(
                {"rule": {"family": family, "table": table, "chain": chain, "expr": _statements(words, family)}}
            )
    return objects


def _chain(family: str, table: str, name: str, policy: str) -> dict[str, Any]:
    chain = {"family": family, "table": table, "name": name}
    if name not in _HOOKS:
        return chain
    kind = "nat" if table == "nat" else "filter"
    return {**chain, "type": kind, "hook": _HOOKS[name], "policy": policy.lower()}


def _statements(words: list[str], family: str) -> list[dict[str, Any]]:
    """A rule: its matches, then its verdict."""
    asked: list[dict[str, Any]] = []
    done: list[dict[str, Any]] = []
    operator = "=="
    rest = iter(words)
    for word in rest:
        if word == "!":
            operator = "!="
            continue
        if word in ("-j", "-g"):
            done.append(_verdict(word, next(rest)))
        elif word in _QUESTIONS:
            right = _wanted(word, next(rest))
            asked.append({"match": {"left": _left(word, family), "op": operator, "right": right}})
        elif word in _SAY_NOTHING:
            next(rest, "")
        elif word.startswith("-") and not done:
            asked.append(_NOBODY_KNOWS)
        operator = "=="
    return [*asked, *done]


def _left(word: str, family: str) -> dict[str, Any]:
    """The left side of a match, for a packet of this family."""
    question = _QUESTIONS[word]
    return {"payload": {**question["payload"], "protocol": family}} if word in ("-s", "-d") else question


def _verdict(word: str, target: str) -> dict[str, Any]:
    if target in _DECIDES:
        return {_DECIDES[target]: None}
    if target in _GOES_ON:
        return {"log": None}
    if target.isupper():  # a target of the kernel, which may do anything
        return {"xt": {"type": "target", "name": target}}
    return {"goto" if word == "-g" else "jump": {"target": target}}


def _wanted(word: str, text: str) -> Any:
    values = [_value(part.lower() if word in _OF_PACKETS else part) for part in text.split(",")]
    return values[0] if len(values) == 1 else {"set": values}


def _value(text: str) -> Any:
    first, colon, last = text.partition(":")
    if colon and first.isdecimal() and last.isdecimal():
        return {"range": [int(first), int(last)]}
    address, slash, length = text.partition("/")
    if slash and length.isdecimal():
        return {"prefix": {"addr": address, "len": int(length)}}
    return f"{text[:-1]}*" if text.endswith("+") else text
