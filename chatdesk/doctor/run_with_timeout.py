"""Work that blocks, beside the loop, for as long as somebody waits for it."""

import asyncio
import contextlib
import threading
from collections.abc import Callable


async def run_with_timeout[Result](work: Callable[[], Result], seconds: float, default: Result) -> Result:
    """What the work comes to in a thread of its own, or else what it would be worth to have nothing.

    It is not the loop's executor, for which a program waits at its end: a resolver may wait for nobody's answer.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result) -> None:
        if not done.done():
            done.set_result(result)

    def run_work() -> None:
        result = work()
        with contextlib.suppress(RuntimeError):  # the program may have ended meanwhile, and the loop with it
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=run_work, daemon=True, name="run-with-timeout").start()
    try:
        async with asyncio.timeout(seconds):
            return await done
    except TimeoutError:
        return default
