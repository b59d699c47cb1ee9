"""The figures behind ``/stats``: counters, lag of the loop, memory."""

import asyncio
import mmap
import time
from collections import Counter, deque
from pathlib import Path

_RATE_SECONDS = 10
"""Long enough for a steady figure, short enough to see a burst."""
_LAG_INTERVAL_SECONDS = 0.1
"""Often enough to notice a block of a fraction of a second, and no load."""
_LAG_SAMPLES = 600
"""A minute of them."""

Hits = Counter[str]
"""How often each limit has refused, slowed or ended something, by its name in ``/stats``."""
LIMITS = (
    *("frames", "http_places", "network_places", "never_joined", "password_line", "password_waits", "places"),
    *("rules_broken", "silent", "unjoined", "wrong_passwords"),
)
"""The limits that are counted so, besides budgets and the queue: a monitor sees each from the beginning, as 0."""


class Traffic:
    """Counters since the server's start."""

    def __init__(self) -> None:
        self.messages = 0
        self.deliveries = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.hits = Hits(dict.fromkeys(LIMITS, 0))
        self._recent: deque[list[int]] = deque(maxlen=_RATE_SECONDS + 1)

    def count_message(self) -> None:
        """Count a message that a room's log has stored."""
        self.messages += 1
        second = int(time.monotonic())
        if self._recent and self._recent[-1][0] == second:
            self._recent[-1][1] += 1
        else:
            self._recent.append([second, 1])

    def messages_per_second(self) -> float:
        """The mean of the last ten whole seconds."""
        now = int(time.monotonic())
        counted = sum(count for second, count in self._recent if now - _RATE_SECONDS <= second < now)
        return counted / _RATE_SECONDS


class LoopLag:
    """How late the loop runs its timers: the least that everybody on it waits."""

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=_LAG_SAMPLES)
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Measure ten times a second from now on."""
        due = time.perf_counter() + _LAG_INTERVAL_SECONDS
        self._timer = self._loop.call_later(_LAG_INTERVAL_SECONDS, self._sample, due)

    def stop(self) -> None:
        """Stop measuring."""
        if self._timer:
            self._timer.cancel()

    def percentiles(self) -> dict[str, float]:
        """Median and 99th percentile of the last minute, in milliseconds, by ``p50`` and ``p99``."""
        ordered = sorted(self._samples) or [0.0]
        return {f"p{share}": round(ordered[len(ordered) * share // 100] * 1000, 3) for share in (50, 99)}

    def _sample(self, due: float) -> None:
        self._samples.append(max(0.0, time.perf_counter() - due))
        self.start()


def memory_bytes() -> int:
    """Resident memory of this process in bytes; 0 where the system has no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * mmap.PAGESIZE
