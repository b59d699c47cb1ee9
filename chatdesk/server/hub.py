"""Who is in which room, and who may be. No method awaits, so each call is atomic."""

from collections.abc import Callable
from functools import partial

from chatdesk.log.bots import is_bot
from chatdesk.log.log_store import LogStore
from chatdesk.log.reservation import Reservation
from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import Subscription
from chatdesk.log.signed_in import SIGNED_IN
from chatdesk.protocol import codec, events
from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX, Join
from chatdesk.protocol.fields import Availability, ClientKind
from chatdesk.protocol.names import LOBBY, clean_nickname, clean_room, is_private, nickname_key
from chatdesk.protocol.room_events import Partner
from chatdesk.server.auth import Principal, Role
from chatdesk.server.chat_roles import ChatRoles
from chatdesk.server.command_errors import forbidden, room_deleted
from chatdesk.server.fanout import Member, Pace
from chatdesk.server.frames import text_frame
from chatdesk.server.grace_period import GRACE_SECONDS, GracePeriods
from chatdesk.server.identity import HOST, OPERATOR, Identities
from chatdesk.server.invitations import Invitations
from chatdesk.server.membership import Membership
from chatdesk.server.nickname_reservations import NicknameReservations
from chatdesk.server.node_news import Nodes, OneHost
from chatdesk.server.order_news import OrderNews
from chatdesk.server.permissions import Right, may
from chatdesk.server.person import Person
from chatdesk.server.private_pair import PrivatePair
from chatdesk.server.recognition import Recognised, Recognition
from chatdesk.server.registry import Registry
from chatdesk.server.room import Room
from chatdesk.server.room_directory import RoomDirectory
from chatdesk.server.room_makers import makers
from chatdesk.server.session import Session
from chatdesk.server.standings import Standings
from chatdesk.server.stats import Traffic
from chatdesk.server.storage_news import StorageNews
from chatdesk.server.subscriptions import Subscriptions


