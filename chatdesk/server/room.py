"""One room: its members, its log, and the order in which they hear of things."""

from __future__ import annotations

from chatdesk.log.room_log import Draft, Entry, Page, RoomLog
from chatdesk.protocol import codec, events
from chatdesk.protocol.commands import Resume
from chatdesk.protocol.limits import HISTORY_LATEST, HISTORY_PAGE
from chatdesk.server.fanout import Fanout, Item, Pace
from chatdesk.server.framing import text_frame
from chatdesk.server.presence import Person, Presence
from chatdesk.server.session import Session
from chatdesk.server.stats import Traffic


class Room:
    """A room and everybody in it. Every method is one step on the loop: none awaits."""

    def __init__(self, name: str, log: RoomLog, pace: Pace, traffic: Traffic) -> None:
        self.name = name
        self.log = log
        self.presence = Presence()
        self.sessions: dict[Session, None] = {}
        self._traffic = traffic
        self._fanout = Fanout(self.sessions, lambda: log.last_seq, self._presence_frames, pace, traffic)

    def enter(self, session: Session, person: Person) -> None:
        """Make the session a member, and tell the others if its person is new here."""
        self.sessions[session] = None
        session.room = self
        self._mark(session)
        if self.presence.enter(person):
            self._announce(
                events.UserJoined(
                    person.nickname,
                    events.timestamp(),
                    len(self.presence.people),
                    self.name,
                    person.client,
                    person.host,
                )
            )

    def exit(self, session: Session, person: Person) -> None:
        """End the session's membership, and tell the others if its person has no other session here."""
        del self.sessions[session]
        session.room = None
        if not any(other.room is self for other in person.sessions):
            self.presence.exit(person)
            count = len(self.presence.people)
            self._announce(events.UserLeft(person.nickname, events.timestamp(), count, self.name))

    def publish(self, draft: Draft) -> None:
        """Put a message into the log; it reaches everybody once it is kept there."""
        self.log.append(draft, self._committed)

    def show_typing(self, person: Person, active: bool) -> None:
        """Tell everybody but the one who types."""
        frame = text_frame(codec.encode(events.Typing(person.nickname, active, self.name)))
        self._fanout.push(Item(frame, frame, hidden_from=person))

    def users(self) -> events.Users:
        """The list of people."""
        return events.Users(self.name, self.presence.listed(), len(self.presence.people))

    def since(self, resume: Resume | None) -> bytes:
        """The ``history`` of a joiner: what it has missed, or else the latest page."""
        if resume and resume.epoch == self.log.epoch:
            page = self.log.after(resume.seq, HISTORY_PAGE)
            if not page.entries or page.entries[0].seq == resume.seq + 1:
                return self.history(page)
        return self.history(self.log.latest(HISTORY_LATEST))

    def history(self, page: Page) -> bytes:
        """A page of the log as an encoded ``history`` event."""
        return codec.encode_history(self.name, self.log.epoch, [entry.payload for entry in page.entries], page.more)

    def catch_up(self, session: Session) -> None:
        """Bring a reader that was too slow, and has drained, up to date from the log."""
        while session.missed_after is not None and session.link.writable:
            page = self.log.after(session.missed_after, HISTORY_PAGE)
            if page.entries and page.entries[0].seq != session.missed_after + 1:
                session.send_payload(self.history(self.log.latest(HISTORY_LATEST)))
            else:
                session.link.write(b"".join([text_frame(entry.payload) for entry in page.entries]))
                if page.more:
                    session.missed_after = page.entries[-1].seq
                    continue
            session.missed_after = None
            self._mark(session)
            session.send(self.users())

    def close(self) -> None:
        """Stop the fan-out."""
        self._fanout.cancel()

    def _mark(self, session: Session) -> None:
        """From here on the session follows the fan-out; all before came, or comes now, from the log."""
        session.since = self._fanout.next
        session.reached = self.log.last_seq

    def _committed(self, entry: Entry) -> None:
        self._traffic.count_message()
        frame = text_frame(entry.payload)
        self._fanout.push(Item(frame, frame, entry.seq))

    def _announce(self, event: events.UserJoined | events.UserLeft) -> None:
        self._fanout.push(Item(text_frame(codec.encode(event)), b""))

    def _presence_frames(self) -> tuple[bytes, bytes]:
        came, went = self.presence.take_changes(self.name)
        return (
            text_frame(codec.encode(came)) if came else b"",
            text_frame(codec.encode(went)) if went else b"",
        )
