"""Connections of a test that always have more to process, and a clock that it sets."""

import asyncio
from typing import cast

from chatdesk.server.fair_scheduler import FairScheduler
from chatdesk.server.scheduled_reader import ScheduledReader


class FakeTransport:
    """A transport that has something to read whenever it is read."""

    def __init__(self) -> None:
        self.reading = True
        self.aborted = False

    def is_closing(self) -> bool:
        return self.aborted

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def abort(self) -> None:
        self.aborted = True


class Clock:
    """Seconds, as far as it is told."""

    def __init__(self) -> None:
        self.used = 0.0

    def __call__(self) -> float:
        return self.used


class Flood:
    """A connection that always has more, and of which each piece costs a millisecond."""

    def __init__(self, scheduler: FairScheduler, clock: Clock, network: str = "") -> None:
        self.pieces = 0
        self._clock = clock
        self.wire = FakeTransport()
        self.reader = ScheduledReader(scheduler, cast(asyncio.Transport, self.wire), self.process, network)

    def process(self) -> bool:
        self.pieces += 1
        self._clock.used += 0.001
        return True

    def owe(self) -> None:
        """Use more than its share, and send something."""
        self.reader._saved_seconds = -0.005
        self.reader.bytes_read(1, whole_buffer=False)


def scheduler_by(clock: Clock, used: Clock) -> FairScheduler:
    """A scheduler of which both clocks are set by the test: the time, and the work that was done."""
    scheduler = FairScheduler(work_clock=used)
    scheduler.clock = clock
    scheduler._at = 0.0
    return scheduler


async def turn(scheduler: FairScheduler) -> None:
    """Serve the queue, and let those that have their turn go on."""
    scheduler._serve()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
