"""Reads from a peer and processes what it sends, as far as the [scheduler](fair_scheduler.py) lets it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import IntFlag

from chatdesk.server.fair_scheduler import SAVED_SECONDS, FairScheduler

_LONGEST_CHUNK_SECONDS = 0.001
"""A chunk counts as this at most: if it takes longer, the machine was busy with another program."""
_LONGEST_ANSWER_SECONDS = 0.005
"""The same for an answer of the log, which may be a long page."""
_READ_SECONDS, _ACCEPT_SECONDS, _BYTE_SECONDS = 30e-6, 60e-6, 0.5e-9
"""What a read costs before anything is processed, what a new connection costs, and each byte. These costs were
measured; the clock does not see them."""
_FIRST_READ_SECONDS = 200e-6
"""What the first read of a new connection usually costs: a request, or a join."""
_FORGETTING = 0.75
"""What is expected sinks to this part with each cheaper time: answers and refusals alternate, and
what was reserved and not used is given back."""
_LONGEST_LEAD_SECONDS = 5.0
"""By debts or savings nobody comes behind, or before, those who wait for more or less time than that. Of 10,000 behind
one address each earns so little that a join would else keep a person behind all who come in the next 100 s."""
_SMALL_BYTES = 128
"""A chunk for a reader in debt: a few dozen of the smallest frames."""


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
_UNWILLING = int(PauseReason.COMMAND | PauseReason.FLOOD | PauseReason.SCHEDULED)


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
        "_was_held_back",
        "address",
        "closed",
        "heard_from",
        "network",
        "paused_for",
        "transport",
        "usual_seconds",
        "work_clock",
    )

    def __init__(
        self, scheduler: FairScheduler, transport: asyncio.Transport, process: Callable[[], bool], network: str = ""
    ) -> None:
        self.transport = transport
        self.work_clock = scheduler.work_clock
        self.network = network
        self.address: str | None = None
        """From where the peer comes by what a trusted proxy says; None if that is nothing but the other end."""
        self.paused_for = 0
        self.heard_from = True
        """Whether it has sent something since this was set to False, or may have and is only now read again."""
        self.closed = False
        self._scheduler = scheduler
        self._process = process
        self._processing = False
        self._reading = True
        self._was_held_back = False
        self._saved_seconds = 0.0
        self._in_debt = False
        self._at = scheduler.clock()
        self.usual_seconds = _FIRST_READ_SECONDS
        """What a turn of it is expected to take."""
        self._reserved_seconds = 0.0
        scheduler.add(network)

    @property
    def scheduled(self) -> bool:
        """Whether it waits in the queue, or for the next turn of the loop."""
        return bool(self.paused_for & _SCHEDULED)

    @property
    def held_back(self) -> bool:
        """Whether it is the server that does not read from the peer. One that does not read itself is not held back."""
        return bool(self.paused_for & _UNWILLING)

    def was_held_back(self) -> bool:
        """Whether it is held back, or was since this was last asked: what it has sent may be unread."""
        was, self._was_held_back = self._was_held_back, False
        return was or self.held_back

    @property
    def due_at(self) -> float:
        """When its debt is paid off: readers that wait long come before later ones that owe less, in any case before
        those that come ten seconds later."""
        lead = self._saved_seconds / self._scheduler.fair_share(self.network)
        return self._at - min(_LONGEST_LEAD_SECONDS, max(-_LONGEST_LEAD_SECONDS, lead))

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
        self.heard_from = True
        self._process_in_turn(_READ_SECONDS + size * _BYTE_SECONDS)
        if whole_buffer and not self.paused_for & _SCHEDULED:
            self._go_on_next_turn()

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

    def wait_for_turn(self) -> None:
        """Stop until ``take_turn``."""
        self.pause(PauseReason.SCHEDULED)

    def take_turn(self) -> None:
        """Go on: it is its turn."""
        self.resume(PauseReason.SCHEDULED)

    def reserve(self) -> float:
        """Reserve the seconds that it will probably use in its turn; returns those that were not reserved before."""
        more, self._reserved_seconds = self.usual_seconds - self._reserved_seconds, self.usual_seconds
        return more

    def close(self) -> None:
        """The connection is closed: stop."""
        self.closed = True
        self._process = _no_op
        self._scheduler.remove(self)

    def _go_on_next_turn(self) -> None:
        """Let others have the loop, though it has savings."""
        self.wait_for_turn()
        self._scheduler.resume_soon(self)

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
        """Process one chunk after the other, for a turn. ``read_cost`` is what reading them cost, in seconds."""
        if self._processing:
            return  # the call that is processing goes on by itself
        self._processing = more = True
        left = self._scheduler.policy.turn
        try:
            while more and not self.paused_for:
                start = self.work_clock()
                more = self._process()
                used = min(self.work_clock() - start, _LONGEST_CHUNK_SECONDS)
                looked = not read_cost and used < _READ_SECONDS  # and found that nothing is left to process
                self._spend(used + read_cost, is_usual=not looked)
                if self._in_debt and (more or read_cost):
                    self._scheduler.enqueue(self)
                read_cost = 0.0
                left -= used
                if left <= 0 and more and not self.paused_for:
                    self._go_on_next_turn()
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
        self._saved_seconds = min(SAVED_SECONDS, max(-SAVED_SECONDS, saved))
        self._at = now
        self._in_debt = not self._scheduler.pays(self.network, used, now) or self._saved_seconds < 0
        if not self._in_debt:
            return self._scheduler.note_light_use(now)
        reserved = self._reserved_seconds
        if is_usual:
            self.usual_seconds = max(used, _FORGETTING * self.usual_seconds)
        else:
            reserved = min(reserved, used)  # the rest is for what is to come
        self._reserved_seconds -= reserved
        return self._scheduler.charge(used - reserved, now)

    def _update_reading(self) -> None:
        """Pause or resume the transport if that has changed."""
        if self._processing or self._reading == (not self.paused_for) or self.transport.is_closing():
            return
        self._reading = not self.paused_for
        if self._reading:
            self.heard_from = self._was_held_back = True
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()


def _no_op() -> bool:
    """There is nothing to process on a closed connection."""
    return False
