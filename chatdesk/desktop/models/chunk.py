"""How much of a conversation is laid out at a time: so many messages, or fewer where they are long."""

from collections.abc import Iterable
from itertools import islice

from chatdesk.protocol.events import Message

MESSAGES = 100
"""In a portion, at most."""
CHARACTERS = 60_000
"""In a portion: as many as Qt lays out within a tenth of a second, whatever signs they are."""
SHOWN = 6_000
"""Characters of a message that are laid out before the person wants to see all of it."""


def portion(messages: Iterable[Message]) -> int:
    """How many of these are laid out at a time: one at least, if there is any."""
    count, left = 0, CHARACTERS
    for message in islice(messages, MESSAGES):
        left -= min(len(message.content), SHOWN)
        if left < 0 and count:
            break
        count += 1
    return count


def fits(messages: Iterable[Message]) -> bool:
    """Whether all of these are no more than a portion holds of characters."""
    return sum(min(len(message.content), SHOWN) for message in messages) <= CHARACTERS
