"""Admission: the queue of those who wait and invitations, as host and moderators see them and act on them."""

import secrets
import time
from collections.abc import Callable

from chatdesk.client.changes import AdmissionChanged, Change, Ended, Waiting
from chatdesk.client.reconnecting import ReconnectingConnection
from chatdesk.client.state import ChatState
from chatdesk.protocol import admission_commands, admission_events, events
from chatdesk.protocol.entry_messages import SetEntry
from chatdesk.protocol.fields import InvitedAs


class Admission:
    """``AdmissionChanged`` tells of what is new.

    What the server refuses comes as ``NoticeReceived``.
    """

    def __init__(
        self,
        state: ChatState,
        publish: Callable[[list[Change]], None],
        connection: ReconnectingConnection,
    ) -> None:
        self._state = state
        self._connection = connection
        self._suspended = self._tries_invitation = False
        self._publish = publish
        self._send = connection.send
        self._asked = ""
        self._questions: set[str] = set()
        self.queue: admission_events.Queue | None = None
        """Those who wait; None as long as the server has not said so, as to members."""
        self.invitations: list[admission_events.InvitationInfo] = []
        self.entry: tuple[str, ...] | None = None
        """What the chat asks newcomers for, as ``entry`` on the wire; None as long as the server has not said so."""
        self.password_in_file = False
        """Whether the password of the chat can be changed only in a file on the host's computer."""
        self.invited: admission_events.Invited | None = None
        """The invitation that was made last, with its code, until another one is asked for."""

    def wait_as(self, nickname: str) -> None:
        """Wait under another nickname, at the same place: ``run`` of the client returns, and is to be called again."""
        self._state.own.nickname = nickname
        self._suspended = True
        self._connection.suspend()

    def come_by(self, code: str) -> None:
        """Come by an invitation instead of waiting: ``run`` of the client returns, and is to be called again."""
        self._state.sign_in.invitation = code
        self._suspended = self._tries_invitation = True
        self._connection.suspend()

    def comes_back(self) -> bool:
        """Whether the client stopped only to wait under another nickname, or to come by an invitation."""
        was, self._suspended = self._suspended, False
        return was

    def waits_again(self) -> bool:
        """Whether the person waited before they tried an invitation that opens nothing: their place is kept."""
        status, tried = self._state.status, self._tries_invitation
        self._tries_invitation = False
        return tried and isinstance(status, Ended) and status.invitation_needed

    def receive(self, event: events.Event) -> bool:
        """Apply an event; False if it is about something else."""
        if isinstance(event, admission_events.Queue | admission_events.Invitations):
            self._questions.discard(event.ref or "")
        match event:
            case admission_events.Waiting() if self._state.home.stage == "outside":
                since = time.monotonic() - event.waited
                waiting = Waiting(event.position, event.nickname, event.name, event.host, since)
                self._publish(self._state.set_status(waiting))
            case admission_events.Queue():
                self.queue = event
                self._publish([AdmissionChanged()])
            case admission_events.Invitations():
                self.invitations = event.invitations
                self._publish([AdmissionChanged()])
            case events.Entry():
                self.entry, self.password_in_file = event.asks, event.password_in_file
                self._publish([AdmissionChanged()])
            case admission_events.Invited() if event.ref == self._asked:
                self.invited = event
                self._publish([AdmissionChanged()])
            case _:
                return isinstance(event, admission_events.Invited | admission_events.Waiting)
        return True

    @property
    def answered(self) -> bool:
        """Whether the server has answered all that was asked and decided."""
        return not self._questions

    def disconnected(self) -> None:
        """The connection is lost: what was known may be out of date, and the person may have another role next time."""
        self._questions.clear()
        self.queue, self.invitations, self.invited, self.entry = None, [], None, None
        self._publish([AdmissionChanged()])

    def ask_for_entry(self) -> None:
        """Ask what the chat asks newcomers for: a change of nothing tells it."""
        self._send(SetEntry(id=secrets.token_hex(8)))

    def ask_for_invitations(self) -> None:
        """Ask which invitations there are."""
        self._send(admission_commands.Invitations(self._question()))

    def ask_for_queue(self) -> None:
        """Ask who waits, and whether newcomers have to."""
        self._send(admission_commands.Queue(self._question()))

    def invite(self, uses: int, seconds: int, nickname: str = "", room: str = "", role: InvitedAs = "member") -> None:
        """Make an invitation; ``invited`` follows. 0 uses is any number."""
        self._asked, self.invited = secrets.token_hex(8), None
        self._send(admission_commands.Invite(uses, seconds, nickname, room, role, id=self._asked))

    def revoke(self, invitation: str) -> None:
        """Let nobody else come by an invitation, by its id."""
        self._send(admission_commands.RevokeInvitation(invitation, self._question()))

    def accept(self, author: str) -> None:
        """Let somebody in."""
        self.accept_named(f"@{author}")

    def accept_named(self, who: str) -> None:
        """Let somebody in by nickname, or ``@`` and author; all who wait if it is empty."""
        self._send(admission_commands.Accept(who, self._question()))

    def accept_all(self) -> None:
        """Let all in who wait."""
        self.accept_named("")

    def decline(self, author: str, reason: str = "") -> None:
        """Send somebody away, who is told the reason."""
        self.decline_named(f"@{author}", reason)

    def decline_named(self, who: str, reason: str = "") -> None:
        """Send somebody away by nickname, or ``@`` and author."""
        self._send(admission_commands.Decline(who, reason, self._question()))

    def set_approval(self, active: bool) -> None:
        """Let newcomers wait from now on, or not; only the host may."""
        self._send(admission_commands.Approval(active))

    def _question(self) -> str:
        """The id of a command that is to be answered."""
        question = secrets.token_hex(4)
        self._questions.add(question)
        return question
