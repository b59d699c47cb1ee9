"""What the server has done so far, and how it feels: the figures behind ``/stats``."""

import asyncio
import mmap
import time
from collections import deque
from pathlib import Path

_RATE_SECONDS = 10
_LAG_INTERVAL_SECONDS = 0.1
_LAG_SAMPLES = 600


class Traffic:
    """Counters since the start."""

    def __init__(self) -> None:
        self.messages = 0
        self.deliveries = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self._recent: deque[list[int]] = deque(maxlen=_RATE_SECONDS + 1)

    def count_message(self) -> None:
        """A message has entered a room's log."""
        self.messages += 1
        second = int(time.monotonic())
        if self._recent and self._recent[-1][0] == second:
            self._recent[-1][1] += 1
        else:
            self._recent.append([second, 1])

    def messages_per_second(self) -> float:
        """The mean over the last ten whole seconds."""
        now = int(time.monotonic())
        counted = sum(count for second, count in self._recent if now - _RATE_SECONDS <= second < now)
        return counted / _RATE_SECONDS


class LoopLag:
    """How late the loop calls what is due: what everybody on it waits at the least."""

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=_LAG_SAMPLES)
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Measure from now on, ten times a second."""
        due = time.perf_counter() + _LAG_INTERVAL_SECONDS
        self._timer = self._loop.call_later(_LAG_INTERVAL_SECONDS, self._sample, due)

    def stop(self) -> None:
        """Measure no more."""
        if self._timer:
            self._timer.cancel()

    def percentiles(self) -> dict[str, float]:
        """Median and 99th percentile of the last minute, in milliseconds."""
        ordered = sorted(self._samples) or [0.0]
        return {f"p{share}": round(ordered[len(ordered) * share // 100] * 1000, 3) for share in (50, 99)}

    def _sample(self, due: float) -> None:
        self._samples.append(max(0.0, time.perf_counter() - due))
        self.start()


def memory_bytes() -> int:
    """The memory that this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * mmap.PAGESIZE
