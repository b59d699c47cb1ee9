"""What of the memory grows: the report of ``/debug/memory``."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chatdesk.server.stats import memory_bytes

_FRAMES = 6
"""Of each allocation: enough to get from a library's inside to the code that calls it. Each takes time and memory."""
_SHOWN = 10
_SHOWN_FRAMES = 5
_ROOT = Path(__file__).parents[2]
_MEGABYTE = 1_000_000


async def measure_memory(seconds: float) -> str:
    """Trace all that is allocated for so many seconds, and tell what of it is still there, by where that was.

    While it traces, everything takes several times as long; at the beginning and the end, nothing happens for a moment.
    """
    tracemalloc.start(_FRAMES)
    try:
        objects, resident = _count_objects(), memory_bytes()
        tracemalloc.clear_traces()
        await asyncio.sleep(seconds)
        grown = _count_objects() - objects
        snapshot = tracemalloc.take_snapshot()
        traced, _peak = tracemalloc.get_traced_memory()
        gained = memory_bytes() - resident
    finally:
        tracemalloc.stop()
    return await asyncio.to_thread(lambda: "\n".join(_report(snapshot, traced, gained, grown, seconds)))


def _count_objects() -> Counter[str]:
    """How many objects of each class there are, without garbage."""
    gc.collect()
    return Counter(f"{type(found).__module__}.{type(found).__qualname__}" for found in gc.get_objects())


def _report(
    snapshot: tracemalloc.Snapshot, traced: int, gained: int, grown: Counter[str], seconds: float
) -> Iterator[str]:
    yield f"In {seconds:g} seconds the process has grown by {gained / _MEGABYTE:.1f} MB."
    yield f"Of what was allocated in this time, {traced / _MEGABYTE:.1f} MB are still there. Most of it comes from:"
    own = [tracemalloc.Filter(inclusive=False, filename_pattern=file) for file in (tracemalloc.__file__, __file__)]
    for statistic in snapshot.filter_traces(own).statistics("traceback")[:_SHOWN]:
        yield f"\n{statistic.size / _MEGABYTE:8.2f} MB in {statistic.count} pieces"
        for frame in [*reversed(statistic.traceback)][:_SHOWN_FRAMES]:
            yield f"         {_place(frame.filename)}:{frame.lineno}"
    yield "\nThere are more objects than before of these classes:"
    for name, more in grown.most_common(_SHOWN):
        yield f"{more:8} {name}"


def _place(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else file
