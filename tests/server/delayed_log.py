"""A log that answers when a test says so: for every order of events that a slow disk can cause."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from chatdesk.log.acts import Act
from chatdesk.log.memory import MemoryLog, MemoryStore
from chatdesk.log.room_log import (
    ActRefusal,
    ChangesPage,
    Draft,
    HistoryPage,
    Hits,
    LogError,
    Record,
    Refusal,
    StorageProblem,
    Unsubscribe,
)
from chatdesk.log.subscribers import Subscribers
from chatdesk.server.fanout import Pace
from chatdesk.server.session import Session
from tests.server.room_harness import ONE_SLICE, BoundedConnection, RoomHarness

FULL = StorageProblem("full", "The disk is full: free some space on it.")


class DelayedStore(MemoryStore):
    """Its logs keep ``kept`` messages. Until ``commit`` nothing is written, until ``answer`` no question is answered.

    What is as new as the ``near`` latest is answered at once, as from the part of a log that is in memory.
    """

    def __init__(self, kept: int = 10_000, near: int = 0) -> None:
        super().__init__()
        self.kept = kept
        self.near = near
        self.writes: deque[Callable[[], None]] = deque()
        self.replies: deque[Callable[[], None]] = deque()
        self._problem_changed = Subscribers[StorageProblem | None]()

    def room(self, name: str) -> "DelayedLog":
        return DelayedLog(self)

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> Unsubscribe:
        return self._problem_changed.add(on_problem)

    def commit(self, count: int = 1000) -> None:
        """Do the next writes."""
        for _ in range(min(count, len(self.writes))):
            self.writes.popleft()()

    async def answer(self, count: int = 1000) -> None:
        """Give the next answers: what the log held when it was asked."""
        for _ in range(min(count, len(self.replies))):
            self.replies.popleft()()
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Go on until nothing waits."""
        while self.writes or self.replies:
            self.commit()
            await self.answer()

    def set_problem(self, problem: StorageProblem | None) -> None:
        """From now on nothing can be written or read; or all is well again."""
        self.problem = problem
        self._problem_changed.notify(problem)


class DelayedLog(MemoryLog):
    """One of its logs."""

    def __init__(self, store: DelayedStore) -> None:
        super().__init__(store.author, store.kept)
        self._delays = store

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        self._delays.writes.append(lambda: self._write(super(DelayedLog, self).append, draft, refuse))

    def amend(self, act: Act, reply: Callable[[Record | ActRefusal], None]) -> None:
        self._delays.writes.append(lambda: self._write(super(DelayedLog, self).amend, act, reply))

    def _write(self, write: Callable[[Any, Any], None], written: Draft | Act, refuse: Callable[[Any], None]) -> None:
        if self._delays.problem:
            refuse(LogError(self._delays.problem))
        else:
            write(written, refuse)

    async def clear(self) -> None:
        cleared = asyncio.get_running_loop().create_future()

        def clear() -> None:
            if not self._delays.problem:
                self._start_epoch()
                self._was_reset.notify(True)
            cleared.set_result(self._delays.problem)

        self._delays.writes.append(clear)
        if problem := await cleared:
            raise LogError(problem)

    def reset_filled(self, count: int) -> None:
        """Reset to another epoch that has so many messages already, without telling subscribers of them."""
        changed, self._changed = self._changed, Subscribers[Record]()
        self._start_epoch()
        for number in range(count):
            super().append(Draft("Kit", f"before {number}", "kit"), lambda _refusal: None)
        self._changed = changed
        self._was_reset.notify(False)

    async def latest(self, limit: int) -> HistoryPage:
        return await self.before(self.last_seq + 1, limit)

    async def before(self, seq: int, limit: int) -> HistoryPage:
        near = min(seq, self.last_seq + 1) - limit > self.last_seq - self._delays.near
        return await self._read_page(partial(super().before, seq, limit), near=near)

    async def after(self, seq: int, limit: int) -> HistoryPage:
        near = seq >= self.last_seq - self._delays.near and self._delays.near > 0
        return await self._read_page(partial(super().after, seq, limit), near=near)

    async def around(self, seq: int, limit: int) -> HistoryPage:
        return await self._read_page(partial(super().around, seq, limit))

    async def since(self, change: int, limit: int) -> ChangesPage | None:
        near = change >= self.last_change - self._delays.near and self._delays.near > 0
        return await self._answer(await super().since(change, limit), near=near)

    async def search(self, query: str, before: int | None, limit: int) -> Hits:
        return await self._answer(await super().search(query, before, limit))

    async def _read_page(
        self, read: Callable[[], Coroutine[Any, Any, HistoryPage]], *, near: bool = False
    ) -> HistoryPage:
        """Read until nothing of the page was updated meanwhile, as from the disk."""
        updated = set[int]()
        stop = self._changed.add(lambda record: updated.add(record.seq))
        try:
            page = await self._answer(await read(), near=near)
        finally:
            stop()
        return page if updated.isdisjoint(record.seq for record in page.records) else await self._read_page(read)

    async def _answer[Answer](self, answer: Answer, *, near: bool = False) -> Answer:
        problem = self._delays.problem
        if not near:
            due = asyncio.get_running_loop().create_future()
            self._delays.replies.append(lambda: due.set_result(None))
            await due
        if problem:
            raise LogError(problem)
        return answer


class DelayedRoomHarness(RoomHarness):
    """A harness whose log answers when the test says so."""

    def __init__(self, kept: int = 10_000, near: int = 0, pace: Pace = ONE_SLICE) -> None:
        self.store = DelayedStore(kept, near)
        super().__init__(self.store, pace)

    async def host(self) -> tuple[Session, BoundedConnection]:
        """The host joins; not among the guests."""
        connection = BoundedConnection()
        session = Session(connection)
        self.do(session, "join", nickname="Mara", token=self.hub.identities.token("host"))
        await self.store.settle()
        return session, connection

    def say_and_commit(self, count: int) -> None:
        for _ in range(count):
            self.say()
        self.store.commit()
