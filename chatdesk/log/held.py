"""Messages that wait for approval: they are kept, but are not part of any room's log yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from chatdesk.log.log_error import LogError


class Held(NamedTuple):
    """A message that waits; ``number`` is its own, ``mentions`` are as ``encode_mentions`` has them.

    ``time`` is when it was said, in milliseconds since 1970. ``declined`` is the sentence for its author once it was
    declined; until then empty.
    """

    number: int
    room: str
    identity: str
    nickname: str
    content: str
    id: str | None
    reply_to: int | None
    mentions: str | None
    action: int
    time: int
    declined: str = ""


STORE_HELD = f"INSERT OR REPLACE INTO held VALUES ({', '.join('?' * len(Held._fields))})"


class HeldTable(Protocol):
    """Where a store keeps them."""

    on_held: Callable[[Held], None]
    """Called when one is held on another server of the chat."""

    on_decided: Callable[[int, bool, str], None]
    """Called when one of this number waits no longer, since another server has decided: whether it was approved, or the
    sentence with which it was declined."""

    def all(self) -> list[Held]:
        """Return those that there were when the server last stopped."""

    def add(self, held: Held, reply: Callable[[Held | LogError], None]) -> None:
        """Store a message that has no number yet; ``reply`` gets it with its number, or the error."""

    def decline(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """Store that one was declined; ``reply`` is called when it is stored, or cannot be."""

    def delete(self, number: int, reply: Callable[[LogError | None], None]) -> None:
        """Forget a message; ``reply`` is called when it is gone, or cannot be."""
