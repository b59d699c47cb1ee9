"""What an encrypted chat answers to requests that come without encryption.

From this machine everything: nobody is in between. From elsewhere only what everybody may know, since anybody on the
way can read and replace it: health, the test of addresses, the chat's own certificate and how to trust it. The page
leads there, or to https. A WebSocket is refused before its join, for that may carry a secret; a redirect tells clients
where to go.
"""

import ipaddress
from http import HTTPStatus

from chatdesk.origin import parse_origin
from chatdesk.server.http.ca_endpoints import CA_PATH
from chatdesk.server.http.handshake import wants_websocket
from chatdesk.server.http.hook_endpoint import HookEndpoint
from chatdesk.server.http.metrics_endpoint import METRICS_PATH
from chatdesk.server.http.reachability_endpoints import CHECK_PATH, REACH_PATH
from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, text_response
from chatdesk.server.http.routes import ASYNCAPI_PATH

_PAGE_PATHS = ("/", "/index.html")
_OPEN_PATHS = frozenset(
    {
        *("/health", "/ready", "/about", "/stats", METRICS_PATH, ASYNCAPI_PATH, CA_PATH, CHECK_PATH, REACH_PATH),
        *("/check.css", "/check.js", "/ca.css", "/ca.js", "/tokens.css", "/icons.js", "/icon.svg"),
        "/js/browser-support.js",
    }
)
_OPEN_FOLDERS = (f"{CA_PATH}/", f"{REACH_PATH}/")
_FOREIGN_PAGE = "This chat is encrypted: only its page over https may use it."
_HOOK = "This chat is encrypted, and the address of a hook is a secret: post to https:// instead, and make a new hook."


class EncryptionRules:
    """``has_authority``: the chat has a certificate of its own, which browsers do not trust by themselves."""

    def __init__(self, *, has_authority: bool) -> None:
        self._has_authority = has_authority

    def refusal(self, request: Request, peer: str, own: str, *, encrypted: bool) -> Response | None:
        """The response to a request that is not served as it came; None for one that may pass.

        ``peer`` is the address of the machine that sent it, ``own`` that of this one at which it came. Its Host has
        been checked.
        """
        if peer == own or ipaddress.ip_address(peer).is_loopback:
            return None
        if encrypted:
            return _refuse_plain_page(request)
        if wants_websocket(request):
            return _redirect(HTTPStatus.PERMANENT_REDIRECT, _https(request))
        if request.path in _OPEN_PATHS or request.path.startswith(_OPEN_FOLDERS):
            return None
        if HookEndpoint.serves(request):
            return text_response(HTTPStatus.FORBIDDEN, _HOOK)
        leads_to_ca = self._has_authority and request.path in _PAGE_PATHS
        return _redirect(HTTPStatus.TEMPORARY_REDIRECT, f"{CA_PATH}?go" if leads_to_ca else _https(request))


def _refuse_plain_page(request: Request) -> Response | None:
    """Refuse a page that came unencrypted from this very address: anybody on the way may have written it."""
    origins = request.values("origin")
    page = parse_origin(origins[0]) if origins else None
    return text_response(HTTPStatus.FORBIDDEN, _FOREIGN_PAGE) if page and page.scheme == "http" else None


def _redirect(status: HTTPStatus, location: str) -> Response:
    return text_response(status, f"This chat is encrypted: go to {location}.", ("Location", location))


def _https(request: Request) -> str:
    hosts = request.values("host")
    return f"https://{hosts[0]}{request.target}" if hosts else CA_PATH
