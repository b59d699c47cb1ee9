"""The gate: asks everything that may keep somebody out of the chat or of a room, before they have a place in it.

Each reason is a condition, a function of its own. While an answer takes time, the applicant has no nickname, no person
and no membership: an applicant who goes meanwhile leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, NamedTuple

from chatdesk.protocol.commands import Enter, Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.auth import Principal
from chatdesk.server.command_errors import ref_of, refuse
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.permissions import Right, may
from chatdesk.server.session import Session

MAX_WAITING = 500
"""Who may wait for an answer at once: for approval, their turn, or a hash. Each takes a task, a few kilobytes."""
_FULL_SECONDS = 5.0

_FULL = "Very many people are waiting to be let in: try again in a moment."


class Applicant(NamedTuple):
    """Somebody who asks to be let in, by joining the chat or by entering a further room of it.

    ``room`` is the name of the room, cleaned; whether there is one of that name is not said. ``invited``: they come by
    an invitation, which passes the password, the lock and the approval of the chat. ``known``: they have been in it.
    """

    session: Session
    principal: Principal
    nickname: str
    room: str
    command: Join | Enter
    invited: bool = False
    known: bool = False

    @property
    def joins(self) -> bool:
        """Whether they ask for the chat as well, not for a further room alone."""
        return isinstance(self.command, Join)


class Wait(NamedTuple):
    """An answer that takes time. ``answer`` returns when nothing is against the applicant, or raises ProtocolError.

    Where it takes a moment, what the applicant sends meanwhile is executed afterwards, in order. Where it is ``long``,
    as it is where a person decides, that is executed at once; somebody who has not joined yet can only ``ping`` and
    ``leave``. It is cancelled when they go, or ask for the same once more.
    """

    answer: Callable[[], Coroutine[Any, Any, None]]
    long: bool = False


Condition = Callable[[Applicant], Wait | None]
"""What may keep somebody out. Raises ProtocolError if the applicant may not enter; None: nothing is against them."""


class Gate:
    """Asks the ``conditions``, in their order. Somebody with ENTER_FREELY passes."""

    def __init__(self, command_queue: CommandQueue) -> None:
        self.conditions: list[Condition] = []
        self._command_queue = command_queue
        self._waiting: dict[tuple[Session, str], asyncio.Task[None]] = {}
        """The tasks that wait for an answer, by session and room."""
        self._outside: set[Session] = set()

    def ask(self, applicant: Applicant, let_in: Callable[[], None]) -> None:
        """Call ``let_in`` when nothing is against the applicant: now, or later unless they have gone meanwhile.

        Raises ProtocolError if something is that is known at once; what turns out later is told to them here, also if
        ``let_in`` raises it.
        """
        if may(applicant.principal, Right.ENTER_FREELY, None):
            let_in()
        else:
            self._ask(applicant, iter(self.conditions), let_in)

    def waits_outside(self, session: Session) -> bool:
        """Whether the session has not joined yet, since it waits for an answer that may take minutes."""
        return session in self._outside

    def withdraw(self, session: Session) -> bool:
        """The session asks for nothing any more. Returns whether it had waited."""
        asked = [key for key in self._waiting if key[0] is session]
        for key in asked:
            self._waiting.pop(key).cancel()
        self._outside.discard(session)
        return bool(asked)

    def close(self) -> None:
        """Answer nobody any more."""
        for session, _room in list(self._waiting):
            self.withdraw(session)

    def _ask(self, applicant: Applicant, conditions: Iterator[Condition], let_in: Callable[[], None]) -> None:
        for condition in conditions:
            if wait := condition(applicant):
                return self._wait(applicant, wait, partial(self._ask, applicant, conditions, let_in))
        return let_in()

    def _wait(self, applicant: Applicant, wait: Wait, go_on: Callable[[], None]) -> None:
        """Call ``go_on`` when the answer is that nothing is against the applicant."""
        if len(self._waiting) >= MAX_WAITING:
            raise ProtocolError(ErrorCode.RATE_LIMITED, _FULL, retry_after=_FULL_SECONDS)
        session = applicant.session

        def answered(refusal: ProtocolError | None) -> None:
            if session.connection.closing:
                return
            try:
                if refusal:
                    raise refusal
                go_on()
            except ProtocolError as error:
                error.ref = ref_of(applicant.command)
                refuse(session, error)

        then = answered if wait.long else self._command_queue.wait_for(session, answered)
        key = session, applicant.room
        if earlier := self._waiting.get(key):
            earlier.cancel()
        if wait.long and applicant.joins:
            self._outside.add(session)
        self._waiting[key] = asyncio.get_running_loop().create_task(self._answer(key, wait, then))

    async def _answer(self, key: tuple[Session, str], wait: Wait, then: Callable[[ProtocolError | None], None]) -> None:
        refusal = None
        try:
            await wait.answer()
        except ProtocolError as error:
            refusal = error
        del self._waiting[key]
        self._outside.discard(key[0])
        then(refusal)
