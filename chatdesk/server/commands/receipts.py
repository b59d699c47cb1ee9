"""Who has read what oneself has written, and whether there are receipts at all."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from chatdesk.log.room_log import LogError, Record
from chatdesk.log.visible_log import VisibleLog
from chatdesk.protocol import reading_commands, room_events, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.command_errors import forbidden, not_joined, ref_of, refuse, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right, may
from chatdesk.server.rate_limits import Spending
from chatdesk.server.receipts import Receipts
from chatdesk.server.session import Session

_NOT_ALLOWED = "The host has turned receipts off in this chat."
_NOT_GIVEN = "You have turned receipts off: who gives none sees none of others."
_NOT_OWN = "There is no message of yours with this number."


class ReceiptCommands:
    """Answers about receipts, and turns them on and off: in the chat for the host, for oneself for everybody."""

    def __init__(self, hub: Hub, command_queue: CommandQueue, receipts: Receipts) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self._receipts = receipts
        self.rows = (
            Row(reading_commands.Receipts, Right.READ, Spending.QUERIES, self._count),
            Row(reading_commands.Readers, Right.READ, Spending.QUERIES, self._name),
            Row(reading_commands.GiveReceipts, None, Spending.QUERIES, self._give),
            Row(reading_commands.AllowReceipts, None, None, self._allow),
        )

    def _count(self, session: Session, membership: Membership, command: reading_commands.Receipts) -> None:
        room, identity = membership.room, membership.person.identity

        def answer(records: list[Record]) -> room_events.Receipts:
            counts = self._receipts.counts(room, identity, records)
            return room_events.Receipts(room.name, room.log.epoch, counts, command.id)

        self._ask(session, membership, command, partial(_records, _log(membership), command.seqs), answer)

    def _name(self, session: Session, membership: Membership, command: reading_commands.Readers) -> None:
        room, person, seq = membership.room, membership.person, command.seq

        async def ask() -> room_events.Readers | None:
            records = await _records(_log(membership), [seq])
            if not records or records[0].author != person.author or records[0].removed:
                return None
            named, people = self._receipts.readers(room, person.identity, seq)
            page = named[command.skip : command.skip + command.limit]
            minutes = await self._hub.subscriptions.read_minutes(room.name, seq, [identity for identity, _ in page])
            readers = [
                room_events.Reader(nickname, self._hub.author(identity), _timestamp(minutes.get(identity)))
                for identity, nickname in page
            ]
            more = len(named) > command.skip + len(page)
            return room_events.Readers(room.name, seq, readers, len(named), people, more, command.id)

        def answer(readers: room_events.Readers | None) -> room_events.Readers:
            if readers is None:
                raise ProtocolError(ErrorCode.NOT_FOUND, _NOT_OWN, ref_of(command))
            return readers

        self._ask(session, membership, command, ask, answer)

    def _ask[Found](
        self,
        session: Session,
        membership: Membership,
        command: reading_commands.Receipts | reading_commands.Readers,
        ask: Callable[[], Coroutine[Any, Any, Found]],
        answer: Callable[[Found], room_events.Receipts | room_events.Readers],
    ) -> None:
        """Ask the log, and answer if the person may still be told. Raises ProtocolError if they may not now."""
        self._require(session, membership)

        def reply(found: Found | LogError) -> None:
            if isinstance(found, LogError):
                return refuse_for_storage(session, command, found)
            try:
                self._require(session, membership)
                session.send(answer(found))
            except ProtocolError as error:
                error.ref = ref_of(command)
                refuse(session, error)
            return None

        membership.room.history.query(ask, self._command_queue.wait_for(session, reply))

    def _require(self, session: Session, membership: Membership) -> None:
        """Raises ProtocolError for somebody who is told of no receipts in the room."""
        if membership.ended or session.principal is None:
            raise ProtocolError(ErrorCode.BAD_ROOM, "You are not in this room any more.")
        if not may(session.principal, Right.READ, membership.room):
            raise forbidden(Right.READ)
        if not self._receipts.gives(membership.person.identity):
            raise ProtocolError(ErrorCode.FORBIDDEN, _NOT_GIVEN if self._receipts.allowed else _NOT_ALLOWED)

    def _give(self, session: Session, command: reading_commands.GiveReceipts) -> None:
        if session.person is None:
            raise not_joined()
        identity = session.person.identity
        self._hub.subscriptions.set_receipts(identity, off=not command.active)
        for other in self._hub.sessions(identity):
            if other.receipts and other is not session:
                other.send(self._receipts.settings(identity))
        session.send(self._receipts.settings(identity, command.id))

    def _allow(self, session: Session, command: reading_commands.AllowReceipts) -> None:
        if session.person is None or session.principal is None:
            raise not_joined()
        if not may(session.principal, Right.MANAGE_CHAT, None):
            raise forbidden(Right.MANAGE_CHAT)
        self._receipts.on_turned(command.active)
        self._receipts.allow(command.active, but=session)
        session.send(self._receipts.settings(session.person.identity, command.id))


async def _records(log: VisibleLog, seqs: Sequence[int]) -> list[Record]:
    """The messages of these numbers: they may be too long for one page of the log."""
    found: list[Record] = []
    more = True
    while more and seqs:
        page = await log.records(seqs)
        found += page.records
        more = page.more and bool(page.records)
        seqs = seqs[seqs.index(page.records[-1].seq) + 1 :] if more else ()
    return found


def _log(membership: Membership) -> VisibleLog:
    """The log as the member may read it."""
    return membership.room.history.visible(membership.floor)


def _timestamp(minute: int | None) -> str:
    return "" if minute is None else times.timestamp(minute * 60_000)
