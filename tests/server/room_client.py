"""A client without a socket, in several rooms, that loses its connection and resumes each room from its copy of it."""

import secrets
from copy import deepcopy

from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX
from chatdesk.server.session import Session
from tests.server.room_copy import STREAM, Held, RoomCopy, held
from tests.server.room_harness import BoundedConnection, RoomHarness
from tests.server.wire import Event

PAGE = 200


class RoomClient:
    """A person with one connection at a time. ``rooms`` are those that it is in, as far as it has read."""

    def __init__(self, harness: RoomHarness, nickname: str, token: str = "") -> None:
        self.harness = harness
        self.nickname = nickname
        self.token = token or CLIENT_TOKEN_PREFIX + secrets.token_hex(16)
        self.session: Session | None = None
        self.connection = BoundedConnection()
        self.rooms: dict[str, RoomCopy] = {}
        self.asked = 0
        self.answered = 0
        self.pages: dict[str, dict[int, Held]] = {}
        """What the history of each room was when it fetched that."""
        self._former: dict[str, RoomCopy] = {}
        self._entering: dict[str, RoomCopy] = {}
        self._count = 0
        self._read = 0

    @property
    def memberships(self) -> list[str]:
        """Where the server says that it is."""
        return [membership.room.name for membership in self.session.memberships] if self.session else []

    def do(self, name: str, **fields: object) -> None:
        """Send a command."""
        assert self.session
        self.harness.do(self.session, name, **fields)

    def connect(self, room: str, *, batched: bool = False) -> None:
        """Join this room, or those in which it was when it lost the connection."""
        if self.session and self.session.person:
            return
        if self.session:
            self.drop()  # its join was refused
        first, *others = list(self.rooms) or [room]
        self._former |= self.rooms
        self.rooms = {}
        self.connection = BoundedConnection()
        self.session = Session(self.connection)
        self._read = 0
        fields = {"room": first, "nickname": self.nickname, "token": self.token}
        self._entering = {}
        self.do("join", **fields, **self._resume(first, "join"), capabilities=["presence"] if batched else [])
        for other in others:
            self.do("enter", room=other, **self._resume(other, f"enter {other}"))

    def enter(self, room: str) -> None:
        """Enter one more room, from where it was when it was there before."""
        self.read()
        self._count += 1
        self.do("enter", room=room, **self._resume(room, f"enter {self._count}"))

    def say(self, room: str, *, twice: bool) -> None:
        """Say something, perhaps as a client that has not heard whether it was stored."""
        self._count += 1
        content = f"{self.nickname} says {self._count}"
        fields = {"id": f"{id(self)} {self._count}"} if twice else {}
        for _ in range(1 + twice):
            self.do("message", room=room, content=content, **fields)

    def edit(self, room: str, number: int) -> None:
        """Give one of its own messages in this room another text."""
        self.read()
        messages = self.rooms[room].messages if room in self.rooms else {}
        own = [seq for seq, message in messages.items() if message.content.startswith(self.nickname)]
        if own:
            self._count += 1
            content = f"{self.nickname} edits {self._count} on device {id(self)}"  # the same edit again is no change
            self.do("edit", room=room, seq=own[-1 - number % len(own)], content=content)

    def ask(self, room: str, before: int) -> None:
        """Ask for a page of the history."""
        self.asked += 1
        self.do("history", room=room, before=before, id="asked")

    def fetch(self, room: str) -> None:
        """Ask for the oldest page."""
        self.do("history", room=room, after=0, limit=PAGE, id="fetched")

    def drain(self, writes_left: int | None) -> None:
        """Read what has come, and so many writes more; None for all."""
        if self.session:
            self.connection.writable, self.connection.writes_left = True, writes_left
            self.session.catch_up()

    def drop(self, lost: int = 0) -> None:
        """Lose the connection, and on it the last events that were on their way."""
        assert self.session
        self.read(lost)
        self.harness.hub.leave(self.session, dropped=True)
        self._end(1006)

    def leave(self) -> None:
        """Leave the chat."""
        assert self.session
        self.read()
        self.harness.hub.leave(self.session)
        self._end(1000)

    def _end(self, code: int) -> None:
        self.connection.close(code, "")
        self.session = None
        self.asked = self.answered

    def read(self, lost: int = 0) -> None:
        """Take note of all events so far but the last ones."""
        events = self.connection.events
        end = max(self._read, len(events) - lost)
        for event in events[self._read : end]:
            self._receive(event)
        self._read = end

    def _resume(self, room: str, ref: str) -> dict[str, object]:
        """Fields of a command that enters a room: from its copy, if it is not there as far as it knows."""
        copy = self._former.get(room)
        self._entering[ref] = deepcopy(copy) if copy else RoomCopy()
        return {"id": ref, "resume": copy.resume} if copy else {"id": ref}

    def _receive(self, event: Event) -> None:
        ref = event.get("ref", "")
        if ref == "asked":
            self.answered += 1
            if event["type"] == "history" and event["room"] in self.rooms:
                self.rooms[event["room"]].receive_older(event)
        elif ref == "fetched":
            messages = {message["seq"]: held(message) for message in event["messages"]}
            self.pages[event["room"]] = messages
        elif event["type"] == "exited":
            self._former[event["room"]] = self.rooms.pop(event["room"])
        elif event["type"] == "welcome":
            self._begin(event["room"], "join")
        elif event["type"] in STREAM:
            if ref in self._entering:
                self._begin(event["room"], ref)
            self.rooms[event["room"]].receive(event)

    def _begin(self, room: str, ref: str) -> None:
        """It is in the room from here on."""
        self.rooms[room] = self._entering.pop(ref)
        self._former.pop(room, None)
