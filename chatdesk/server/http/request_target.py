"""Request targets, converted to origin form: a path and a Host (RFC 9112, section 3.2)."""

import re
from collections.abc import Callable

import h11

_ABSOLUTE = re.compile(rb"(?:https?|wss?)://([^/?]*)(/[^?]*)?(\?.*)?", re.IGNORECASE)


def in_origin_form(request: h11.Request, to_own_path: Callable[[str], str]) -> h11.Request:
    """The request with its target in origin form; ``to_own_path`` converts the path to one of this server's.

    In a target that is an absolute URL, the URL's host replaces ``Host``. Raises h11.RemoteProtocolError if the target
    is neither a path nor a URL.
    """
    target, headers = request.target, list(request.headers)
    if request.method == b"CONNECT" or target == b"*":
        return request
    if not target.startswith(b"/"):
        match = _ABSOLUTE.fullmatch(target)
        if not match:
            raise h11.RemoteProtocolError("it asks neither for a path nor for an address", error_status_hint=400)
        target = (match[2] or b"/") + (match[3] or b"")
        headers = [(b"Host", match[1]), *(field for field in headers if field[0] != b"host")]
    target = to_own_path(target.decode()).encode()
    if target == request.target:
        return request
    return h11.Request(method=request.method, target=target, headers=headers, http_version=request.http_version)
