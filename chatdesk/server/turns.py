"""One command of a session after another, also where one has to wait for the log."""

import asyncio
from collections.abc import Callable

from chatdesk.protocol.commands import Command
from chatdesk.server.budget import Budget
from chatdesk.server.session import Session


class Turns:
    """Has ``carry_out`` called for one command of each session at a time, in the order in which they came.

    While one waits, nothing more is read from the connection: what was read with it waits too, and the rest is left to
    the peer.
    """

    def __init__(self, carry_out: Callable[[Session, Budget, Command], None]) -> None:
        self._carry_out = carry_out
        self._loop = asyncio.get_running_loop()

    def take(self, session: Session, budget: Budget, command: Command) -> None:
        """Carry it out at once, or when its turn has come."""
        if session.busy or session.waiting:
            session.waiting.append(command)
            session.link.hold()
        else:
            self._carry_out(session, budget, command)

    def until[Answer](
        self, session: Session, budget: Budget, then: Callable[[Answer], None]
    ) -> Callable[[Answer], None]:
        """What takes the log's answer and passes it on to ``then``. Until it comes, further commands wait."""
        session.busy = True

        def answered(answer: Answer) -> None:
            session.busy = False
            then(answer)
            if session.waiting:
                self._loop.call_soon(self._go_on, session, budget)

        return answered

    def _go_on(self, session: Session, budget: Budget) -> None:
        while session.waiting and not session.busy and not session.link.closing:
            self._carry_out(session, budget, session.waiting.pop(0))
        if session.link.closing:
            session.waiting.clear()
        if not session.waiting:
            session.link.release()
