"""When somebody has read how far, in the file: to the minute, and for a week."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chatdesk.log import kept_rooms
from chatdesk.log.reader import Reader
from chatdesk.log.rooms import KEPT_MINUTES, Reading
from chatdesk.log.statement import Statement
from chatdesk.log.writer import Writer

_DAY_MINUTES = 24 * 60


class StoredReadings:
    """Stores and finds readings; see ``LogStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader
        self._latest: dict[tuple[str, str], Reading] = {}
        """Those of the last minutes by person and room, which may not be in the file yet."""
        self._forget_at = 0
        """The minute in which the old ones in the file are deleted next."""

    def store(self, reading: Reading) -> None:
        """See ``LogStore.store_reading``."""
        self._latest.pop((reading.identity, reading.room), None)
        self._latest[reading.identity, reading.room] = reading
        while (oldest := next(iter(self._latest.values()))).minute < reading.minute - 1:
            del self._latest[oldest.identity, oldest.room]
        self._writer.submit_later(Statement(kept_rooms.STORE_READING, reading))
        if reading.minute >= self._forget_at:  # all at once: those who have left read nothing any more
            self._forget_at = reading.minute + _DAY_MINUTES
            self._writer.submit_later(Statement(kept_rooms.FORGET_READINGS, (reading.minute - KEPT_MINUTES,)))

    async def minutes(self, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
        """See ``LogStore.read_minutes``."""
        latest = [known for identity in identities if (known := self._latest.get((identity, room)))]
        minutes = {reading.identity: reading.minute for reading in latest if reading.seq >= seq}
        query = partial(kept_rooms.read_minutes, room=room, seq=seq, identities=identities)
        return minutes | await self._reader.read(query)
