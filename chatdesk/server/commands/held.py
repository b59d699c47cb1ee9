"""Deciding about messages that wait for approval, and taking one's own back."""

from __future__ import annotations

from chatdesk.log.held import Held
from chatdesk.log.nameless import is_nameless
from chatdesk.log.room_log import Duplicate, LogError, Refusal
from chatdesk.protocol import pace_commands, pace_events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.text import has_controls, isolated
from chatdesk.server.command_errors import forbidden, not_joined, ref_of, refuse, refuse_for_storage
from chatdesk.server.commands.row import Row
from chatdesk.server.held_messages import HeldMessages
from chatdesk.server.held_news import HeldNews
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session


class HeldCommands:
    """The host and moderators decide, from whatever room they are in."""

    def __init__(self, hub: Hub, held: HeldMessages, news: HeldNews) -> None:
        self._hub = hub
        self._held = held
        self._news = news
        self.rows = (
            Row(pace_commands.Held, Right.READ, Spending.QUERIES, self._list),
            Row(pace_commands.Approve, None, None, self._approve),
            Row(pace_commands.Refuse, None, None, self._decline),
            Row(pace_commands.Withdraw, None, Spending.ACTS, self._withdraw),
        )

    def _list(self, session: Session, membership: Membership, query: pace_commands.Held) -> None:
        session.send(self._news.all_for(session, membership.room.name, query.id))

    def _approve(self, session: Session, command: pace_commands.Approve) -> None:
        held = self._waiting(session, command.held)
        if session.principal is None or self._hub.directory.is_deleted(held.room):
            raise _gone()
        room = self._hub.room(held.room, session.principal)
        draft = self._held.begin_approving(held)
        refused: list[Refusal] = []
        room.publish(draft, refused.append)

        def found(outcome: Refusal | None) -> None:
            if isinstance(outcome, Duplicate):  # it is there by now
                self._held.approved(held, in_file=not refused)
                self._news.decided(held, approved=True)
                self._answer(session, held, command.id, approved=True)
                return
            self._held.not_approved(held)
            if isinstance(outcome, LogError):
                refuse_for_storage(session, command, outcome)
            elif refused and isinstance(refused[0], LogError):
                refuse_for_storage(session, command, refused[0])
            else:
                refuse(
                    session, ProtocolError(ErrorCode.ID_REUSED, "This cannot be shown: decline it.", ref_of(command))
                )

        room.log.find(draft, found)

    def _decline(self, session: Session, command: pace_commands.Refuse) -> None:
        held = self._waiting(session, command.held)
        reason = " ".join(command.reason.split())
        if has_controls(reason):
            raise ProtocolError(ErrorCode.BAD_MESSAGE, "The reason contains control characters: leave them out.")
        name = isolated(session.person.nickname) if session.person else "The host"
        sentence = f"{name} has not let this through" + (f": {isolated(reason)}" if reason else ".")

        def done(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, command, error)
                return
            self._news.decided(held, declined=True, sentence=sentence)
            self._answer(session, held, command.id)

        if is_nameless(held.identity):
            self._held.forget(held, done)
        else:
            self._held.decline(held, sentence, done)

    def _withdraw(self, session: Session, command: pace_commands.Withdraw) -> None:
        held = self._held.get(command.held)
        if session.principal is None or held is None or held.identity != session.principal.identity:
            raise _gone()

        def done(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, command, error)
                return
            self._news.decided(held)
            self._answer(session, held, command.id)

        self._held.forget(held, done)

    def _waiting(self, session: Session, number: int) -> Held:
        """The message that a session decides about. Raises ProtocolError if it may not, or nothing waits there."""
        if session.principal is None:
            raise not_joined()
        held = self._held.get(number)
        if held is None or held.declined:
            raise forbidden(Right.APPROVE) if not self._news.may_approve(session, "") else _gone()
        if not self._news.may_approve(session, held.room):
            raise forbidden(Right.APPROVE)
        return held

    @staticmethod
    def _answer(session: Session, held: Held, ref: str | None, *, approved: bool = False) -> None:
        if ref and session.person:
            session.send(pace_events.Decided(held.room, held.number, approved, ref=ref))


def _gone() -> ProtocolError:
    return ProtocolError(ErrorCode.NOT_FOUND, "This message does not wait any more: somebody has decided about it.")
