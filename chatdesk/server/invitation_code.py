"""Codes of invitations: new ones, and the keyed digest that is all that is kept of one."""

import hashlib
import hmac
import secrets

from chatdesk.protocol.invitation_code import ALPHABET, CHARS, normalized, written


def new_code() -> str:
    """Return a new random code."""
    return written("".join(secrets.choice(ALPHABET) for _ in range(CHARS)))


def digest(code: str, secret: bytes) -> str:
    """Return the keyed digest of a code, however it is spelt; of anything else, too, which takes as long."""
    message = b"invitation\0" + normalized(code).encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()
