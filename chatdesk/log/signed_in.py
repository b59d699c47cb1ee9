"""Who has proven who they are: that is told by the identity, so that no name can pretend it."""

SIGNED_IN = "jwt-"
"""Before the identity of somebody who has signed in with a token from elsewhere, a JWT."""


def is_signed_in(identity: str) -> bool:
    """Return whether this identity is somebody's who has signed in."""
    return identity.startswith(SIGNED_IN)
