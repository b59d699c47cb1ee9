"""The registry of rooms and people. All its methods are steps on the loop: none awaits, none can be interleaved."""

from chatdesk.log.room_log import Archive, Problem
from chatdesk.protocol import events
from chatdesk.protocol.commands import ClientKind, Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.nickname import clean_nickname, clean_room, nickname_key
from chatdesk.server.fanout import Pace
from chatdesk.server.identity import HOST, Identities
from chatdesk.server.presence import Person
from chatdesk.server.room import Room
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
        """Say who a session is and find its room. It becomes a member with ``Room.enter``.

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

    def leave(self, session: Session) -> None:
        """Forget a session, and its person when it was the last."""
        person = session.person
        if person is None:
            return
        person.sessions.discard(session)
        if session.room:
            session.room.exit(session, person)
        if not person.sessions:
            del self.people[person.key]
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

    def _person(self, nickname: str, identity: str, client: ClientKind) -> Person:
        """Who is here under this nickname, or a newcomer, whom nobody has been told of yet."""
        key = nickname_key(nickname)
        person = self.people.get(key)
        if person is None:
            return Person(nickname, key, identity, client, identity == HOST)
        if person.identity != identity:
            raise ProtocolError(ErrorCode.NICKNAME_TAKEN, self._taken(nickname), "join")
        return person

    def _taken(self, nickname: str) -> str:
        free = next(
            name
            for number in range(2, len(self.people) + 3)
            if nickname_key(name := f"{nickname[:28].rstrip()} {number}") not in self.people
        )
        return f"Someone here has this name, or one that looks like it. Try {free}."

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
                del self.rooms[name]
                return
        raise ProtocolError(ErrorCode.TOO_MANY_ROOMS, f"There are {MAX_ROOMS} rooms already: join one of them.", "join")
