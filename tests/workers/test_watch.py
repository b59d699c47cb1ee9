"""Which process hangs, and which one only waits for a machine that is busy or was asleep."""

import os
import signal
import time
from collections.abc import Iterable

import pytest

from chatdesk.workers.watch import HANGS_SECONDS, Seen, Watch, look

_HALF = HANGS_SECONDS / 2


def ended_after(looks: Iterable[Seen]) -> float | None:
    """After how many seconds a process is taken for one that hangs."""
    watch = Watch()
    return next((seen.at for seen in looks if watch.hangs(seen)), None)


def every_second(seconds: int, beat: int = 1, waited: float = 0.0, *, at_disk: bool = False) -> list[Seen]:
    """What is seen of a process that has shown nothing for so long; ``waited``: for a processor, of each second."""
    return [Seen(float(at), beat, at * waited, at_disk) for at in range(seconds)]


@pytest.mark.parametrize(
    ("looks", "after"),
    [
        (every_second(100), HANGS_SECONDS),
        (every_second(100, waited=0.5), 2 * HANGS_SECONDS),  # an endless loop on a busy machine
        (every_second(1000, waited=0.999), None),
        (every_second(1000, at_disk=True), None),
        (every_second(1000, beat=0), None),  # it is not at work yet
        ([seen._replace(beat=1 + int(seen.at / 9)) for seen in every_second(1000)], None),
        ([seen._replace(at=seen.at * 600) for seen in every_second(1000)], None),  # all are stopped again and again
        ([seen._replace(at=seen.at + (3600 if seen.at > _HALF else 0)) for seen in every_second(12)], None),
    ],
)
def test_a_process_hangs_if_it_could_work_and_does_not(looks: list[Seen], after: float | None) -> None:
    assert ended_after(looks) == after


def test_a_stopped_process_does_not_wait_for_a_processor_and_one_behind_another_does() -> None:
    stopped, busy = (os.posix_spawn("/bin/sh", ["sh", "-c", "while :; do :; done"], os.environ) for _ in range(2))
    other = os.posix_spawn("/bin/sh", ["sh", "-c", "while :; do :; done"], os.environ)
    try:
        os.kill(stopped, signal.SIGSTOP)
        os.waitpid(stopped, os.WUNTRACED)  # from here on it does not run
        for pid in (busy, other):
            os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})
        before = look(stopped, 1, 0.0)
        while look(busy, 1, 0.0).waited < 0.05:
            time.sleep(0.01)
        after = look(stopped, 1, 1.0)
        assert (after.waited - before.waited, after.at_disk) == (0.0, False)
    finally:
        for pid in (stopped, busy, other):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    assert look(stopped, 1, 0.0).waited == 0.0  # it has ended
