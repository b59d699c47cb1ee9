"""Identities that a browser had on this machine, from cookies.

What a page stores belongs to host and port; a cookie is sent to every port of the host, so an identity survives a
change of the port. The page sets these cookies for the path of the WebSocket. A token from a cookie only opens a
nickname that its identity uses or reserves: in one browser, two tabs may be two people.
"""

from collections.abc import Iterable

_NAMES = frozenset(f"chatdesk-{number}" for number in range(8))
"""The page sets eight cookies at most: each is sent with every handshake, and checking a token costs a signature."""
_TOKEN_CHARS = 128
"""More than twice the longest token that server or page makes."""


def read_cookie_tokens(fields: Iterable[str]) -> tuple[str, ...]:
    """The tokens in the ``Cookie`` fields of a handshake, eight at most."""
    pairs = (pair.strip().partition("=") for field in fields for pair in field.split(";"))
    tokens = dict.fromkeys(token for name, _, token in pairs if name in _NAMES and 0 < len(token) <= _TOKEN_CHARS)
    return tuple(tokens)[: len(_NAMES)]
