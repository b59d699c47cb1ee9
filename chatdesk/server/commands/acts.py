"""Acting on a message that is there: editing, deleting, reacting, pinning; and asking who has reacted."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from chatdesk.log.acts import (
    MAX_OWN_REACTIONS,
    MAX_REACTIONS,
    Act,
    AlreadyDeleted,
    Delete,
    Edit,
    NotYours,
    Pin,
    React,
    Reactors,
    Remover,
    TooLate,
    TooManyPins,
    TooManyReactions,
)
from chatdesk.log.as_message import as_reactor
from chatdesk.log.room_log import ActRefusal, Duplicate, HistoryPage, LogError, NotFound, Record
from chatdesk.log.visible_log import VisibleLog
from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.emoji import normalise
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import HISTORY_PAGE, PINS_PAGE
from chatdesk.server.auth import Principal, Role
from chatdesk.server.command_errors import ref_of, refuse, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.answers import answer_query
from chatdesk.server.commands.messages import check_content
from chatdesk.server.commands.row import Row
from chatdesk.server.membership import Membership
from chatdesk.server.mentions import Mentions
from chatdesk.server.permissions import Right, may, role_in
from chatdesk.server.rate_limits import Spending
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.speaking import require_editable

_ActCommand = commands.Edit | commands.Delete | commands.React | commands.Pin
_PageQuery = Callable[[], Coroutine[Any, Any, HistoryPage]]
_NOT_THERE = "This message is not there any more."
_TOO_MANY = f"This message has {MAX_REACTIONS} different reactions, or {MAX_OWN_REACTIONS} of yours: join one of them."


class Acts:
    """What people do to messages. A message is edited until ``edit_seconds`` after it was said; 0 is no limit."""

    def __init__(self, command_queue: CommandQueue, edit_seconds: int, mentions: Mentions) -> None:
        self._command_queue = command_queue
        self._mentions = mentions
        self._edit_seconds = edit_seconds
        self.rows = (
            Row(commands.Edit, Right.EDIT_OWN, Spending.ACTS, self._edit),
            Row(commands.Delete, Right.DELETE_OWN, Spending.ACTS, self._delete),
            Row(commands.React, Right.REACT, Spending.ACTS, self._react),
            Row(commands.Pin, Right.PIN, Spending.ACTS, self._pin),
            Row(commands.Reactions, Right.READ, Spending.QUERIES, self._reactions),
            Row(commands.OwnReactions, Right.READ, Spending.QUERIES, self._own_reactions),
            Row(commands.Messages, Right.READ, Spending.QUERIES, self._messages),
            Row(commands.Pins, Right.READ, Spending.QUERIES, self._pins),
        )

    def _edit(self, session: Session, membership: Membership, edit: commands.Edit) -> None:
        check_content(edit.content, "An edit cannot leave nothing: delete the message instead.")
        always = not self._edit_seconds or _may_edit_late(session.principal, membership.room)
        earliest = 0 if always else time.time_ns() // 1_000_000 - self._edit_seconds * 1000
        principal = session.principal or Principal(membership.person.identity)
        require_editable(session.principal, membership.room)
        mentions = self._mentions.of(edit.content, membership.room, principal, edit.mentions)
        _amend(session, membership, edit, Edit(edit.seq, edit.content, principal.identity, earliest, mentions))

    def _delete(self, session: Session, membership: Membership, delete: commands.Delete) -> None:
        person = membership.person
        others = _remover(session.principal, membership.room)
        _amend(session, membership, delete, Delete(delete.seq, person.identity, person.nickname, others))

    def _react(self, session: Session, membership: Membership, react: commands.React) -> None:
        person = membership.person
        act = React(react.seq, _emoji(react.emoji), react.active, person.identity, person.nickname)
        _amend(session, membership, react, act)

    def _pin(self, session: Session, membership: Membership, pin: commands.Pin) -> None:
        _amend(session, membership, pin, Pin(pin.seq, pin.active))

    def _reactions(self, session: Session, membership: Membership, reactions: commands.Reactions) -> None:
        room, emoji = membership.room, _emoji(reactions.emoji)
        query = partial(
            room.history.visible(membership.floor).reactors, reactions.seq, emoji, reactions.skip, reactions.limit
        )

        def encode(found: Reactors) -> bytes:
            people = list(map(as_reactor, found.people))
            return codec.encode(events.Reactions(room.name, reactions.seq, emoji, people, found.more, reactions.id))

        self._ask(session, membership, reactions, query, encode)

    def _own_reactions(self, session: Session, membership: Membership, own: commands.OwnReactions) -> None:
        room = membership.room
        if not 0 <= own.last - own.first < HISTORY_PAGE:
            sentence = f'Ask for at most {HISTORY_PAGE} messages, from "first" to "last".'
            raise ProtocolError(ErrorCode.BAD_MESSAGE, sentence)
        query = partial(_log(membership).own_reactions, membership.person.identity, range(own.first, own.last + 1))

        def encode(found: dict[int, list[str]]) -> bytes:
            messages = [events.OwnReaction(seq, emoji) for seq, emoji in found.items()]
            return codec.encode(events.OwnReactions(room.name, own.first, own.last, messages, own.id))

        self._ask(session, membership, own, query, encode)

    def _messages(self, session: Session, membership: Membership, messages: commands.Messages) -> None:
        room, log = membership.room, _log(membership)

        def encode(page: HistoryPage) -> bytes:
            found = [room.history.encoder.message(record, markup=membership.markup) for record in page.records]
            held = {record.seq for record in page.records}
            missing = [seq for seq in messages.seqs if seq not in held and not (page.more and seq in log.seqs)]
            return codec.encode_messages(room.name, found, missing, messages.id)

        self._ask(session, membership, messages, _with_bodies(membership, partial(log.records, messages.seqs)), encode)

    def _pins(self, session: Session, membership: Membership, pins: commands.Pins) -> None:
        room = membership.room

        def encode(page: HistoryPage) -> bytes:
            pinned = [record for record in page.records if record.pinned]
            messages = [room.history.encoder.message(record, markup=membership.markup) for record in pinned]
            return codec.encode_pins(room.name, messages, page.more, pins.id)

        self._ask(
            session,
            membership,
            pins,
            partial(_log(membership).pins, pins.before, pins.limit),
            encode,
        )

    def _ask[Answer](
        self,
        session: Session,
        membership: Membership,
        command: commands.Command,
        query: Callable[[], Coroutine[Any, Any, Answer]],
        encode: Callable[[Answer], bytes],
    ) -> None:
        answer = partial(answer_query, session, membership, command, encode)
        membership.room.history.query(query, self._command_queue.wait_for(session, answer))


def _amend(session: Session, membership: Membership, command: _ActCommand, act: Act) -> None:
    if act.seq <= membership.floor:  # said before the person came, in a room where they do not see that
        raise ProtocolError(ErrorCode.NOT_FOUND, _NOT_THERE)
    membership.room.amend(act, partial(_amended, session, membership, command))


def _amended(session: Session, membership: Membership, command: _ActCommand, outcome: Record | ActRefusal) -> None:
    """Tell the person who acted on a message what has come of it. Everybody has been told already."""
    match outcome:
        case Record():
            if command.id:
                membership.room.confirm_act(membership, outcome, command.id)
        case Duplicate(record):
            membership.room.confirm_act(membership, record, command.id)
        case LogError():
            refuse_for_storage(session, command, outcome)
        case _:
            code, sentence = _refusal(command, outcome)
            refuse(session, ProtocolError(code, sentence, ref_of(command)))


def _refusal(
    command: _ActCommand, outcome: NotFound | NotYours | AlreadyDeleted | TooLate | TooManyReactions | TooManyPins
) -> tuple[ErrorCode, str]:
    match outcome:
        case NotFound():
            return ErrorCode.NOT_FOUND, _NOT_THERE
        case NotYours() if isinstance(command, commands.Delete):
            return ErrorCode.FORBIDDEN, "Only its sender, the host and moderators can delete a message."
        case NotYours():
            return ErrorCode.FORBIDDEN, "Only the one who has sent a message can edit it."
        case AlreadyDeleted():
            return ErrorCode.DELETED, "This message was deleted meanwhile."
        case TooLate():
            return ErrorCode.TOO_LATE, "This message is too old to be edited: say it again in a new one."
        case TooManyReactions():
            return ErrorCode.TOO_MANY_REACTIONS, _TOO_MANY
        case TooManyPins():
            return ErrorCode.TOO_MANY_PINS, f"This room has {PINS_PAGE} pinned messages: unpin one of them first."


def _with_bodies(membership: Membership, query: _PageQuery) -> _PageQuery:
    return membership.room.history.with_bodies(query) if membership.markup else query


def _log(membership: Membership) -> VisibleLog:
    """The log as the member may read it."""
    return membership.room.history.visible(membership.floor)


def _may_edit_late(principal: Principal | None, room: Room) -> bool:
    return principal is not None and may(principal, Right.EDIT_LATE, room)


def _remover(principal: Principal | None, room: Room) -> Remover | None:
    """As what a principal may delete what others have said; None if they may not."""
    if principal is None or not may(principal, Right.DELETE_ANY, room):
        return None
    return Remover.HOST if role_in(principal, room) is Role.HOST else Remover.MODERATOR


def _emoji(text: str) -> str:
    """Return the one form of an emoji. Raises ProtocolError for anything else."""
    emoji = normalise(text)
    if emoji is None:
        raise ProtocolError(ErrorCode.BAD_EMOJI, "React with exactly one emoji.")
    return emoji
