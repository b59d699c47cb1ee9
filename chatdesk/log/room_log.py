"""The interface of the log, in memory or on the disk.

Nothing here waits: every answer is a callback on the loop. What is in memory is answered before the call returns, what
has to be read from the disk later.

LogError
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chatdesk.protocol.events import Hit


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be appended; ``identity`` (of its sender) and ``id`` together identify it."""

    room: str
    nickname: str
    content: str
    identity: str
    id: str | None = None


class Entry(NamedTuple):
    """A message in the log: its number, and the encoded ``message`` event."""

    seq: int
    payload: bytes


class HistoryPage(NamedTuple):
    """Entries in order, at most HISTORY_BYTES of payload, and whether there are more in the direction asked for."""

    entries: list[Entry]
    more: bool


class IndexProgress(NamedTuple):
    """How many messages the search index covers, of how many."""

    done: int
    total: int


class Hits(NamedTuple):
    """The result of a search, newest message first, and whether there are older ones.

    ``indexing`` says how many messages, from the newest on, it covers while the index is being built.
    """

    hits: list[Hit]
    more: bool
    indexing: IndexProgress | None = None


class StorageProblem(NamedTuple):
    """Why the log cannot store or read now: a stable word, and a sentence that says what to do."""

    code: str
    sentence: str


class LogError(Exception):
    """The log could not do what it was asked for, and has done nothing of it."""

    def __init__(self, problem: StorageProblem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class Duplicate(NamedTuple):
    """The sender has sent the same message with this ``id`` before; here is its entry."""

    entry: Entry


class IdReused(NamedTuple):
    """The sender has sent another message with this ``id`` before."""


Refusal = Duplicate | IdReused | LogError


class RoomLog(Protocol):
    """One room's messages, numbered from 1 without gaps within an epoch.

    ``epoch`` identifies the epoch, ``seqs`` are the numbers that it holds. Readers see no entry before it was announced
    to the subscriber.
    """

    @property
    def epoch(self) -> str: ...

    @property
    def seqs(self) -> range: ...

    @property
    def last_seq(self) -> int: ...

    def subscribe(self, on_entry: Callable[[Entry], None], on_reset: Callable[[], None]) -> None:
        """Call ``on_entry`` for every entry from now on, in order, once it is stored for good.

        ``on_reset`` is called when the log has begun another epoch, after which the old entries are gone.
        """

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Store the draft under the next number; ``refuse`` is called instead of ``on_entry`` if that fails."""

    def latest(self, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """Reply with the newest entries; ``more`` means older ones."""

    def before(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """Reply with the newest entries older than ``seq``; ``more`` means older ones."""

    def after(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """Reply with the oldest entries newer than ``seq``; ``more`` means newer ones.

        If retention has deleted some of them, the first number is larger than ``seq`` + 1.
        """

    def around(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """Reply with as many entries before ``seq`` as from it on; ``more`` means older ones."""

    def at(self, moment: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """Reply with entries around the first one from this moment on, or the latest if there is none.

        ``moment`` is in milliseconds since 1970.
        """

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        """Reply with the newest entries, older than ``before`` if given, that hold the words of ``query``."""

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """Delete all entries and begin another epoch; ``on_reset`` is called before ``reply``."""


class Reservation(NamedTuple):
    """A nickname (by its key) that belongs to an identity while it is connected, and for a while afterwards."""

    key: str
    identity: str


class LogStore(Protocol):
    """The logs of all rooms, and what else the server must remember across a restart."""

    @property
    def server_id(self) -> str:
        """Identifies the server; the same for all rooms and after every restart."""

    @property
    def secret(self) -> bytes:
        """The key with which tokens are signed."""

    def author(self, identity: str) -> str:
        """Return the public id of an identity: always the same, and no way back."""

    @property
    def problem(self) -> StorageProblem | None:
        """Why nothing can be stored now; None if all is well."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the host, such as that a damaged file was replaced."""

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> None:
        """Call ``on_problem`` whenever the problem changes, with None when it is over; replaces an earlier callback."""

    @property
    def indexing(self) -> IndexProgress | None:
        """Progress of the search index; None if it is complete."""

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> None:
        """Call ``on_progress`` whenever ``indexing`` changes; replaces an earlier callback."""

    def room(self, name: str) -> RoomLog:
        """Return the log of a room, which is created if needed; the same one until it is released."""

    def release(self, name: str) -> None:
        """Close the log of a room that nobody is in: it need not be in memory."""

    def reservations(self) -> list[Reservation]:
        """Return the reservations that existed when the server last stopped."""

    def store_reservation(self, reservation: Reservation) -> None:
        """Store who has this nickname."""

    def delete_reservation(self, key: str) -> None:
        """Delete the reservation of this nickname."""
