"""How the loop's time is divided among connections, whatever they speak and however far they have come.

Who uses little is served at once. Who uses more than a fair part of it waits in line with all others who do, and as
long as anybody else has something to say, all of these together get a part of the time only. So nobody can take it
from the others: neither one connection nor hundreds of them.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from enum import Flag, auto
from typing import NamedTuple

_FAIR = 0.5
"""So much of the loop's time is divided among all connections; each may use its part at any moment."""
_AS_MANY_AS = 50
"""Fewer connections than this have no larger parts."""
_SAVED_SECONDS = 0.005
"""What a connection may save of its part, and what it may owe: more than a join, a page or a burst of messages."""
_TURN_SECONDS = 0.002
"""For so long those in line are served at most, before all others have their turn."""
_QUIET_SECONDS = 0.25
"""Nobody else has had anything to say for so long: those in line may use all of the time."""
_READ_SECONDS = 30e-6
"""What a read costs before anything is done about what has been read."""
_ACCEPT_SECONDS = 60e-6
_BYTE_SECONDS = 0.5e-9
_SMALL_BYTES = 128
_ANY_BYTES = 1024 * 1024


class Line(NamedTuple):
    """Which part of the loop's time is for those in line while others have something to say."""

    part: float


STRICT = Line(0.25)
TRUSTING = Line(0.9)
"""Where the host has set no limits."""


class Hold(Flag):
    """Why nothing is read from a peer."""

    NONE = 0
    DEAF = auto()
    """It does not read what it is sent."""
    COMMAND = auto()
    """A command of its own waits for the log."""
    FLOOD = auto()
    """It sends more than it may, and rests."""
    TURN = auto()
    """It is in line, or has just had its turn."""


class Shares:
    """The line, and what those in it may use.

    ``used`` gives the seconds that this thread has run so far: what a busy machine does besides is nobody's fault here.
    """

    def __init__(self, line: Line = STRICT, used: Callable[[], float] = time.thread_time) -> None:
        self.used = used
        self.connections = 0
        self._part = line.part
        self._loop = asyncio.get_running_loop()
        self.clock = self._loop.time
        self._waiting: list[tuple[float, int, Intake]] = []
        self._numbers = itertools.count()
        self._gone = 0
        self._credit = _TURN_SECONDS
        self._at = self.clock()
        self._others_at = -_QUIET_SECONDS
        self._timer: asyncio.Handle | None = None

    @property
    def fair_part(self) -> float:
        """The part of the loop's time that is a connection's own."""
        return _FAIR / max(_AS_MANY_AS, self.connections)

    def served(self, now: float) -> None:
        """Somebody who uses little has been served."""
        self._others_at = now

    def charge(self, seconds: float, now: float) -> None:
        """Somebody has used more than a fair part."""
        self._refill(now)
        self._credit -= seconds

    def queue(self, intake: Intake) -> None:
        """Somebody who uses more than a fair part is about to go on: unless there is some left, it waits in line."""
        if (self._credit < 0 or self._waiting) and Hold.TURN not in intake.held and not intake.closed:
            intake.hold(Hold.TURN)
            heapq.heappush(self._waiting, (intake.debt, next(self._numbers), intake))
            self._arm()

    def forget(self, intake: Intake) -> None:
        """A connection has gone: it leaves the line, at the latest when half of those in it have gone."""
        self.connections -= 1
        if Hold.TURN in intake.held:
            self._gone += 1
        if self._gone > len(self._waiting) // 2:
            self._waiting = [entry for entry in self._waiting if not entry[2].closed]
            heapq.heapify(self._waiting)
            self._gone = 0

    def soon(self, intake: Intake) -> None:
        """Let it go on when everybody else has had a turn."""
        self._loop.call_soon(intake.release, Hold.TURN)

    def close(self) -> None:
        """Nobody is served any more."""
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()

    def _refill(self, now: float) -> None:
        self._credit = min(_TURN_SECONDS, self._credit + (now - self._at) * self._part_now(now))
        self._at = now

    def _part_now(self, now: float) -> float:
        return self._part if now - self._others_at < _QUIET_SECONDS else 1.0

    def _arm(self) -> None:
        if self._timer is None:
            missing = max(0.0, -self._credit / self._part_now(self._at))
            self._timer = self._loop.call_later(missing, self._serve)

    def _serve(self) -> None:
        """Let those go on who owe least, one after the other, as long as what they are likely to use is there."""
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
        "transport",
    )

    def __init__(self, shares: Shares, transport: asyncio.Transport, act: Callable[[], bool]) -> None:
        self.transport = transport
        self.held = Hold.NONE
        self.closed = False
        self._shares = shares
        self._act = act
        self._acting = False
        self._reading = True
        self._saved = 0.0
        self._at = shares.clock()
        self._usual = _READ_SECONDS
        self._reserved = 0.0
        shares.connections += 1

    @property
    def debt(self) -> float:
        """The seconds that it has used beyond its part."""
        return -self._saved

    @property
    def piece(self) -> int:
        """How many bytes make a piece."""
        return _SMALL_BYTES if self._saved <= 0 else _ANY_BYTES

    def hand_on(self, act: Callable[[], bool]) -> None:
        """Somebody else works off what comes from now on."""
        self._act = act

    def came(self) -> None:
        """It has just come, which has cost something, too."""
        self._work(_ACCEPT_SECONDS)

    def took(self, size: int, whole_buffer: bool) -> None:
        """So many bytes have been read: work them off. There may be more to read when they filled the buffer."""
        self._work(_READ_SECONDS + size * _BYTE_SECONDS)
        if whole_buffer and Hold.TURN not in self.held:
            self.hold(Hold.TURN)
            self._shares.soon(self)

    def hold(self, why: Hold) -> None:
        """Read nothing more, and work nothing off, until this is released, too."""
        self.held |= why
        self._update()

    def release(self, why: Hold) -> None:
        """Go on, unless something else holds it."""
        if why & self.held:
            self.held &= ~why
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
                self._spend(self._shares.used() - start + besides, bool(besides))
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
        saved = self._saved + (now - self._at) * self._shares.fair_part - used
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
        if self._acting or self._reading is not bool(self.held) or self.transport.is_closing():
            return
        self._reading = not self.held
        if self._reading:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()


def _nothing() -> bool:
    """Nobody is there any more."""
    return False
