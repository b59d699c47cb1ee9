"""``python -m tests.bench.window_memory``: what the window holds that hosts a chat while people write in it.

Forty people is a class or a team; twenty thousand messages are a long day of theirs, sent here within a minute.
"""

import contextlib
import os
import time
from collections.abc import Sequence
from itertools import pairwise

from tests.bench.contenders import window
from tests.bench.load import Run
from tests.bench.process import Server, cores, running
from tests.bench.swarm import Swarm

TARGET_MB = 160
_PEOPLE = 40
_RATE = 400.0  # messages a second: what the window is to draw smoothly
_MILESTONES = (1_000, 13_000, 20_000)
_SETTLE_SECONDS = 3.0  # the window has drawn what came last, and collected its garbage
_MB = 1024 * 1024


def measure(milestones: Sequence[int] = _MILESTONES) -> dict[int, float]:
    """Return the resident memory in MB, by the number of messages that were sent before."""
    where = cores()
    os.sched_setaffinity(0, {where.load})
    with running(window(2 * _PEOPLE), where) as server, contextlib.closing(Swarm(server.port)) as swarm:
        found = {0: _resident(server)}
        swarm.connect(_PEOPLE)
        swarm.join()
        for before, milestone in pairwise((0, *milestones)):
            Run(swarm, server).steady(_RATE, (milestone - before) / _RATE)
            found[milestone] = _resident(server)
    return found


def _resident(server: Server) -> float:
    time.sleep(_SETTLE_SECONDS)
    return server.resident_bytes() / _MB


def main() -> None:
    """Measure, and print a line for each milestone."""
    found = measure()
    for messages, megabytes in found.items():
        print(f"{messages:6} messages {megabytes:6.0f} MB", flush=True)
    print(f"at most {TARGET_MB} MB wanted: {'held' if max(found.values()) <= TARGET_MB else 'missed'}")


if __name__ == "__main__":
    main()
