"""What the server asks of the log, wherever it keeps its entries.

Nothing here waits: every answer comes on the loop, by a call. What is in memory is answered before the question
returns; what has to be read from a disk, later.

LogError
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chatdesk.protocol.events import Hit


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way into the log; ``identity`` and ``id`` together make it one of a kind."""

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
    """Entries in order, HISTORY_BYTES of them at most, and whether there are more in the direction asked for."""

    entries: list[Entry]
    more: bool


class IndexProgress(NamedTuple):
    """How many messages the search index has, of how many."""

    done: int
    total: int


class Hits(NamedTuple):
    """What a search has found, the newest first, and whether there are older ones.

    ``indexing`` tells how far it could look, while the index is being built; it begins with the newest.
    """

    hits: list[Hit]
    more: bool
    indexing: IndexProgress | None = None


class StorageProblem(NamedTuple):
    """Why the log keeps nothing just now: a stable word, and a sentence that says what to do."""

    code: str
    sentence: str


class LogError(Exception):
    """The log cannot do what it was asked for; nothing of it was done."""

    def __init__(self, problem: StorageProblem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class Duplicate(NamedTuple):
    """The sender has said this under this ``id`` before: here is what it has become."""

    entry: Entry


class IdReused(NamedTuple):
    """The sender has said something else under this ``id`` before."""


Refusal = Duplicate | IdReused | LogError


class RoomLog(Protocol):
    """One room's messages, numbered from 1 without gaps; ``epoch`` names this incarnation of the log.

    ``seqs`` are the numbers it holds. Readers see nothing that ``follow`` has not told of.
    """

    @property
    def epoch(self) -> str: ...

    @property
    def seqs(self) -> range: ...

    @property
    def last_seq(self) -> int: ...

    def subscribe(self, on_entry: Callable[[Entry], None], on_reset: Callable[[], None]) -> None:
        """Call ``kept`` for every entry from now on, in order, once nothing can take it back.

        ``begun`` is called when what was there is gone, and the log begins again, in another incarnation.
        """

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Give the draft the next number and keep it; ``refuse`` is called instead where that is not to be."""

    def latest(self, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """The newest entries; ``more`` tells of older ones."""

    def before(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """The newest entries older than ``seq``; ``more`` tells of older ones."""

    def after(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """The oldest entries newer than ``seq``; ``more`` tells of newer ones.

        Where the log was cut, the first entry's number is larger than ``seq`` + 1.
        """

    def around(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """As many entries before ``seq`` as from it on; ``more`` tells of older ones."""

    def at(self, moment: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """The entries around the first one from this moment on, in milliseconds of the epoch, or else the latest."""

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        """The newest entries older than ``before`` that hold the words of ``query``."""

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """Delete all entries; followers are told that the log begins again."""


class Reservation(NamedTuple):
    """A nickname that is kept for an identity, as long as it is there and for a while after it has dropped out."""

    key: str
    identity: str


class LogStore(Protocol):
    """The logs of all rooms, and what else the server must know again after a restart."""

    @property
    def server_id(self) -> str:
        """The same for all rooms, and after every restart."""

    @property
    def secret(self) -> bytes:
        """What tokens are signed with."""

    @property
    def problem(self) -> StorageProblem | None:
        """Why nothing is kept just now."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for who hosts, such as that a damaged file was put aside."""

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> None:
        """Call ``changed`` whenever there is another problem, or none any more."""

    @property
    def indexing(self) -> IndexProgress | None:
        """How far the search index is; None when it has everything."""

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> None:
        """Call ``changed`` whenever the search index has got further."""

    def room(self, name: str) -> RoomLog:
        """The log of this room, for as long as the server runs."""

    def release(self, name: str) -> None:
        """Nobody is in this room any more: it need not be held in memory."""

    def reservations(self) -> list[Reservation]:
        """Those that were taken, or not yet given up, when the server last stopped."""

    def store_reservation(self, reservation: Reservation) -> None:
        """Remember who has this nickname."""

    def delete_reservation(self, key: str) -> None:
        """Forget who had it."""
