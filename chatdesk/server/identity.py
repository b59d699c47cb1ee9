"""Who is who across connections: a token names an identity, and only this server can have made it."""

import hashlib
import hmac
import secrets
import time

from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX

_LONG_ENOUGH = len(CLIENT_TOKEN_PREFIX) + 32

HOST = "host"
"""The identity of the window that runs the server."""

_DOCTOR = "doctor"
_DOCTOR_SECONDS = 60


class Identities:
    """Issues tokens and reads them back. A token is the identity and its signature: only ``secret`` has to be kept."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def new(self) -> str:
        """An identity that nobody has had."""
        return secrets.token_hex(8)

    def token(self, identity: str) -> str:
        """What proves the identity to this server."""
        return f"{identity}.{self._sign(identity)}"

    def doctor_token(self) -> str:
        """What lets one have people asked, for a minute, by which addresses they reach the host, and nothing else.

        The minute is one of this machine's steady clock, which its programs share and nobody sets.

        It is given to whatever answers at the host's port, so it is not the host's, and of no use later.
        """
        return self.token(f"{_DOCTOR}-{int(time.monotonic()) + _DOCTOR_SECONDS}")

    def is_doctor(self, token: str) -> bool:
        """Whether this is such a token, and its minute is not over."""
        who, _, until = (self.identity(token) or "").partition("-")
        left = int(until) - time.monotonic() if until.isdecimal() else 0.0
        return who == _DOCTOR and 0 < left <= _DOCTOR_SECONDS  # more was given before this machine was started

    def identity(self, token: str) -> str | None:
        """Whose token this is; None for one that neither this server nor, with due care, a newcomer has made."""
        if token.startswith(CLIENT_TOKEN_PREFIX) and len(token) >= _LONG_ENOUGH:
            return self._sign(token)[:16]
        identity, _, signature = token.partition(".")
        genuine = hmac.compare_digest(signature.encode(), self._sign(identity).encode())
        return identity if genuine else None

    def _sign(self, identity: str) -> str:
        return hmac.new(self._secret, identity.encode(), hashlib.sha256).hexdigest()[:32]
