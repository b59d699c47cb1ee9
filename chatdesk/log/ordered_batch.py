"""Writes what was ordered elsewhere: exactly at its place, and the place itself, in one commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Protocol

from chatdesk.log.acts import Act
from chatdesk.log.append import Append, insert_all, new_record
from chatdesk.log.call_all import call_all
from chatdesk.log.disk_log import ClearRoom, DiskLog
from chatdesk.log.operations import Ordered, RoomOperation, Say, draft_of
from chatdesk.log.ordered_log import UNKNOWN, Orderer, Proposal, ProposedAct, ProposedChange, ProposedMessage
from chatdesk.log.room_epoch import EMPTY, Extent, RoomEpoch
from chatdesk.log.room_log import ActRefusal, LogError, Record, Refusal
from chatdesk.log.schema import NEW_ROOM
from chatdesk.log.stored_acts import AmendMessage

_PLACE = "cluster_place"
_KEY = "cluster_key"
_RESTART = "cluster_restart "


def read_place(db: sqlite3.Connection) -> int | None:
    """Return the number of the newest entry that the file has followed; None if it belongs to no cluster."""
    row: tuple[int] | None = db.execute("SELECT value FROM about WHERE name = ?", (_PLACE,)).fetchone()
    return row[0] if row else None


def read_key(db: sqlite3.Connection) -> str:
    """Return the key of that entry; empty if there is none."""
    row: tuple[str] | None = db.execute("SELECT value FROM about WHERE name = ?", (_KEY,)).fetchone()
    return row[0] if row else ""


def write_place(db: sqlite3.Connection, place: int, key: str) -> None:
    """Write both, within the transaction of the caller."""
    db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", [(_PLACE, place), (_KEY, key)])


def forget_place(db: sqlite3.Connection) -> None:
    """Let the file belong to no cluster any more."""
    db.execute("DELETE FROM about WHERE name IN (?, ?) OR name GLOB ?", (_PLACE, _KEY, f"{_RESTART}*"))


def read_restarts(db: sqlite3.Connection) -> dict[str, int]:
    """Return at which numbers rooms have begun again, by room."""
    rows = db.execute("SELECT substr(name, ?), value FROM about WHERE name GLOB ?", (len(_RESTART) + 1, f"{_RESTART}*"))
    return dict(rows)


class Step(Protocol):
    """An entry that is written at its place, and told of."""

    entry: Ordered

    @property
    def erased(self) -> bool:
        """See ``Write``."""

    def continues(self, extents: dict[int, Extent]) -> bool:
        """Whether its numbers are the next ones of its room; ``extents`` are those before it in the batch."""

    def execute(self, db: sqlite3.Connection) -> None:
        """See ``Write``."""

    def mark_committed(self) -> None:
        """See ``Write``."""

    def notify_done(self) -> None:
        """Tell of it, and answer the room that has proposed it on this node."""

    def resolve(self) -> None:
        """It was told of before: only answer."""


class OrderedBatch:
    """Consecutive entries of the order, as far as they continue what the file has followed. See ``Write``.

    ``done`` is called with the place that the file has reached, and whether the next entry does not fit it; ``failed``
    with the error.
    """

    def __init__(
        self, steps: Sequence[Step], done: Callable[[int, bool], None], failed: Callable[[LogError], None]
    ) -> None:
        self._steps = steps
        self._known: list[Step] = []
        """Those that the file has followed before, in a commit that only seemed to fail."""
        self._written: list[Step] = []
        self._done = done
        self._failed = failed
        self._place = 0
        self._misfit = False

    @property
    def erased(self) -> bool:
        """See ``Write``."""
        return any(step.erased for step in self._written)

    def execute(self, db: sqlite3.Connection) -> None:
        """See ``Write``."""
        place = read_place(db)
        if place is None:  # a damaged file was replaced, and its numbers are others now
            self._misfit = True
            return
        self._place = self._find_fitting(place)
        self._write(db)

    def _find_fitting(self, place: int) -> int:
        """Find the steps that continue a file which has followed up to this place; return up to where they lead."""
        extents: dict[int, Extent] = {}
        for step in self._steps:
            if step.entry.number <= place:
                self._known.append(step)
                continue
            self._misfit = step.entry.number != place + 1 or not step.continues(extents)
            if self._misfit:
                break
            place = step.entry.number
            self._written.append(step)
        return place

    def _write(self, db: sqlite3.Connection) -> None:
        """Write these steps and the place, messages that follow each other at once."""
        run: list[Append] = []
        for step in self._written:
            if isinstance(step, MessageStep):
                run.append(step.write)
                continue
            insert_all(db, run)
            run = []
            step.execute(db)
        insert_all(db, run)
        if self._written:
            write_place(db, self._place, self._written[-1].entry.key)

    def mark_committed(self) -> None:
        """See ``Write``."""
        call_all(step.mark_committed for step in self._written)

    def notify_done(self) -> None:
        """See ``Write``."""
        resolved, told = [step.resolve for step in self._known], [step.notify_done for step in self._written]
        call_all([*resolved, *told, lambda: self._done(self._place, self._misfit)])

    def notify_failed(self, error: LogError) -> None:
        """See ``Write``."""
        self._failed(error)


class MessageStep:
    """A message at its place."""

    erased = False

    def __init__(
        self, entry: Ordered, operation: Say, log: DiskLog, orderer: Orderer, elsewhere: Callable[[], None]
    ) -> None:
        self.entry = entry
        self._elsewhere = elsewhere
        self._log = log
        self.write = Append(
            log.get_writing_epoch, draft_of(operation), log.record_committed, _nobody_waits, at=entry.at
        )
        self._orderer = orderer

    def continues(self, extents: dict[int, Extent]) -> bool:
        """See ``Step``."""
        return _continues(self.entry, self.write.get_epoch(), extents, 1)

    @property
    def is_next(self) -> bool:
        """Whether its numbers are the next ones after what was told of in its room."""
        return Extent(self.entry.seq - 1, self.entry.change - 1) == Extent(self._log.last_seq, self._log.last_change)

    def tell(self) -> None:
        """Tell of it before it is written, since it is next and where it was ordered it is safe."""
        write, extent = self.write, Extent(self.entry.seq, self.entry.change)
        write.record = write.told = new_record(write.get_epoch(), write.draft, extent, self.entry.at)
        self.notify_done()

    def execute(self, db: sqlite3.Connection) -> None:
        """See ``Write``."""
        insert_all(db, [self.write])

    def mark_committed(self) -> None:
        """See ``Write``."""
        self.write.mark_committed()

    def notify_done(self) -> None:
        """See ``Step``."""
        proposal = self._orderer.take(self.entry.key)
        if proposal is None:
            self._elsewhere()
        self.write.notify_done()
        self._answer(proposal)

    def resolve(self) -> None:
        """See ``Step``."""
        self._answer(self._orderer.take(self.entry.key))

    def _answer(self, proposal: Proposal | None) -> None:
        if isinstance(proposal, ProposedMessage):
            proposal.followed(self.entry.operation)


class _OrderedAct(AmendMessage):
    """An act that takes its change also if it is refused."""

    __slots__ = ()

    def execute(self, db: sqlite3.Connection) -> None:
        super().execute(db)
        if self.record is None:
            room = self.get_epoch()
            room.written = room.written._replace(change=room.written.change + 1)
            row = room.number, room.name, room.epoch
            db.execute(f"{NEW_ROOM} ON CONFLICT DO NOTHING", row)  # an empty room that was left has none any more
            db.execute("UPDATE room SET last_change = ? WHERE number = ?", (room.written.change, room.number))


class _Act:
    """An act at its place."""

    def __init__(self, entry: Ordered, act: Act, log: DiskLog, orderer: Orderer, elsewhere: Callable[[], None]) -> None:
        self.entry = entry
        self._elsewhere = elsewhere
        self.write = _OrderedAct(log.get_writing_epoch, act, log.record_committed, self._reply, at=entry.at)
        self._log = log
        self._orderer = orderer

    @property
    def erased(self) -> bool:
        return self.write.erased

    def continues(self, extents: dict[int, Extent]) -> bool:
        return _continues(self.entry, self.write.get_epoch(), extents, 0)

    def execute(self, db: sqlite3.Connection) -> None:
        self.write.execute(db)

    def mark_committed(self) -> None:
        room = self.write.get_epoch()
        room.committed = room.committed._replace(change=self.entry.change)

    def notify_done(self) -> None:
        if self.write.record is None:
            self._log.skip_change(self.entry.change)
        self.write.notify_done()

    def resolve(self) -> None:
        if proposal := self._orderer.take(self.entry.key):
            proposal.fail(LogError(UNKNOWN))

    def _reply(self, outcome: Record | ActRefusal) -> None:
        proposal = self._orderer.take(self.entry.key)
        if isinstance(proposal, ProposedAct):
            proposal.reply(outcome)
        elif proposal is None:
            self._elsewhere()


class RestartStep:
    """A room begins again, empty and in another epoch; ``write`` stores what else is so then.

    ``followed`` is called after the proposal is answered, and before the log tells of it; see ``ChangeStep``.
    """

    erased = False

    def __init__(
        self,
        entry: Ordered,
        log: DiskLog,
        room_epoch: RoomEpoch,
        write: Callable[[sqlite3.Connection], None],
        orderer: Orderer,
        followed: Callable[[bool], None],
    ) -> None:
        self.entry = entry
        self._log = log
        self._clear = ClearRoom(log, room_epoch, lambda _error: None)
        self._write = write
        self._answer = ChangeStep(entry, write, orderer, followed)

    def continues(self, extents: dict[int, Extent]) -> bool:
        extents[self._log.get_writing_epoch().number] = EMPTY
        return True

    def execute(self, db: sqlite3.Connection) -> None:
        self._clear.execute(db)
        self._write(db)
        about = _RESTART + self.entry.operation.room, self.entry.number
        db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", about)

    def mark_committed(self) -> None:
        self._clear.mark_committed()

    def notify_done(self) -> None:
        self.resolve()
        self._clear.notify_done()

    def resolve(self) -> None:
        self._answer.resolve()


class ChangeStep:
    """What is in no log, at its place: ``write`` stores it, and ``followed`` is called after the proposal is answered.

    Its argument says whether that was this node.
    """

    erased = False

    def __init__(
        self,
        entry: Ordered,
        write: Callable[[sqlite3.Connection], None],
        orderer: Orderer,
        followed: Callable[[bool], None],
    ) -> None:
        self.entry = entry
        self.execute = write
        self._orderer = orderer
        self._followed = followed

    def continues(self, _extents: dict[int, Extent]) -> bool:
        """It has no number in a room."""
        return True

    def mark_committed(self) -> None:
        """Nothing in the writer's thread depends on it."""

    def notify_done(self) -> None:
        self.resolve()

    def resolve(self) -> None:
        proposal = self._orderer.take(self.entry.key)
        if isinstance(proposal, ProposedChange):
            proposal.reply(None)
        elif proposal:
            proposal.fail(LogError(UNKNOWN))
        self._followed(proposal is not None)  # after that, since others may have changed more


def room_step(
    entry: Ordered, operation: RoomOperation, log: DiskLog, orderer: Orderer, elsewhere: Callable[[], None]
) -> Step:
    """Return the step of a message or an act; ``elsewhere`` is called for one of another node, before it is told."""
    if isinstance(operation, Say):
        return MessageStep(entry, operation, log, orderer, elsewhere)
    return _Act(entry, operation.act, log, orderer, elsewhere)


def _continues(entry: Ordered, room: RoomEpoch, extents: dict[int, Extent], messages: int) -> bool:
    last = extents.get(room.number, room.written)
    extents[room.number] = Extent(entry.seq, entry.change)
    return extents[room.number] == Extent(last.seq + messages, last.change + 1)


def _nobody_waits(_refusal: Refusal) -> None:
    """What is ordered is not refused any more."""
