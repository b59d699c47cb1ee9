"""A hub and a room without sockets, and what a client would make of the events it receives."""

import json
from functools import partial
from math import inf
from typing import Any

from chatdesk.log.memory import MemoryLog, MemoryStore
from chatdesk.log.room_log import RoomLog
from chatdesk.protocol import events
from chatdesk.protocol.names import LOBBY
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.fanout import Pace
from chatdesk.server.hub import Hub
from chatdesk.server.rate_limits import Budget, Rate, Spending
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from tests.server.recording_connection import RecordingConnection

LIMITS = events.Limits(65536, 8000, 32, 200, 0.0)
UNLIMITED = {spending: Budget(Rate(0, 0)) for spending in Spending}
ONE_SLICE = Pace(work=60.0, rest=0.0, share=inf, share_singly=inf)
"""A fan-out is not interrupted and does not wait, even if the machine is so busy that a few writes take long."""


ONE_BY_ONE = Pace(work=0.0, rest=0.0, share=inf, share_singly=inf)
"""Every member is a slice of its own."""


class BoundedConnection(RecordingConnection):
    """A connection that becomes a slow reader after so many writes; with None, never."""

    writes_left: int | None = None

    def write(self, data: bytes) -> None:
        super().write(data)
        if self.writes_left is not None:
            self.writes_left -= 1
            self.writable = self.writes_left > 0


class SmallStore(MemoryStore):
    """Keeps so many messages."""

    def __init__(self, kept: int) -> None:
        super().__init__(partial(MemoryLog, max_records=kept))


class RoomHarness:
    """The lobby of a hub with this store; everybody in it is called Guest and a number."""

    def __init__(self, store: MemoryStore | None = None, pace: Pace = ONE_SLICE) -> None:
        self.hub = Hub(store or MemoryStore(), pace)
        self.dispatcher = Dispatcher(self.hub, UNLIMITED, LIMITS, lambda: events.ServerInfo("Chat", "", "1"))
        self.sessions: list[tuple[Session, BoundedConnection]] = []
        self.came = 0
        self.said = 0

    @property
    def room(self) -> Room:
        return self.hub.rooms[LOBBY]

    @property
    def log(self) -> RoomLog:
        return self.room.log

    def do(self, session: Session, name: str, **fields: Any) -> None:
        command = json.dumps({"type": name, **fields})
        self.dispatcher.receive(session, command)

    def join(self, *, batched: bool = False, **fields: Any) -> tuple[Session, BoundedConnection]:
        connection = BoundedConnection()
        session = Session(connection)
        self.came += 1
        capabilities = ["presence"] if batched else []
        self.do(session, "join", nickname=f"Guest {self.came}", capabilities=capabilities, **fields)
        self.sessions.append((session, connection))
        return session, connection

    def say(self, number: int = 0) -> None:
        if self.sessions:
            self.said += 1
            self.do(self.sessions[number % len(self.sessions)][0], "message", content=f"hello {self.said}")

    def say_twice(self, number: int = 0) -> None:
        """With an id, so that the second time is a repetition."""
        if self.sessions:
            self.said += 1
            for _ in range(2):
                fields = {"content": f"hello {self.said}", "id": f"id {self.said}"}
                self.do(self.sessions[number % len(self.sessions)][0], "message", **fields)

    def drain(self, number: int, writes_left: int | None) -> None:
        session, connection = self.sessions[number]
        connection.writable, connection.writes_left = True, writes_left
        session.catch_up()

    def leave(self, number: int) -> None:
        session, _ = self.sessions.pop(number)
        self.hub.leave(session)
