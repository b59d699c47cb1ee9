"""How long reads and commits take, counted as a monitor wants it."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the counted durations in seconds; what takes longer is counted beyond them."""


@dataclass(slots=True)
class Durations:
    """Durations in seconds. One thread adds them; others may read while it does."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def up_to_bounds(self) -> list[int]:
        """How many were no longer than each of ``BOUNDS``, and at last how many there were at all."""
        return list(accumulate(self.counts))


@dataclass(slots=True)
class ReadTimings:
    """Of reads of one kind: how many wait for a thread now, how long each has waited, and how long it then took."""

    waiting: Callable[[], int]
    waited: Durations = field(default_factory=Durations)
    took: Durations = field(default_factory=Durations)


class LogTimings(NamedTuple):
    """Of reads by their kind, and of commits."""

    reads: Mapping[str, ReadTimings]
    commits: Durations
