"""What is said about many values."""

from itertools import pairwise


def percentile(ascending: list[float], share: int) -> float:
    """Return the value that ``share`` percent do not exceed; NaN if there are no values."""
    return ascending[min(len(ascending) - 1, len(ascending) * share // 100)] if ascending else float("nan")


def gaps(times: list[float], start: float, end: float) -> list[float]:
    """Return the differences between successive times from ``start`` to ``end``, both included, in ascending order."""
    within = [start, *(time for time in times if start <= time <= end), end]
    return sorted(after - before for before, after in pairwise(within))
