"""Who a browser has been on this machine. What a page stores belongs to its port; a cookie is shown to every port.

The page writes these cookies for the WebSocket's path alone. They open only a name that is kept for, or used by, the
identity they prove: in one browser two tabs may be two people.
"""

_NAMES = frozenset(f"chatdesk-{number}" for number in range(8))
_TOKEN_CHARS = 128


def read_cookie_tokens(fields: list[str]) -> tuple[str, ...]:
    """The tokens in a handshake's ``Cookie`` fields."""
    pairs = (pair.strip().partition("=") for field in fields for pair in field.split(";"))
    found = dict.fromkeys(token for name, _, token in pairs if name in _NAMES and 0 < len(token) <= _TOKEN_CHARS)
    return tuple(found)[: len(_NAMES)]
