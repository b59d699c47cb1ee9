"""Raising a hand, and calling or lowering those of others."""

from __future__ import annotations

from chatdesk.protocol import pace_commands
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.calling import tell_called
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
        room, person = membership.room, membership.person
        if command.active:
            room.hands.raise_hand(person)
            self._hub.nodes.changed(person)
        elif lowered := room.hands.lower(person.author):
            self._hub.nodes.lowered(room.name, lowered)
        session.send(room.hands.event(person.author, command.id))

    @staticmethod
    def _hands(session: Session, membership: Membership, command: pace_commands.Hands) -> None:
        session.send(membership.room.hands.event(membership.person.author, command.id))

    def _call(self, session: Session, membership: Membership, command: pace_commands.Call) -> None:
        room, by = membership.room, membership.person.nickname
        lowered = room.hands.take(command.author)
        if lowered is None:
            raise ProtocolError(ErrorCode.NOT_FOUND, "This hand is not raised any more.")
        tell_called(self._hub, room, lowered.people[0], by)
        self._hub.nodes.lowered(room.name, lowered, by)
        session.send(room.hands.event(membership.person.author, command.id))

    def _lower(self, session: Session, membership: Membership, command: pace_commands.Lower) -> None:
        room = membership.room
        if lowered := room.hands.lower(command.author) if command.author else room.hands.lower_all():
            self._hub.nodes.lowered(room.name, lowered)
        session.send(room.hands.event(membership.person.author, command.id))
