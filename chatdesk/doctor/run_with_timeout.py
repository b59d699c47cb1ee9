"""Runs blocking work in a thread, for as long as somebody waits for it."""

import asyncio
import contextlib
import threading
from collections.abc import Callable


async def run_with_timeout[Result](work: Callable[[], Result], seconds: float, default: Result) -> Result:
    """Return the result of ``work``, or ``default`` if it takes longer than ``seconds``.

    The work runs in a daemon thread of its own. It does not use the loop's executor, which a program waits for at
    its end: a resolver may never return.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result) -> None:
        if not done.done():
            done.set_result(result)

    def run_work() -> None:
        result = work()
        with contextlib.suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=run_work, daemon=True, name="run-with-timeout").start()
    try:
        async with asyncio.timeout(seconds):
            return await done
    except TimeoutError:
        return default
