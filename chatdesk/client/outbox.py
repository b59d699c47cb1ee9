"""Own messages that the server has not acknowledged, in the order in which they are sent.

One message is in flight at a time: whatever is lost, refused or sent again, they arrive in this order.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chatdesk.protocol.commands import Mentioned

Mentions = tuple[Mentioned, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An unacknowledged message; ``error`` says why it was refused. ``timestamp`` is in the wire format.

    ``to`` is the nickname of the one person who is to read it; empty for the whole room. ``to_author`` is who had that
    nickname when it was written; empty if that is not known. ``reply_to`` is the number of the message that it answers.
    ``mentions`` are those whom the person has chosen by name. ``action``: said by ``/me``. ``waits``: the host
    keeps it until somebody decides, and for whom it waits.
    """

    id: str
    content: str
    timestamp: str
    error: str | None = None
    to: str = ""
    reply_to: int | None = None
    mentions: Mentions = ()
    action: bool = False
    to_author: str = ""
    waits: str = ""

    @property
    def recipient(self) -> str | None:
        """The one person, as the wire names them: by author if it is known, as a nickname may soon be another's."""
        return f"@{self.to_author}" if self.to_author else self.to or None


class Outbox:
    """Unacknowledged messages in the order of sending."""

    def __init__(self) -> None:
        self._entries: dict[str, Outgoing] = {}
        self._renamed: set[str] = set()
        self._taken: set[str] = set()

    def __iter__(self) -> Iterator[Outgoing]:
        return iter(self._entries.values())

    def __contains__(self, message_id: str | None) -> bool:
        return message_id in self._entries

    @property
    def waiting(self) -> int:
        """How many are sent without the person doing anything."""
        return sum(entry.error is None and not entry.waits for entry in self)

    @property
    def next(self) -> Outgoing | None:
        """The message whose turn it is."""
        return next((entry for entry in self if entry.error is None and not entry.waits), None)

    def add(self, entry: Outgoing) -> None:
        """Append a new message."""
        self._entries[entry.id] = entry

    def restore(self, entries: Iterable[Outgoing]) -> list[Outgoing]:
        """Put messages of an earlier run before all others; return those that were not here yet."""
        new = [entry for entry in entries if entry.id not in self._entries]
        self._entries = {entry.id: entry for entry in new} | self._entries
        return new

    def confirm(self, message_id: str | None) -> bool:
        """The server has acknowledged it; return False for a message that is not here."""
        return self._entries.pop(message_id or "", None) is not None

    def fail(self, message_id: str, error: str) -> Outgoing:
        """The server refuses it: it stays until the person decides."""
        entry = self._entries[message_id] = replace(self._entries[message_id], error=error)
        return entry

    def hold(self, entry: Outgoing, waits: str) -> Outgoing:
        """The host keeps it until somebody decides; it may have been written on another device."""
        held = self._entries[entry.id] = replace(self._entries.get(entry.id, entry), waits=waits, error=None)
        return held

    def decline(self, message_id: str, error: str) -> Outgoing:
        """It was not let through: should it be sent again, it is another message."""
        self._taken.add(message_id)
        entry = self._entries[message_id] = replace(self._entries[message_id], error=error, waits="")
        return entry

    def rename(self, message_id: str) -> Outgoing | None:
        """The server has another message with this id: use a new one, in the same position.

        Return None if this was done before: a server that knows every id is not asked for ever.
        """
        if message_id in self._renamed:
            self._taken.add(message_id)
            return None
        renamed = self._with_new_id(self._entries[message_id])
        self._entries = {entry.id: entry for entry in (renamed if it.id == message_id else it for it in self)}
        return renamed

    def resend(self, message_id: str) -> Outgoing:
        """Send a refused message after all others, so that what is shown first arrives first.

        Its id stays, for the server may have it already, unless the id was what the server refused.
        """
        entry = replace(self._entries.pop(message_id), error=None, waits="")
        entry = self._with_new_id(entry) if message_id in self._taken else entry
        self._entries[entry.id] = entry
        return entry

    def discard(self, message_id: str) -> bool:
        """Remove a refused message; return False for one that may be in flight, or is not here."""
        entry = self._entries.get(message_id)
        if entry is None or entry.error is None:
            return False
        del self._entries[message_id]
        return True

    def _with_new_id(self, entry: Outgoing) -> Outgoing:
        entry = replace(entry, id=secrets.token_hex(8))
        self._renamed.add(entry.id)
        return entry