class Hub:
    """All people who have joined, and the rooms they are in. ``grace`` is the grace period in seconds."""

    def __init__(self, store: LogStore, pace: Pace, grace: float = GRACE_SECONDS) -> None:
        self.traffic = Traffic()
        self.identities = Identities(store.secret)
        self.invitations = Invitations(store.invitations, store.secret)
        self.reservations = NicknameReservations(store)
        self.order, self.held_table = store.order, store.held
        self.standings, self.order_news = Standings(store.order), OrderNews()
        self.registry = Registry(self.reservations, self.standings.names, self.standings.is_banned_name)
        self.people, self.free_names = self.registry.by_key, self.registry.free_names
        self.recognition = Recognition(self.people, self.reservations, self.identities)
        self.authenticators = self.recognition.authenticators
        self.subscriptions = Subscriptions(store)
        self.nodes: Nodes = OneHost()
        self.on_entered: Callable[[Session, Room], None] = lambda _session, _room: None  # and has its first answers
        self.posters: dict[str, str] = {}
        """The programs that have posted to hooks lately: the identity of each name, and the name."""
        self._store = store
        self.grace_periods = GracePeriods(self._grace_expired, grace)
        self.passes = store.passes
        self.directory = RoomDirectory(
            store, self.subscriptions, self.standings, pace, self.traffic, before_close=self.grace_periods.end_room
        )
        self.rooms = self.directory.open
        """Those that are open in memory, by name."""
        self._sessions: dict[str, dict[Session, None]] = {}
        self.roles = ChatRoles(self.standings, self.subscriptions.keep)
        self.subscriptions.is_here, self.subscriptions.on_forgotten = self._is_here, self.roles.forget
        self.storage = StorageNews(store, self.rooms)
        self.make_room(LOBBY, Principal(HOST, role=Role.HOST))
        self.directory.room(LOBBY)

    @property
    def host_nickname(self) -> str:
        """The host's nickname; empty if the host has not joined."""
        return self.registry.host_nickname

    def join(self, session: Session, join: Join, who: Recognised | None = None) -> tuple[Person, Room]:
        """Let somebody join a room; ``who`` is whom the gate has let in. They become a member only with ``enter``.

        Raises ProtocolError if the principal is not admitted, or the nickname or the room not available.
        """
        principal, nickname = who or self.recognise(session, join)
        self.recognition.check(principal)
        principal = self.standings.admitted(principal, nickname, session.connection.network)
        person = self._person(nickname, principal, "bot" if is_bot(principal.identity) else join.client)
        room = self.room(principal.first_room(clean_room(join.room)), principal, session.connection.network)
        self.registry.add(person)
        person.session_count += 1
        person.role, person.muted = principal.role, principal.muted is not None
        session.person, session.principal = person, principal
        self._sessions.setdefault(person.identity, {})[session] = None
        self.roles.note(principal)
        self.subscriptions.set_nickname(person.identity, nickname)
        return person, room

    def recognise(self, session: Session, join: Join) -> Recognised:
        """Find out who joins, and hold nothing for them; see ``Recognition.recognise``."""
        principal = self.recognition.of_token(join.token, session.signed_in)
        if principal and principal.grant:
            session.signed_in = principal
        who = self.recognition.recognise(join, session.connection.cookie_tokens, principal)
        if who.principal.identity == HOST and join.client == "terminal" and self.is_taken(who.nickname, HOST):
            who = who._replace(nickname=OPERATOR)  # somebody else is host, too, by a token
        return who._replace(principal=self.standings.admitted(*who, session.connection.network))

    def knows(self, principal: Principal, token: str | None) -> bool:
        """Whether somebody who joins has been in the chat, or is in it now on another device."""
        return principal.identity in self._sessions or self.recognition.knows(principal, token)

    def is_taken(self, nickname: str, identity: str) -> bool:
        """Whether a nickname, or one that people could take for it, belongs to another identity."""
        return self.free_names.is_taken(nickname, identity)

    def is_newcomer(self, person: Person, token: str | None) -> bool:
        """Whether a person who is joining has not been here before, as far as their token tells."""
        if person.admitted or self.reservations.holder(person.key) == person.identity or SIGNED_IN in person.identity:
            return False
        return not token or token.startswith(CLIENT_TOKEN_PREFIX) or self.recognition.principal(token) is None

    def token(self, session: Session, person: Person, join: Join) -> str:
        """The token by which a person who has joined is recognised next time; one that expires is not replaced."""
        if session.principal and session.principal.expires:
            return "" if session.principal.grant else join.token or ""  # a token of sign-in is the client's own
        return self.identities.token(person.identity)

    def room(self, name: str, principal: Principal, network: str = "") -> Room:
        """The room of this name, which is opened if needed; ``network`` as for ``RoomDirectory.make``.

        Raises ProtocolError if there are too many, or the principal may not be in it.
        """
        if is_private(name) and principal.identity not in self.subscriptions.in_room(name):
            raise forbidden(Right.READ)
        if self.directory.is_deleted(name):
            raise room_deleted(name)
        self.make_room(name, principal, network)
        room = self.directory.room(name)
        if not may(principal, Right.READ, room):
            raise self.standings.entry_error(principal.identity, name) or forbidden(Right.READ)
        return room

    def make_room(self, name: str, principal: Principal, network: str = "") -> None:
        """Make a room of this name unless there is one. Raises ProtocolError if there are too many."""
        if not self.directory.learn(name):
            if not principal.may_be_in(name):
                raise forbidden(Right.READ)
            host = principal.role is Role.HOST  # who makes as many as there can be
            shared = makers(network, self.sessions(principal.identity))
            self.directory.make(name, "" if host else principal.identity, shared)

    def sessions(self, identity: str) -> list[Session]:
        """The sessions of an identity that have joined, under whatever nickname."""
        return [session for session in self._sessions.get(identity, ()) if session.memberships]

    def all_sessions_of(self, identity: str) -> list[Session]:
        """The sessions of an identity, also those that are about to enter their first room."""
        return list(self._sessions.get(identity, ()))

    def all_sessions(self) -> list[Session]:
        """All sessions that have joined."""
        return [session for sessions in self._sessions.values() for session in sessions]

    def role(self, identity: str) -> Role:
        """The role that an identity has in the chat, or had when it joined last."""
        return self.roles.of(identity)

    def person_of(self, author: str) -> Person | None:
        """The person who is here with this public id."""
        return self.registry.of_author(author)

    def partner(self, identity: str, room: str) -> Partner:
        """The one to whom an identity talks in a private room."""
        return PrivatePair(self._store.author, self.subscriptions.in_room(room)).partner(identity)

    def author(self, identity: str) -> str:
        """The public id of an identity."""
        return self._store.author(identity)

    def floor(self, session: Session, person: Person, room: Room) -> int:
        """The last message that somebody who enters may not see. From now on they belong to the room.

        A terminal that comes once, to a room that shows everybody all, leaves no trace.
        """
        kept = self.subscriptions.get(person.identity, room.name)
        if kept:
            self.subscriptions.set_joined(person.identity, room.name, joined=True)
        elif session.lists_rooms or room.settings.newcomers == "joining":
            last = room.log.last_seq
            since = last if room.settings.newcomers == "joining" and not person.host else 0
            self.subscriptions.add(
                person.identity, room.name, Subscription(read=last, since=since, nickname=person.nickname)
            )
        return self.directory.floor(person.identity, room.name)

    def may_be_in(self, session: Session, room: Room) -> bool:
        """Whether a session that waits to enter the room still may; somebody may have lost it meanwhile."""
        is_there = self.rooms.get(room.name) is room
        return is_there and session.principal is not None and may(session.principal, Right.READ, room)

    def enter(self, session: Session, person: Person, room: Room, *, silent: bool = False) -> bool:
        """Make the session a member. Returns True if its person is new in the room and has to be announced.

        ``silent``: the peer has not asked for it, and is told nothing but what is said there.
        """
        person.admitted = True
        self.reservations.claim(Reservation(person.key, person.identity))
        self.grace_periods.returned(person, room)
        membership = Membership(
            room,
            person,
            session,
            batched=session.batched,
            hears_bots=session.hears_bots,
            floor=self.directory.floor(person.identity, room.name),
            silent=silent,
        )
        session.add(membership)
        self.nodes.changed(person)
        return room.enter(membership)

    def replace(self, membership: Membership) -> None:
        """End a silent membership in a room that its session enters itself now."""
        self._end(membership, membership.room, dropped=True)

    def rename(self, person: Person, nickname: str) -> None:
        """Give a person another nickname, on all devices. Raises ProtocolError if it is not available."""
        nickname = clean_nickname(nickname)
        key, old_key, old = nickname_key(nickname), person.key, person.nickname
        if nickname == old:
            return
        self._require_free(key, person, nickname)
        rooms = self.rooms_of(person)
        self.registry.rename(person, nickname, key)
        if key != old_key:
            self.reservations.release(old_key)
        self.reservations.claim(Reservation(key, person.identity))
        self.subscriptions.set_nickname(person.identity, nickname)
        self.nodes.changed(person)
        for room in rooms:
            room.rename(person, old_key, old)

    def _require_free(self, key: str, person: Person, nickname: str) -> None:
        """Raises ProtocolError if somebody who is here has this name, or somebody else who was here a moment ago."""
        other = self.people.get(key)
        if other and other is not person and other.identity == person.identity and not other.connected:
            self.grace_periods.end(other)  # the same person was here under this name
        elif other not in (None, person) or self.is_taken(nickname, person.identity):
            raise self.free_names.taken(nickname)

    def set_status(self, person: Person, chosen: Availability, text: str) -> None:
        """A person says that they are there, away or busy, and this about it; or their devices are idle, or used."""
        devices = [session for session in self.sessions(person.identity) if session.person is person]
        if person.show(chosen, text, devices):
            for room in self.rooms_of(person):
                room.announce_status(person)
        self.nodes.changed(person)

    def show_typing(self, person: Person, room: Room, active: bool) -> None:
        """Let everybody else see that a person types, or has stopped."""
        room.notify_typing(person, active)
        self.nodes.types(person, room.name, active)

    def rooms_of(self, person: Person) -> list[Room]:
        """The rooms in which a person is."""
        return [room for room in self.rooms.values() if room.presence.people.get(person.key) is person]

    def exit(self, member: Member, room: Room, ref: str | None = None) -> None:
        """End one membership of a session, which keeps its others, and tell it; ``ref`` is the command's, if any."""
        self.subscriptions.set_joined(member.person.identity, room.name, joined=False)
        member.connection.write(text_frame(codec.encode(events.Exited(room.name, ref))))
        self._end(member, room, dropped=False)

    def delete_room(self, name: str, farewell: bytes, reply: Callable[[LogError | None], None]) -> None:
        """Delete a room for good; ``farewell`` are the frames for those who are in it. See ``RoomDirectory.delete``."""
        self.directory.delete(name, partial(self._take_out, farewell), reply)

    def let_go_of_room(self, name: str, farewell: bytes) -> None:
        """Another server of the chat has deleted a room."""
        self.directory.let_go(name, partial(self._take_out, farewell))

    def _take_out(self, farewell: bytes, room: Room) -> None:
        for person in room.dismiss(farewell):
            self.nodes.changed(person)

    def set_role(self, identity: str, role: Role | None, room: Room) -> None:
        """Give an identity another role in the room; None takes the room from it, and it hears nothing more of it."""
        room.roles[identity] = role
        self.subscriptions.on_change(room.name)
        if role is None:
            for member in [member for member in room.members if member.person.identity == identity]:
                self.exit(member, room)

    def leave(self, session: Session, *, dropped: bool = False) -> None:
        """Remove a session. With the last one its person leaves, at once or, if ``dropped``, after the grace period."""
        person, memberships = session.person, session.memberships
        if person is None:
            return
        session.person = session.principal = None
        self._forget_session(session, person)
        person.session_count -= 1
        is_last = not person.session_count and person.admitted
        if is_last and (memberships or not self.grace_periods.is_waiting_for(person)):
            self._release_nickname(person, dropped)
        for membership in memberships:
            self._end(membership, membership.room, dropped=dropped)
        self.forget_if_gone(person)

    def close(self) -> None:
        """Stop all fan-outs and grace periods, and hear nothing more of the store."""
        self.storage.close()
        self.grace_periods.close()
        self.nodes.close()
        self.directory.close()
        self.standings.close()

    def _end(self, member: Member, room: Room, *, dropped: bool) -> None:
        """End a membership. With the last one of its person in the room, the person leaves it."""
        person = member.person
        if room.pair and member.silent and member.catch_up_from is None:
            self.subscriptions.mark_read(person.identity, room.name, room.log.last_seq)  # a terminal has shown it
        member.end()
        self.nodes.changed(person)
        if not room.exit(member):
            return
        if dropped:
            self.grace_periods.start(person, room)
        else:
            room.announce_departure(person)

    def _grace_expired(self, person: Person, room: Room) -> None:
        """A lost person has not returned and leaves, unless one of their sessions is joining just now."""
        if person in room.entering:
            self.grace_periods.start(person, room)
        else:
            room.announce_departure(person)
            self.nodes.changed(person)
            self.forget_if_gone(person)

    def left_elsewhere(self, person: Person, *, kept: bool) -> None:
        """A node has lost a person; if nobody else has them, the nickname is ``kept`` for them, or is free."""
        if not (person.connected or self.grace_periods.is_waiting_for(person)):
            self._release_nickname(person, kept)
        self.forget_if_gone(person)

    def forget_if_gone(self, person: Person) -> None:
        """Forget a person who is not here any more."""
        if not (person.connected or self.grace_periods.is_waiting_for(person)):
            others = (session.person for session in self._sessions.get(person.identity, ()))
            self.registry.remove(person, filter(None, others))
            if not self._is_here(person.identity):
                self.subscriptions.left(person.identity, person.stayed_seconds)

    def _is_here(self, identity: str) -> bool:
        """Whether an identity is here, on another node, or may be back within seconds."""
        return identity in self._sessions or self.person_of(self.author(identity)) is not None

    def _forget_session(self, session: Session, person: Person) -> None:
        sessions = self._sessions[person.identity]
        del sessions[session]
        if not sessions:
            del self._sessions[person.identity]

    def _release_nickname(self, person: Person, dropped: bool) -> None:
        if dropped:
            self.reservations.reserve(Reservation(person.key, person.identity, person.nickname), person.stayed_seconds)
        else:
            self.reservations.release(person.key)

    def _person(self, nickname: str, principal: Principal, client: ClientKind) -> Person:
        """The person under this nickname, or a new one, who is not announced yet. Raises ProtocolError."""
        key, identity = nickname_key(nickname), principal.identity
        person = self.people.get(key)
        self.free_names.require(nickname, identity)
        if person and not person.connected and person.nickname != nickname:
            self.grace_periods.end(person)  # another spelling is announced as another name
            person = None
        if person is None:
            author, is_host = self._store.author(identity), principal.role is Role.HOST
            person = Person(nickname, key, identity, author, client, is_host)
            person.unseen = identity == HOST and nickname == OPERATOR and client == "terminal"
        return person
