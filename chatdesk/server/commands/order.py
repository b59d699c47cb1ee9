"""Keeping order: removing, banning, muting and renaming people, giving roles, and reading what was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chatdesk.log.order import AuditEntry, Standing
from chatdesk.log.room_log import LogError
from chatdesk.protocol import events, order_commands, order_events, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import AUDIT_PAGE, REASON_CHARS
from chatdesk.protocol.names import clean_room
from chatdesk.protocol.text import one_line
from chatdesk.server.auth import Role
from chatdesk.server.command_errors import forbidden, not_joined, ref_of, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.keeping_names import KeepingNames
from chatdesk.server.keeping_order import KeepingOrder
from chatdesk.server.log_tasks import LogTasks
from chatdesk.server.order_acts import Actor, Outcome
from chatdesk.server.order_sentences import this_evening
from chatdesk.server.permissions import Right, may
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session

_NEIGHBOURS = 50
"""Names in one ``neighbours``, at most: more than anybody reads before they decide."""


class OrderCommands:
    """Decodes what is to be done, and answers with what it did."""

    def __init__(self, hub: Hub, command_queue: CommandQueue, keeping: KeepingOrder) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self._keeping = keeping
        self._names = KeepingNames(hub)
        self._tasks = LogTasks()
        hub.order_news.tell = self._tell
        acts: tuple[tuple[type, Callable[..., None]], ...] = (
            (order_commands.SetRole, self._role),
            (order_commands.Remove, self._remove),
            (order_commands.Ban, self._ban),
            (order_commands.BanName, self._ban_name),
            (order_commands.Unban, self._unban),
            (order_commands.Mute, self._mute),
            (order_commands.Unmute, self._unmute),
            (order_commands.Rename, self._rename),
            (order_commands.Neighbours, self._neighbours),
            (order_commands.Bans, self._bans),
            (order_commands.Audit, self._audit),
        )
        self.rows = tuple(Row(command, None, Spending.QUERIES, execute) for command, execute in acts)

    def _role(self, session: Session, command: order_commands.SetRole) -> None:
        room, reason = _room(command.room), _reason(command.reason)
        reply = self._reply(session, command, room, reason)
        self._keeping.give_role(self._actor(session), command.whom, Role[command.role.upper()], room, reason, reply)

    def _remove(self, session: Session, command: order_commands.Remove) -> None:
        room, reason = _room(command.room), _reason(command.reason)
        reply = self._reply(session, command, room, reason)
        self._keeping.remove(self._actor(session), command.whom, room, reason, self._until(command.minutes), reply)

    def _ban(self, session: Session, command: order_commands.Ban) -> None:
        reason = _reason(command.reason)
        evening = this_evening(self._hub.standings.now())
        until = evening if command.minutes is None else self._until(command.minutes)
        reply = self._reply(session, command, "", reason)
        self._keeping.ban(self._actor(session), command.whom, reason, until, reply, address=command.address)

    def _ban_name(self, session: Session, command: order_commands.BanName) -> None:
        reason, until = _reason(command.reason), self._until(command.minutes)
        reply = self._reply(session, command, "", reason)
        self._names.ban(self._actor(session), command.nickname, reason, until, reply)
        self._keeping.on_ban()

    def _unban(self, session: Session, command: order_commands.Unban) -> None:
        actor, room = self._actor(session), _room(command.room)
        reply = self._reply(session, command, room)
        try:
            self._keeping.unban(actor, command.whom, room, reply)
        except ProtocolError as error:
            name = self._names.held(command.whom) if error.code is ErrorCode.NOT_FOUND and not room else None
            if name is None:
                raise
            self._names.allow(actor, name, reply)

    def _mute(self, session: Session, command: order_commands.Mute) -> None:
        room, reason = _room(command.room), _reason(command.reason)
        reply = self._reply(session, command, room, reason)
        self._keeping.mute(self._actor(session), command.whom, room, reason, self._until(command.minutes), reply)

    def _unmute(self, session: Session, command: order_commands.Unmute) -> None:
        room = _room(command.room)
        self._keeping.unmute(self._actor(session), command.whom, room, self._reply(session, command, room))

    def _rename(self, session: Session, command: order_commands.Rename) -> None:
        reason = _reason(command.reason)
        reply = self._reply(session, command, "", reason)
        self._keeping.rename(self._actor(session), command.whom, command.nickname, reason, reply)

    def _neighbours(self, session: Session, command: order_commands.Neighbours) -> None:
        target = self._keeping.target(self._actor(session), command.whom, Right.BAN, "")
        names = self._keeping.neighbours(target.identity)
        address = ", ".join(sorted(self._keeping.networks(target.identity)))
        named = tuple(names[:_NEIGHBOURS])
        session.send(order_events.Neighbours(target.nickname, target.author, address, named, len(names), command.id))

    def _bans(self, session: Session, command: order_commands.Bans) -> None:
        self._require_audit(session)
        held = sorted(self._hub.standings, key=lambda standing: standing.at, reverse=True)
        shown = [self._in_force(standing) for standing in held[:AUDIT_PAGE]]
        session.send(order_events.Bans(shown, len(held) > AUDIT_PAGE, command.id))

    def _audit(self, session: Session, command: order_commands.Audit) -> None:
        self._require_audit(session)

        def answer(entries: list[AuditEntry] | LogError) -> None:
            if isinstance(entries, LogError):
                refuse_for_storage(session, command, entries)
            elif session.principal and may(session.principal, Right.SEE_AUDIT, None):  # it may be lost meanwhile
                page = [self._entry(entry) for entry in entries[: command.limit]]
                session.send(order_events.Audit(page, len(entries) > command.limit, command.id))
            else:
                session.send(events.Error(ErrorCode.FORBIDDEN, forbidden(Right.SEE_AUDIT).content, ref_of(command)))

        ask = partial(self._hub.order.audit, command.before, command.limit + 1)
        self._tasks.run(ask, self._command_queue.wait_for(session, answer))

    def _tell(self) -> None:
        """Tell those who may read it that what holds, or what was done, is another."""
        for session in self._hub.all_sessions():
            if session.keeps_order and session.principal and may(session.principal, Right.SEE_AUDIT, None):
                session.send(order_events.OrderKept())

    def _require_audit(self, session: Session) -> None:
        if not may(self._actor(session).principal, Right.SEE_AUDIT, None):
            raise forbidden(Right.SEE_AUDIT)

    def _actor(self, session: Session) -> Actor:
        if session.principal is None:
            raise not_joined()
        nickname = session.person.nickname if session.person else self._hub.host_nickname
        return Actor(session.principal, nickname)

    def _until(self, minutes: int) -> int:
        return self._hub.standings.now() + minutes * 60_000 if minutes else 0

    def _reply(
        self, session: Session, command: order_commands.OrderCommand, room: str, reason: str = ""
    ) -> Callable[[Outcome], None]:
        """Answer the command once it is stored, also to a person who has lost the right by then: it is done."""
        act = str(type(command).__struct_config__.tag)

        def reply(outcome: Outcome) -> None:
            target, content = outcome.target, outcome.sentence
            if outcome.problem:
                content = f"{outcome.sentence} {outcome.problem}"
            until = times.timestamp(outcome.until) if outcome.until else ""
            about = (act, target.nickname, target.author, content, room, until, reason, outcome.before)
            session.send(order_events.Done(*about, command.id))

        return reply

    def _in_force(self, standing: Standing) -> order_events.InForce:
        who = (standing.kind, standing.nickname, self._hub.author(standing.identity))
        until = times.timestamp(standing.until) if standing.until else ""
        value = standing.value if standing.kind == "role" else ""
        said = (times.timestamp(standing.at), standing.by, standing.room, value, until, standing.reason)
        return order_events.InForce(*who, *said)

    def _entry(self, entry: AuditEntry) -> order_events.AuditEntry:
        until = times.timestamp(entry.until) if entry.until else ""
        who = (entry.by, entry.whom, self._hub.author(entry.identity))
        about = (entry.room, entry.reason, until, entry.detail)
        return order_events.AuditEntry(entry.number, times.timestamp(entry.at), entry.act, *who, *about)


def _room(name: str | None) -> str:
    """Return the room of a command; empty for the whole chat. Raises ProtocolError for what cannot be one."""
    return clean_room(name) if name else ""


def _reason(text: str) -> str:
    return one_line(text, REASON_CHARS)
