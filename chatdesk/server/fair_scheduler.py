"""How the loop's time is divided among connections, whatever they speak and however far they have come.

Who uses little is served at once. Who uses more than a fair part of it waits in line with all others who do, and as
long as anybody else has something to say, all of these together get a part of the time only. So nobody can take it
from the others: neither one connection nor hundreds of them. And each computer has the same part, however many
connections it has: whoever has just come does not wait behind hundreds of somebody else's.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import Counter
from collections.abc import Callable
from enum import IntFlag
from typing import NamedTuple

_FAIR_PART = 0.5
"""So much of the loop's time is divided among all connections; each may use its part at any moment."""
_MIN_CONNECTIONS = 50
"""Fewer connections than this have no larger parts."""
_SAVED_SECONDS = 0.005
"""What a connection may save of its part, and what it may owe: more than a join, a page or a burst of messages."""
_QUIET_SECONDS = 0.25
"""Nobody else has had anything to say for so long: those in line may use all of the time."""
_LONGEST_PIECE_SECONDS = 0.001
"""What takes longer than this has been kept waiting by the machine, which is nobody's fault here."""
_READ_SECONDS = 30e-6
"""What a read costs before anything is done about what has been read."""
_ACCEPT_SECONDS = 60e-6
_BYTE_SECONDS = 0.5e-9
_SMALL_BYTES = 128
_WHOLE_BYTES = 1024 * 1024


class QueuePolicy(NamedTuple):
    """How those in line are served.

    ``part`` of the loop's time is for them while others have something to say; for ``turn`` seconds they are served at
    most, before all others have their turn.
    """

    part: float
    turn: float


STRICT = QueuePolicy(0.25, 0.002)
RELAXED = QueuePolicy(0.9, 0.05)
"""Where the host has set no limits."""


class PauseReason(IntFlag):
    """Why nothing is read from a peer."""

    SLOW_READER = 1
    """It does not read what it is sent."""
    COMMAND = 2
    """A command of its own waits for the log."""
    FLOOD = 4
    """It sends more than it may, and rests."""
    SCHEDULED = 8
    """It is in line, or has just had its turn."""


_SCHEDULED = int(PauseReason.SCHEDULED)  # a number: this is asked at every read


class FairScheduler:
    """The line, and what those in it may use.

    ``used`` gives seconds, in the smallest steps; the thread's own time would cost more to ask for than a read does.
    """

    def __init__(self, policy: QueuePolicy = STRICT, used: Callable[[], float] = time.perf_counter) -> None:
        self.used = used
        self.connections: Counter[str] = Counter()
        """How many connections each computer has."""
        self._policy = policy
        self._loop = asyncio.get_running_loop()
        self.clock = self._loop.time
        self._waiting: list[tuple[float, int, ScheduledReader]] = []
        self._numbers = itertools.count()
        self._gone = 0
        self._credit = policy.turn
        self._at = self.clock()
        self._light_use_at = -_QUIET_SECONDS
        self._timer: asyncio.Handle | None = None

    def fair_share(self, network: str) -> float:
        """The part of the loop's time that each connection of this computer has for itself."""
        return _FAIR_PART / max(_MIN_CONNECTIONS, len(self.connections) * self.connections[network])

    @property
    def crowded(self) -> bool:
        """Whether who uses more than a fair part has to wait."""
        return self._credit < 0 or bool(self._waiting)

    def note_light_use(self, now: float) -> None:
        """Somebody who uses little has been served."""
        self._light_use_at = now

    def charge(self, seconds: float, now: float) -> None:
        """Somebody has used more than a fair part."""
        self._refill(now)
        self._credit -= seconds

    def enqueue(self, reader: ScheduledReader) -> None:
        """Somebody who uses more than a fair part is about to go on: unless there is some left, it waits in line."""
        if self.crowded and not reader.paused_for & _SCHEDULED and not reader.closed:
            reader.pause(PauseReason.SCHEDULED)
            heapq.heappush(self._waiting, (reader.due_at, next(self._numbers), reader))
            self._arm()

    def remove(self, reader: ScheduledReader) -> None:
        """A connection has gone: it leaves the line, at the latest when half of those in it have gone."""
        self.connections[reader.network] -= 1
        if not self.connections[reader.network]:
            del self.connections[reader.network]
        if reader.paused_for & _SCHEDULED:
            self._gone += 1
        if self._gone > len(self._waiting) // 2:
            self._waiting = [entry for entry in self._waiting if not entry[2].closed]
            heapq.heapify(self._waiting)
            self._gone = 0

    def enqueue_soon(self, reader: ScheduledReader) -> None:
        """The same for who has just come. uvloop begins to read behind this, whatever it has been told before."""
        self._loop.call_soon(self.enqueue, reader)

    def resume_soon(self, reader: ScheduledReader) -> None:
        """Let it go on when everybody else has had a turn."""
        self._loop.call_soon(reader.resume, PauseReason.SCHEDULED)

    def close(self) -> None:
        """Nobody is served any more."""
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()

    def _refill(self, now: float) -> None:
        self._credit = min(self._policy.turn, self._credit + (now - self._at) * self._current_part(now))
        self._at = now

    def _current_part(self, now: float) -> float:
        return self._policy.part if now - self._light_use_at < _QUIET_SECONDS else 1.0

    def _arm(self) -> None:
        if self._timer is None:
            missing = max(0.0, -self._credit / self._current_part(self._at))
            self._timer = self._loop.call_later(missing, self._serve)

    def _serve(self) -> None:
        """Let those go on who are even first, one after the other, as long as what they are likely to use is there."""
        self._timer = None
        self._refill(self.clock())
        while self._waiting and self._credit >= 0:
            _, _, reader = heapq.heappop(self._waiting)
            if reader.closed:
                self._gone = max(0, self._gone - 1)
            else:
                self._credit -= reader.reserve()
                self.resume_soon(reader)
        if self._waiting:
            self._arm()


