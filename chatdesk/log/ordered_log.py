"""A room's log whose order is made elsewhere: what is written is proposed to an orderer, and then followed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from chatdesk.log.acts import Act
from chatdesk.log.disk_log import DiskLog, settle
from chatdesk.log.operations import Operation, OrderedClear, Say, act_operation, operation_key, say
from chatdesk.log.room_log import ActRefusal, ChangesPage, Draft, IdReused, LogError, Record, Refusal, StorageProblem

_REACH_SECONDS = 3.0
"""For a change that a client has seen on another node: following takes milliseconds, unless the order is away."""

UNKNOWN = StorageProblem("failed", "Whether this was stored is not known: it is tried again.")


@dataclass(slots=True)
class ProposedMessage:
    """A message that this node has proposed; ``repeated`` are the same, sent again or looked for meanwhile."""

    log: DiskLog
    draft: Draft
    refuse: Callable[[Refusal], None]
    repeated: list[ProposedMessage] = field(default_factory=list)

    def fail(self, error: LogError) -> None:
        """Report that it is not known to be stored."""
        for proposal in [self, *self.repeated]:
            proposal.refuse(error)

    def followed(self, operation: Operation) -> None:
        """An operation of its key has been followed. If it says the same, everybody was told, the sender too."""
        if not (isinstance(operation, Say) and operation.content == self.draft.content):
            self.refuse(IdReused())
        for proposal in self.repeated:
            proposal.find_earlier()

    def find_earlier(self) -> None:
        """Its key was ordered before it was proposed: tell the sender of that message."""
        self.log.find(self.draft, lambda found: self.refuse(found or IdReused()))


@dataclass(slots=True)
class ProposedAct:
    """An act that this node has proposed."""

    reply: Callable[[Record | ActRefusal], None]

    def fail(self, error: LogError) -> None:
        """Report that it is not known to be stored."""
        self.reply(error)


@dataclass(slots=True)
class ProposedChange:
    """What this node has proposed that is in no log; ``reply`` gets None once it is stored, or the error."""

    reply: Callable[[LogError | None], None]

    def fail(self, error: LogError) -> None:
        """Report that it is not known to be stored."""
        self.reply(error)


Proposal = ProposedMessage | ProposedAct | ProposedChange


class Orderer(Protocol):
    """Makes the order of all rooms. What it has ordered comes back as an ``OrderedBatch``."""

    def take(self, key: str) -> Proposal | None:
        """Forget a proposal of this node whose operation has been followed, and return it."""

    def proposed(self, key: str) -> Proposal | None:
        """Return a proposal of this node whose operation has not been followed yet."""

    def propose(self, operation: Operation, proposal: Proposal) -> None:
        """Give an operation its place, soon; the proposal fails where that cannot be had."""


class OrderedLog(DiskLog):
    """A log whose appends and acts are ordered elsewhere; everything else is as in any file."""

    orderer: Orderer

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """See ``RoomLog``."""
        self.orderer.propose(say(self.name, draft), ProposedMessage(self, draft, refuse))

    def find(self, draft: Draft, reply: Callable[[Refusal | None], None]) -> None:
        """See ``RoomLog``. What was proposed under its ``id`` is followed first."""
        proposal = self.orderer.proposed(operation_key(say(self.name, draft)))
        if isinstance(proposal, ProposedMessage):
            proposal.repeated.append(ProposedMessage(self, draft, reply))
        else:
            super().find(draft, reply)

    def amend(self, act: Act, reply: Callable[[Record | ActRefusal], None]) -> None:
        """See ``RoomLog``."""
        self.orderer.propose(act_operation(self.name, act), ProposedAct(reply))

    async def since(self, change: int, limit: int) -> ChangesPage | None:
        """See ``RoomLog``. What another node has told already is followed first."""
        if change > self.last_change:
            await self._reach(change)
        return await super().since(change, limit) if change <= self.last_change else None

    async def clear(self) -> None:
        """See ``RoomLog``."""
        cleared: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.orderer.propose(OrderedClear(self.name), ProposedChange(partial(settle, cleared)))
        await cleared

    async def _reach(self, change: int) -> None:
        """Wait until this change is followed, for a while."""
        reached = asyncio.Event()
        end = self.subscribe(lambda record: reached.set() if record.change >= change else None, lambda _: reached.set())
        try:
            await asyncio.wait_for(reached.wait(), _REACH_SECONDS)
        except TimeoutError:
            pass
        finally:
            end()
