"""Tells people of messages that wait for approval: their authors, and those who decide."""

from __future__ import annotations

from collections.abc import Iterable

from chatdesk.log.held import Held
from chatdesk.log.nameless import is_nameless
from chatdesk.protocol import events, pace_events, times
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.text import isolated
from chatdesk.server.held_messages import HeldMessages
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, may
from chatdesk.server.session import Session


class HeldNews:
    """``held`` are all messages that wait."""

    def __init__(self, hub: Hub, held: HeldMessages) -> None:
        self._hub = hub
        self._held = held

    @property
    def waits_for(self) -> str:
        """Who decides, in words."""
        name = self._hub.host_nickname
        return isolated(name) if name else "approval"

    def approvers(self, room: str) -> list[Session]:
        """The sessions of those who decide in a room."""
        sessions = self._hub.all_sessions()
        return [session for session in sessions if session.hears_pace and self.may_approve(session, room)]

    def may_approve(self, session: Session, room: str) -> bool:
        """Whether the session's person decides about messages of this room."""
        principal = session.principal
        return principal is not None and may(principal, Right.APPROVE, self._hub.directory.roles(room))

    def told(self, held: Held) -> None:
        """A message is held: tell those who decide, and its author's clients."""
        event = pace_events.Held(held.room, [self.message(held)], self.waits_for)
        sessions = [*self.approvers(held.room), *self._hub.sessions(held.identity)]
        _send(dict.fromkeys(sessions), event)

    def answer_held(self, session: Session, held: Held, ref: str | None) -> None:
        """Tell who has just said it, if their client shows no held messages, in a sentence."""
        if not session.hears_pace:
            waits = f"Your message waits for {self.waits_for}: others see it once it is approved."
            session.send(events.System(held.declined or waits, times.timestamp(), SystemCode.HELD, held.room))
        elif ref:
            session.send(pace_events.Held(held.room, [self.message(held)], self.waits_for, ref=ref))

    def decided(self, held: Held, *, approved: bool = False, declined: bool = False, sentence: str = "") -> None:
        """It waits no longer: tell all whom ``told`` has told; the ``sentence`` is for its author alone."""
        event = pace_events.Decided(held.room, held.number, approved)
        authors = self._hub.sessions(held.identity)
        _send([one for one in self.approvers(held.room) if one not in authors], event)
        for session in authors:
            if session.hears_pace:
                said = approved, declined, sentence, held.id
                session.send(pace_events.Decided(held.room, held.number, *said))
            elif sentence:
                session.send(events.System(sentence, times.timestamp(), SystemCode.HELD, held.room))

    def all_for(self, session: Session, room: str, ref: str | None = None) -> pace_events.Held:
        """All messages of a room that the session's person may see, as an event."""
        mine = self._held.own(session.principal.identity, room) if session.principal else []
        if self.may_approve(session, room):
            mine = [*self._held.waiting(room), *(held for held in mine if held.declined)]
        return pace_events.Held(room, [self.message(held) for held in mine], self.waits_for, all=True, ref=ref)

    def entered(self, session: Session, room: str, *, joined: bool) -> None:
        """Tell a session that has come into a room what waits there; one that has ``joined`` the chat, of all rooms."""
        if not session.hears_pace or session.principal is None:
            return
        rooms = {room: None}
        if joined:
            rooms |= {held.room: None for held in self._held.waiting() if self.may_approve(session, held.room)}
        for name in rooms:
            if (event := self.all_for(session, name)).messages:
                session.send(event)

    def message(self, held: Held) -> pace_events.HeldMessage:
        """A held message as the wire has it."""
        author, said_at = self._hub.author(held.identity), times.timestamp(held.time)
        said = held.nickname, author, held.content, said_at, held.id, held.reply_to, bool(held.action)
        return pace_events.HeldMessage(held.number, *said, is_nameless(held.identity), held.declined)


def _send(sessions: Iterable[Session], event: events.Event) -> None:
    for session in sessions:
        if session.hears_pace:
            session.send(event)
