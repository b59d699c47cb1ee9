"""A room's log as somebody may read it who sees only what was said from their joining on."""

from collections.abc import Sequence

from chatdesk.log.acts import Reactors
from chatdesk.log.room_log import ChangesPage, HistoryPage, Hits, RoomLog


class VisibleLog:
    """The reading part of a ``RoomLog``, without the messages up to ``floor``; with a floor of 0 it is the whole."""

    def __init__(self, log: RoomLog, floor: int) -> None:
        self._log = log
        self._floor = floor

    @property
    def epoch(self) -> str:
        """The epoch of the log."""
        return self._log.epoch

    @property
    def seqs(self) -> range:
        """The numbers of the messages that can be read."""
        held = self._log.seqs
        return range(min(max(held.start, self._floor + 1), held.stop), held.stop)

    async def latest(self, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._visible(await self._log.latest(limit))

    async def before(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._visible(await self._log.before(seq, limit))

    async def after(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return await self._log.after(max(seq, self._floor), limit)

    async def around(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._visible(await self._log.around(max(seq, self._floor + 1), limit))

    async def at(self, moment: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        page = self._visible(await self._log.at(moment, limit))
        return page if page.records or not self._floor else await self._log.after(self._floor, limit)

    async def since(self, change: int, limit: int) -> ChangesPage | None:
        """See ``RoomLog``."""
        page = await self._log.since(change, limit)
        return page and page._replace(records=[record for record in page.records if record.seq > self._floor])

    async def records(self, seqs: Sequence[int]) -> HistoryPage:
        """See ``RoomLog``."""
        return await self._log.records([seq for seq in seqs if seq > self._floor])

    async def pins(self, before: int | None, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._visible(await self._log.pins(before, limit))

    async def reactors(self, seq: int, emoji: str, skip: int, limit: int) -> Reactors:
        """See ``RoomLog``."""
        return await self._log.reactors(seq, emoji, skip, limit) if seq > self._floor else Reactors([], more=False)

    async def own_reactions(self, identity: str, seqs: range) -> dict[int, list[str]]:
        """See ``RoomLog``."""
        return await self._log.own_reactions(identity, range(max(seqs.start, self._floor + 1), seqs.stop))

    async def search(self, query: str, before: int | None, limit: int) -> Hits:
        """See ``RoomLog``."""
        found = await self._log.search(query, before, limit)
        hits = [hit for hit in found.hits if hit.record.seq > self._floor]
        return found._replace(hits=hits, more=found.more and len(hits) == len(found.hits))

    def _visible(self, page: HistoryPage) -> HistoryPage:
        records = [record for record in page.records if record.seq > self._floor]
        return HistoryPage(records, page.more and len(records) == len(page.records))
