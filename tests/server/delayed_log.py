"""A log that answers when a test says so: for every order of events that a slow disk can cause."""

from collections import deque
from collections.abc import Callable

from chatdesk.log.memory import MemoryLog, MemoryStore
from chatdesk.log.room_log import Draft, HistoryPage, Hits, LogError, Refusal, StorageProblem
from chatdesk.server.fanout import Pace
from chatdesk.server.session import Session
from tests.server.room_harness import ONE_SLICE, BoundedConnection, RoomHarness

FULL = StorageProblem("full", "The disk is full: free some space on it.")


class DelayedStore(MemoryStore):
    """Its logs keep ``kept`` entries. Until ``commit`` nothing is written, until ``answer`` no question is answered.

    Pages of what is as new as the ``near`` latest come at once, as from the part of a log that is in memory.
    """

    def __init__(self, kept: int = 10_000, near: int = 0) -> None:
        super().__init__()
        self.kept = kept
        self.near = near
        self.writes: deque[Callable[[], None]] = deque()
        self.replies: deque[Callable[[], None]] = deque()
        self._notify_problem: Callable[[StorageProblem | None], None] = print

    def room(self, name: str) -> "DelayedLog":
        return DelayedLog(self)

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> None:
        self._notify_problem = on_problem

    def commit(self, count: int = 1000) -> None:
        """Do the next writes."""
        for _ in range(min(count, len(self.writes))):
            self.writes.popleft()()

    def answer(self, count: int = 1000) -> None:
        """Give the next answers: what the log held when it was asked."""
        for _ in range(min(count, len(self.replies))):
            self.replies.popleft()()

    def settle(self) -> None:
        """Go on until nothing waits."""
        while self.writes or self.replies:
            self.commit()
            self.answer()

    def set_problem(self, problem: StorageProblem | None) -> None:
        """From now on nothing can be written or read; or all is well again."""
        self.problem = problem
        self._notify_problem(problem)


class DelayedLog(MemoryLog):
    """One of its logs."""

    def __init__(self, store: DelayedStore) -> None:
        super().__init__(store.kept)
        self._store = store

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        self._store.writes.append(lambda: self._append(draft, refuse))

    def _append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        if self._store.problem:
            refuse(LogError(self._store.problem))
        else:
            super().append(draft, refuse)

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        self._store.writes.append(lambda: self._clear(reply))

    def _clear(self, reply: Callable[[LogError | None], None]) -> None:
        if self._store.problem:
            reply(LogError(self._store.problem))
        else:
            super().clear(reply)

    def reset_filled(self, count: int) -> None:
        """Reset to another epoch that has so many messages already, without telling subscribers of them."""
        on_entry, on_reset = self._notify_entry, self._notify_reset
        self.subscribe(lambda _entry: None, lambda: None)
        super().clear(lambda _error: None)
        for number in range(count):
            super().append(Draft("lobby", "Kit", f"before {number}", "kit"), lambda _refusal: None)
        self.subscribe(on_entry, on_reset)
        on_reset()

    def before(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        pages: list[HistoryPage | LogError] = []
        super().before(seq, limit, pages.append)
        self._reply(pages[0], reply, near=min(seq, self.last_seq + 1) - limit > self.last_seq - self._store.near)

    def after(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        pages: list[HistoryPage | LogError] = []
        super().after(seq, limit, pages.append)
        self._reply(pages[0], reply, near=seq >= self.last_seq - self._store.near and self._store.near > 0)

    def around(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        pages: list[HistoryPage | LogError] = []
        super().around(seq, limit, pages.append)
        self._reply(pages[0], reply)

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        hits: list[Hits | LogError] = []
        super().search(query, before, limit, hits.append)
        self._reply(hits[0], reply)

    def _reply[Answer](self, answer: Answer, reply: Callable[[Answer | LogError], None], near: bool = False) -> None:
        problem = self._store.problem
        found: Answer | LogError = LogError(problem) if problem else answer
        if near:
            reply(found)
        else:
            self._store.replies.append(lambda: reply(found))


class DelayedRoomHarness(RoomHarness):
    """A harness whose log answers when the test says so."""

    def __init__(self, kept: int = 10_000, near: int = 0, pace: Pace = ONE_SLICE) -> None:
        self.store = DelayedStore(kept, near)
        super().__init__(self.store, pace)

    def host(self) -> tuple[Session, BoundedConnection]:
        """The host joins; not among the guests."""
        connection = BoundedConnection()
        session = Session(connection)
        self.do(session, "join", nickname="Mara", token=self.hub.identities.token("host"))
        self.store.settle()
        return session, connection

    def say_and_commit(self, count: int) -> None:
        for _ in range(count):
            self.say()
        self.store.commit()
