"""Work in another thread that a cancelled caller still waits for."""

import asyncio
from collections.abc import Callable


async def run_to_completion[Result](work: Callable[[], Result]) -> Result:
    """Do ``work`` in a thread and return its result.

    If the caller is cancelled meanwhile, CancelledError is raised only after the work has ended.
    """
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    cancelled = False
    while not doing.done():
        try:
            await asyncio.wait([doing])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError from doing.exception()
    return doing.result()
