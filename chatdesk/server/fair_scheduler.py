"""Fair shares of the loop's time for all connections, whether they speak HTTP or WebSocket, have joined or not.

A connection that uses little time is served at once. One that uses more than its fair share waits in a queue with all
others that do, and while anybody else is active, the queue gets only a part of the time. So neither one connection nor
hundreds of them can slow down the others. All networks have the same share, however many connections each of them has:
a newcomer does not wait behind hundreds of connections of one computer, and hundreds that each have savings are not all
served at once, for the network saves up no more than one of them.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from enum import IntFlag
from typing import NamedTuple

_FAIR_PART = 0.5
"""The part of the loop's time that is divided among all connections; the rest is for timers, fan-out and the window."""
_MIN_CONNECTIONS = 50
"""Fewer connections have no larger shares: one alone gets a hundredth of the time before it has to queue."""
_SAVED_SECONDS = 0.005
"""What a connection, or a network, can save up of its share, or owe: more than a join, a page or a burst of messages
costs."""
_QUIET_SECONDS = 0.25
"""If nobody outside the queue was active for this long, the queue may use all of the time."""
_LONGEST_CHUNK_SECONDS = 0.001
"""A chunk counts as this at most: if it takes longer, the machine was busy with another program."""
_LONGEST_ANSWER_SECONDS = 0.005
"""The same for an answer of the log, which may be a long page."""
_READ_SECONDS, _ACCEPT_SECONDS, _BYTE_SECONDS = 30e-6, 60e-6, 0.5e-9
"""What a read costs before anything is processed, what a new connection costs, and each byte. These costs were
measured; the clock does not see them."""
_FIRST_READ_SECONDS = 200e-6
"""What the first read of a new connection usually costs: a request, or a join."""
_TIMER_SECONDS = 0.001
"""A shorter timer of uvloop is none: armed once more each time that it is too early, it takes all of the processor."""
_SMALL_BYTES = 128
"""A chunk for a reader in debt: a few dozen of the smallest frames."""
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


class PauseReason(IntFlag):
    """Why nothing is read from a peer."""

    SLOW_READER = 1
    """The peer does not read what it is sent."""
    COMMAND = 2
    """A command of the peer waits for the log."""
    FLOOD = 4
    """The peer sends more than it may, and is paused for a moment."""
    SCHEDULED = 8
    """It waits in the queue, or has used its turn of the loop."""


