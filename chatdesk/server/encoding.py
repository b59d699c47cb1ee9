"""Encodes a room's records as events."""

from collections.abc import Sequence

from chatdesk.log.as_message import as_message
from chatdesk.log.room_log import Record, RoomLog
from chatdesk.protocol import codec, events
from chatdesk.protocol.limits import HISTORY_LATEST
from chatdesk.server.bodies import BODIES, Bodies
from chatdesk.server.private_pair import PrivatePair

_KEPT_BYTES = 2 * 1024
"""The longest message that is kept: fifty of them take 100 KB in each of a hundred rooms."""


class RecordEncoder:
    """Encodes each record once for everybody; the latest, which every join brings, are kept encoded."""

    def __init__(self, room: str, log: RoomLog, pair: PrivatePair | None = None, bodies: Bodies = BODIES) -> None:
        self._room = room
        self._log = log
        self._pair = pair
        self._bodies = bodies
        self._kept: dict[int, tuple[Record, bytes]] = {}

    def message(self, record: Record, *, markup: bool = False) -> bytes:
        """Return the ``message`` event of a record: with ``markup`` its body, too."""
        payload = self._message(record)
        body = self._bodies.of(self._room, record) if markup else b""
        return codec.add_body(payload, body) if body else payload

    def _message(self, record: Record) -> bytes:
        kept, payload = self._kept.get(record.seq, (None, b""))
        if kept is record:
            return payload
        payload = codec.encode(self.as_message(record))
        if kept and record.change < kept.change:
            return payload  # of a page that was read before the last change
        self._kept.pop(record.seq, None)
        if record.seq > self._log.last_seq - HISTORY_LATEST and len(payload) <= _KEPT_BYTES:
            self._kept.pop(record.seq - HISTORY_LATEST, None)
            self._kept[record.seq] = record, payload
        return payload

    def change(self, record: Record, *, markup: bool = False) -> bytes:
        """Return what announces a record's last change: a ``message`` event, or ``updated``."""
        return self.updated(record, markup=markup) if record.is_update else self.message(record, markup=markup)

    def updated(self, record: Record, ref: str | None = None, *, markup: bool = False) -> bytes:
        """Return the ``updated`` event of a record; ``ref`` is the command's that it answers."""
        message = self.message(record, markup=markup)
        return codec.encode_updated(self._room, record.seq, record.change, message, ref)

    def has_body(self, record: Record) -> bool:
        """Return whether a record is another event with its body than without."""
        return bool(self._bodies.of(self._room, record))

    async def prepare_bodies(self, records: Sequence[Record]) -> None:
        """Make the bodies of many records without holding the loop."""
        await self._bodies.prepare(self._room, records)

    def as_message(self, record: Record) -> events.Message:
        """Return a record as a ``message`` event that is not encoded yet."""
        return as_message(record, self._room, self._pair.recipient(record.author) if self._pair else None)

    def forget(self) -> None:
        """Keep nothing: the log has begun another epoch."""
        self._kept.clear()
        self._bodies.forget(self._room)
