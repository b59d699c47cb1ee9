"""A room of a real log for tests: appends, reads, and records what was announced."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

from chatdesk.log.acts import Act, Delete, Edit, Pin, React, Remover
from chatdesk.log.database import FILE
from chatdesk.log.disk_store import DiskStore, open_store
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import (
    ActRefusal,
    ChangesPage,
    Draft,
    HistoryPage,
    LogError,
    Record,
    Refusal,
    RoomLog,
    StorageProblem,
)
from tests.waiting import until

PATIENCE_SECONDS = 20.0
"""Nothing takes this long, but a thread that hangs must not hang the test."""


def draft(content: str = "hello", message_id: str | None = None, identity: str = "kit") -> Draft:
    return Draft("Kit", content, identity, message_id)


def seqs(records: Sequence[Record]) -> list[int]:
    return [record.seq for record in records]


def contents(records: Sequence[Record]) -> list[str]:
    return [record.content for record in records]


async def answer[Answer](question: Coroutine[Any, Any, Answer]) -> Answer | LogError:
    """Return what the log answers, or the error that it raises."""
    try:
        return await asyncio.wait_for(question, PATIENCE_SECONDS)
    except LogError as error:
        return error


async def found[Answer](question: Coroutine[Any, Any, Answer]) -> Answer:
    """Return what the log answers, which must not be an error."""
    result = await answer(question)
    assert not isinstance(result, LogError), result
    return result


def begun[Answer](question: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
    """Ask now, and wait later."""
    return asyncio.Task(question, loop=asyncio.get_running_loop(), eager_start=True)


def answered_at_once[Answer](question: Coroutine[Any, Any, Answer]) -> Answer | None:
    """Return the answer if it does not suspend; None if it does."""
    try:
        question.send(None)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    question.close()
    return None


class RoomHarness:
    """A room's log with its subscriber.

    ``records`` of this epoch were announced, and are kept as they were told last; ``changes`` are all that was
    announced, and ``resets`` counts the epochs that began.
    """

    def __init__(self, log: RoomLog) -> None:
        self.log = log
        self.records: list[Record] = []
        self.changes: list[Record] = []
        self.resets = self.resets_by_clear = 0
        self._waiting: list[tuple[Draft, asyncio.Future[Any]]] = []
        self._first = log.last_seq + 1
        log.subscribe(self._on_change, self._on_reset)

    def _on_change(self, record: Record) -> None:
        self.changes.append(record)
        if not record.is_update:
            self.records.append(record)
        elif record.seq >= self._first:
            self.records[record.seq - self._first] = record
        for waiting in self._waiting:
            said, outcome = waiting
            if _is_outcome(said, record) and not outcome.done():
                outcome.set_result(record)
                self._waiting.remove(waiting)
                return

    def _on_reset(self, cleared: bool) -> None:
        self.resets_by_clear += cleared
        self.records.clear()
        self.changes.clear()
        self.resets += 1
        self._first = self.log.last_seq + 1

    def start_append(self, said: Draft) -> asyncio.Future[Record | Refusal]:
        """Append a draft; the future gets the outcome."""
        outcome: asyncio.Future[Record | Refusal] = asyncio.get_running_loop().create_future()
        waiting = (said, outcome)
        self._waiting.append(waiting)

        def refused(refusal: Refusal) -> None:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
                outcome.set_result(refusal)

        self.log.append(said, refused)
        return outcome

    def start_act(self, act: Act) -> asyncio.Future[Record | ActRefusal]:
        """Act on a message; the future gets the outcome."""
        outcome: asyncio.Future[Record | ActRefusal] = asyncio.get_running_loop().create_future()
        self.log.amend(act, outcome.set_result)
        return outcome

    async def try_append(
        self, content: str = "hello", message_id: str | None = None, identity: str = "kit"
    ) -> Record | Refusal:
        """Append a message and wait for the outcome."""
        return await asyncio.wait_for(self.start_append(draft(content, message_id, identity)), PATIENCE_SECONDS)

    async def append(self, content: str = "hello", message_id: str | None = None, identity: str = "kit") -> Record:
        """Append a message that must be stored."""
        outcome = await self.try_append(content, message_id, identity)
        assert isinstance(outcome, Record), outcome
        return outcome

    async def try_act(self, act: Act) -> Record | ActRefusal:
        """Act on a message and wait for the outcome."""
        return await asyncio.wait_for(self.start_act(act), PATIENCE_SECONDS)

    async def act(self, act: Act) -> Record:
        """Do what must be stored."""
        outcome = await self.try_act(act)
        assert isinstance(outcome, Record), outcome
        return outcome

    async def try_edit(self, seq: int, content: str, identity: str = "kit") -> Record | ActRefusal:
        """Edit a message and wait for the outcome."""
        return await self.try_act(Edit(seq, content, identity))

    async def delete(self, seq: int, identity: str = "kit", others: Remover | None = None) -> Record:
        return await self.act(Delete(seq, identity, identity.title(), others))

    async def react(self, seq: int, emoji: str, identity: str = "kit", *, active: bool = True) -> Record:
        return await self.act(React(seq, emoji, active, identity, identity.title()))

    async def pin(self, seq: int, *, active: bool = True) -> Record:
        return await self.act(Pin(seq, active))

    async def edit(self, seq: int, content: str, identity: str = "kit") -> Record:
        """Make an edit that must be stored."""
        outcome = await self.try_edit(seq, content, identity)
        assert isinstance(outcome, Record), outcome
        return outcome

    async def fill(self, count: int, first: int = 1) -> list[Record]:
        """Append ``count`` messages at once; return those that were stored."""
        said = [self.start_append(draft(f"number {number}")) for number in range(first, first + count)]
        outcomes = await asyncio.wait_for(asyncio.gather(*said), PATIENCE_SECONDS)
        return [outcome for outcome in outcomes if isinstance(outcome, Record)]

    def start_clear(self) -> asyncio.Task[None]:
        """Begin to clear the history, in this place in the order of writes."""
        return begun(self.log.clear())

    async def clear(self) -> None:
        await found(self.log.clear())

    async def latest(self, limit: int = 200) -> HistoryPage:
        return await found(self.log.latest(limit))

    async def before(self, seq: int, limit: int) -> HistoryPage:
        return await found(self.log.before(seq, limit))

    async def after(self, seq: int, limit: int = 200) -> HistoryPage:
        return await found(self.log.after(seq, limit))

    async def around(self, seq: int, limit: int) -> HistoryPage:
        return await found(self.log.around(seq, limit))

    async def at(self, moment: int, limit: int) -> HistoryPage:
        return await found(self.log.at(moment, limit))

    async def since(self, change: int, limit: int = 200) -> ChangesPage:
        page = await found(self.log.since(change, limit))
        assert page
        return page

    async def search(self, query: str, before: int | None = None, limit: int = 50) -> list[int]:
        hits = await found(self.log.search(query, before, limit))
        return [hit.record.seq for hit in hits.hits]

    async def all(self) -> list[Record]:
        """Read everything that the log holds, page by page."""
        records: list[Record] = []
        more = True
        while more:
            page = await self.after(records[-1].seq if records else self.log.seqs.start - 1)
            records += page.records
            more = page.more
        return records

    async def all_since(self, change: int, limit: int = 200) -> list[Record]:
        """Read everything that has changed after a position, page by page."""
        records: list[Record] = []
        more = True
        while more:
            page = await self.since(change, limit)
            records += page.records
            change, more = page.end, page.more
        assert change == self.log.last_change
        return records


def _is_outcome(said: Draft, record: Record) -> bool:
    return not record.is_update and (said.content, said.id) == (record.content, record.id)


class ProblemRecorder:
    """Records the problems that a store has announced, in order; None is the end of one."""

    def __init__(self, store: DiskStore) -> None:
        self.problems: list[StorageProblem | None] = []
        store.subscribe(self.problems.append)

    @property
    def codes(self) -> list[str]:
        return [problem.code if problem else "" for problem in self.problems]

    async def wait_until_resolved(self) -> None:
        """Wait until there is no problem."""
        await until(lambda: self.problems and self.problems[-1] is None, PATIENCE_SECONDS)


@contextlib.asynccontextmanager
async def lobby(folder: Path, retention: Retention = Retention()) -> AsyncIterator[RoomHarness]:  # noqa: B008 - it is a tuple
    """Open the lobby of the log in this folder."""
    async with open_store(folder, retention) as store:
        yield RoomHarness(store.room("lobby"))


@contextlib.contextmanager
def outside_connection(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield another connection to the file, as another program would have."""
    with contextlib.closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        yield db


def copy_as_after_kill(folder: Path, copy: Path) -> Path:
    """Copy the files of an open log as a kill at this moment would leave them.

    Somebody who reads keeps the journal from being moved into the file meanwhile. Another program copies: when this
    process closes a file, the system takes its locks away.
    """
    copy.mkdir()
    with outside_connection(folder) as db:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        for suffix in ("", "-wal"):
            if (folder / f"{FILE}{suffix}").exists():
                subprocess.run(["cp", folder / f"{FILE}{suffix}", copy], check=True)
    return copy


def quarantined_files(folder: Path) -> list[Path]:
    """Return the damaged files that were quarantined."""
    return sorted(folder.glob("damaged-*.db"))


def sizes_in(folder: Path) -> dict[str, int]:
    """Return the files of a folder with their sizes."""
    return {path.name: path.stat().st_size for path in folder.iterdir()}


def bytes_of(folder: Path) -> bytes:
    """Return the content of all files of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
