"""Executes the commands of a session one after the other, also when one has to wait for the log."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from chatdesk.protocol.commands import Command
from chatdesk.server.session import Session

_TURN_SECONDS = 0.05
"""How soon it is looked whether a connection that has used up its share may go on."""


class CommandQueue:
    """Calls ``execute`` for one command of each session at a time, in the order of arrival.

    While a command waits, nothing more is read from its connection. Commands that were read together with it are
    queued; the rest stays in the peer's socket, so the queue is bounded. The connection pays for what answers cost, and
    waits for its turn like one that sends too much.
    """

    def __init__(self, execute: Callable[[Session, Command], None]) -> None:
        self._execute = execute
        self._loop = asyncio.get_running_loop()

    def submit(self, session: Session, command: Command) -> None:
        """Execute the command now, or queue it while an earlier one waits."""
        if session.awaiting_log or session.queued_commands:
            session.queued_commands.append(command)
            session.connection.pause_reading()
        else:
            self._execute(session, command)

    def wait_for[Answer](self, session: Session, then: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """A callback for the log's answer, which passes it on to ``then``. Until it is called, commands are queued."""
        session.awaiting_log = True

        def answered(answer: Answer) -> None:
            session.awaiting_log = False
            _charge(session, partial(then, answer))
            if session.queued_commands:
                self._loop.call_soon(self._execute_queued, session)

        return answered

    def _execute_queued(self, session: Session) -> None:
        while session.queued_commands and not session.awaiting_log and not session.connection.closing:
            if session.connection.scheduled:
                self._loop.call_later(_TURN_SECONDS, self._execute_queued, session)
                return
            _charge(session, partial(self._execute, session, session.queued_commands.pop(0)))
        if session.connection.closing:
            session.queued_commands.clear()
        if not session.queued_commands:
            session.connection.resume_reading()


def _charge(session: Session, work: Callable[[], None]) -> None:
    """Do some work, and charge the session's connection for the time."""
    start = time.perf_counter()
    work()
    session.connection.charge(time.perf_counter() - start)
