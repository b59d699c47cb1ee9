"""Explains why no WebSocket could be opened at an address: a proxy, a certificate, another program, or nobody."""

import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from chatdesk.client.address import DEFAULT_PORT, chat_page_url, parse_address
from chatdesk.protocol.text import clean_line

_MAX_REASON_CHARS = 500
"""A sentence or two of the chat that refuses."""
_MAX_PATH_CHARS = 100
"""A longer path does not fit a notice."""
_EXPIRED, _NOT_YET_VALID = 10, 9
"""X509_V_ERR_CERT_HAS_EXPIRED and X509_V_ERR_CERT_NOT_YET_VALID, as OpenSSL numbers them."""
_OTHER_NAME = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH, as OpenSSL numbers them."""
_TLS_ALERT = "ALERT"
_RESET_ERRORS = (ConnectionResetError, ConnectionAbortedError)
_NO_UPGRADE_STATUSES = frozenset(
    {HTTPStatus.UPGRADE_REQUIRED, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
)
_LOGIN_STATUSES = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED})

SHORTENED = "If it is a page’s, type all of it, with https:// or http:// before it."
"""What to do with an address that ``may_be_shortened``."""
_TELL_OWNER = "Tell its host"


class HttpResponse(NamedTuple):
    """The HTTP response that came instead of a WebSocket; the names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Explanation(NamedTuple):
    """A sentence that says what to do; ``busy``: retrying soon makes it worse."""

    sentence: str
    busy: bool = False


def may_want_tls(failure: Exception | HttpResponse) -> bool:
    """Whether a server that fails this way without TLS could be waiting for TLS."""
    if isinstance(failure, HttpResponse):
        return failure.status == HTTPStatus.BAD_REQUEST
    return not isinstance(failure, OSError) or isinstance(failure, _RESET_ERRORS)


def explain_failure(failure: Exception | HttpResponse, url: str, *, wants_tls: bool = False) -> Explanation:
    """Explain why a WebSocket at ``url`` could not be opened; ``wants_tls``: the server there speaks TLS.

    An exception that is no OSError counts as an answer that is not HTTP.
    """
    parts = urlsplit(url)
    place = f"{parts.netloc}{parts.path.removesuffix('/ws')}"
    if wants_tls:
        encrypted = chat_page_url(parts._replace(scheme="wss").geturl())
        return Explanation(f"What answers at {place} wants an encrypted connection. Join {encrypted} instead.")
    if isinstance(failure, HttpResponse):
        return _explain_status(failure, parts, place)
    if isinstance(failure, ssl.SSLCertVerificationError):
        return Explanation(_explain_certificate(failure, place))
    if parts.scheme == "wss" and isinstance(failure, (ssl.SSLError, *_RESET_ERRORS)):
        return Explanation(_explain_tls_failure(failure, parts, place))
    if isinstance(failure, TimeoutError):
        return Explanation(f"{place} does not answer. Check that both computers are on the same network.")
    if isinstance(failure, OSError):
        return Explanation(f"Nobody hosts a chat at {place}. {_advice(parts)}")
    return Explanation(f"There is no chat at {place}. Check the address.")


def may_be_shortened(page: str) -> bool:
    """Whether the page may be behind a proxy, and its address copied from a browser that hides the scheme."""
    parts = urlsplit(page)
    name = parts.hostname or ""
    is_domain = "." in name and name[-1].isalpha() and not name.endswith(".local")
    return parts.port == DEFAULT_PORT and (is_domain or bool(parts.path.strip("/")))


def _advice(parts: SplitResult) -> str:
    """What may be wrong with an address at which nobody listens."""
    if may_be_shortened(chat_page_url(parts.geturl())):
        return SHORTENED
    return "Check the address, and that both are on the same network."


def _explain_certificate(error: ssl.SSLCertVerificationError, place: str) -> str:
    if error.verify_code == _EXPIRED:
        return f"The certificate of {place} has expired. {_TELL_OWNER}, and see whether this computer’s date is right."
    if error.verify_code == _NOT_YET_VALID:
        return f"The certificate of {place} is not valid yet. See whether this computer’s date is right."
    if error.verify_code in _OTHER_NAME:
        return (
            f"The certificate of {place} is for another address. Use the one that it is for, such as the one that the "
            "host’s screen shows."
        )
    return (
        f"The certificate of {place} is signed by nobody that this computer knows: it could be anybody’s. Ask its host "
        "for the certificate that it is signed with, and add that to those that this computer trusts."
    )


def _explain_tls_failure(error: Exception, parts: SplitResult, place: str) -> str:
    reason = getattr(error, "reason", None) or ""
    if _TLS_ALERT in reason:
        what = reason.replace("_", " ").lower()
        return f"{place} refuses an encrypted connection with this computer ({what}). {_TELL_OWNER}."
    plain = chat_page_url(parts._replace(scheme="ws").geturl())
    return f"What answers at {place} does not encrypt. If nothing secret is said there, join {plain} instead."


def _explain_status(response: HttpResponse, parts: SplitResult, place: str) -> Explanation:
    status = response.status
    if status == HTTPStatus.SERVICE_UNAVAILABLE and _is_from_chat(response):
        return Explanation("The chat is full, or it is just closing. Try again in a moment.", busy=True)
    if status in _NO_UPGRADE_STATUSES:
        return Explanation(
            f"The chat is at {place}, but no WebSocket comes through to it. {_TELL_OWNER}: the proxy before it has to "
            "pass WebSockets on."
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        sentence = f"Only a proxy answers at {place}, and it does not reach the chat behind it. Try again in a moment."
        return Explanation(sentence, busy=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Explanation(f"{place} takes no more connections from here just now. Try again in a moment.", busy=True)
    if status == HTTPStatus.FORBIDDEN:
        message = _message_for_person(response) or "Use the address on the host's screen."
        return Explanation(f"The chat does not answer to {place}. {message}")
    if status in _LOGIN_STATUSES:
        return Explanation(f"{place} wants a login, which only a browser can do: open that address in one.")
    if 300 <= status < 400:
        return Explanation(_explain_redirect(response, parts, place))
    if status == HTTPStatus.OK:
        return Explanation(f"A web page answers at {place}, and no chat. Check the address.")
    return Explanation(f"There is no chat at {place}. Check the address.")


def _explain_redirect(response: HttpResponse, parts: SplitResult, place: str) -> str:
    """What to do when the response redirects: the person decides whether to follow."""
    no_chat = f"There is no chat at {place}. Check the address."
    try:
        target = urlsplit(parse_address(urljoin(chat_page_url(parts.geturl()), response.headers.get("location", ""))))
    except ValueError:
        return no_chat
    if target == parts:
        return no_chat
    other_host = target.hostname != parts.hostname
    if not other_host and target.path == parts.path:
        return f"The chat is at another address by now. Join {chat_page_url(target.geturl())} instead."
    destination = target.hostname if other_host else clean_line(target.path.removesuffix("ws"))[:_MAX_PATH_CHARS]
    return (
        f"{place} leads to {destination}, perhaps for a login: open {place} in a browser, or ask for the address of "
        "the chat itself."
    )


def _is_from_chat(response: HttpResponse) -> bool:
    """Whether a chat itself has answered: proxies answer with a page."""
    return response.headers.get("content-type", "").startswith("text/plain") and "retry-after" in response.headers


def _message_for_person(response: HttpResponse) -> str:
    """The text that a chat has sent for the person to read."""
    plain = response.headers.get("content-type", "").startswith("text/plain")
    return clean_line(response.body[:_MAX_REASON_CHARS].decode(errors="replace")) if plain else ""
