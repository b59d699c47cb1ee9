"""Identities across connections: a token names an identity, and only this server can have issued it."""

import hashlib
import hmac
import secrets
import time

from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX

_MIN_CLIENT_TOKEN_CHARS = len(CLIENT_TOKEN_PREFIX) + 32
"""A token that a client made itself must have 128 random bits in hexadecimal, so that nobody guesses it."""

HOST = "host"
"""The identity of the window that hosts."""

_DOCTOR = "doctor"
_DOCTOR_SECONDS = 60
"""An examination takes a few seconds; asking people for their calls takes most of them."""


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
        return self.token(f"{_DOCTOR}-{int(time.monotonic()) + _DOCTOR_SECONDS}")

    def is_doctor(self, token: str) -> bool:
        """Whether this is a token from ``doctor_token``, and its minute is not over."""
        purpose, _, until = (self.identity(token) or "").partition("-")
        left = int(until) - time.monotonic() if until.isdecimal() else 0.0
        return (
            purpose == _DOCTOR and 0 < left <= _DOCTOR_SECONDS
        )  # more: it was issued before the machine was restarted

    def identity(self, token: str) -> str | None:
        """The identity of a token; None for a token that is neither issued here nor a client's own of enough length."""
        if token.startswith(CLIENT_TOKEN_PREFIX) and len(token) >= _MIN_CLIENT_TOKEN_CHARS:
            return self._sign(token)[:16]
        identity, _, signature = token.partition(".")
        is_valid = hmac.compare_digest(signature.encode(), self._sign(identity).encode())
        return identity if is_valid else None

    def _sign(self, identity: str) -> str:
        return hmac.new(self._secret, identity.encode(), hashlib.sha256).hexdigest()[:32]
