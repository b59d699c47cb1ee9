"""Identities across connections: a token names an identity, and only this server can have issued it."""

import hashlib
import hmac
import secrets
import time

from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX
from chatdesk.server.auth import Principal, Role, Scope

_MIN_CLIENT_TOKEN_CHARS = len(CLIENT_TOKEN_PREFIX) + 32
"""A token that a client made itself must have 128 random bits in hexadecimal, so that nobody guesses it."""

HOST = "host"
"""The identity of the window that hosts."""
OPERATOR = "Command line"
"""The host's name in a terminal, where nobody hosts in a window. Nobody else can have it: it would shut
the host out."""

_PROOF = "proof"
_DOCTOR = "doctor"
_PLACE = "place"
_MINUTE = 60
"""How long a token holds that others may see: an examination takes a few seconds, a command of the host less."""


class Identities:
    """Issues tokens and checks them. A token is an identity with its signature, so only ``secret`` is stored."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def new(self) -> str:
        """A new random identity."""
        return secrets.token_hex(8)

    def token(self, identity: str) -> str:
        """The token that proves the identity to this server."""
        return f"{identity}.{self._sign(identity)}"

    def doctor_token(self) -> str:
        """A token that permits ``/reach`` for a minute, and nothing else: for ``chatdesk doctor``.

        It is sent to whatever program answers at the host's port; therefore it is not the host's token, and soon
        worthless. The minute is measured by the monotonic clock, which all programs of this machine share.
        """
        return self.token(f"{_DOCTOR}-{int(time.monotonic()) + _MINUTE}")

    def place_token(self) -> str:
        """A token with which a handshake gets a place in a full chat for a minute, and that opens nothing.

        It is for commands on the host's machine, which send it to whatever program answers at the host's port; see
        ``doctor_token``.
        """
        return self.token(f"{_PLACE}-{int(time.monotonic()) + _MINUTE}")

    def is_place_token(self, token: str) -> bool:
        """Whether it is one that this server has issued, and is not too old."""
        purpose, _, until = (self._issued_to(token) or "").partition("-")
        return purpose == _PLACE and _expires(until) > time.monotonic()

    def proof_token(self) -> str:
        """A token that opens nothing: this server can prove that it has issued it to somebody whose own is not."""
        return self.token(f"{_PROOF}-{self.new()}")

    def principal(self, token: str) -> Principal | None:
        """Whom the token proves; None for one that is neither issued here nor a client's own of enough length."""
        if token.startswith(CLIENT_TOKEN_PREFIX) and len(token) >= _MIN_CLIENT_TOKEN_CHARS:
            return Principal(self._sign(token)[:16])
        identity = self._issued_to(token)
        if identity is None:
            return None
        purpose, separator, until = identity.partition("-")
        if purpose in (_PROOF, _PLACE) and separator:
            return None
        if purpose == _DOCTOR and separator:
            return Principal(identity, role=Role.HOST, expires=_expires(until), scope=Scope.DOCTOR)
        return Principal(identity, role=Role.HOST if identity == HOST else Role.MEMBER)

    def salt(self, purpose: str) -> bytes:
        """Sixteen bytes for this purpose that nobody else knows, the same on all servers of the chat."""
        return hmac.digest(self._secret, f"salt {purpose}".encode(), hashlib.sha256)[:16]

    def _issued_to(self, token: str) -> str | None:
        identity, _, signature = token.partition(".")
        is_issued = hmac.compare_digest(signature.encode(), self._sign(identity).encode())
        return identity if is_issued else None

    def _sign(self, identity: str) -> str:
        return hmac.new(self._secret, identity.encode(), hashlib.sha256).hexdigest()[:32]


def _expires(until: str) -> float:
    """When a token for a minute expires; a time too far ahead is of one from before the machine was restarted."""
    expires = float(until) if until.isdecimal() else 0.0
    return expires if expires - time.monotonic() <= _MINUTE else 0.0
