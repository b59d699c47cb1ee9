"""Ends the connections of people whose token was revoked: the command line writes that into a file."""

import asyncio

from chatdesk.log.node_channel import NodeChannel
from chatdesk.server.auth import TokenSignIn
from chatdesk.server.hub import Hub
from chatdesk.server.node_revocations import NodeRevocations

REVOKED = "Your token was revoked: ask the host of this chat for a new one."
_SECONDS = 1.0


class RevocationWatch:
    """Looks once a second, which costs a ``stat``, and at the people only when something has changed.

    ``channel`` is the way to other nodes, if there are any.
    """

    def __init__(self, hub: Hub, tokens: TokenSignIn, channel: NodeChannel | None = None) -> None:
        self._hub = hub
        self._tokens = tokens
        self._known = tokens.revoked_ids()
        self._nodes = NodeRevocations(tokens, channel) if channel else None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start, or set the timer for the next look."""
        self._timer = self._loop.call_later(_SECONDS, self._look)

    def stop(self) -> None:
        """Stop, and fetch no keys any more."""
        if self._timer:
            self._timer.cancel()
        self._tokens.close()

    def _look(self) -> None:
        revoked = self._tokens.revoked_ids()
        if revoked - self._known:
            for session in self._hub.all_sessions():
                grant = session.principal.grant if session.principal else None
                if grant and grant.token_id in revoked:
                    session.close_unauthorized(REVOKED)
            if self._nodes:
                self._nodes.changed()
        self._known = revoked
        self.start()