class ScheduledReader:
    """What is taken in from one peer. ``act`` works off a piece of what has come, and tells whether there is more.

    Reads at most one buffer per turn of the loop, whatever the loop would do, so that a flood waits its turn like
    everybody else.
    """

    __slots__ = (
        "_at",
        "_process",
        "_processing",
        "_reading",
        "_reserved_seconds",
        "_saved_seconds",
        "_scheduler",
        "_usual_seconds",
        "closed",
        "network",
        "paused_for",
        "transport",
    )

    def __init__(
        self, scheduler: FairScheduler, transport: asyncio.Transport, process: Callable[[], bool], network: str = ""
    ) -> None:
        self.transport = transport
        self.network = network
        self.paused_for = 0
        self.closed = False
        self._scheduler = scheduler
        self._process = process
        self._processing = False
        self._reading = True
        self._saved_seconds = 0.0
        self._at = scheduler.clock()
        self._usual_seconds = _READ_SECONDS
        self._reserved_seconds = 0.0
        scheduler.connections[network] += 1

    @property
    def due_at(self) -> float:
        """When it will have been given what it has used beyond its part: who waits long comes before who owes less."""
        return self._at - self._saved_seconds / self._scheduler.fair_share(self.network)

    @property
    def piece_bytes(self) -> int:
        """How many bytes make a piece."""
        return _SMALL_BYTES if self._saved_seconds <= 0 else _WHOLE_BYTES

    def set_process(self, process: Callable[[], bool]) -> None:
        """Somebody else works off what comes from now on."""
        self._process = process

    def opened(self) -> None:
        """It has just come, which has cost something, too."""
        self._spend(_ACCEPT_SECONDS, has_read=False)
        if self._scheduler.crowded:
            self._scheduler.enqueue_soon(self)

    def bytes_read(self, size: int, whole_buffer: bool) -> None:
        """So many bytes have been read: work them off. There may be more to read when they filled the buffer."""
        self._process_all(_READ_SECONDS + size * _BYTE_SECONDS)
        if whole_buffer and not self.paused_for & _SCHEDULED:
            self.pause(PauseReason.SCHEDULED)
            self._scheduler.resume_soon(self)

    def pause(self, reason: PauseReason) -> None:
        """Read nothing more, and work nothing off, until this is released, too."""
        self.paused_for |= int(reason)
        self._update_reading()

    def resume(self, reason: PauseReason) -> None:
        """Go on, unless something else holds it."""
        if self.paused_for & reason:
            self.paused_for &= ~int(reason)
            if not self.paused_for:
                self._process_all(0)

    def reserve(self) -> float:
        """The seconds that it is likely to use in its turn, besides those that it has reserved before."""
        more, self._reserved_seconds = self._usual_seconds - self._reserved_seconds, self._usual_seconds
        return more

    def close(self) -> None:
        """The connection has gone."""
        self.closed = True
        self._process = _nothing
        self._scheduler.remove(self)

    def _process_all(self, besides: float) -> None:
        """Work off a piece after the other. What it costs to have read them is ``besides``, in seconds."""
        if self._processing:
            return  # whoever does will find that nothing holds it
        self._processing = more = True
        try:
            while more and not self.paused_for:
                start = self._scheduler.used()
                more = self._process()
                used = min(self._scheduler.used() - start, _LONGEST_PIECE_SECONDS)
                self._spend(used + besides, bool(besides))
                if self._saved_seconds < 0 and (more or besides):
                    self._scheduler.enqueue(self)
                besides = 0.0
        except BaseException:
            self.transport.abort()  # the loop tells of it
            raise
        finally:
            self._processing = False
            self._update_reading()

    def _spend(self, used: float, has_read: bool) -> None:
        now = self._scheduler.clock()
        saved = self._saved_seconds + (now - self._at) * self._scheduler.fair_share(self.network) - used
        self._saved_seconds = min(_SAVED_SECONDS, max(-_SAVED_SECONDS, saved))
        self._at = now
        if self._saved_seconds >= 0:
            return self._scheduler.note_light_use(now)
        if has_read:
            self._usual_seconds = used
            used, self._reserved_seconds = used - self._reserved_seconds, 0.0
        return self._scheduler.charge(used, now)

    def _update_reading(self) -> None:
        """Read, or do not."""
        if self._processing or self._reading == (not self.paused_for) or self.transport.is_closing():
            return
        self._reading = not self.paused_for
        if self._reading:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()


def _nothing() -> bool:
    """Nobody is there any more."""
    return False
