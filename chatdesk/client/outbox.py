"""Own messages that the server has not acknowledged.

One message is in flight at a time: whatever is lost, refused or sent again, they arrive in the order in which they were
written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An unacknowledged message; ``error`` says why it was refused. ``timestamp`` is in the wire format."""

    id: str
    content: str
    timestamp: str
    error: str | None = None


class Outbox:
    """Unacknowledged messages in the order in which they were written."""

    def __init__(self) -> None:
        self._entries: dict[str, Outgoing] = {}
        self._in_flight: str | None = None
        self._paused_until = 0.0

    def __iter__(self) -> Iterator[Outgoing]:
        return iter(self._entries.values())

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._entries

    @property
    def waiting(self) -> int:
        """How many are sent without the person doing anything."""
        return sum(entry.error is None for entry in self)

    def add(self, entry: Outgoing) -> None:
        """Append a new message."""
        self._entries[entry.id] = entry

    def restore(self, entries: Iterable[Outgoing]) -> list[Outgoing]:
        """Put messages of an earlier run before all others; return those that were not here yet."""
        new = [entry for entry in entries if entry.id not in self._entries]
        self._entries = {entry.id: entry for entry in new} | self._entries
        return new

    def next(self, now: float) -> Outgoing | None:
        """Return the message to send at the time ``now``; it is in flight until it is settled."""
        if self._in_flight is not None or now < self._paused_until:
            return None
        entry = next((entry for entry in self if entry.error is None), None)
        self._in_flight = entry.id if entry else None
        return entry

    def confirm(self, message_id: str | None) -> bool:
        """The server has acknowledged it; return False for a message that is not here."""
        self._settle(message_id)
        return self._entries.pop(message_id or "", None) is not None

    def fail(self, message_id: str, error: str) -> Outgoing:
        """The server refuses it: it stays until the person decides."""
        self._settle(message_id)
        return self._put(replace(self._entries[message_id], error=error))

    def delay(self, message_id: str, until: float) -> None:
        """The server does not accept it now: nothing is sent before ``until``, then this one again."""
        self._settle(message_id)
        self._paused_until = until

    def release(self) -> None:
        """The server accepts messages again: stop waiting."""
        self._paused_until = 0.0

    def resend(self, message_id: str) -> Outgoing:
        """Retry a refused message, in its old position and under its old id."""
        return self._put(replace(self._entries[message_id], error=None))

    def discard(self, message_id: str) -> bool:
        """Remove a refused message; return False for one that is in flight, or not here."""
        entry = self._entries.get(message_id)
        if entry is None or entry.error is None:
            return False
        del self._entries[message_id]
        return True

    def disconnected(self) -> None:
        """The message in flight may be lost: it is sent again."""
        self._in_flight = None
        self._paused_until = 0.0

    def _put(self, entry: Outgoing) -> Outgoing:
        self._entries[entry.id] = entry
        return entry

    def _settle(self, message_id: str | None) -> None:
        if self._in_flight == message_id:
            self._in_flight = None
