"""Calling somebody who has raised a hand: everybody in the room is told, and the person in whatever client."""

from __future__ import annotations

from chatdesk.protocol import events, pace_events, times
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.text import isolated
from chatdesk.server.hub import Hub
from chatdesk.server.person import Person
from chatdesk.server.room import Room


def tell_called(hub: Hub, room: Room, person: Person, by: str) -> None:
    """Tell those who are here that a person is called, by somebody of this nickname."""
    called = pace_events.Called(room.name, person.nickname, person.author, by, times.timestamp())
    room.hands.tell(called)
    for session in hub.sessions(person.identity):
        if not session.hears_pace and session.membership(room.name):
            session.send(events.System(f"{isolated(by)} calls you.", called.timestamp, SystemCode.CALLED, room.name))
