"""Which process hangs, and which one only waits for a machine that is busy or was asleep."""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from chatdesk.workers.watch import HANGS_SECONDS, Thread, Watch, threads_of

_Look = tuple[float, int, dict[int, Thread]]
_MINUTE = range(60)
_LOOP = 1
_UNTIL_ENDED = HANGS_SECONDS + 1
"""What it shows in the first look is compared with the next one."""


def every_second(*threads: str, ran: float = 0.0, waited: float = 0.0) -> list[_Look]:
    """What is seen of a process that has shown nothing for a minute: the states of its threads.

    ``ran`` and ``waited``: how long the last of them has, and has wanted, a processor in each second.
    """
    looks = []
    for at in _MINUTE:
        seen = {number: Thread(state, 0.0, 0.0) for number, state in enumerate(threads, _LOOP)}
        seen[len(threads)] = Thread(threads[-1], at * ran, at * waited)
        looks.append((float(at), 1, seen))
    return looks


def ended_at(looks: Iterable[_Look]) -> float | None:
    """At which moment a process is first taken for one that hangs."""
    seen: dict[int, Thread] = {}
    watch = Watch(lambda: seen)
    for at, beat, seen in looks:  # noqa: B007 - the watch looks at it
        if watch.hangs(at, beat):
            return at
    return None


@pytest.mark.parametrize(
    ("looks", "at"),
    [
        (every_second("T"), _UNTIL_ENDED),
        (every_second("S", "S"), _UNTIL_ENDED),  # it waits for what never comes
        (every_second("R", ran=1.0), _UNTIL_ENDED),  # an endless loop
        (every_second("R", ran=0.5), 1 + 2 * HANGS_SECONDS),  # one on a busy machine
        (every_second("R"), None),  # it does not get a processor, not for a moment
        (every_second("S", "R"), None),  # a thread does not, for which the loop may wait
        (every_second("S", waited=0.99), None),
        (every_second("D"), None),
        (every_second("S", "D"), None),
        (every_second("t", "t"), None),  # a debugger
        ([(float(at), 1, {}) for at in _MINUTE], None),  # a system that does not tell
        ([(at, 0, threads) for at, _, threads in every_second("T")], None),  # it is not at work yet
        ([(at, 1 + int(at / 9), threads) for at, _, threads in every_second("T")], None),
        ([(at * 600, 1, threads) for at, _, threads in every_second("T")], None),  # all are stopped again and again
    ],
)
def test_a_process_hangs_if_it_could_work_and_does_not(looks: list[_Look], at: float | None) -> None:
    assert ended_at(looks) == at


def test_one_that_was_ended_is_given_as_long_again() -> None:
    threads = {_LOOP: Thread("T", 0.0, 0.0)}
    watch = Watch(lambda: threads)
    assert [at for at in _MINUTE if watch.hangs(float(at), 1)] == [11, 21, 31, 41, 51]


@contextmanager
def endless_loop(processor: int) -> Iterator[int]:
    """A process that takes all it can get of this processor."""
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", "while :; do :; done"], os.environ)
    try:
        os.sched_setaffinity(pid, {processor})
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_the_system_tells_who_is_stopped_who_has_a_processor_and_who_waits_for_one() -> None:
    with ExitStack() as stack:
        processor = min(os.sched_getaffinity(0))
        stopped, first, second = (stack.enter_context(endless_loop(processor)) for _ in range(3))
        os.kill(stopped, signal.SIGSTOP)
        os.waitpid(stopped, os.WUNTRACED)  # from here on it does not run
        before = threads_of(stopped)
        while min(getattr(threads_of(pid)[pid], had) for pid in (first, second) for had in ("ran", "waited")) < 0.05:
            time.sleep(0.01)
        assert threads_of(stopped) == before
        assert [threads_of(pid)[pid].state for pid in (stopped, first, second)] == ["T", "R", "R"]
    assert threads_of(first) == {}
