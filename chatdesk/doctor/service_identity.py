"""Tells from a response who has answered. Pure."""

import ipaddress
import json
import re
import ssl
from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from chatdesk.client.address import chat_page_url
from chatdesk.client.connect_errors import HttpResponse, explain_failure
from chatdesk.doctor.network_probe import ProbeResponse
from chatdesk.doctor.observations import Caller, Service
from chatdesk.origin import parse_authority, parse_public_url

ABOUT = "/about"
"""The description that a chat gives to everybody."""
_MAX_CALLERS = 200
"""As many as a room has people that somebody would read about."""
_NAME_CHARS = 64
"""Twice the longest nickname; longer names break the lines of a report."""
_SKEW_SECONDS = 1e11
"""About three thousand years; larger numbers are nonsense."""
_REFUSAL = b"This address does not belong to this chat"
_FOREIGN_PAGE = b"A page from elsewhere may not use this chat"
_REFUSED_NAME = re.compile(rb"If ([\w.:\[\]-]{1,255}) is its own all the same")
_NOT_HERE = b"There is nothing here"
_OBSTACLE_STATUSES = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED, HTTPStatus.TOO_MANY_REQUESTS}
)
"""Statuses of something in front of a chat, besides redirects and server errors."""


def identify_service(answer: ProbeResponse, host: str) -> Service:
    """Return who has answered a request for ABOUT of ``host``."""
    if not answer.status:
        return Service.NOBODY
    if answer.status == HTTPStatus.OK and _json(answer.body).get("service") == "chatdesk":
        return Service.CHATDESK
    if answer.status == HTTPStatus.FORBIDDEN and answer.body.startswith(_REFUSAL):
        return Service.WRONG_NAME
    if answer.status == HTTPStatus.NOT_FOUND and answer.body.startswith(_NOT_HERE):
        return Service.WRONG_PATH
    location = answer.fields.get("location", "")
    leads_away = 300 <= answer.status < 400 and _host_of(location) not in ("", host) and not location.endswith(ABOUT)
    if leads_away or answer.status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return Service.PORTAL
    return Service.OTHER


def is_refusal(answer: ProbeResponse) -> bool:
    """Whether the chat refuses the request because of its host name, or because of the origin of its page."""
    body = answer.body.lstrip()
    refuses = body.startswith((_REFUSAL, _FOREIGN_PAGE)) or (b"<title>Not this chat" in body[:400])
    return answer.status == HTTPStatus.FORBIDDEN and refuses


def refused_name(answer: ProbeResponse) -> str:
    """Return the host name of the request that the chat does not have; empty if it has not refused one."""
    match = _REFUSED_NAME.search(answer.body)
    authority = parse_authority(match[1].decode()) if match else None
    return authority.name if authority else ""


def obstacle(answer: ProbeResponse, url: str, *, wants_tls: bool) -> str:
    """Return what is in front of the chat and what to do, if ``answer`` shows it; empty otherwise.

    ``answer`` is the response to a request to the chat whose WebSocket is at ``url``.
    """
    if wants_tls:
        return explain_failure(OSError(), url, wants_tls=True).sentence
    if isinstance(answer.error, ssl.SSLError | ConnectionResetError) and url.startswith("wss:"):
        return explain_failure(answer.error, url).sentence
    if 300 <= answer.status < 400:
        return explain_failure(
            HttpResponse(answer.status, {"location": _redirect_target(answer, url)}, b""), url
        ).sentence
    failed = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and answer.status != HTTPStatus.NOT_IMPLEMENTED
    if failed or answer.status in _OBSTACLE_STATUSES:
        return explain_failure(HttpResponse(answer.status, answer.fields, answer.body), url).sentence
    return ""


def chat_name(answer: ProbeResponse) -> str:
    """Return the name of the chat that has answered a request for ABOUT; empty if none has."""
    about = _json(answer.body)
    return _printable(about.get("name")) if about.get("service") == "chatdesk" else ""


def chat_key(answer: ProbeResponse) -> str:
    """Return the fingerprint of the key of its own that a chat has, from its answer to ABOUT; empty if it has none."""
    about = _json(answer.body)
    return _printable(about.get("key")) if about.get("service") == "chatdesk" else ""


def public_url_in(answer: ProbeResponse) -> str:
    """Return the URL that a chat gives to people, from its answer to ABOUT, if that is a proxy's."""
    url = _json(answer.body).get("url")
    try:
        return parse_public_url(url) if isinstance(url, str) and url else ""
    except ValueError:
        return ""


def clock_skew(answer: ProbeResponse, now: float) -> float | None:
    """Return by how many seconds the clock of the sender is ahead of ours; None if it is unknown."""
    try:
        date = parsedate_to_datetime(answer.fields.get("date", ""))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now
    except (ValueError, OverflowError):
        return None


def parse_callers(answer: ProbeResponse, own: Sequence[str]) -> tuple[Caller, ...] | None:
    """Return who has called which of our ``own`` addresses, as the chat here says; None if it does not say."""
    callers = _json(answer.body).get("callers")
    if answer.status != HTTPStatus.OK or not isinstance(callers, list):
        return None
    read = (_caller(entry, own) for entry in callers[:_MAX_CALLERS] if isinstance(entry, dict))
    return tuple(caller for caller in read if caller)


def _caller(entry: dict[str, object], own: Sequence[str]) -> Caller | None:
    """A caller; None if it has no address. Everything in it is going to be printed."""
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


def _redirect_target(answer: ProbeResponse, url: str) -> str:
    """The page that a redirect of ABOUT leads to; empty if it is no address."""
    try:
        return urljoin(chat_page_url(url) + ABOUT, answer.fields.get("location", "")).removesuffix(ABOUT)
    except ValueError:
        return ""


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
