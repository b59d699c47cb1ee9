"""The store of a node: a file like any other, whose rooms are ordered elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from chatdesk.cluster.belonging import Belonging, ordered_epoch
from chatdesk.cluster.history_giver import HistoryGiver
from chatdesk.cluster.history_talk import Gone, Told
from chatdesk.cluster.kinds import Kind
from chatdesk.cluster.lasting import LastingProposals
from chatdesk.cluster.linked_channel import LinkedChannel
from chatdesk.cluster.linked_order import LinkedOrder
from chatdesk.cluster.order_link import OrderMaker
from chatdesk.cluster.ordered_choices import ChoicesInOrder, PassesInOrder
from chatdesk.cluster.ordered_held import HeldInOrder
from chatdesk.cluster.ordered_hooks import HooksInOrder
from chatdesk.cluster.ordered_invitations import InvitationsInOrder
from chatdesk.cluster.ordered_standings import StandingsInOrder
from chatdesk.cluster.ordered_subscriptions import SubscriptionsInOrder
from chatdesk.cluster.way_back import WayBackSearch
from chatdesk.log.disk_contents import Contents, StoredRoom
from chatdesk.log.disk_log import DiskLog
from chatdesk.log.disk_store import DiskStore, open_store_as
from chatdesk.log.kept_rooms import forget_room, restart_room, store_settings
from chatdesk.log.lock import FolderLock, Lock
from chatdesk.log.operations import (
    Erased,
    Ordered,
    OrderedClear,
    OrderedDelete,
    OrderedEdit,
    OrderedPin,
    OrderedReact,
    OrderedRoomDeletion,
    OrderedSettings,
    RoomOperation,
    Say,
    change_settings,
    changed_settings,
)
from chatdesk.log.ordered_batch import ChangeStep, OrderedBatch, RestartStep, Step, room_step
from chatdesk.log.ordered_log import OrderedLog, ProposedChange
from chatdesk.log.retention import Retention
from chatdesk.log.room_epoch import RoomEpoch
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.rooms import RoomSettings, StoredSubscription
from chatdesk.log.statement import Statement

_MOST_FOLLOWED = 100
"""Rooms in memory in which nobody is on this node, but on others."""


class ClusterStore(DiskStore):
    """The store of a node; see ``LogStore``. ``place`` is the number of the newest entry that was told."""

    def __init__(
        self,
        maker: OrderMaker,
        belonging: Belonging,
        folder: Path,
        lock: Lock,
        contents: Contents,
        retention: Retention,
    ) -> None:
        super().__init__(folder, lock, contents, retention)
        self.place = belonging.place or 0
        self.key = belonging.key
        self.giver = HistoryGiver(folder)
        self.channel = LinkedChannel(self._answer)
        self.linked = LinkedOrder(maker, self, self.channel.run)
        self.way_back_search = WayBackSearch(maker, folder)
        propose, write_later = self.linked.propose, self.writer.submit_later
        self._lasting = LastingProposals(propose, write_later, belonging.waiting)
        self.order: StandingsInOrder = StandingsInOrder(contents.standings, self.writer, self.reader, self._lasting)
        self.invitations: InvitationsInOrder = InvitationsInOrder(
            contents.invitations, self.writer, propose, self._lasting
        )
        self.held: HeldInOrder = HeldInOrder(contents.held, self.writer, propose, self)
        self.passes = PassesInOrder(contents.passes, lambda sql, values: write_later(Statement(sql, values)))
        self._choices = ChoicesInOrder(self._lasting, self.passes, self, lambda room: self._settings_at(room).password)
        self.ordered_subscriptions = SubscriptionsInOrder(propose, self, self.extent, self._deleted_rooms)
        unwritten = dict(belonging.unwritten)
        self.hooks = HooksInOrder(self._hooks, dict(belonging.hooks), unwritten, self._lasting, write_later)
        kinds: tuple[Kind[Any], ...] = (
            *(self.order, self.invitations, self.held, self._choices, self.hooks, self.ordered_subscriptions),
        )
        self._kinds = {change: kind for kind in kinds for change in kind.changes}
        self._file_problem: StorageProblem | None = None
        self._order_problem: StorageProblem | None = None
        self._ordered_settings = dict(contents.settings)
        self._restarts = dict(belonging.restarts)
        """Where each room has begun again last, also one that was deleted: its next epoch is made of that, the same at
        all nodes, and must be none that it has had before."""
        self._epochs = self.secret
        """What epochs are made of, which all nodes share."""
        self._made_apart: dict[str, RoomSettings] = {}
        """New rooms that people of this node are in, but that could not be ordered yet."""
        self._used: set[str] = set()
        """The rooms that the server has open."""
        self._followed: dict[str, None] = {}
        """Those that are open since others have said something there, the longest ago first."""

    def room(self, name: str) -> DiskLog:
        """See ``LogStore``."""
        self._used.add(name)
        return super().room(name)

    def release(self, name: str) -> None:
        """See ``LogStore``."""
        self._used.discard(name)
        if name not in self._followed:
            super().release(name)

    def delete_room(self, room: str, reply: Callable[[LogError | None], None]) -> None:
        """See ``LogStore``."""
        self.linked.propose(OrderedRoomDeletion(room), ProposedChange(reply))

    def room_settings(self) -> dict[str, RoomSettings]:
        """See ``LogStore``. Something may have been said in a room before its deletion was known to all."""
        return {name: kept for name, kept in super().room_settings().items() if name not in self._deleted_rooms}

    def restart_subscriptions(self, room: str, last_seq: int) -> None:
        """See ``LogStore``. That of a room whose history was deleted is written at its place in the order."""
        if last_seq:
            super().restart_subscriptions(room, last_seq)

    def store_settings(self, room: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """See ``LogStore``."""
        is_new = room not in self._ordered_settings

        def replied(error: LogError | None) -> None:
            if error and is_new:
                self._made_apart[room] = settings
            reply(error)

        change = change_settings(room, self._settings_at(room), settings)
        self.linked.propose(change, ProposedChange(replied))

    def delete_settings(self, room: str) -> None:
        """See ``LogStore``. Others may be in a room that nobody is in here."""

    def settings_elsewhere(self, room: str) -> RoomSettings | None:
        """See ``OtherServers``."""
        return self._ordered_settings.get(room)

    def store_receipts_off(self, identity: str, *, off: bool) -> None:
        """See ``LogStore``."""
        super().store_receipts_off(identity, off=off)
        self._choices.receipts_turned(identity, off=off)

    def store_subscription(self, stored: StoredSubscription) -> None:
        """See ``LogStore``."""
        super().store_subscription(stored)
        self.ordered_subscriptions.changed(stored)

    def open_proposals(self) -> None:
        """Propose what had to be ordered yet when the node ended."""
        self._lasting.propose_again()

    def close_proposals(self) -> None:
        """Propose nothing by oneself any more; what waits for that is in the file."""
        self._lasting.close()
        self.hooks.close()

    @property
    def better_elsewhere(self) -> bool:
        """See ``OtherServers``."""
        return bool(self._file_problem) or self.linked.misfit

    def _answer(self, node: str, asked: Told) -> Told:
        """Return what a node that wants the history is answered: this one may not be that of the others."""
        return Gone() if self.linked.misfit else self.giver.answer(node, asked)

    async def catch_up(self) -> None:
        """See ``LogStore``."""
        await self.linked.caught_up.wait()

    async def way_back(self) -> None:
        """See ``OtherServers``."""
        await self.way_back_search.found.wait()

    async def follow(self, entries: Sequence[Ordered]) -> bool:
        """See ``Node``."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def followed(place: int, misfit: bool) -> None:
            if place > self.place:
                self.place = place
                self.key = next(entry.key for entry in entries if entry.number == place)
            if not done.done():
                done.set_result(not misfit)

        def failed(error: LogError) -> None:
            if not done.done():
                done.set_exception(error)

        settings = dict[str, RoomSettings | None]()
        steps = [self._step(entry, settings) for entry in entries]
        self.writer.submit(OrderedBatch(steps, followed, failed))
        fits = await done
        self._release_followed()
        return fits

    def _step(self, entry: Ordered, settings: dict[str, RoomSettings | None]) -> Step:
        """The step of an entry; ``settings`` are those that the entries before it have changed, or deleted."""
        operation, orderer = entry.operation, self.linked
        room = operation.room
        match operation:
            case OrderedSettings():
                return self._settings_step(entry, operation, settings)
            case Erased():
                return ChangeStep(entry, lambda _db: None, orderer, lambda _own: None)
            case OrderedClear():
                return self._restart_step(entry, partial(restart_room, room=room), lambda _own: self.on_restarted(room))
            case OrderedRoomDeletion():
                settings[room] = None
                return self._restart_step(entry, partial(forget_room, room=room), partial(self._deleted, room))
            case Say() | OrderedEdit() | OrderedDelete() | OrderedReact() | OrderedPin():
                elsewhere = partial(self._done_elsewhere, operation, entry.at)
                return room_step(entry, operation, self._followed_log(room), orderer, elsewhere)
            case _:
                kind = self._kinds[type(operation)]
                return ChangeStep(
                    entry,
                    lambda db: kind.write(db, operation, entry),
                    orderer,
                    lambda own: kind.followed(operation, entry, own=own),
                )

    def _settings_step(
        self, entry: Ordered, operation: OrderedSettings, settings: dict[str, RoomSettings | None]
    ) -> Step:
        """The step of settings; those of a room that was deleted, but for one that is made again, change nothing."""
        room = operation.room
        known = settings.get(room, self._ordered_settings.get(room))
        if known is None and (room in settings or room in self._deleted_rooms) and not operation.changed.get("created"):
            return ChangeStep(entry, lambda _db: None, self.linked, lambda _own: None)
        changed = settings[room] = changed_settings(operation, known)
        password_changed = known is not None and changed.password != known.password
        write = partial(_store_settings, room=room, settings=changed, take_passes=password_changed)
        return ChangeStep(entry, write, self.linked, lambda _own: self._settings_followed(room, changed))

    def _restart_step(
        self, entry: Ordered, write: Callable[[sqlite3.Connection], None], followed: Callable[[bool], None]
    ) -> Step:
        room = entry.operation.room
        self._restarts[room] = entry.number
        log = self._followed_log(room)
        return RestartStep(entry, log, self._new_epoch(room), write, self.linked, followed)

    def _deleted(self, room: str, own: bool) -> None:
        self._deleted_rooms.add(room)
        self._ordered_settings.pop(room, None)
        self._made_apart.pop(room, None)
        self._used.discard(room)
        self.ordered_subscriptions.room_deleted(room)
        if not own:
            self.on_deleted(room)

    def _settings_at(self, room: str) -> RoomSettings:
        """The settings of a room as far as the order is followed."""
        return self._ordered_settings.get(room, RoomSettings())

    def _done_elsewhere(self, operation: RoomOperation, at: int) -> None:
        ago = max(0.0, time.time() - at / 1000)
        if isinstance(operation, Say):
            self.on_message(operation.room)
            if operation.held:
                self.held.on_decided(operation.held, True, "")
            else:
                self.on_said(operation.identity, operation.room, len(operation.content.encode()), ago)
        elif not isinstance(operation, OrderedPin):
            self.on_acted(operation.act.identity, ago)

    def _settings_followed(self, room: str, settings: RoomSettings) -> None:
        before = self._settings_at(room)
        self._ordered_settings[room] = settings
        self._deleted_rooms.discard(room)
        if settings.password != before.password:
            self.passes.take_all(room)
        self.on_settings(room, settings)

    def on_problem(self, problem: StorageProblem | None) -> None:
        """Take note of a problem of the file."""
        self._file_problem = problem
        if problem:
            self.linked.caught_up.set()  # nothing can be followed, and the server says why
        self._tell_problem()

    def on_order_problem(self, problem: StorageProblem | None) -> None:
        """See ``Node``."""
        self._order_problem = problem
        self.way_back_search.on_order_problem(problem)
        if problem is None:
            made, self._made_apart = self._made_apart, {}
            for room, settings in made.items():
                self.store_settings(room, settings, lambda _error: None)
            self.ordered_subscriptions.propose_changed()
            self._lasting.propose_again()
        self._tell_problem()

    def _tell_problem(self) -> None:
        problem = self._file_problem or self._order_problem
        if problem != self.problem:
            super().on_problem(problem)

    def _followed_log(self, name: str) -> DiskLog:
        self._followed.pop(name, None)
        self._followed[name] = None
        return super().room(name)

    def _release_followed(self) -> None:
        """Close rooms that are followed, but not before what they have been given is written."""
        while len(self._followed) > _MOST_FOLLOWED:
            idle = next(iter(self._followed))
            del self._followed[idle]
            if idle not in self._used:
                super().release(idle)

    def _new_log(self, stored: StoredRoom) -> DiskLog:
        log = OrderedLog(stored.room_epoch, stored.first, self.writer, self.reader, self._next_number)
        log.orderer = self.linked
        return log

    def _new_epoch(self, name: str) -> RoomEpoch:
        return RoomEpoch(
            self._next_number(), name, ordered_epoch(self._epochs, name, self._restarts.get(name, 0)), self.author
        )


def _store_settings(db: sqlite3.Connection, room: str, settings: RoomSettings, *, take_passes: bool) -> None:
    store_settings(db, room, settings)
    if take_passes:
        db.execute("DELETE FROM pass WHERE room = ?", (room,))


@contextlib.asynccontextmanager
async def open_node_store(
    new_store: Callable[[Path, Lock, Contents, Retention], ClusterStore],
    folder: Path,
    retention: Retention,
    name: str,
    new_lock: Callable[[Path], Lock] = FolderLock,
) -> AsyncIterator[ClusterStore]:
    """The store of a node, which follows the order meanwhile; see ``open_store_as``."""
    async with open_store_as(new_store, folder, retention, name, new_lock) as store:
        following = asyncio.create_task(store.linked.run())
        store.open_proposals()
        try:
            yield store
            await store.ordered_subscriptions.settle()
        finally:
            store.close_proposals()
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            await store.giver.close()
