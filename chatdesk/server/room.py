"""One room: its members, its log, and the order in which members receive events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from chatdesk.log.room_log import Draft, Entry, HistoryPage, LogError, Refusal, RoomLog
from chatdesk.protocol import codec, events
from chatdesk.protocol.errors import CloseCode
from chatdesk.server.catch_up import CatchUp, History
from chatdesk.server.fanout import Fanout, Item, Pace
from chatdesk.server.frames import text_frame
from chatdesk.server.presence import Person, Presence
from chatdesk.server.session import STREAM_START, Session, StreamPosition
from chatdesk.server.stats import Traffic


class Room:
    """A room and everybody in it. No method awaits, so each call is atomic."""

    def __init__(self, name: str, log: RoomLog, pace: Pace, traffic: Traffic) -> None:
        self.name = name
        self.log = log
        self.history = History(name, log)
        self.presence = Presence()
        self.sessions: dict[Session, None] = {}
        self.joining: set[Session] = set()
        """Sessions that wait for a page of the log before they enter."""
        self._traffic = traffic
        self._loop = asyncio.get_running_loop()
        self._fanout = Fanout(self.sessions, self.history.latest_position, self._presence_frames, pace, traffic)
        log.subscribe(self._stored, self._log_reset)

    def enter(self, session: Session, person: Person) -> bool:
        """Make the session a member. Returns True if its person is new in the room and has to be announced."""
        self.sessions[session] = None
        session.room = self
        self._follow_fanout(session)
        return self.presence.enter(person)

    def announce_arrival(self, person: Person) -> None:
        """Tell everybody that a person has joined."""
        count = len(self.presence.people)
        self._notify(
            events.UserJoined(person.nickname, events.timestamp(), count, self.name, person.client, person.host)
        )

    def exit(self, session: Session) -> None:
        """End the session's membership. Its person is still in the room."""
        del self.sessions[session]
        session.room = None

    def announce_departure(self, person: Person) -> None:
        """Remove a person who has left, and tell the others."""
        self.presence.exit(person)
        count = len(self.presence.people)
        self._notify(events.UserLeft(person.nickname, events.timestamp(), count, self.name))

    def publish(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Append a message to the log; it is sent to everybody once it is stored. ``refuse`` is called if it is not."""
        self.log.append(draft, refuse)

    def resend(self, session: Session, entry: Entry) -> None:
        """Send a stored message to its sender again, but not before all messages that precede it."""
        delivered = session.catch_up_from or self._fanout.delivered
        frame = text_frame(entry.payload)
        if delivered.epoch == self.log.epoch and entry.seq <= delivered.seq:
            session.connection.write(frame)
        elif session.catch_up_from is None:
            self._fanout.push(Item(frame, frame, only_for=session))
        # else it comes with the messages that the session has missed

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """Delete the history and tell everybody. ``reply`` gets None, or the error."""
        self.log.clear(partial(self._cleared, reply))

    def notify_typing(self, person: Person, active: bool) -> None:
        """Tell everybody else that a person types, or has stopped."""
        frame = text_frame(codec.encode(events.Typing(person.nickname, active, self.name)))
        self._fanout.push(Item(frame, frame, hidden_from=person))

    def notify_storage(self, storage: events.Storage) -> None:
        """Tell everybody, slow readers too, whether messages can be stored."""
        frame = text_frame(codec.encode(storage))
        for session in self.sessions:
            session.connection.write(frame)

    def users(self) -> events.Users:
        """The list of people, as an event."""
        return events.Users(self.name, self.presence.users(), len(self.presence.people))

    def follow_up(self, session: Session, catch_up: CatchUp) -> None:
        """Send a session what was stored since this page was read for it."""
        if catch_up.continues and catch_up.end != self.history.latest_position:
            session.catch_up_from = catch_up.end
            self.catch_up(session)

    def catch_up(self, session: Session) -> None:
        """Bring a slow reader whose buffer has drained up to date from the log, page by page."""
        while (
            session.room is self
            and session.catch_up_from is not None
            and session.connection.writable
            and not session.connection.closing
            and not session.catching_up
        ):
            session.catching_up = True
            self.history.since(session.catch_up_from, partial(self._send_catch_up, session))

    def close(self) -> None:
        """Stop the fan-out."""
        self._fanout.cancel()

    def _send_catch_up(self, session: Session, catch_up: CatchUp | LogError) -> None:
        session.catching_up = False
        if session.room is not self:
            return None
        if isinstance(catch_up, LogError):
            return session.connection.close(CloseCode.TRY_LATER, "what you have missed cannot be read now")
        if catch_up.reset:
            session.send_payload(self.history.catch_up_event(catch_up))
        else:
            session.connection.write(b"".join([text_frame(entry.payload) for entry in catch_up.page.entries]))
        if catch_up.end == self.history.latest_position:
            session.catch_up_from = None
            self._follow_fanout(session)
            return session.send(self.users())
        session.catch_up_from = catch_up.end
        self._loop.call_soon(self.catch_up, session)  # not at once: others get a turn between two pages
        return None

    def _follow_fanout(self, session: Session) -> None:
        """Let the session follow the fan-out from here on; everything before came, or comes now, from the log."""
        session.first_item = self._fanout.next_index
        session.log_position = self.history.latest_position

    def _stored(self, entry: Entry) -> None:
        self._traffic.count_message()
        frame = text_frame(entry.payload)
        self._fanout.push(Item(frame, frame, StreamPosition(self.log.epoch, entry.seq)))

    def _log_reset(self) -> None:
        """The log has a new epoch: everybody starts over, at this place in the order of events."""
        empty = self.log.last_seq == 0
        frame = text_frame(self.history.event(HistoryPage([], more=False))) if empty else b""
        self._fanout.push(Item(frame, frame, self.history.latest_position))
        if not empty:
            for session in list(self.sessions):
                session.catch_up_from = STREAM_START
                self.catch_up(session)

    def _cleared(self, reply: Callable[[LogError | None], None], error: LogError | None) -> None:
        if error is None:
            told = text_frame(codec.encode(events.System(events.HISTORY_DELETED, events.timestamp())))
            self._fanout.push(Item(told, told))
        reply(error)

    def _notify(self, event: events.UserJoined | events.UserLeft) -> None:
        self._fanout.push(Item(text_frame(codec.encode(event)), b""))

    def _presence_frames(self) -> tuple[bytes, bytes]:
        came, went = self.presence.take_changes(self.name)
        return (
            text_frame(codec.encode(came)) if came else b"",
            text_frame(codec.encode(went)) if went else b"",
        )
