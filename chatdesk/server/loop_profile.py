"""What takes the loop's time: the report of ``/debug/profile``, by a library that looks at its stack a thousand times a
second.
"""

import asyncio

from pyinstrument import Profiler

_INTERVAL_SECONDS = 0.001


async def measure_time(seconds: float) -> str:
    """Watch for so many seconds; return a tree of calls with their times."""
    profiler = Profiler(interval=_INTERVAL_SECONDS, async_mode="disabled")
    profiler.start()
    try:
        await asyncio.sleep(seconds)
    finally:
        session = profiler.stop()
    if not session.sample_count:
        return "The loop has done nothing in this time."
    return await asyncio.to_thread(profiler.output_text, unicode=True, color=False)
