"""Phrases of findings: lists, durations and URLs."""

from collections.abc import Sequence

from chatdesk.discovery.addresses import web_url
from chatdesk.doctor.observations import HostObservations

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))
"""Units of time with their seconds, the largest first."""


def join_words(items: Sequence[str]) -> str:
    """Join items to a phrase such as ``one, two and three``."""
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def duration(seconds: float) -> str:
    """Return a duration in the largest unit that it fills."""
    for unit, size in _UNITS:
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{round(seconds)} seconds"


def chat_url(observed: HostObservations, address: str = "") -> str:
    """Return the URL of the chat at ``address``, or at the address that others are given."""
    return web_url(address or observed.shown_address, observed.port)
