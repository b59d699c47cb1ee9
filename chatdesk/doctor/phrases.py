"""Lists, times and addresses as people say them."""

from collections.abc import Sequence

from chatdesk.discovery.addresses import web_url
from chatdesk.doctor.observations import HostObservations

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))


def join_words(items: Sequence[str]) -> str:
    """One, another and a third."""
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def duration(seconds: float) -> str:
    """How long, in the largest unit that it fills."""
    for unit, size in _UNITS:
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{round(seconds)} seconds"


def chat_url(observed: HostObservations, address: str = "") -> str:
    """Where the chat is for others: at ``address``, or at the one that is given to them."""
    return web_url(address or observed.shown_address, observed.port)
