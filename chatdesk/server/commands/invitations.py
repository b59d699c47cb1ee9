"""Making, listing and revoking invitations, for the host and moderators."""

from chatdesk.log.invitation import Invitation
from chatdesk.log.room_log import LogError
from chatdesk.protocol import admission_commands, admission_events, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.fields import InvitedAs
from chatdesk.protocol.names import clean_nickname, clean_room, is_private
from chatdesk.server.command_errors import forbidden, refuse_for_storage, require_right
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, may
from chatdesk.server.qr_code import qr_rows
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session

_NAMES: dict[str, InvitedAs] = {"moderator": "moderator", "member": "member", "guest": "guest"}


class InvitationCommands:
    """What the host and moderators do with invitations. Clients with the capability ``queue`` hear of each change."""

    def __init__(self, hub: Hub, command_queue: CommandQueue) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self._invitations = hub.invitations
        self._invitations.on_change = self._send_to_all
        self.rows = (
            Row(admission_commands.Invite, None, Spending.QUERIES, self._invite),
            Row(admission_commands.Invitations, None, Spending.QUERIES, self._list),
            Row(admission_commands.RevokeInvitation, None, Spending.QUERIES, self._revoke),
        )

    def _send_to_all(self) -> None:
        """Tell those who may see it that something has changed."""
        listed = self._listed()
        for session in self._hub.all_sessions():
            if session.hears_queue and session.principal and may(session.principal, Right.INVITE, None):
                session.send(listed)

    def _invite(self, session: Session, invite: admission_commands.Invite) -> None:
        principal = require_right(session, Right.INVITE)
        if invite.role == "moderator" and not may(principal, Right.GIVE_ROLES, None):
            raise ProtocolError(ErrorCode.FORBIDDEN, "Only the host can invite moderators.")
        nickname = clean_nickname(invite.nickname) if invite.nickname else ""
        room = clean_room(invite.room) if invite.room else ""
        if room and (is_private(room) or not may(principal, Right.READ, self._hub.room(room, principal))):
            raise forbidden(Right.READ)

        def answer(made: tuple[str, Invitation | LogError]) -> None:
            code, invitation = made
            if isinstance(invitation, LogError):
                refuse_for_storage(session, invite, invitation)
            else:
                qr = qr_rows(f"{invite.address.rstrip('/')}/#invite={code}") if invite.address else []
                session.send(admission_events.Invited(_described(invitation), code, qr, invite.id))

        reply = self._command_queue.wait_for(session, answer)
        try:
            self._invitations.make(
                nickname=nickname,
                role=invite.role,
                room=room,
                uses=invite.uses,
                seconds=invite.seconds,
                creator=session.person.nickname if session.person else "",
                reply=lambda code, made: reply((code, made)),
            )
        except ProtocolError:
            session.awaiting_log = False
            raise

    def _list(self, session: Session, query: admission_commands.Invitations) -> None:
        require_right(session, Right.INVITE)
        session.send(self._listed(query.id))

    def _revoke(self, session: Session, revoke: admission_commands.RevokeInvitation) -> None:
        require_right(session, Right.INVITE)

        def answer(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, revoke, error)
            else:
                session.send(self._listed(revoke.id))

        self._invitations.revoke(revoke.invitation, answer)

    def _listed(self, ref: str | None = None) -> admission_events.Invitations:
        return admission_events.Invitations(list(map(_described, self._invitations.listed())), ref)


def _described(it: Invitation) -> admission_events.InvitationInfo:
    created, expires = times.timestamp(it.created), times.timestamp(it.expires)
    return admission_events.InvitationInfo(
        it.id, it.uses, it.used, created, expires, it.creator, it.nickname, it.room, _NAMES[it.role]
    )
