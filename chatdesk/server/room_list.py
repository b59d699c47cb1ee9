"""The list of rooms as it is for one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from msgspec.structs import replace

from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import Subscription, Unread, asked_for
from chatdesk.protocol import codec, room_commands, room_events
from chatdesk.protocol.fields import PrivateMessages
from chatdesk.protocol.names import is_private
from chatdesk.protocol.room_events import Partner, RoomInfo
from chatdesk.protocol.search_folding import fold
from chatdesk.server.frames import text_frame
from chatdesk.server.hub import Hub
from chatdesk.server.log_tasks import LogTasks
from chatdesk.server.permissions import Right, RoomRoles, may
from chatdesk.server.room import Room
from chatdesk.server.session import Session


@lru_cache(maxsize=20_000)
def _folded(words: str) -> str:
    """A name or a topic as it is compared: of all rooms at each letter that somebody types."""
    return fold(words)


class RoomList:
    """Tells people of the rooms: page by page, and one by one when it changes."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.private_messages: PrivateMessages = "everyone"
        """Between whom these are possible."""
        self.on_changed: Callable[[str, str], None] = lambda _place, _sentence: None
        """Called with a room, or the whole chat, that somebody has changed here, and the sentence about it."""
        self._tasks = LogTasks()
        hub.directory.on_begun = self.announce
        hub.subscriptions.on_adopted = self._adopted

    def public(self, name: str) -> RoomInfo:
        """A room as it is for everybody."""
        settings, extent, room = self._hub.directory.settings(name), self._hub.directory.extent(name), self._open(name)
        people = len(room.presence.people) if room else 0
        entry = asked_for(settings)
        pace = settings.slow, settings.announce, settings.hold, settings.nameless
        about = settings.topic, settings.archived, settings.closed, settings.newcomers, *pace
        return RoomInfo(name, *about, people, extent.last_seq, extent.epoch, extent.messages, entry)

    def page(
        self, session: Session, query: room_commands.Rooms, reply: Callable[[room_events.Rooms | LogError], None]
    ) -> None:
        """Call ``reply`` with the page that the session's person has asked for."""
        identity = _identity(session)
        names = self._names(session, query)
        shown = names[: query.limit]

        async def ask() -> room_events.Rooms:
            unread = await self._hub.directory.unread(identity, shown)
            rooms = [self._info(identity, name, unread.get(name, Unread())) for name in shown]
            return room_events.Rooms(rooms, len(names) > len(shown), self.private_messages, query.id)

        self._tasks.run(ask, reply)

    def send_page(self, session: Session) -> None:
        """Send the beginning of the list to a session that has just joined."""
        self.page(session, room_commands.Rooms(), partial(_send, session))

    def send_room(self, session: Session, name: str, ref: str | None = None) -> None:
        """Send a room to a session as it is for its person; ``ref`` is the command's that asks for it."""
        identity = _identity(session)

        async def ask() -> room_events.Room:
            unread = await self._hub.directory.unread(identity, [name])
            return room_events.Room(self._info(identity, name, unread.get(name, Unread())), ref)

        self._tasks.run(ask, partial(_send, session))

    def send_to_others(self, session: Session, name: str) -> None:
        """Send a room to the other devices of the session's person: it has changed for them."""
        for other in self._hub.sessions(_identity(session)):
            if other.lists_rooms and other is not session:
                self.send_room(other, name)

    def send_to_all(self, session: Session, name: str) -> None:
        """Send a room to all devices of the session's person: they belong to it now, and it has a mark of theirs."""
        self.send_to_others(session, name)
        if session.lists_rooms:
            self.send_room(session, name)

    def send_read(self, session: Session, name: str, ref: str | None, *, back: bool) -> None:
        """Tell all devices of the session's person how far they have read; ``ref`` is the command's, for this one.

        ``back``: the mark was set back.
        """
        identity = _identity(session)
        kept, extent = self._hub.subscriptions.get(identity, name), self._hub.directory.extent(name)
        seq = kept.read if kept else 0

        def reply(unread: dict[str, Unread] | LogError) -> None:
            if isinstance(unread, LogError):
                return
            told = room_events.Read(name, extent.epoch, seq, extent.last_seq, *unread.get(name, Unread()), back=back)
            others = [other for other in self._hub.sessions(identity) if other.lists_rooms and other is not session]
            for other in others:
                other.send(told)
            if session.person:
                session.send(replace(told, ref=ref))

        self._tasks.run(partial(self._hub.directory.unread, identity, [name]), reply)

    def announce(self, name: str) -> None:
        """Tell all clients that have a list of rooms of one that is new; nobody is told of a private one so."""
        if is_private(name):
            return
        frame = text_frame(codec.encode(room_events.Room(self.public(name))))
        for session in self.who_see(self._hub.directory.roles(name)):
            session.connection.write(frame)

    def tell_change(self, name: str, sentence: str) -> None:
        """Tell everybody in a room that somebody has changed it, in a sentence besides its settings."""
        if room := self._open(name):
            room.announce_settings(self.public(name), sentence)
        self.on_changed(name, sentence)

    def who_guard(self) -> list[Session]:
        """The sessions whose clients have a list of rooms, and whose person sets passwords and locks of the chat."""
        return [it for it in self._hub.all_sessions() if it.lists_rooms and _may_guard(it)]

    def who_see(self, roles: RoomRoles) -> list[Session]:
        """The sessions whose clients have a list of rooms with the one in it that has these roles."""
        return [it for it in self._hub.all_sessions() if it.lists_rooms and _may_see(it, roles)]

    def _adopted(self, identity: str, name: str) -> None:
        """Tell somebody's devices here of what they have done in a room on another node."""
        for session in self._hub.sessions(identity) if name in self._hub.directory else ():
            if session.lists_rooms:
                self.send_room(session, name)

    def _names(self, session: Session, query: room_commands.Rooms) -> list[str]:
        """The rooms from the place of the query on, in the order of the list."""
        identity = _identity(session)
        kept, directory = self._hub.subscriptions.of(identity), self._hub.directory

        words = fold(query.query)

        def place(name: str) -> tuple[int, bool, bool, str]:
            mine = name in kept and kept[name].joined
            at = _folded(self._title(identity, name)).find(words) if words else 0
            return (1 if at > 0 else 2 if at else 0), not mine, is_private(name), name

        own = [name for name in kept if is_private(name) and kept[name].joined and name in directory]
        names = (name for name in [*directory.public, *own] if self._matches(identity, name, words))
        if query.after is not None:
            after = place(query.after)
            names = (name for name in names if place(name) > after)
        return sorted((name for name in names if self._is_listed(session, name, kept)), key=place)

    def _matches(self, identity: str, name: str, words: str) -> bool:
        if not words:
            return True
        topic = "" if is_private(name) else self._hub.directory.settings(name).topic
        return words in _folded(self._title(identity, name)) or (bool(topic) and words in _folded(topic))

    def _is_listed(self, session: Session, name: str, kept: Mapping[str, Subscription]) -> bool:
        """Whether a room is in the list of the session's person: what nobody has made or used is not."""
        if is_private(name):
            return True
        mine = name in kept and kept[name].joined
        return (mine or self._hub.directory.is_lasting(name)) and _may_see(session, self._hub.directory.roles(name))

    def _title(self, identity: str, name: str) -> str:
        partner = self._partner(identity, name)
        return partner.nickname if partner else name

    def _info(self, identity: str, name: str, unread: Unread) -> RoomInfo:
        public, kept = self.public(name), self._hub.subscriptions.get(identity, name)
        return replace(
            public,
            private_with=self._partner(identity, name),
            joined=kept is not None and kept.joined,
            level=kept.level if kept else "all",
            read=kept.read if kept else public.last_seq,
            unread=unread.messages,
            mentions=unread.mentions,
        )

    def _partner(self, identity: str, name: str) -> Partner | None:
        return self._hub.partner(identity, name) if is_private(name) else None

    def _open(self, name: str) -> Room | None:
        return self._hub.rooms.get(name)


def _may_guard(session: Session) -> bool:
    return session.principal is not None and may(session.principal, Right.GUARD_ENTRY, None)


def _may_see(session: Session, roles: RoomRoles) -> bool:
    principal = session.principal
    return principal is not None and may(principal, Right.READ, roles)


def _identity(session: Session) -> str:
    return session.principal.identity if session.principal else ""


def _send(session: Session, answer: room_events.Rooms | room_events.Room | LogError) -> None:
    """Where the disk cannot be read, the client asks again: it hears of the storage problem by itself."""
    if not isinstance(answer, LogError) and session.person:
        session.send(answer)
