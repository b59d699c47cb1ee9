"""Raising a hand, and calling or lowering those of others."""

from __future__ import annotations

from chatdesk.protocol import events, pace_commands, pace_events, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.text import isolated
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session


class HandCommands:
    """Each answers with the hands that are raised then, and the place of one's own."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.rows = (
            Row(pace_commands.Hand, Right.RAISE_HAND, Spending.ACTS, self._hand),
            Row(pace_commands.Hands, Right.READ, Spending.QUERIES, self._hands),
            Row(pace_commands.Call, Right.CALL_HANDS, Spending.ACTS, self._call),
            Row(pace_commands.Lower, Right.CALL_HANDS, Spending.ACTS, self._lower),
        )

    def _hand(self, session: Session, membership: Membership, command: pace_commands.Hand) -> None:
        hands, person = membership.room.hands, membership.person
        if command.active:
            hands.raise_hand(person)
        else:
            hands.lower(person.author)
        session.send(hands.event(person.author, command.id))

    @staticmethod
    def _hands(session: Session, membership: Membership, command: pace_commands.Hands) -> None:
        session.send(membership.room.hands.event(membership.person.author, command.id))

    def _call(self, session: Session, membership: Membership, command: pace_commands.Call) -> None:
        room, by = membership.room, membership.person.nickname
        person = room.hands.take(command.author)
        if person is None:
            raise ProtocolError(ErrorCode.NOT_FOUND, "This hand is not raised any more.")
        called = pace_events.Called(room.name, person.nickname, person.author, by, times.timestamp())
        room.hands.tell(called)
        for other in self._hub.sessions(person.identity):
            if not other.hears_pace and other.membership(room.name):
                told = events.System(f"{isolated(by)} calls you.", called.timestamp, SystemCode.CALLED, room.name)
                other.send(told)
        session.send(room.hands.event(membership.person.author, command.id))

    @staticmethod
    def _lower(session: Session, membership: Membership, command: pace_commands.Lower) -> None:
        hands = membership.room.hands
        if command.author:
            hands.lower(command.author)
        else:
            hands.lower_all()
        session.send(hands.event(membership.person.author, command.id))
