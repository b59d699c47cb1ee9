"""What nodes ask of the maker of their order, over a link that ends with its first error. See ``LinkedOrder``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from chatdesk.log.operations import Ordered, decode_operation, encode_operation
from chatdesk.log.room_log import StorageProblem

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 1.0
"""Between attempts of a node to reach the maker: longer each time, so that nodes do not hold up one that is busy, and
never so long that people would not notice soon that it is back."""

Row = tuple[str, str, int, int, str]
"""An operation that is to be ordered: its key, its room, how many messages and changes it adds there (1 or 0, see
``counts``), and itself as text."""


class Entry(NamedTuple):
    """An entry of the order: its number, what was ordered, and the text as which it is kept.

    ``ordered`` is None if this version does not know what that is.
    """

    number: int
    ordered: Ordered | None
    text: bytes


class About(NamedTuple):
    """Whose order it is: the server id and the secret of the chat, and the number of the newest entry."""

    server_id: str
    secret: bytes
    number: int


class OrderFullError(Exception):
    """The maker has no room for more."""


class OrderLink(Protocol):
    """A link to the maker of the order, while its context is open. All of it raises the errors of its maker."""

    async def about(self) -> About | None:
        """Return whose order it is; None if there is none yet."""

    async def arrive(self, *, has_lost: bool) -> float:
        """Return for how many seconds nothing is ordered, until all nodes are back at a maker that was away.

        So it is also at one that ``has_lost`` something which this node will put back.
        """

    async def restore(self, server_id: str, entries: Sequence[Ordered]) -> None:
        """Put these entries back that the maker has lost, unless the first of them is not the next one any more."""

    async def key_at(self, place: int) -> str | None:
        """Return the key of the entry of this number; None if it is not kept any more."""

    async def order(self, server_id: str, operations: Iterable[Row]) -> list[int]:
        """Return the number of each, as soon as that is safe; negative where it was ordered before.

        Raises OrderFullError besides.
        """

    async def read(self, place: int) -> list[Entry]:
        """Return what follows this number, as soon as there is something, or nothing after a while.

        Who reads has all up to this number in its file. What the maker has not written is left out.
        """

    async def listen(self, node: str) -> None:
        """From now on, hear what is told to this node or to all."""

    async def hear(self) -> bytes:
        """Return what is told next. The link ends when nothing is for long: each node speaks now and then."""

    async def tell(self, told: bytes, node: str = "") -> None:
        """Tell it to a node, or to all that listen, also this one. Nobody keeps it."""


class OrderProblems(NamedTuple):
    """What people are told when a maker cannot order: it is away, its memory or disk is full, or it is too slow; it
    has lost what was told, others have gone on without this node or are newer, or it orders another chat."""

    away: StorageProblem
    full: StorageProblem
    slow: StorageProblem
    lost: StorageProblem
    apart: StorageProblem
    newer: StorageProblem
    other: StorageProblem


class OrderMaker(NamedTuple):
    """Who makes the order: its ``name`` for the log, how it is linked to, and what ends a link.

    ``refused`` returns what people are told of an error that does not pass by itself.
    """

    name: str
    link: Callable[[], AbstractAsyncContextManager[OrderLink]]
    errors: tuple[type[Exception], ...]
    problems: OrderProblems
    refused: Callable[[BaseException], StorageProblem | None] = lambda _error: None


def entry_text(ordered: Ordered) -> bytes:
    """Return an entry as it is kept by its number: its seq, change, time and key, and the operation as JSON."""
    return f"{ordered.seq} {ordered.change} {ordered.at} {ordered.key} ".encode() + encode_operation(ordered.operation)


def entry_key(text: bytes) -> str:
    """Return the key of an entry that is kept as this text."""
    return text.split(b" ", 4)[3].decode()


def read_entry(number: int, text: bytes) -> Ordered | None:
    """Return the entry of this number that was kept as this text; None if it is no such text."""
    with contextlib.suppress(ValueError):  # which msgspec's error is, too
        seq, change, at, key, operation = text.split(b" ", 4)
        return Ordered(number, int(seq), int(change), int(at), key.decode(), decode_operation(operation))
    return None
