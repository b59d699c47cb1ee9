"""Ends all connections of a server: with a goodbye, or a few at a time where others take the people in."""

import asyncio
import random
from collections.abc import Iterable

from chatdesk.protocol import events, times
from chatdesk.protocol.errors import CloseCode
from chatdesk.protocol.events import SystemCode
from chatdesk.server.connection import Connection

NOTICE_SHARE = 0.3
"""Of the time of a drain, in which newcomers are still taken in: a proxy looks at /ready only every other second."""
_STEP_SECONDS = 0.05
_MOVING = "the chat goes on, here or elsewhere: connect again"


def say_goodbye(connections: Iterable[Connection], *, goes_on: bool) -> None:
    """Close them all; people are told that the chat is closed, unless it ``goes_on`` elsewhere."""
    notice = events.System("The host has closed the chat.", times.timestamp(), SystemCode.CLOSING)
    for connection in [it for it in connections if not it.closing]:
        if goes_on:
            connection.close(CloseCode.RESTARTING, _MOVING)
        else:
            connection.session.send(notice)
            connection.close(CloseCode.GOING_AWAY, "the host has closed the chat")


async def close_one_by_one(connections: Iterable[Connection], seconds: float) -> None:
    """Close them in a random order, evenly within so many seconds, with the code that has clients connect again."""
    leaving = list(connections)
    random.shuffle(leaving)
    steps = max(1, round(seconds / _STEP_SECONDS))
    for step in range(steps):
        for connection in leaving[len(leaving) * step // steps : len(leaving) * (step + 1) // steps]:
            if not connection.closing:
                connection.close(CloseCode.RESTARTING, _MOVING)
        await asyncio.sleep(_STEP_SECONDS)
