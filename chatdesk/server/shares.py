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

_FAIR = 0.5
"""So much of the loop's time is divided among all connections; each may use its part at any moment."""
_AS_MANY_AS = 50
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
_ANY_BYTES = 1024 * 1024


class Line(NamedTuple):
    """How those in line are served.

    ``part`` of the loop's time is for them while others have something to say; for ``turn`` seconds they are served at
    most, before all others have their turn.
    """

    part: float
    turn: float


STRICT = Line(0.25, 0.002)
TRUSTING = Line(0.9, 0.05)
"""Where the host has set no limits."""


class Hold(IntFlag):
    """Why nothing is read from a peer."""

    DEAF = 1
    """It does not read what it is sent."""
    COMMAND = 2
    """A command of its own waits for the log."""
    FLOOD = 4
    """It sends more than it may, and rests."""
    TURN = 8
    """It is in line, or has just had its turn."""


_TURN = int(Hold.TURN)  # a number: this is asked at every read


class Shares:
    """The line, and what those in it may use.

    ``used`` gives seconds, in the smallest steps; the thread's own time would cost more to ask for than a read does.
    """

    def __init__(self, line: Line = STRICT, used: Callable[[], float] = time.perf_counter) -> None:
        self.used = used
        self.connections: Counter[str] = Counter()
        """How many connections each computer has."""
        self._line = line
        self._loop = asyncio.get_running_loop()
        self.clock = self._loop.time
        self._waiting: list[tuple[float, int, Intake]] = []
        self._numbers = itertools.count()
        self._gone = 0
        self._credit = line.turn
        self._at = self.clock()
        self._others_at = -_QUIET_SECONDS
        self._timer: asyncio.Handle | None = None

    def fair_part(self, owner: str) -> float:
        """The part of the loop's time that each connection of this computer has for itself."""
        return _FAIR / max(_AS_MANY_AS, len(self.connections) * self.connections[owner])

    @property
    def crowded(self) -> bool:
        """Whether who uses more than a fair part has to wait."""
        return self._credit < 0 or bool(self._waiting)

    def served(self, now: float) -> None:
        """Somebody who uses little has been served."""
        self._others_at = now

    def charge(self, seconds: float, now: float) -> None:
        """Somebody has used more than a fair part."""
        self._refill(now)
        self._credit -= seconds

    def queue(self, intake: Intake) -> None:
        """Somebody who uses more than a fair part is about to go on: unless there is some left, it waits in line."""
        if self.crowded and not intake.held & _TURN and not intake.closed:
            intake.hold(Hold.TURN)
            heapq.heappush(self._waiting, (intake.even_at, next(self._numbers), intake))
            self._arm()

    def forget(self, intake: Intake) -> None:
        """A connection has gone: it leaves the line, at the latest when half of those in it have gone."""
        self.connections[intake.owner] -= 1
        if not self.connections[intake.owner]:
            del self.connections[intake.owner]
        if intake.held & _TURN:
            self._gone += 1
        if self._gone > len(self._waiting) // 2:
            self._waiting = [entry for entry in self._waiting if not entry[2].closed]
            heapq.heapify(self._waiting)
            self._gone = 0

    def queue_soon(self, intake: Intake) -> None:
        """The same for who has just come. uvloop begins to read behind this, whatever it has been told before."""
        self._loop.call_soon(self.queue, intake)

    def soon(self, intake: Intake) -> None:
        """Let it go on when everybody else has had a turn."""
        self._loop.call_soon(intake.release, Hold.TURN)

    def close(self) -> None:
        """Nobody is served any more."""
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()

    def _refill(self, now: float) -> None:
        self._credit = min(self._line.turn, self._credit + (now - self._at) * self._part_now(now))
        self._at = now

    def _part_now(self, now: float) -> float:
        return self._line.part if now - self._others_at < _QUIET_SECONDS else 1.0

    def _arm(self) -> None:
        if self._timer is None:
            missing = max(0.0, -self._credit / self._part_now(self._at))
            self._timer = self._loop.call_later(missing, self._serve)

    def _serve(self) -> None:
        """Let those go on who are even first, one after the other, as long as what they are likely to use is there."""
        self._timer = None
        self._refill(self.clock())
        while self._waiting and self._credit >= 0:
            _, _, intake = heapq.heappop(self._waiting)
            if intake.closed:
                self._gone = max(0, self._gone - 1)
            else:
                self._credit -= intake.reserve()
                self.soon(intake)
        if self._waiting:
            self._arm()


