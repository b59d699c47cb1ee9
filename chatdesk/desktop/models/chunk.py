"""How much of a conversation is laid out at a time: so many messages, or fewer where they are long."""

from collections.abc import Iterable
from itertools import islice

from chatdesk.protocol.events import Message

MAX_MESSAGES = 100
"""In a portion, at most."""
MAX_CHARACTERS = 60_000
"""In a portion: as many as Qt lays out within a tenth of a second, whatever signs they are."""
MAX_SHOWN_CHARACTERS = 6_000
"""Characters of a message that are laid out before the person wants to see all of it."""


def chunk_length(messages: Iterable[Message]) -> int:
    """How many of these are laid out at a time: one at least, if there is any."""
    count, left = 0, MAX_CHARACTERS
    for message in islice(messages, MAX_MESSAGES):
        left -= min(len(message.content), MAX_SHOWN_CHARACTERS)
        if left < 0 and count:
            break
        count += 1
    return count


def fits_chunk(messages: Iterable[Message]) -> bool:
    """Whether all of these are no more than a portion holds of characters."""
    return sum(min(len(message.content), MAX_SHOWN_CHARACTERS) for message in messages) <= MAX_CHARACTERS
