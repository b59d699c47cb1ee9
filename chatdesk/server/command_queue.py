"""One command of a session after another, also where one has to wait for the log."""

import asyncio
from collections.abc import Callable

from chatdesk.protocol.commands import Command
from chatdesk.server.rate_limits import RateLimits
from chatdesk.server.session import Session


class CommandQueue:
    """Has ``execute`` called for one command of each session at a time, in the order in which they came.

    While one waits, nothing more is read from the connection: what was read with it waits too, and the rest is left to
    the peer.
    """

    def __init__(self, execute: Callable[[Session, RateLimits, Command], None]) -> None:
        self._execute = execute
        self._loop = asyncio.get_running_loop()

    def submit(self, session: Session, rate_limits: RateLimits, command: Command) -> None:
        """Carry it out at once, or when its turn has come."""
        if session.awaiting_log or session.queued_commands:
            session.queued_commands.append(command)
            session.connection.pause_reading()
        else:
            self._execute(session, rate_limits, command)

    def wait_for[Answer](
        self, session: Session, rate_limits: RateLimits, then: Callable[[Answer], None]
    ) -> Callable[[Answer], None]:
        """What takes the log's answer and passes it on to ``then``. Until it comes, further commands wait."""
        session.awaiting_log = True

        def answered(answer: Answer) -> None:
            session.awaiting_log = False
            then(answer)
            if session.queued_commands:
                self._loop.call_soon(self._execute_queued, session, rate_limits)

        return answered

    def _execute_queued(self, session: Session, rate_limits: RateLimits) -> None:
        while session.queued_commands and not session.awaiting_log and not session.connection.closing:
            self._execute(session, rate_limits, session.queued_commands.pop(0))
        if session.connection.closing:
            session.queued_commands.clear()
        if not session.queued_commands:
            session.connection.resume_reading()
