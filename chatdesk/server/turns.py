"""One command of a session after another, also where one has to wait for the log."""

import asyncio
from collections.abc import Callable

from chatdesk.protocol.commands import Command, History, Message
from chatdesk.server.budget import Budget
from chatdesk.server.refusals import too_fast
from chatdesk.server.session import Session

_MOST_WAITING = 100


class Turns:
    """Has ``carry_out`` called for one command of each session at a time, in the order in which they came."""

    def __init__(self, carry_out: Callable[[Session, Budget, Command], None]) -> None:
        self._carry_out = carry_out
        self._loop = asyncio.get_running_loop()

    def take(self, session: Session, budget: Budget, command: Command) -> None:
        """Carry it out at once, or when its turn has come. Raises ProtocolError where too many wait already."""
        if not session.busy and not session.waiting:
            self._carry_out(session, budget, command)
        elif len(session.waiting) < _MOST_WAITING:
            session.waiting.append(command)
        else:
            raise too_fast("sending", _ref(command))

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
        if session.link.closing:
            session.waiting.clear()
        while session.waiting and not session.busy:
            self._carry_out(session, budget, session.waiting.pop(0))


def _ref(command: Command) -> str:
    """What an error about it refers to."""
    match command:
        case Message(id=str(ref)) | History(ref=str(ref)):
            return ref
    return str(type(command).__struct_config__.tag)
