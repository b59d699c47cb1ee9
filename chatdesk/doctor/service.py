"""Who answers at an address, told from what they say. Pure."""

import ipaddress
import json
from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from chatdesk.doctor.probe import Answer
from chatdesk.doctor.seen import Caller, Service

ABOUT = "/about"
"""What a chat tells to everybody."""
_CALLERS = 200
_NAME_CHARS = 64
_SKEW_SECONDS = 1e11
_REFUSAL = b"This address does not belong to this chat"


def service_of(answer: Answer, host: str) -> Service:
    """Who has answered a request for ABOUT of ``host``."""
    if not answer.status:
        return Service.NOBODY
    if answer.status == HTTPStatus.OK and _json(answer.body).get("service") == "chatdesk":
        return Service.CHATDESK
    if answer.status == HTTPStatus.FORBIDDEN and answer.body.startswith(_REFUSAL):
        return Service.WRONG_NAME
    leads_away = 300 <= answer.status < 400 and _host_of(answer.fields.get("location", "")) not in ("", host)
    if leads_away or answer.status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return Service.PORTAL
    return Service.OTHER


def name_in(answer: Answer) -> str:
    """What the chat is called that has answered a request for ABOUT; empty where none has."""
    about = _json(answer.body)
    return _printable(about.get("name")) if about.get("service") == "chatdesk" else ""


def skew_of(answer: Answer, now: float) -> float | None:
    """By how many seconds the clock of who answered is ahead of ours; None where they have not told."""
    try:
        told = parsedate_to_datetime(answer.fields.get("date", ""))
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() - now
    except (ValueError, OverflowError):
        return None


def callers_of(answer: Answer, own: Sequence[str]) -> tuple[Caller, ...] | None:
    """Who has called by which of our ``own`` addresses, as the chat that is hosted here says; None if it does not."""
    callers = _json(answer.body).get("callers")
    if answer.status != HTTPStatus.OK or not isinstance(callers, list):
        return None
    read = (_caller(entry, own) for entry in callers[:_CALLERS] if isinstance(entry, dict))
    return tuple(caller for caller in read if caller)


def _caller(entry: dict[str, object], own: Sequence[str]) -> Caller | None:
    """A caller as told; None for one without an address. Whatever is told is going to be printed."""
    try:
        address = str(ipaddress.ip_address(str(entry.get("address", ""))))
    except ValueError:
        return None
    reached, skew = entry.get("reached"), entry.get("skew")
    by = tuple(address for address in own if isinstance(reached, list) and address in reached)
    seconds = float(skew) if isinstance(skew, int | float) and abs(skew) < _SKEW_SECONDS else None
    joined = entry.get("joined") is not False
    return Caller(_printable(entry.get("name")), address, by, seconds, entry.get("calls") is True, joined)


def _printable(name: object) -> str:
    return "".join(char for char in str(name or "") if char.isprintable())[:_NAME_CHARS]


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _json(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
