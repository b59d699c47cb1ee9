"""A history of operations, and what is wrong with it: each confirmed once, one order for all, no reader misses one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """A message as a node keeps it, or as a reader has heard it."""

    seq: int
    id: str
    content: str


class Said(NamedTuple):
    """What somebody has said, when they began to, and when it was confirmed as which number; None if it never was."""

    id: str
    content: str
    begun_at: float
    confirmed_at: float | None = None
    seq: int | None = None


def check(
    said: Sequence[Said], kept: Mapping[str, Sequence[Entry]], heard: Mapping[str, Sequence[Entry]]
) -> Iterator[str]:
    """Return what is wrong, one sentence each. ``kept`` is by node, ``heard`` by reader, each from the first one on."""
    first = next(iter(kept))
    order = list(kept[first])
    for node, entries in kept.items():
        if list(entries) != order:
            yield f"{node} has another order than {first}"
    if [entry.seq for entry in order] != list(range(1, len(order) + 1)):
        yield "the numbers have gaps"
    for reader, entries in heard.items():
        if list(entries) != order[: len(entries)] or len(entries) < len(order):
            yield f"{reader} has missed something, or heard something else"
    yield from _check_each(said, order)
    yield from _check_moments(said)


def _check_each(said: Sequence[Said], order: Sequence[Entry]) -> Iterator[str]:
    contents = {one.id: one.content for one in said}
    times = Counter(entry.id for entry in order)
    for entry in order:
        if contents.get(entry.id) != entry.content:
            yield f"nobody has said number {entry.seq}"
    for one in said:
        if times[one.id] > 1:
            yield f"{one.id} is there {times[one.id]} times"
        if one.seq is None:
            yield f"{one.id} was never confirmed"
        elif order[one.seq - 1 : one.seq] != [Entry(one.seq, one.id, one.content)]:
            yield f"{one.id} was confirmed as number {one.seq}, and is not there"


def _check_moments(said: Sequence[Said]) -> Iterator[str]:
    """What was confirmed before something else was begun stands before it."""
    ends = sorted((one.confirmed_at, one.seq) for one in said if one.confirmed_at is not None and one.seq is not None)
    latest = done = 0
    for one in sorted((one for one in said if one.seq is not None), key=lambda one: one.begun_at):
        while done < len(ends) and ends[done][0] < one.begun_at:
            latest = max(latest, ends[done][1])
            done += 1
        if one.seq is not None and one.seq < latest:
            yield f"{one.id} is number {one.seq}, and was begun after number {latest} was confirmed"
