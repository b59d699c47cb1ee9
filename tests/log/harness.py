"""A room of a real log for tests: appends, reads, and records what was announced."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from chatdesk.log.database import FILE
from chatdesk.log.disk_store import DiskStore, open_store
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import Draft, Entry, HistoryPage, Hits, LogError, Refusal, RoomLog, StorageProblem
from chatdesk.protocol import codec, events
from tests.waiting import until

PATIENCE_SECONDS = 20.0
"""Nothing takes this long, but a thread that hangs must not hang the test."""


def draft(content: str = "hello", message_id: str | None = None, identity: str = "kit", room: str = "lobby") -> Draft:
    return Draft(room, "Kit", content, identity, message_id)


def message(entry: Entry) -> events.Message:
    return codec.decode_message(entry.payload)


def seqs(entries: list[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


def contents(entries: list[Entry]) -> list[str]:
    return [message(entry).content for entry in entries]


async def answer(question: Callable[[Callable[[Any], None]], None]) -> Any:
    """Call ``question`` with a callback and return the log's reply."""
    replied: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    question(replied.set_result)
    return await asyncio.wait_for(replied, PATIENCE_SECONDS)


class RoomHarness:
    """A room's log with its subscriber: ``entries`` of this epoch that were announced, and the number of ``resets``."""

    def __init__(self, log: RoomLog, name: str = "lobby") -> None:
        self.log = log
        self.name = name
        self.entries: list[Entry] = []
        self.resets = 0
        self.listeners: tuple[Callable[[Entry], None], Callable[[], None]] = (lambda _entry: None, lambda: None)
        """Further callbacks for entries and resets."""
        self._waiting: list[tuple[Draft, asyncio.Future[Entry | Refusal]]] = []
        log.subscribe(self._on_entry, self._on_reset)

    def _on_entry(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.listeners[0](entry)
        said = message(entry)
        for waiting in self._waiting:
            draft, outcome = waiting
            if (draft.content, draft.id) == (said.content, said.id) and not outcome.done():
                outcome.set_result(entry)
                self._waiting.remove(waiting)
                return

    def _on_reset(self) -> None:
        self.entries.clear()
        self.resets += 1
        self.listeners[1]()

    def start_append(self, said: Draft) -> asyncio.Future[Entry | Refusal]:
        """Append a draft; the future gets the outcome."""
        outcome: asyncio.Future[Entry | Refusal] = asyncio.get_running_loop().create_future()
        waiting = (said, outcome)
        self._waiting.append(waiting)

        def refused(refusal: Refusal) -> None:
            self._waiting.remove(waiting)
            outcome.set_result(refusal)

        self.log.append(said, refused)
        return outcome

    async def try_append(
        self, content: str = "hello", message_id: str | None = None, identity: str = "kit"
    ) -> Entry | Refusal:
        """Append a message and wait for the outcome."""
        return await asyncio.wait_for(
            self.start_append(draft(content, message_id, identity, self.name)), PATIENCE_SECONDS
        )

    async def append(self, content: str = "hello", message_id: str | None = None, identity: str = "kit") -> Entry:
        """Append a message that must be stored."""
        outcome = await self.try_append(content, message_id, identity)
        assert isinstance(outcome, Entry), outcome
        return outcome

    async def fill(self, count: int, first: int = 1) -> list[Entry]:
        """Append ``count`` messages at once; return those that were stored."""
        said = [self.start_append(draft(f"number {number}", room=self.name)) for number in range(first, first + count)]
        outcomes = await asyncio.wait_for(asyncio.gather(*said), PATIENCE_SECONDS)
        return [outcome for outcome in outcomes if isinstance(outcome, Entry)]

    async def clear(self) -> LogError | None:
        return await answer(self.log.clear)

    async def latest(self, limit: int = 200) -> HistoryPage:
        return _page(await answer(lambda reply: self.log.latest(limit, reply)))

    async def before(self, seq: int, limit: int) -> HistoryPage:
        return _page(await answer(lambda reply: self.log.before(seq, limit, reply)))

    async def after(self, seq: int, limit: int = 200) -> HistoryPage:
        return _page(await answer(lambda reply: self.log.after(seq, limit, reply)))

    async def around(self, seq: int, limit: int) -> HistoryPage:
        return _page(await answer(lambda reply: self.log.around(seq, limit, reply)))

    async def at(self, moment: int, limit: int) -> HistoryPage:
        return _page(await answer(lambda reply: self.log.at(moment, limit, reply)))

    async def search(self, query: str, before: int | None = None, limit: int = 50) -> list[int]:
        found = await answer(lambda reply: self.log.search(query, before, limit, reply))
        assert isinstance(found, Hits), found
        return [hit.message.seq for hit in found.hits]

    async def all(self) -> list[Entry]:
        """Read everything that the log holds, page by page."""
        entries: list[Entry] = []
        more = True
        while more:
            page = await self.after(entries[-1].seq if entries else self.log.seqs.start - 1)
            entries += page.entries
            more = page.more
        return entries


def _page(page: HistoryPage | LogError) -> HistoryPage:
    assert isinstance(page, HistoryPage), page
    return page


class ProblemRecorder:
    """Records the problems that a store has announced, in order; None is the end of one."""

    def __init__(self, store: DiskStore) -> None:
        self.problems: list[StorageProblem | None] = []
        store.subscribe(self.problems.append)

    @property
    def codes(self) -> list[str]:
        return [problem.code if problem else "" for problem in self.problems]

    async def wait_until_resolved(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until there is no problem."""
        await until(lambda: self.problems and self.problems[-1] is None, timeout)


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