class Intake:
    """What is taken in from one peer. ``act`` works off a piece of what has come, and tells whether there is more.

    Reads at most one buffer per turn of the loop, whatever the loop would do, so that a flood waits its turn like
    everybody else.
    """

    __slots__ = (
        "_act",
        "_acting",
        "_at",
        "_reading",
        "_reserved",
        "_saved",
        "_shares",
        "_usual",
        "closed",
        "held",
        "owner",
        "transport",
    )

    def __init__(self, shares: Shares, transport: asyncio.Transport, act: Callable[[], bool], owner: str = "") -> None:
        self.transport = transport
        self.owner = owner
        self.held = 0
        self.closed = False
        self._shares = shares
        self._act = act
        self._acting = False
        self._reading = True
        self._saved = 0.0
        self._at = shares.clock()
        self._usual = _READ_SECONDS
        self._reserved = 0.0
        shares.connections[owner] += 1

    @property
    def even_at(self) -> float:
        """When it will have been given what it has used beyond its part: who waits long comes before who owes less."""
        return self._at - self._saved / self._shares.fair_part(self.owner)

    @property
    def piece(self) -> int:
        """How many bytes make a piece."""
        return _SMALL_BYTES if self._saved <= 0 else _ANY_BYTES

    def hand_on(self, act: Callable[[], bool]) -> None:
        """Somebody else works off what comes from now on."""
        self._act = act

    def came(self) -> None:
        """It has just come, which has cost something, too."""
        self._spend(_ACCEPT_SECONDS, has_read=False)
        if self._shares.crowded:
            self._shares.queue_soon(self)

    def took(self, size: int, whole_buffer: bool) -> None:
        """So many bytes have been read: work them off. There may be more to read when they filled the buffer."""
        self._work(_READ_SECONDS + size * _BYTE_SECONDS)
        if whole_buffer and not self.held & _TURN:
            self.hold(Hold.TURN)
            self._shares.soon(self)

    def hold(self, why: Hold) -> None:
        """Read nothing more, and work nothing off, until this is released, too."""
        self.held |= int(why)
        self._update()

    def release(self, why: Hold) -> None:
        """Go on, unless something else holds it."""
        if self.held & why:
            self.held &= ~int(why)
            if not self.held:
                self._work(0)

    def reserve(self) -> float:
        """The seconds that it is likely to use in its turn, besides those that it has reserved before."""
        more, self._reserved = self._usual - self._reserved, self._usual
        return more

    def close(self) -> None:
        """The connection has gone."""
        self.closed = True
        self._act = _nothing
        self._shares.forget(self)

    def _work(self, besides: float) -> None:
        """Work off a piece after the other. What it costs to have read them is ``besides``, in seconds."""
        if self._acting:
            return  # whoever does will find that nothing holds it
        self._acting = more = True
        try:
            while more and not self.held:
                start = self._shares.used()
                more = self._act()
                used = min(self._shares.used() - start, _LONGEST_PIECE_SECONDS)
                self._spend(used + besides, bool(besides))
                if self._saved < 0 and (more or besides):
                    self._shares.queue(self)
                besides = 0.0
        except BaseException:
            self.transport.abort()  # the loop tells of it
            raise
        finally:
            self._acting = False
            self._update()

    def _spend(self, used: float, has_read: bool) -> None:
        now = self._shares.clock()
        saved = self._saved + (now - self._at) * self._shares.fair_part(self.owner) - used
        self._saved = min(_SAVED_SECONDS, max(-_SAVED_SECONDS, saved))
        self._at = now
        if self._saved >= 0:
            return self._shares.served(now)
        if has_read:
            self._usual = used
            used, self._reserved = used - self._reserved, 0.0
        return self._shares.charge(used, now)

    def _update(self) -> None:
        """Read, or do not."""
        if self._acting or self._reading == (not self.held) or self.transport.is_closing():
            return
        self._reading = not self.held
        if self._reading:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()


def _nothing() -> bool:
    """Nobody is there any more."""
    return False
