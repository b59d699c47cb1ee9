"""A request's head, decoded once for all that look at it. Its target is in origin form (RFC 9112, section 3.2)."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import h11

_ABSOLUTE = re.compile(r"(?:https?|wss?)://([^/?]*)(/[^?]*)?(\?.*)?", re.IGNORECASE)


class Request(NamedTuple):
    """A request without its body. ``fields`` are all values of the header fields, by their names in lower case."""

    method: str
    target: str
    fields: Mapping[str, Sequence[str]]

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def values(self, name: str) -> Sequence[str]:
        """All values of a header field; ``name`` is in lower case."""
        return self.fields.get(name, ())


def decode(head: h11.Request, to_own_path: Callable[[str], str]) -> Request:
    """The request with this head; ``to_own_path`` converts the path to one of this server's.

    In a target that is an absolute URL, the URL's host replaces ``Host``. Raises h11.RemoteProtocolError if the target
    is neither a path nor a URL.
    """
    method, target = head.method.decode(), head.target.decode()
    fields: dict[str, list[str]] = {}
    for name, value in head.headers.raw_items():  # which is much faster than to go through the headers themselves
        fields.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    if method == "CONNECT" or target == "*":
        return Request(method, target, fields)
    if not target.startswith("/"):
        match = _ABSOLUTE.fullmatch(target)
        if not match:
            raise h11.RemoteProtocolError("it asks neither for a path nor for an address", error_status_hint=400)
        target = f"{match[2] or '/'}{match[3] or ''}"
        fields["host"] = [match[1]]
    return Request(method, to_own_path(target), fields)
