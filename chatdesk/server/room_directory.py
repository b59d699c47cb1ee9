"""All rooms of the chat: their settings, and those that are open in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from chatdesk.log.log_store import LogStore
from chatdesk.log.room_log import FoundRooms, IndexProgress, LogError
from chatdesk.log.rooms import WHOLE_CHAT, RoomExtent, RoomSettings, Subscription, Unread
from chatdesk.protocol.names import LOBBY, is_private
from chatdesk.server.fanout import Pace
from chatdesk.server.permissions import IdleRoom, RoomRoles
from chatdesk.server.private_pair import PrivatePair
from chatdesk.server.room import ENDING, Room
from chatdesk.server.room_limits import RoomLimits
from chatdesk.server.standings import Standings
from chatdesk.server.stats import Traffic
from chatdesk.server.subscriptions import Subscriptions

MAX_OPEN_ROOMS = 100
"""Rooms in memory: beyond that, those that nobody is in are closed. Each takes memory for its latest messages."""
MAX_DELETED = 10_000
"""Names of deleted rooms, which no link makes again; of more, those that were deleted first may be made again."""


class RoomDirectory:
    """The rooms by name. ``before_close`` is called with a room that nobody is in before it is closed."""

    def __init__(
        self,
        store: LogStore,
        subscriptions: Subscriptions,
        standings: Standings,
        pace: Pace,
        traffic: Traffic,
        before_close: Callable[[Room], None],
    ) -> None:
        self.open: dict[str, Room] = {}
        self.standings = standings
        self._store = store
        self._subscriptions = subscriptions
        self._pace = pace
        self._traffic = traffic
        self._before_close = before_close
        self.on_begun: Callable[[str], None] = _nobody_hears
        """Called with the name of a room when the first message is stored in it."""
        self.on_removed: Callable[[str], None] = _nobody_hears
        """Called with the name of a room that is gone."""
        self.on_chat_adopted: Callable[[], None] = lambda: None
        """Called when another server has changed what holds for the chat as a whole."""
        self._settings = store.room_settings()
        self.chat = self._settings.pop(WHOLE_CHAT, RoomSettings())
        """What holds for the chat as a whole."""
        self._storing: dict[str, RoomSettings] = {}
        """The settings that are being stored, by place; the last of several."""
        self._deleted = dict.fromkeys(store.deleted_rooms() - self._settings.keys())
        self._ending: set[str] = set()
        """Those that are being deleted."""
        self.limits = RoomLimits()
        for name, settings in self._settings.items():
            self.limits.add(name, settings)
        self._only_entered = dict.fromkeys(name for name in self._settings if not self.is_lasting(name))
        """Those that somebody has only entered, before this start or on another server, and that are not open here."""
        self._before_message: Callable[[str], None] = _nobody_hears
        store.on_settings, store.on_restarted, store.on_message = self._adopt, self._cleared, self._told_elsewhere

    def __contains__(self, name: str) -> bool:
        return name in self._settings

    @property
    def public(self) -> list[str]:
        """The names of all rooms that are not private, in no particular order."""
        return [name for name in self._settings if not is_private(name)]

    def settings(self, name: str) -> RoomSettings:
        """The settings of a room."""
        return self._settings.get(name) or RoomSettings()

    def roles(self, name: str) -> RoomRoles:
        """Return who may do what in a room, whether or not it is open."""
        if room := self.open.get(name):
            return room
        standings = self.standings.idle_room(name)
        return IdleRoom(name, self.settings(name).closed, standings.roles, standings.muted)

    def is_lasting(self, name: str) -> bool:
        """Whether a room stays when the last one leaves: it was made on purpose, or something was said in it."""
        return name == LOBBY or self.settings(name).created or self.extent(name).last_seq > 0

    def extent(self, name: str) -> RoomExtent:
        """How far a room is, whether or not it is open."""
        return self._store.extent(name)

    def room(self, name: str) -> Room:
        """The room of this name, which has been made; it is opened if needed."""
        room = self.open.get(name)
        if room is None:
            self._only_entered.pop(name, None)
            self._close_idle_rooms()
            room = self.open[name] = self._opened(name)
            room.on_reset = partial(self._restarted, room)
            room.on_begun = partial(self.on_begun, name)
        return room

    async def search(self, query: str, floors: Mapping[str, int], limit: int) -> FoundRooms:
        """See ``LogStore``."""
        return await self._store.search(query, floors, limit)

    def before_messages(self, call: Callable[[str], None]) -> None:
        """Call this with a room in which something was said on another server of the chat, before anybody is told."""
        self._before_message = call

    def learn(self, name: str) -> bool:
        """Whether there is a room, also one that was forgotten here and not on another server."""
        if name not in self._settings and (kept := self._store.settings_elsewhere(name)):
            self._add(name, kept)
            self._only_entered[name] = None
        return name in self._settings

    def on_deletions(self, call: Callable[[str], None]) -> None:
        """Call this with a room that another server of the chat has deleted, and which is still here."""
        self._store.on_deleted = call

    @property
    def indexing(self) -> IndexProgress | None:
        """Progress of the search index; None if it is complete."""
        return self._store.indexing

    async def unread(self, identity: str, rooms: Iterable[str]) -> dict[str, Unread]:
        """What an identity has not read in those of these rooms that it belongs to. Raises LogError."""
        kept = self._subscriptions.of(identity)
        seqs = {name: range(kept[name].read + 1, self.extent(name).last_seq + 1) for name in rooms if name in kept}
        seqs = {name: unread for name, unread in seqs.items() if unread}
        return await self._store.unread(identity, seqs) if seqs else {}

    def floor(self, identity: str, name: str) -> int:
        """The last message of a room that an identity may not see, since it was said before they came; else 0."""
        kept = self._subscriptions.get(identity, name)
        return kept.since if kept and self.settings(name).newcomers == "joining" else 0

    def change(self, name: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """Give a room other settings. ``reply`` is called once they are stored, or with the error."""
        if name in self._ending:
            return reply(LogError(ENDING))
        wanted = self._wanted(name, self.settings(name), settings)

        def stored(error: LogError | None) -> None:
            self._have_stored(name, wanted)
            if error is None:
                self._settings[name] = wanted
                if room := self.open.get(name):
                    room.settings = wanted
                    self._set_floors(room)
            reply(error)

        return self._store.store_settings(name, wanted, stored)

    def change_chat(self, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """Give the chat as a whole other settings. ``reply`` is called once they are stored, or with the error."""
        wanted = self._wanted(WHOLE_CHAT, self.chat, settings)

        def stored(error: LogError | None) -> None:
            self._have_stored(WHOLE_CHAT, wanted)
            if error is None:
                self.chat = wanted
            reply(error)

        self._store.store_settings(WHOLE_CHAT, wanted, stored)

    def _wanted(self, place: str, before: RoomSettings, after: RoomSettings) -> RoomSettings:
        """What a place is to have: a change takes nothing back that is being stored for another one just now."""
        names, kept = RoomSettings._fields, self._storing.get(place, before)
        changed = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
        wanted = self._storing[place] = kept._replace(**changed)
        return wanted

    def _have_stored(self, place: str, wanted: RoomSettings) -> None:
        if self._storing.get(place) is wanted:
            del self._storing[place]

    def is_deleted(self, name: str) -> bool:
        """Whether the host has deleted the room of this name, or is about to, and nobody has made another one."""
        return name in self._deleted or name in self._ending

    def allow_again(self, name: str) -> None:
        """A room of the name of a deleted one may be made."""
        self._deleted.pop(name, None)

    def delete(self, name: str, take_out: Callable[[Room], None], reply: Callable[[LogError | None], None]) -> None:
        """Delete a room that ``is_deleted`` does not name yet, with all that was said in it.

        Only its name is kept, so that no link makes it again. ``take_out`` is called with the room if it is open, to
        end all memberships; ``reply`` after that, or with the error. Nothing is said or changed there from now on.
        """
        self._ending.add(name)
        if room := self.open.get(name):
            room.ending = True

        def stored(error: LogError | None) -> None:
            self._ending.remove(name)
            if error is None:
                self.let_go(name, take_out)
            elif room := self.open.get(name):
                room.ending = False
            reply(error)

        self._store.delete_room(name, stored)

    def let_go(self, name: str, take_out: Callable[[Room], None]) -> None:
        """A room was deleted, here or on another server of the chat; ``take_out`` as for ``delete``."""
        if name in self._settings:
            self._remove(name)
        self._deleted[name] = None
        while len(self._deleted) > MAX_DELETED:
            first = next(iter(self._deleted))
            self.allow_again(first)
            self._store.forget_deleted(first)
        if room := self.open.get(name):
            take_out(room)
            self._before_close(room)
            room.close()
            del self.open[name]

    def close(self) -> None:
        """Stop all fan-outs."""
        for room in self.open.values():
            room.close()

    def make(self, name: str, creator: str, network: str = "") -> None:
        """Make a room that nobody has made; raises ProtocolError as ``RoomLimits.require``."""
        self.limits.require(name, creator, network)
        settings = RoomSettings(creator=creator, created=is_private(name))
        self._add(name, settings)
        self._store.store_settings(name, settings, _ignore)

    def _add(self, name: str, settings: RoomSettings) -> None:
        self.limits.add(name, settings)
        self._settings[name] = settings

    def _adopt(self, name: str, settings: RoomSettings) -> None:
        """Another server of the chat has given a room, or the chat, these settings."""
        if name == WHOLE_CHAT:
            is_news, self.chat = settings != self.chat, settings
            if is_news:
                self.on_chat_adopted()
        elif self._settings.get(name) != settings:
            if name not in self._settings:
                self._add(name, settings)
            self._deleted.pop(name, None)
            self._settings[name] = settings
            if room := self.open.get(name):
                room.settings = settings
                self._set_floors(room)
            if self.is_lasting(name):
                self._only_entered.pop(name, None)
                self.on_begun(name)
            elif name not in self.open:
                self._only_entered[name] = None
                self._forget_some()

    def _told_elsewhere(self, name: str) -> None:
        """Something was said in a room on another server of the chat."""
        if self.learn(name) and name in self._only_entered:
            del self._only_entered[name]
            self.on_begun(name)
        self._before_message(name)

    def _cleared(self, name: str) -> None:
        """The history of a room was deleted: an open one hears of that by its log."""
        if name not in self.open:
            self._subscriptions.restart(name, 0)

    def _opened(self, name: str) -> Room:
        log = self._store.room(name)
        if not is_private(name):
            standings = self.standings.room(name)
            return Room(name, log, self._pace, self._traffic, self.settings(name), standings=standings)
        pair = PrivatePair(self._store.author, self._subscriptions.in_room(name))
        return Room(name, log, self._pace, Traffic(), self.settings(name), pair)

    def _restarted(self, room: Room) -> None:
        """The room has another log: what its people have read and may see is numbered in another way."""
        self._subscriptions.restart(room.name, room.log.last_seq)
        self._set_floors(room)

    def _set_floors(self, room: Room) -> None:
        for member in room.members:
            identity = member.person.identity
            if room.settings.newcomers == "joining" and not self._subscriptions.get(identity, room.name):
                self._subscriptions.add(identity, room.name, Subscription(read=room.log.last_seq))
            member.floor = self.floor(identity, room.name)

    def _close_idle_rooms(self) -> None:
        self._forget_some()
        idle = [name for name, room in self.open.items() if not (room.in_use or room.ending or name == LOBBY)]
        for name in idle[: max(0, len(self.open) - MAX_OPEN_ROOMS + 1)]:
            room = self.open[name]
            self._before_close(room)
            room.close()
            self._store.release(name)
            del self.open[name]
            self.standings.release(name)
            if not room.log.last_seq and not self.settings(name).created:
                self._forget(name)

    def _forget_some(self) -> None:
        """Of the rooms that somebody has only entered keep the latest, as of those that are open."""
        while len(self._only_entered) > MAX_OPEN_ROOMS:
            self._forget(next(iter(self._only_entered)))

    def _forget(self, name: str) -> None:
        """Nothing was said in a room that somebody has only entered."""
        self._remove(name)
        self._store.delete_settings(name)

    def _remove(self, name: str) -> None:
        self.limits.remove(name, self._settings.pop(name))
        self._only_entered.pop(name, None)
        self._subscriptions.forget_room(name)
        self.on_removed(name)
        self._store.passes.take_all(name)
        self.standings.forget_room(name)


def _nobody_hears(_name: str) -> None:
    """Nobody lists the rooms."""


def _ignore(_error: LogError | None) -> None:
    """The room is there for as long as the server runs, and it is stored again with the first change of it."""
