"""Checks of a request's head: Host and Origin, and the page or line that says what helps if they are wrong."""

import base64
import hashlib
from html import escape
from http import HTTPStatus

from chatdesk.server.http.origin_check import OriginCheck
from chatdesk.server.http.request import Request
from chatdesk.server.http.response import ALLOW_GET_HEAD, CSP_HEADER, Response, text_response

_ONE_HOST = "A request has one Host, and at most one Origin."
_NO_HOST = "A request says in Host which address it is for. Only /health and /ready can do without, in HTTP/1.0."
_STYLE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;"
    "padding:0 1.5rem;overflow-wrap:anywhere}h1{font-size:1.5rem;line-height:1.25}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_REFUSAL_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not this chat’s address – ChatDesk</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>The chat is not at this address</h1>
{paragraphs}
</main>
</body>
</html>
"""


def check_request(request: Request, origin_check: OriginCheck, local_address: str) -> Response | None:
    """The response to a request that is refused, or answered without a path; None for a request that may pass.

    ``local_address`` is the address of this machine at which it arrived. Health checks may leave ``Host`` out, as those
    of HAProxy do; browsers cannot.
    """
    hosts, origins = request.values("host"), request.values("origin")
    if len(hosts) > 1 or len(origins) > 1:
        return text_response(HTTPStatus.BAD_REQUEST, _ONE_HOST)
    if request.method == "CONNECT":
        return text_response(HTTPStatus.METHOD_NOT_ALLOWED, "This is a chat, and no proxy.", ALLOW_GET_HEAD)
    if request.method == "OPTIONS" and not origins and (request.target == "*" or not hosts):
        return text_response(HTTPStatus.OK, "GET and HEAD work here.", ALLOW_GET_HEAD)
    if not hosts:
        is_health_check = request.path in ("/health", "/ready") and not request.values("upgrade")
        allowed = is_health_check and not origins
        return None if allowed else text_response(HTTPStatus.BAD_REQUEST, _NO_HOST)
    sentences = origin_check.refusal(hosts[0], origins[0] if origins else None, local_address)
    if not sentences:
        return None
    in_browser = "text/html" in "".join(request.values("accept"))
    return _refusal_page(sentences) if in_browser else _refusal_line(sentences)


def _refusal_line(sentences: tuple[str, ...]) -> Response:
    return text_response(HTTPStatus.FORBIDDEN, " ".join(sentences))


def _refusal_page(sentences: tuple[str, ...]) -> Response:
    paragraphs = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        (CSP_HEADER, f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"),
    )
    return Response(HTTPStatus.FORBIDDEN, _REFUSAL_PAGE.format(style=_STYLE, paragraphs=paragraphs).encode(), headers)
