"""Sends everybody to other servers, a few at a time, so that these are not overrun."""

import asyncio
import random
from collections.abc import Iterable

from chatdesk.protocol.errors import CloseCode
from chatdesk.server.connection import Connection

NOTICE_SHARE = 0.3
"""Of the time of a drain, in which newcomers are still taken in: a proxy looks at /ready only every other second."""
_STEP_SECONDS = 0.05
_REASON = "this server ends, and the chat goes on: connect again"


async def close_one_by_one(connections: Iterable[Connection], seconds: float) -> None:
    """Close them in a random order, evenly within so many seconds, with the code that has clients connect again."""
    leaving = list(connections)
    random.shuffle(leaving)
    steps = max(1, round(seconds / _STEP_SECONDS))
    for step in range(steps):
        for connection in leaving[len(leaving) * step // steps : len(leaving) * (step + 1) // steps]:
            if not connection.closing:
                connection.close(CloseCode.RESTARTING, _REASON)
        await asyncio.sleep(_STEP_SECONDS)
