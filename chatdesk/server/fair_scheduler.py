"""Fair shares of the loop's time for all connections, whether they speak HTTP or WebSocket, have joined or not.

A connection that uses little time is served at once. One that uses more than its fair share waits in a queue with all
others that do, and while anybody else is active, the queue gets only a part of the time. So neither one connection nor
hundreds of them can slow down the others. All networks have the same share, however many connections each of them has:
a newcomer does not wait behind hundreds of connections of one computer, and hundreds that each have savings are not all
served at once, for the network saves up no more than one of them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from chatdesk.server.waiting_readers import Reader, WaitingReaders

_FAIR_PART = 0.5
"""The part of the loop's time that is divided among all connections; the rest is for timers, fan-out and the window."""
_MIN_CONNECTIONS = 50
"""Fewer connections have no larger shares: one alone gets a hundredth of the time before it has to queue."""
SAVED_SECONDS = 0.005
"""What a connection, or a network, can save up of its share, or owe: more than a join, a page or a burst of messages
costs."""
_QUIET_SECONDS = 0.25
"""If nobody outside the queue was active for this long, the queue may use all of the time."""
_LONGEST_DEBT_SECONDS = 0.02
"""What the queue owes at most. Connections cost when they are accepted, which cannot wait: ten thousand a second would
else keep a newcomer waiting for seconds."""
_TIMER_SECONDS = 0.001
"""A shorter timer of uvloop is none: armed once more each time that it is too early, it takes all of the processor."""
_USUAL_BYTES = 256
"""A chunk for a reader with savings: a message of some lines, and no more than a handful of requests for pages."""
_WHOLE_BYTES = 1024 * 1024
"""More than a buffer, so everything at once."""


class QueuePolicy(NamedTuple):
    """How the queue is served.

    It gets ``part`` of the loop's time while others are active, and ``turn`` seconds at most before others get a turn.
    A reader with savings has ``chunk_bytes`` processed at a time. With ``in_turn`` nothing of one in debt is processed
    before the queue comes to it, and with ``by_network`` all connections of a network save up no more than one.
    """

    part: float
    turn: float
    chunk_bytes: int
    in_turn: bool = False
    by_network: bool = False


STRICT = QueuePolicy(0.25, 0.001, _USUAL_BYTES, in_turn=True, by_network=True)
"""Floods together slow the others down by a quarter, and delay them by 1 ms each time that a message needs the loop."""
RELAXED = QueuePolicy(0.9, 0.05, _WHOLE_BYTES)
"""For a host that has turned the message rate off, such as for a load test."""


class FairScheduler:
    """The queue of readers that have used more than their share, and the time that it may use.

    ``work_clock`` measures work, in seconds. The thread's CPU time would be exact, but to read it costs more than to
    read from a socket.
    """

    def __init__(self, policy: QueuePolicy = STRICT, work_clock: Callable[[], float] = time.perf_counter) -> None:
        self.work_clock = work_clock
        self._networks: dict[str, _Network] = {}
        self.delays = 0
        """How often somebody had to wait in the queue."""
        self.policy = policy
        self._loop = asyncio.get_running_loop()
        self.clock = self._loop.time
        self._waiting = WaitingReaders()
        self._credit = policy.turn
        self._at = self.clock()
        self._light_use_at = -_QUIET_SECONDS
        self._timer: asyncio.Handle | None = None

    def fair_share(self, network: str) -> float:
        """The part of the loop's time for each connection of this network."""
        return _FAIR_PART / max(_MIN_CONNECTIONS, len(self._networks) * self._networks[network].connections)

    def pays(self, network: str, seconds: float, now: float) -> bool:
        """Let a network pay for time that one of its connections has used. Returns whether it had savings enough.

        A proxy that is trusted, ``""``, stands for many, and has no share of its own.
        """
        account = self._networks[network]
        saved = account.saved_seconds + (now - account.at) * _FAIR_PART / len(self._networks) - seconds
        account.saved_seconds = min(SAVED_SECONDS, max(-SAVED_SECONDS, saved))
        account.at = now
        return not self.owes(network)

    @property
    def has_backlog(self) -> bool:
        """Whether a reader in debt has to wait."""
        return self._credit < 0 or bool(self._waiting)

    def note_light_use(self, now: float) -> None:
        """Note that a reader with savings was served. ``now`` is the loop's time."""
        self._light_use_at = now

    def charge(self, seconds: float, now: float) -> None:
        """Charge the queue for time that a reader in debt has used."""
        self._refill(now)
        self._credit = max(-_LONGEST_DEBT_SECONDS, self._credit - seconds)

    def enqueue(self, reader: Reader) -> None:
        """Let a reader in debt wait in the queue, unless the queue has time left."""
        if self.has_backlog and not reader.scheduled and not reader.closed:
            self.delays += 1
            reader.wait_for_turn()
            self._waiting.add(reader)
            self._arm()

    def owes(self, network: str) -> bool:
        """Whether the connections of this network have used more than its share, when last one of them paid."""
        return self.policy.by_network and self._networks[network].saved_seconds < 0 and bool(network)

    def add(self, network: str) -> None:
        """There is another connection of this network."""
        self._networks.setdefault(network, _Network(self.clock())).connections += 1

    def remove(self, reader: Reader) -> None:
        """Remove a closed reader."""
        self._forget_one_of(reader.network)
        if reader.scheduled:
            self._waiting.closed(reader)

    def move(self, network: str, to: str) -> None:
        """A connection of one network belongs to another one."""
        self._forget_one_of(network)
        self.add(to)

    def _forget_one_of(self, network: str) -> None:
        account = self._networks[network]
        account.connections -= 1
        if not account.connections:
            del self._networks[network]

    def enqueue_soon(self, reader: Reader) -> None:
        """Queue a new connection in the next turn: uvloop starts reading after this one, even if it was paused."""
        self._loop.call_soon(self.enqueue, reader)

    def resume_soon(self, reader: Reader) -> None:
        """Resume a reader in the next turn of the loop."""
        self._loop.call_soon(reader.take_turn)

    def close(self) -> None:
        """Stop serving the queue."""
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()

    def _refill(self, now: float) -> None:
        self._credit = min(self.policy.turn, self._credit + (now - self._at) * self._current_part(now))
        self._at = now

    def _current_part(self, now: float) -> float:
        return self.policy.part if now - self._light_use_at < _QUIET_SECONDS else 1.0

    def _arm(self) -> None:
        if self._timer is None and self._credit >= 0:
            self._timer = self._loop.call_soon(self._serve)
        elif self._timer is None:
            missing = max(_TIMER_SECONDS, -self._credit / self._current_part(self._at))
            self._timer = self._loop.call_later(missing, self._serve)

    def _serve(self) -> None:
        """Resume readers that wait, while there is time for what they use, and the turn is not over.

        One that has nothing to process yet takes its part of the turn nevertheless, also where that is paid: it will be
        read in this turn.
        """
        self._timer = None
        self._refill(self.clock())
        left = self.policy.turn
        try:
            while self._credit >= 0 and left > 0 and (reader := self._waiting.take()):
                self._credit -= reader.reserve()
                start = self.work_clock()
                reader.take_turn()
                left -= max(self.work_clock() - start, reader.usual_seconds)
        finally:
            if self._waiting:
                self._arm()


class _Network:
    """The connections of a network, and what they have saved up together, or owe, at the loop's time ``at``."""

    __slots__ = ("at", "connections", "saved_seconds")

    def __init__(self, at: float) -> None:
        self.connections = 0
        self.saved_seconds = 0.0
        self.at = at
