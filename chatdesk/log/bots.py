"""Whose messages are a program's: that is told by the identity, so that nothing can hide it later."""

BOT = "bot-"
"""Before the identity of a program that has joined as a bot; identities of people are hexadecimal."""
HOOK = "hook-"
"""Before the identity of an incoming webhook."""


def is_bot(identity: str) -> bool:
    """Return whether what this identity says is a program's."""
    return identity.startswith((BOT, HOOK))
