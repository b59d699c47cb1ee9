"""The registry of rooms and people. All its methods are steps on the loop: none awaits, none can be interleaved."""

import secrets
from itertools import chain

from chatdesk.log.room_log import Archive, Problem, Seat
from chatdesk.protocol import events
from chatdesk.protocol.commands import ClientKind, Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.nickname import clean_nickname, clean_room, nickname_key
from chatdesk.server.fanout import Pace
from chatdesk.server.identity import HOST, Identities
from chatdesk.server.presence import Person
from chatdesk.server.room import Room
from chatdesk.server.seats import Seats
from chatdesk.server.session import Session
from chatdesk.server.stats import Traffic

LOBBY = "lobby"
MAX_ROOMS = 100
_KEPT_AGAIN = "Messages are kept again."


class Hub:
    """Everybody who has joined, and the rooms they are in."""

    def __init__(self, archive: Archive, pace: Pace) -> None:
        self.traffic = Traffic()
        self.identities = Identities(archive.secret)
        self.seats = Seats(archive)
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, Room] = {}
        self._archive = archive
        self._pace = pace
        archive.follow(self._tell)
        self._open_room(LOBBY)

    @property
    def host_nickname(self) -> str:
        """Who hosts; empty when nobody does, or not yet."""
        return next((person.nickname for person in self.people.values() if person.host), "")

    def join(self, session: Session, join: Join) -> tuple[Person, Room]:
        """Say who a session is and find its room. It becomes a member with ``enter``.

        Raises ProtocolError when nickname or room cannot be had.
        """
        nickname = clean_nickname(join.nickname)
        identity = (self.identities.identity(join.token) if join.token else None) or self.identities.new()
        person = self._person(nickname, identity, join.client)
        room = self._room(clean_room(join.room))
        self.people[person.key] = person
        person.sessions.add(session)
        session.person = person
        return person, room

    def enter(self, session: Session, person: Person, room: Room) -> bool:
        """Make the session a member of its room; True if its person is new there, and is to be announced."""
        person.seated = True
        self.seats.take(Seat(person.key, person.identity))
        return room.enter(session, person)

    def leave(self, session: Session, *, dropped: bool = False) -> None:
        """Forget a session, and its person when it was the last; the nickname of who has ``dropped`` out is kept."""
        person = session.person
        if person is None:
            return
        person.sessions.discard(session)
        if session.room:
            session.room.exit(session, person)
        if not person.sessions:
            del self.people[person.key]
            if person.seated:
                self._give_up_seat(Seat(person.key, person.identity), session.link.address, dropped)
        session.person = None

    @property
    def storage(self) -> events.Storage:
        """Whether what is said can be kept just now."""
        problem = self._archive.problem
        return events.Storage(problem.word, problem.sentence) if problem else events.Storage("", _KEPT_AGAIN)

    def close(self) -> None:
        """Stop all fan-out."""
        for room in self.rooms.values():
            room.close()

    def _tell(self, _problem: Problem | None) -> None:
        for room in self.rooms.values():
            room.show_storage(self.storage)

    def _give_up_seat(self, seat: Seat, address: str | None, dropped: bool) -> None:
        if dropped:
            self.seats.keep(seat, address)
        else:
            self.seats.leave(seat.key)

    def _person(self, nickname: str, identity: str, client: ClientKind) -> Person:
        """Who is here under this nickname, or a newcomer, whom nobody has been told of yet."""
        key = nickname_key(nickname)
        person = self.people.get(key)
        if person and person.identity != identity:
            raise self._taken("Someone here has this name, or one that looks like it.", nickname)
        if self.seats.kept_for(key) not in (None, identity):
            raise self._taken("This name is kept for somebody who was here a moment ago.", nickname)
        return person or Person(nickname, key, identity, client, identity == HOST)

    def _taken(self, why: str, nickname: str) -> ProtocolError:
        return ProtocolError(ErrorCode.NICKNAME_TAKEN, f"{why} Try {self._free_name(nickname)}.", "join")

    def _free_name(self, nickname: str) -> str:
        """One like it. The first numbers are tried in order; beyond them it is drawn, for thousands may be taken."""
        numbers = chain(range(2, 100), iter(lambda: secrets.randbelow(90_000) + 10_000, None))
        names = (f"{nickname[:26].rstrip()} {number}" for number in numbers)
        return next(name for name in names if self._is_free(nickname_key(name)))

    def _is_free(self, key: str) -> bool:
        return key not in self.people and self.seats.kept_for(key) is None

    def _room(self, name: str) -> Room:
        return self.rooms.get(name) or self._open_room(name)

    def _open_room(self, name: str) -> Room:
        if len(self.rooms) >= MAX_ROOMS:
            self._close_an_empty_room()
        room = self.rooms[name] = Room(name, self._archive.room(name), self._pace, self.traffic)
        return room

    def _close_an_empty_room(self) -> None:
        for name, room in self.rooms.items():
            if not room.sessions and not room.expected and name != LOBBY:
                room.close()
                self._archive.release(name)
                del self.rooms[name]
                return
        raise ProtocolError(ErrorCode.TOO_MANY_ROOMS, f"There are {MAX_ROOMS} rooms already: join one of them.", "join")
