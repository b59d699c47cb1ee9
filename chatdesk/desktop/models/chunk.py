"""How many messages the timeline lays out at a time: a chunk, of fewer messages if they are long."""

from collections.abc import Iterable
from itertools import islice

from chatdesk.protocol.events import Message

MAX_MESSAGES = 100
"""Messages in a chunk at most: a few windows full, so that scrolling does not reach the edge at once."""
MAX_CHARACTERS = 60_000
"""Characters in a chunk: as many as Qt lays out within a tenth of a second, in any script."""
MAX_SHOWN_CHARACTERS = 6_000
"""Characters of a message that are laid out before the person asks for all of it."""


def chunk_length(messages: Iterable[Message]) -> int:
    """Return how many of the first of these messages make a chunk: at least one, if there is any."""
    count, remaining = 0, MAX_CHARACTERS
    for message in islice(messages, MAX_MESSAGES):
        remaining -= min(len(message.content), MAX_SHOWN_CHARACTERS)
        if remaining < 0 and count:
            break
        count += 1
    return count


def fits_chunk(messages: Iterable[Message]) -> bool:
    """Whether these messages together have no more characters than a chunk."""
    return sum(min(len(message.content), MAX_SHOWN_CHARACTERS) for message in messages) <= MAX_CHARACTERS
