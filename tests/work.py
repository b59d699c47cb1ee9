"""How much work something is, to be compared with other work on the same machine, which may be slow or busy."""

import time
from collections.abc import Callable


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this thread: the least of three times, since what runs beside it takes the processor's caches."""
    taken = []
    for _ in range(3):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return min(taken)
