"""The queue of those who wait for approval: seeing it, letting people in, and sending them away."""

from chatdesk.protocol import admission_commands
from chatdesk.server.command_errors import require_right
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, may
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session
from chatdesk.server.waiting_room import WaitingRoom


class QueueCommands:
    """What the host and moderators do with the queue. Clients with the capability ``queue`` hear of each change."""

    def __init__(self, hub: Hub, waiting: WaitingRoom) -> None:
        self._hub = hub
        self._waiting = waiting
        waiting.on_change = self._send_to_all
        self.rows = (
            Row(admission_commands.Queue, None, Spending.QUERIES, self._list),
            Row(admission_commands.Accept, None, Spending.QUERIES, self._accept),
            Row(admission_commands.Decline, None, Spending.QUERIES, self._decline),
            Row(admission_commands.Approval, None, Spending.QUERIES, self._approve),
        )

    def _send_to_all(self) -> None:
        """Tell those who decide how the queue is now."""
        queue = self._waiting.queue()
        for session in self._hub.all_sessions():
            if session.hears_queue and session.principal and may(session.principal, Right.ADMIT, None):
                session.send(queue)

    def _list(self, session: Session, query: admission_commands.Queue) -> None:
        require_right(session, Right.ADMIT)
        session.send(self._waiting.queue(query.id))

    def _accept(self, session: Session, accept: admission_commands.Accept) -> None:
        require_right(session, Right.ADMIT)
        self._waiting.accept(accept.who)
        session.send(self._waiting.queue(accept.id))

    def _decline(self, session: Session, decline: admission_commands.Decline) -> None:
        require_right(session, Right.ADMIT)
        self._waiting.decline(decline.who, decline.reason)
        session.send(self._waiting.queue(decline.id))

    def _approve(self, session: Session, approval: admission_commands.Approval) -> None:
        require_right(session, Right.GUARD_ENTRY)
        self._waiting.set_active(approval.active)
        session.send(self._waiting.queue(approval.id))