_SCHEDULED = int(PauseReason.SCHEDULED)  # a plain number is faster, and this is checked at every read


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
        self._waiting: list[tuple[float, int, ScheduledReader]] = []
        self._numbers = itertools.count()
        self._closed_in_queue = 0
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
        account.saved_seconds = min(_SAVED_SECONDS, max(-_SAVED_SECONDS, saved))
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
        self._credit -= seconds

    def enqueue(self, reader: ScheduledReader) -> None:
        """Let a reader in debt wait in the queue, unless the queue has time left."""
        if self.has_backlog and not reader.paused_for & _SCHEDULED and not reader.closed:
            self.delays += 1
            reader.pause(PauseReason.SCHEDULED)
            heapq.heappush(self._waiting, (reader.due_at, next(self._numbers), reader))
            self._arm()

    def owes(self, network: str) -> bool:
        """Whether the connections of this network have used more than its share, when last one of them paid."""
        return self.policy.by_network and self._networks[network].saved_seconds < 0 and bool(network)

    def add(self, network: str) -> None:
        """There is another connection of this network."""
        self._networks.setdefault(network, _Network(self.clock())).connections += 1

    def remove(self, reader: ScheduledReader) -> None:
        """Remove a closed reader. The queue drops closed readers when they are half of it."""
        self._forget_one_of(reader.network)
        if reader.paused_for & _SCHEDULED:
            self._closed_in_queue += 1
        if self._closed_in_queue > len(self._waiting) // 2:
            self._waiting = [entry for entry in self._waiting if not entry[2].closed]
            heapq.heapify(self._waiting)
            self._closed_in_queue = 0

    def move(self, network: str, to: str) -> None:
        """A connection of one network belongs to another one."""
        self._forget_one_of(network)
        self.add(to)

    def _forget_one_of(self, network: str) -> None:
        account = self._networks[network]
        account.connections -= 1
        if not account.connections:
            del self._networks[network]

    def enqueue_soon(self, reader: ScheduledReader) -> None:
        """Queue a new connection in the next turn: uvloop starts reading after this one, even if it was paused."""
        self._loop.call_soon(self.enqueue, reader)

    def resume_soon(self, reader: ScheduledReader) -> None:
        """Resume a reader in the next turn of the loop."""
        self._loop.call_soon(reader.resume, PauseReason.SCHEDULED)

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
        if self._timer is None:
            missing = max(_TIMER_SECONDS, -self._credit / self._current_part(self._at))
            self._timer = self._loop.call_later(missing, self._serve)

    def _serve(self) -> None:
        """Resume queued readers, the one whose debt is paid off first, while there is time for what they will use."""
        self._timer = None
        self._refill(self.clock())
        while self._waiting and self._credit >= 0:
            _, _, reader = heapq.heappop(self._waiting)
            if reader.closed:
                self._closed_in_queue = max(0, self._closed_in_queue - 1)
            else:
                self._credit -= reader.reserve()
                self.resume_soon(reader)
        if self._waiting:
            self._arm()


class _Network:
    """The connections of a network, and what they have saved up together, or owe, at the loop's time ``at``."""

    __slots__ = ("at", "connections", "saved_seconds")

    def __init__(self, at: float) -> None:
        self.connections = 0
        self.saved_seconds = 0.0
        self.at = at


