"""What a node has proposed and not followed yet: it is sent over each link until it is followed, or fails."""

from __future__ import annotations

import asyncio
from collections import deque

from chatdesk.log.operations import Operation, operation_key
from chatdesk.log.ordered_log import Proposal, ProposedChange, ProposedMessage
from chatdesk.log.room_log import LogError, StorageProblem

_MOST_SENT = 500
"""Operations in one call: Redis, for one, does nothing else for the 3 ms that they take."""
_MOST_WAITING = 8_000
"""Proposals that are not followed yet; beyond that they fail. So it is for the writer of a file."""


class Proposals:
    """The proposals of a node, with their operations, by key and in their order."""

    def __init__(self) -> None:
        self._proposals: dict[str, Proposal] = {}
        self._operations: dict[str, Operation] = {}
        self._unsent: deque[str] = deque()
        self._due = asyncio.Event()

    @property
    def full(self) -> bool:
        """Whether there are as many as may wait."""
        return len(self._proposals) >= _MOST_WAITING

    def get(self, key: str) -> Proposal | None:
        """Return the one of this key, if there is one."""
        return self._proposals.get(key)

    def add(self, operation: Operation, proposal: Proposal) -> None:
        """Keep it until it is taken or fails; a message that is said again waits for the first."""
        key = operation_key(operation)
        earlier = self._proposals.get(key)
        if isinstance(earlier, ProposedMessage) and isinstance(proposal, ProposedMessage):
            earlier.repeated.append(proposal)
            return
        self._proposals[key] = proposal
        self._operations[key] = operation
        self._unsent.append(key)
        self._due.set()

    def take(self, key: str) -> Proposal | None:
        """Return the one of this key, and keep it no longer."""
        self._operations.pop(key, None)
        return self._proposals.pop(key, None)

    def send_again(self) -> None:
        """All have to be sent, as over a new link."""
        self._unsent = deque(self._proposals)
        self._due.set()

    async def unsent(self) -> dict[str, Operation]:
        """Return the next that have to be sent, as many as one call takes, as soon as there are any."""
        while True:
            while self._unsent:
                keys = [self._unsent.popleft() for _ in range(min(_MOST_SENT, len(self._unsent)))]
                if operations := {key: self._operations[key] for key in keys if key in self._operations}:
                    return operations
            self._due.clear()
            await self._due.wait()

    def answer_known(self, key: str) -> None:
        """It was followed before it was proposed: nothing comes any more that would answer it."""
        proposal = self.take(key)
        if isinstance(proposal, ProposedMessage):
            for repeated in [proposal, *proposal.repeated]:
                repeated.find_earlier()
        elif isinstance(proposal, ProposedChange):
            proposal.reply(None)

    def fail(self, problem: StorageProblem) -> None:
        """Let all fail."""
        for proposal in [self.take(key) for key in list(self._proposals)]:
            if proposal:
                proposal.fail(LogError(problem))
