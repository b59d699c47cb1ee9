"""Work in another thread that is not to be left half done."""

import asyncio
from collections.abc import Callable


async def run_to_completion[Result](work: Callable[[], Result]) -> Result:
    """The result of ``work``, done in a thread. Who is cancelled meanwhile is so only once the work is through."""
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
