"""Private messages: the room of two people, how one finds the other, and who hears what is said there."""

from __future__ import annotations

from collections.abc import Callable

from chatdesk.log.rooms import Subscription, private_room
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.fields import PrivateMessages
from chatdesk.protocol.names import PRIVATE_PREFIX, is_private, nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Role
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.command_errors import not_joined, require_membership
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right, may
from chatdesk.server.person import Person
from chatdesk.server.private_pair import PrivatePair
from chatdesk.server.room import Room
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session

_MOST_MISSED = 50
"""Messages of a private room that a terminal gets when it comes back: a screen of them."""
_MOST_SILENT = 100
"""Private rooms that a terminal hears of at once."""
_NOT_ALLOWED = {
    "nobody": "The host has turned private messages off in this chat.",
    "moderators": "In this chat you can write privately to the host and to moderators, and they to you.",
}


class PrivateRooms:
    """Begins private rooms, and brings what is said in them to both people. ``allow``: between whom."""

    def __init__(self, hub: Hub, rooms: RoomList, allow: PrivateMessages) -> None:
        self._hub = hub
        self._rooms = rooms
        self.on_turned: Callable[[PrivateMessages], None] = lambda _among: None
        """Called when the host has set it here."""
        hub.directory.before_messages(self._followed)
        rooms.private_messages = allow

    def allow(self, among: PrivateMessages) -> None:
        """Set between whom private messages are possible, and tell those who may change it."""
        self.on_turned(among)
        self.adopt(among)

    def adopt(self, among: PrivateMessages) -> None:
        """The host has done so at another node."""
        self._rooms.private_messages = among
        for session in self._hub.all_sessions():
            if session.lists_rooms and session.principal and may(session.principal, Right.MANAGE_CHAT, None):
                self._rooms.send_page(session)

    def begin(self, session: Session, to: str) -> Room:
        """The private room of the session's person with somebody: a nickname, or ``@`` and an author.

        Raises ProtocolError if nobody is called so, or private messages are not possible between the two.
        """
        own, principal = session.person, session.principal
        if own is None or principal is None:
            raise not_joined()
        other, nickname = self._find(own, to)
        self._check(own.identity, other)
        name = private_room(self._hub.author, own.identity, other)
        self._hub.make_room(name, principal, session.connection.network)
        self._subscribe(own.identity, own.nickname, name, joined=True)
        self._subscribe(other, nickname, name, joined=False)
        return self._hub.room(name, principal)

    def membership(self, session: Session, to: str) -> Membership:
        """The session's membership in a private room; it hears what is said there from now on."""
        room, person = self.begin(session, to), session.person
        if (membership := session.membership(room.name)) or person is None:
            return membership or require_membership(session, room.name)
        self._make_place(session)
        self._hub.enter(session, person, room, silent=True)
        return session.memberships[-1]

    def require_allowed(self, pair: PrivatePair) -> None:
        """Raises ProtocolError if the host does not allow private messages between these two any more."""
        self._check(*pair.identities)

    def gather(self, room: Room, pair: PrivatePair) -> None:
        """Something is about to be said: both people belong to the room, and all their devices hear it."""
        for identity in pair.identities:
            self._hub.subscriptions.set_joined(identity, room.name, joined=True)
            for session in self._hub.sessions(identity):
                membership = session.membership(room.name)
                if session.lists_rooms and (membership is None or membership.silent):
                    self._rooms.send_room(session, room.name)
                elif membership is None and session.person:
                    self._make_place(session)
                    self._hub.enter(session, session.person, room, silent=True)

    def _followed(self, name: str) -> None:
        """Something was said on another node: the devices of both people here hear it."""
        if is_private(name) and any(map(self._hub.sessions, self._hub.subscriptions.in_room(name))):
            room = self._hub.directory.room(name)
            if room.pair:
                self.gather(room, room.pair)

    def deliver_missed(self, session: Session) -> None:
        """A terminal has joined: it gets the private messages that its person has not had yet."""
        if session.person is None or session.principal is None:
            return
        for name, kept in self._hub.subscriptions.of(session.person.identity).items():
            last = self._hub.directory.extent(name).last_seq
            if is_private(name) and kept.joined and kept.read < last:
                self._deliver(session, session.person, self._hub.room(name, session.principal), last - kept.read)

    def _deliver(self, session: Session, person: Person, room: Room, missed: int) -> None:
        position, before = room.history.latest_position, room.log.last_seq + 1

        def reply(page: object) -> None:
            room.stop_expecting(person)
            if not isinstance(page, list) or session.person is not person or session.membership(room.name):
                return
            self._hub.enter(session, person, room, silent=True)
            session.send_together(*map(room.history.encoder.message, page))
            session.memberships[-1].follow_up(CatchUp(page, position, before - 1))

        async def latest() -> object:
            return (await room.log.before(before, min(missed, _MOST_MISSED))).records

        room.expect(person)
        room.history.query(latest, reply)

    def _make_place(self, session: Session) -> None:
        silent = [membership for membership in session.memberships if membership.silent]
        if len(silent) >= _MOST_SILENT:
            self._hub.replace(silent[0])

    def _subscribe(self, identity: str, nickname: str, room: str, *, joined: bool) -> None:
        if self._hub.subscriptions.get(identity, room) is None:
            self._hub.subscriptions.add(identity, room, Subscription(joined=joined, nickname=nickname))

    def _check(self, *people: str) -> None:
        """Raises ProtocolError if the host does not allow private messages between these two."""
        allowed = self._rooms.private_messages
        if allowed == "everyone":
            return
        trusted = set(map(self._hub.role, people)) & {Role.HOST, Role.MODERATOR}
        if allowed == "nobody" or not trusted:
            raise ProtocolError(ErrorCode.FORBIDDEN, _NOT_ALLOWED[allowed])

    def _find(self, person: Person, to: str) -> tuple[str, str]:
        """The identity and the nickname of the person who is meant. Raises ProtocolError."""
        found = self._by_author(person, to.removeprefix(PRIVATE_PREFIX)) or self._by_nickname(person, to)
        if found is None:
            sentence = f"Nobody here is called {isolated(to[:32])}: see who is there."
            raise ProtocolError(ErrorCode.NOT_FOUND, sentence)
        if found[0] == person.identity:
            raise ProtocolError(ErrorCode.NOT_FOUND, "That is you: write to somebody else.")
        return found

    def _by_author(self, person: Person, author: str) -> tuple[str, str] | None:
        if other := self._hub.person_of(author):
            return other.identity, other.nickname
        return next((known for known in self._partners(person) if self._hub.author(known[0]) == author), None)

    def _by_nickname(self, person: Person, nickname: str) -> tuple[str, str] | None:
        key = nickname_key(nickname[:64])
        if other := self._hub.people.get(key):
            return other.identity, other.nickname
        if identity := self._hub.reservations.holder(key):
            return identity, nickname
        return next((known for known in self._partners(person) if nickname_key(known[1]) == key), None)

    def _partners(self, person: Person) -> list[tuple[str, str]]:
        """Those with whom the person has a private room: identity and nickname."""
        subscriptions = self._hub.subscriptions
        return [
            (identity, kept.nickname)
            for name in subscriptions.of(person.identity)
            if is_private(name)
            for identity, kept in subscriptions.in_room(name).items()
        ]
