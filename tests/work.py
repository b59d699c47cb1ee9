"""How much work something is, to be compared with other work on the same machine, which may be slow or busy."""

import sys
import time
from collections.abc import Callable
from types import FrameType


def count_calls(work: Callable[[], object]) -> int:
    """How many functions this thread calls for it: as many on any machine, however busy it is."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this thread: the least of three times, since what runs beside it takes the processor's caches."""
    taken = []
    for _ in range(3):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return min(taken)
