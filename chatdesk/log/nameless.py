"""Questions without a name: each has an identity of its own, so that nothing that is kept tells who has asked."""

import secrets

NAMELESS = "nameless-"
"""Before the identity of a question; identities of people are hexadecimal."""
NICKNAME = "Without a name"


def nameless_identity() -> str:
    """Return an identity for one question, which belongs to nobody."""
    return NAMELESS + secrets.token_hex(16)


def is_nameless(identity: str) -> bool:
    """Return whether what this identity says is a question without a name."""
    return identity.startswith(NAMELESS)
