"""The order of a chat that is made elsewhere: sends what this node proposes, and follows what all of them have."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from random import SystemRandom
from typing import Any, Protocol

from chatdesk.backoff import Backoff
from chatdesk.cluster.latest_entries import LatestEntries
from chatdesk.cluster.order_link import (
    LONGEST_PAUSE_SECONDS,
    SHORTEST_PAUSE_SECONDS,
    About,
    Entry,
    OrderFullError,
    OrderLink,
    OrderMaker,
)
from chatdesk.cluster.proposals import Proposals
from chatdesk.log.operations import (
    Operation,
    Ordered,
    OrderedSubscriptions,
    counts,
    encode_operation,
    operation_key,
)
from chatdesk.log.ordered_log import Proposal
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.storage_errors import FAULT

logger = logging.getLogger(__name__)

_STABLE_SECONDS = 5.0
"""A link that has served for so long was no failed attempt: pauses begin again with the shortest."""
_MISFIT_SECONDS = 30.0
"""After this a node whose history does not fit looks again, in case somebody has brought back what the maker had."""
_PATIENCE_SECONDS = 2.0
"""The maker may be away for so long before anybody is told: a restart takes less, on a busy machine, too."""
_MOST_PUT_BACK = 2_000
"""Entries in one call."""
_USUAL_FAILURES = 1
"""When the maker goes away, what was just sent fails, and works with the next link. Where it does not, it answers and
orders nothing all the same: people are told so, and not that it is over before something has been ordered."""
_NOTHING = OrderedSubscriptions(())
"""What is ordered then: it changes nothing."""


class Node(Protocol):
    """Who follows: the store of a node."""

    server_id: str
    place: int
    key: str
    """Of the entry at ``place``."""

    async def follow(self, entries: Sequence[Ordered]) -> bool:
        """Write these to the file and tell of them; False if they do not continue it. Raises LogError."""

    def on_order_problem(self, problem: StorageProblem | None) -> None:
        """Nothing can be ordered now, or it can again."""


class _UnfitError(Exception):
    """The order and the file of this node do not fit each other."""

    def __init__(self, problem: StorageProblem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class LinkedOrder:
    """Has the order made for a node while ``run`` does; see ``Orderer``.

    ``beside`` uses each link, too, once it serves.
    """

    def __init__(self, maker: OrderMaker, node: Node, beside: Callable[[OrderLink], Coroutine[Any, Any, None]]) -> None:
        self._maker = maker
        self._problems = maker.problems
        self._beside = beside
        self._node = node
        self._problem: StorageProblem | None = None
        self._proposals = Proposals()
        self._latest = LatestEntries(node.place, node.key)
        """Also those that are just being written."""
        self._writing: asyncio.Future[bool] | None = None
        """The latest entries that were given to the file; they are written also if the link ends meanwhile."""
        self.caught_up = asyncio.Event()
        """Set once the node has followed what there was when it began, or cannot."""
        self._patience: asyncio.TimerHandle | None = None
        self._backoff = Backoff(SystemRandom(), SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        self._failures = 0
        """So many links in a row have ended while something was ordered, or before they served."""

    def proposed(self, key: str) -> Proposal | None:
        """See ``Orderer``."""
        return self._proposals.get(key)

    @property
    def misfit(self) -> bool:
        """Whether the others have gone on, and this node cannot follow them any more."""
        return self._problem in (self._problems.apart, self._problems.newer)

    def propose(self, operation: Operation, proposal: Proposal) -> None:
        """See ``Orderer``."""
        if self._problem or self._proposals.full:
            proposal.fail(LogError(self._problem or self._problems.slow))
        else:
            self._proposals.add(operation, proposal)

    def take(self, key: str) -> Proposal | None:
        """See ``Orderer``."""
        return self._proposals.take(key)

    async def run(self) -> None:
        """Send and follow until this is cancelled, over one link after the other."""
        self._lose_patience_later()
        while True:
            try:
                await self._use_link()
            except* _UnfitError as errors:
                self._set_problem(next(error.problem for error in _each(errors) if isinstance(error, _UnfitError)))
            except* OrderFullError:  # for what it had lost
                self._set_problem(self._problems.full)
            except* self._maker.errors as errors:
                error = next(_each(errors))
                logger.info("The link to %s has ended: %s: %s", self._maker.name, type(error).__name__, error)
                self._on_lost(self._maker.refused(error))
            except* Exception as errors:  # a fault of ours: nothing is confirmed meanwhile
                logger.error("The link to %s has ended by a fault.", self._maker.name, exc_info=errors)
                self._set_problem(FAULT)
            await asyncio.sleep(self._backoff.next())

    async def _use_link(self) -> None:
        if self._writing:  # what stands in the file is not to be missing where this node says what the maker has lost
            await asyncio.wait([self._writing])
        async with self._maker.link() as link:
            about = await self._about(link)
            settling = await link.arrive(has_lost=bool(await self._lost(link, about)))
            if self._failures <= _USUAL_FAILURES:
                self._calm()
            self._failures += 1  # until it gets as far as to serve
            try:
                await self._catch_up(link, about, settling)
            except _UnfitError as error:
                self._set_problem(error.problem)
                if self.misfit:  # people here hear of the others, where they can go on
                    async with asyncio.timeout(_MISFIT_SECONDS):
                        await self._beside(link)
                raise
            self._failures -= 1
            if self._failures > _USUAL_FAILURES and not await self._can_work(link):
                self._set_problem(self._problems.full)
            elif self._problem != self._problems.full:
                self._set_problem(None)
            await self._serve(link)

    async def _catch_up(self, link: OrderLink, about: About, settling: float) -> None:
        """Put back what the maker has lost, and follow all that it has. Raises _UnfitError."""
        await self._restore(link, about)
        await asyncio.sleep(settling)
        about = await self._about(link)
        if await self._has_parted(link, about):
            raise _UnfitError(self._problems.apart)
        if about.number < self._node.place:
            raise _UnfitError(self._problems.lost)
        await self._follow(link, about.number)

    async def _serve(self, link: OrderLink) -> None:
        loop = asyncio.get_running_loop()
        begun_at = loop.time()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send(link))
                group.create_task(self._beside(link))
                await self._follow(link)
        finally:
            if loop.time() - begun_at > _STABLE_SECONDS:
                self._backoff.reset()

    async def _about(self, link: OrderLink) -> About:
        about = await link.about()
        if about is None:
            raise _UnfitError(self._problems.lost)
        if about.server_id != self._node.server_id:
            raise _UnfitError(self._problems.other)
        return about

    async def _restore(self, link: OrderLink, about: About) -> None:
        """Put back what the maker has lost, such as a replica that was cut off, as far as it is known here.

        Another node may do the same at the same time, and know more or less of it.
        """
        number = -1
        while number < about.number and (lost := await self._lost(link, about)):
            if number < 0:
                count = self._node.place - about.number
                logger.warning("%s has lost %d entries of the order, which are put back.", self._maker.name, count)
            await link.restore(self._node.server_id, lost)
            number, about = about.number, await self._about(link)

    async def _lost(self, link: OrderLink, about: About) -> list[Ordered]:
        """The first of what the maker knows nothing of; empty unless all of that is known here, or if others have gone
        on without it."""
        lost = self._latest.between(about.number, min(self._node.place, about.number + _MOST_PUT_BACK))
        return [] if lost and await self._has_parted(link, about) else lost

    async def _has_parted(self, link: OrderLink, about: About) -> bool:
        """Whether others have gone on without what this node has followed."""
        at = min(about.number, self._node.place)
        key = self._node.key if at == self._node.place else self._latest.key_of(at)
        return bool(at) and key is not None and await link.key_at(at) not in (None, key)

    async def _send(self, link: OrderLink) -> None:
        if self._problem:
            await self._wait_for_room(link)
        self._proposals.send_again()
        while True:
            await self._order(link, await self._proposals.unsent())

    async def _order(self, link: OrderLink, operations: Mapping[str, Operation]) -> None:
        try:
            numbers = await self._order_rows(link, operations)
        except OrderFullError:
            await self._wait_for_room(link)
            return
        for key, number in zip(operations, numbers, strict=True):
            if 0 < -number <= self._node.place:  # otherwise it comes by itself
                self._proposals.answer_known(key)

    async def _wait_for_room(self, link: OrderLink) -> None:
        """Tell that the maker is full, and return when it is not any more; this node follows meanwhile."""
        full = True
        while full:
            self._set_problem(self._problems.full)
            await asyncio.sleep(LONGEST_PAUSE_SECONDS)
            full = not await self._can_order(link)
        self._set_problem(None)

    async def _can_work(self, link: OrderLink) -> bool:
        """Do all that a link is for, as the ones before have failed; return whether there is room to order."""
        await link.read(self._node.place)  # what it returns is read again
        return await self._can_order(link)

    async def _can_order(self, link: OrderLink) -> bool:
        """Order nothing; return whether there is room for that."""
        try:
            await self._order_rows(link, {operation_key(_NOTHING): _NOTHING})
        except OrderFullError:
            return False
        return True

    async def _order_rows(self, link: OrderLink, operations: Mapping[str, Operation]) -> list[int]:
        rows = [(key, it.room, *counts(it), encode_operation(it).decode()) for key, it in operations.items()]
        failures = self._failures
        self._failures += 1  # also if the link ends by what is read meanwhile, which cancels this
        try:
            numbers = await link.order(self._node.server_id, rows)
        except OrderFullError:
            self._failures = failures
            raise
        self._failures = 0
        return numbers

    async def _follow(self, link: OrderLink, until: int | None = None) -> None:
        """Follow the order, for ever or up to this number. Raises _UnfitError."""
        while until is None or self._node.place < until:
            read = await link.read(self._node.place)
            if count := _fitting(read, self._node.place):
                await self._write(read[:count])
            elif read and read[0].number == self._node.place + 1:
                raise _UnfitError(self._problems.newer)
            elif read or until is not None:
                raise _UnfitError(self._problems.apart)

    async def _write(self, entries: Sequence[Entry]) -> None:
        self._latest.add(entries)
        follow = self._node.follow([entry.ordered for entry in entries if entry.ordered])
        self._writing = asyncio.ensure_future(follow)
        self._writing.add_done_callback(_ask_nothing)
        try:
            fits = await asyncio.shield(self._writing)
        except LogError:  # of the file, of which everybody is told; the entries are read again
            await asyncio.sleep(self._backoff.next())
            return
        if not fits:
            raise _UnfitError(self._problems.apart)

    def _on_lost(self, refused: StorageProblem | None) -> None:
        """The link has ended, by what does not pass by itself if that is ``refused``."""
        if refused:
            self._failures = max(self._failures, _USUAL_FAILURES + 1)
            self._set_problem(refused)
        else:
            self._lose_patience_later()

    def _lose_patience_later(self) -> None:
        if self._patience is None and self._problem is None:
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(_PATIENCE_SECONDS, self._set_problem, self._problems.away)

    def _calm(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _set_problem(self, problem: StorageProblem | None) -> None:
        self._calm()
        self.caught_up.set()
        if problem != self._problem:
            self._problem = problem
            self._node.on_order_problem(problem)
        if problem:
            self._proposals.fail(problem)


def _ask_nothing(written: asyncio.Future[bool]) -> None:
    """Let an error pass that nobody is there for, as the link has ended."""
    if not written.cancelled():
        written.exception()


def _each(error: BaseException) -> Iterator[BaseException]:
    """The errors of a group, also those of groups in it."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _each(part)
    else:
        yield error


def _fitting(read: Sequence[Entry], place: int) -> int:
    """How many entries at the beginning directly follow this place."""
    fitting = (entry.ordered is not None and entry.number == number for number, entry in enumerate(read, place + 1))
    return next((count for count, fits in enumerate(fitting) if not fits), len(read))
