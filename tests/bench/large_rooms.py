"""Rooms of thousands: what it costs when all of them come at once, and what each message costs once they are there."""

import contextlib
import time

from tests.bench.contenders import Contender
from tests.bench.load import Run
from tests.bench.plan import Figures, Plan
from tests.bench.process import Server, running
from tests.bench.statistics import gaps, percentile
from tests.bench.swarm import Swarm

_MEANWHILE_PER_SECOND = 1.0
"""Messages of a person who is in the room already: enough to see the longest delay, and few beside the joins."""
_RATE = 20.0  # messages a second in a large room: as many as people can read, and a fifth of a million deliveries
_QUIET_SECONDS = 1.5  # without data; a large room tells once a second who has come and gone
_PAUSE_SECONDS = 1.0
"""After this the server has freed what it needed only for a moment."""


def joins(contender: Contender, plan: Plan) -> Figures:
    """Measure for rooms of different sizes what it costs that everybody comes at once."""
    figures: Figures = {}
    for people in plan.rooms:
        figures |= _join_all(contender, plan, people)
    if {5000, 10_000} <= set(plan.rooms):
        figures["joins growth"] = figures["joins cpu 10000"] / figures["joins cpu 5000"]
    return figures


def rooms(contender: Contender, plan: Plan) -> Figures:
    """Measure messages at a fixed rate in rooms of different sizes, and the server's memory."""
    figures: Figures = {}
    for people in plan.rooms:
        with running(contender, plan.cores) as server, contextlib.closing(_swarm(contender, server)) as swarm:
            swarm.arrive(people, lambda: None)
            swarm.settle(_QUIET_SECONDS)
            time.sleep(_PAUSE_SECONDS)
            memory = server.resident_bytes()
            outcome = Run(swarm, server).steady(_RATE, plan.seconds)
        figures |= {
            f"room complete {people}": outcome.arrived,
            f"room p50 {people}": percentile(outcome.latencies, 50),
            f"room p99 {people}": percentile(outcome.latencies, 99),
            f"room cpu {people}": outcome.server_cpu / max(1, outcome.delivered) * 1e6,
            f"room load {people}": outcome.load_cpu / (outcome.end - outcome.start) * 100,
            f"room memory {people}": memory / 1024 / 1024,
        }
    return figures


class _Speaker:
    """Somebody who is in the room before the others come, and who measures when the own words are there."""

    def __init__(self, swarm: Swarm) -> None:
        self._swarm = swarm
        self._due = time.monotonic()
        swarm.connect(1)
        swarm.join()
        swarm.settle()

    def speak_when_due(self) -> None:
        """Say something if it is time; what is late is left out."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + 1 / _MEANWHILE_PER_SECOND
            self._swarm.send(0)


def _join_all(contender: Contender, plan: Plan, people: int) -> Figures:
    with running(contender, plan.cores) as server, contextlib.closing(_swarm(contender, server)) as swarm:
        speaker = _Speaker(swarm)
        cpu, received, start = server.cpu_seconds(), swarm.received_bytes, time.monotonic()
        seconds = swarm.arrive(people, speaker.speak_when_due)
        end, delays = time.monotonic(), sorted(nanoseconds / 1e6 for nanoseconds in swarm.latencies)
        swarm.settle(_QUIET_SECONDS)
        figures = {
            f"joins {people}": seconds,
            f"joins cpu {people}": server.cpu_seconds() - cpu,
            f"joins bytes {people}": (swarm.received_bytes - received) / 1e6,
            f"joins delay {people}": percentile(delays, 100),
        }
    if server.frames:
        figures[f"joins frame gap {people}"] = percentile(gaps(server.frames, start, end), 99) * 1000
    return figures


def _swarm(contender: Contender, server: Server) -> Swarm:
    return Swarm(server.port, joins=contender.joins)
