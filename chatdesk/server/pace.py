"""Who may say what when, put together: slow mode, hold for approval, hands and questions without a name."""

from __future__ import annotations

from chatdesk.log.held import Held
from chatdesk.protocol import pace_events
from chatdesk.server.commands.hands import HandCommands
from chatdesk.server.commands.held import HeldCommands
from chatdesk.server.commands.messages import Messages
from chatdesk.server.commands.pace import PaceCommands
from chatdesk.server.commands.questions import Questions
from chatdesk.server.commands.room_settings import RoomSettingsCommands
from chatdesk.server.commands.row import Row
from chatdesk.server.held_messages import HeldMessages
from chatdesk.server.held_news import HeldNews
from chatdesk.server.hub import Hub
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.slow_mode import SlowMode
from chatdesk.server.speaking import Speaking


class PaceOfRooms:
    """Those parts that belong together. ``speaking`` is the one way in for what is said."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._held = HeldMessages(hub.held_table)
        self.news = HeldNews(hub, self._held)
        self.slow = SlowMode()
        self.speaking = Speaking(self._held, self.slow, self.news.told)
        hub.directory.on_removed = self._held.forget_room
        hub.on_entered = self._entered
        hub.held_table.on_held, hub.held_table.on_decided = self._held_elsewhere, self._decided_elsewhere

    def nouns(self, messages: Messages, settings: RoomSettingsCommands) -> tuple[tuple[Row, ...], ...]:
        """The rows of the commands."""
        return (
            HeldCommands(self._hub, self._held, self.news).rows,
            HandCommands(self._hub).rows,
            Questions(self._hub, messages, SlowMode()).rows,
            PaceCommands(settings).rows,
        )

    def _held_elsewhere(self, held: Held) -> None:
        self._held.held_elsewhere(held)
        self.news.told(held)

    def _decided_elsewhere(self, number: int, approved: bool, declined: str) -> None:
        if held := self._held.decided_elsewhere(number, declined):
            self.news.decided(held, approved=approved, declined=bool(declined), sentence=declined)

    def _entered(self, session: Session, room: Room) -> None:
        """Tell a session that has come into a room what it has to know there: nothing, nearly always."""
        if not session.hears_pace or session.principal is None:
            return
        self.news.entered(session, room.name, joined=len(session.memberships) == 1)
        if room.hands:
            session.send(room.hands.event(session.person.author if session.person else ""))
        if wait := self.speaking.wait(session.principal, room):
            session.send(pace_events.Wait(room.name, round(wait, 3)))
