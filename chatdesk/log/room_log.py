"""What the server asks of a room's log, wherever the log keeps its entries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol


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


class Page(NamedTuple):
    """Entries in order, HISTORY_BYTES of them at most, and whether there are more in the direction asked for."""

    entries: list[Entry]
    more: bool


class RoomLog(Protocol):
    """One room's messages, numbered from 1 without gaps; ``epoch`` names this incarnation of the log."""

    @property
    def epoch(self) -> str: ...

    @property
    def last_seq(self) -> int: ...

    def append(self, draft: Draft, committed: Callable[[Entry], None]) -> None:
        """Give the draft the next number; ``committed`` is called on the loop, in order, once the entry is kept."""

    def find(self, identity: str, message_id: str) -> Entry | None:
        """The entry that this sender's ``id`` has become already."""

    def latest(self, limit: int) -> Page:
        """The newest entries; ``more`` tells of older ones."""

    def before(self, seq: int, limit: int) -> Page:
        """The newest entries older than ``seq``; ``more`` tells of older ones."""

    def after(self, seq: int, limit: int) -> Page:
        """The oldest entries newer than ``seq``; ``more`` tells of newer ones.

        Where the log was cut, the first entry's number is larger than ``seq`` + 1.
        """