class ScheduledReader:
    """Controls reading from one peer. ``process`` handles a chunk of the received data, and returns if there is more.

    Reads at most one buffer per turn of the loop, so that a flood waits its turn like everybody else; uvloop alone
    would read 32 buffers.
    """

    __slots__ = (
        "_at",
        "_in_debt",
        "_process",
        "_processing",
        "_reading",
        "_reserved_seconds",
        "_saved_seconds",
        "_scheduler",
        "_usual_seconds",
        "address",
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
        self.address: str | None = None
        """From where the peer comes by what a trusted proxy says; None if that is nothing but the other end."""
        self.paused_for = 0
        self.closed = False
        self._scheduler = scheduler
        self._process = process
        self._processing = False
        self._reading = True
        self._saved_seconds = 0.0
        self._in_debt = False
        self._at = scheduler.clock()
        self._usual_seconds = _FIRST_READ_SECONDS
        self._reserved_seconds = 0.0
        scheduler.add(network)

    @property
    def due_at(self) -> float:
        """When its debt is paid off: readers that wait long come before later ones that owe less."""
        return self._at - self._saved_seconds / self._scheduler.fair_share(self.network)

    @property
    def chunk_bytes(self) -> int:
        """How many bytes to process at a time: few for a reader in debt, so that its turn is short."""
        return _SMALL_BYTES if self._in_debt else self._scheduler.policy.chunk_bytes

    def set_process(self, process: Callable[[], bool]) -> None:
        """Let another function process what is received from now on."""
        self._process = process

    def move_to(self, network: str, address: str) -> None:
        """A trusted proxy says that the peer comes from this address, in this network."""
        self._scheduler.move(self.network, network)
        self.network, self.address = network, address

    def opened(self) -> None:
        """Charge for accepting the connection."""
        self._spend(_ACCEPT_SECONDS, is_usual=False)
        if self._scheduler.has_backlog:
            self._scheduler.enqueue_soon(self)

    def bytes_read(self, size: int, whole_buffer: bool) -> None:
        """Process ``size`` bytes that were read. If they filled the buffer, read no more in this turn."""
        self._process_in_turn(_READ_SECONDS + size * _BYTE_SECONDS)
        if whole_buffer and not self.paused_for & _SCHEDULED:
            self.pause(PauseReason.SCHEDULED)
            self._scheduler.resume_soon(self)

    def charge(self, seconds: float) -> None:
        """Pay for work that was done for it later than it was read."""
        if not self.closed:
            self._spend(min(seconds, _LONGEST_ANSWER_SECONDS), is_usual=True)
            if self._in_debt:
                self._scheduler.enqueue(self)

    def pause(self, reason: PauseReason) -> None:
        """Stop reading and processing until ``resume`` is called for the same reason."""
        self.paused_for |= int(reason)
        self._update_reading()

    def resume(self, reason: PauseReason) -> None:
        """Go on, unless there is another reason to pause."""
        plain = int(reason)
        if self.paused_for & plain and not self.closed:
            self.paused_for &= ~plain
            if plain == _SCHEDULED and not self.paused_for:
                self._process_all(0)
            elif not self.paused_for:
                self._process_in_turn(0)

    def reserve(self) -> float:
        """Reserve the seconds that it will probably use in its turn; returns those that were not reserved before."""
        more, self._reserved_seconds = self._usual_seconds - self._reserved_seconds, self._usual_seconds
        return more

    def close(self) -> None:
        """The connection is closed: stop."""
        self.closed = True
        self._process = _no_op
        self._scheduler.remove(self)

    def _process_in_turn(self, read_cost: float) -> None:
        """Process what there is; for a reader in debt, when its turn comes, if others in debt wait for theirs."""
        waits = self._in_debt or self._scheduler.owes(self.network)
        if waits and self._scheduler.policy.in_turn and not self._processing:
            self._spend(read_cost, is_usual=False)  # what it has earned meanwhile may be enough
            read_cost = 0.0
            if self._in_debt:
                self._scheduler.enqueue(self)
        self._process_all(read_cost)

    def _process_all(self, read_cost: float) -> None:
        """Process one chunk after the other. ``read_cost`` is what reading them cost, in seconds."""
        if self._processing:
            return  # the call that is processing goes on by itself
        self._processing = more = True
        try:
            while more and not self.paused_for:
                start = self._scheduler.work_clock()
                more = self._process()
                used = min(self._scheduler.work_clock() - start, _LONGEST_CHUNK_SECONDS)
                looked = not read_cost and used < _READ_SECONDS  # and found that nothing is left to process
                self._spend(used + read_cost, is_usual=not looked)
                if self._in_debt and (more or read_cost):
                    self._scheduler.enqueue(self)
                read_cost = 0.0
        except BaseException:
            self.transport.abort()  # the loop's exception handler logs the error
            raise
        finally:
            self._processing = False
            self._update_reading()

    def _spend(self, used: float, is_usual: bool) -> None:
        """Pay for time; ``is_usual`` says whether as much is to be expected the next time."""
        now = self._scheduler.clock()
        saved = self._saved_seconds + (now - self._at) * self._scheduler.fair_share(self.network) - used
        self._saved_seconds = min(_SAVED_SECONDS, max(-_SAVED_SECONDS, saved))
        self._at = now
        self._in_debt = not self._scheduler.pays(self.network, used, now) or self._saved_seconds < 0
        if not self._in_debt:
            return self._scheduler.note_light_use(now)
        if is_usual:
            self._usual_seconds = used
            used, self._reserved_seconds = used - self._reserved_seconds, 0.0
        return self._scheduler.charge(used, now)

    def _update_reading(self) -> None:
        """Pause or resume the transport if that has changed."""
        if self._processing or self._reading == (not self.paused_for) or self.transport.is_closing():
            return
        self._reading = not self.paused_for
        if self._reading:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()


def _no_op() -> bool:
    """There is nothing to process on a closed connection."""
    return False
