"""Whose messages are a program's: that is told by the identity, so that nothing can hide it later."""

BOT = "bot-"
"""Before the identity of a program that has joined as a bot; identities of people are hexadecimal."""
HOOK = "hook-"
"""Before the identity of an incoming webhook."""


def owner_of(identity: str) -> str:
    """The identity whose token a bot has joined with; of anybody else, their own."""
    return identity.removeprefix(BOT)


def with_bots(identity: str) -> tuple[str, ...]:
    """An identity, and that of the bots that join with its token."""
    return (identity,) if is_bot(identity) else (identity, f"{BOT}{identity}")


def is_bot(identity: str) -> bool:
    """Return whether what this identity says is a program's."""
    return identity.startswith((BOT, HOOK))
