"""What was decided about those who waited: for a while nobody is asked about the same person again."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import nickname_key
from chatdesk.server.gate import Applicant

_ACCEPTED_SECONDS = 600.0
"""How long somebody who was let in may come back as if they had waited, such as under another name."""
_DECLINED_SECONDS = 600.0
"""How long somebody who was sent away is sent away again, unless they are let in after all."""


class _Declined(NamedTuple):
    until: float
    refusal: ProtocolError
    identity: str
    author: str
    network: str
    key: str
    """That of their nickname: with the network, it tells them from others when they come as somebody else."""

    def is_about(self, applicant: Applicant) -> bool:
        """Whether it is the same person, as far as can be told."""
        network, key = applicant.session.connection.network, nickname_key(applicant.nickname)
        return applicant.principal.identity == self.identity or (network, key) == (self.network, self.key)


class Decisions:
    """``clock`` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._accepted: dict[str, float] = {}
        """Until when, by identity."""
        self._declined: list[_Declined] = []

    def accept(self, identity: str) -> None:
        """This person may come in."""
        self._accepted[identity] = self._clock() + _ACCEPTED_SECONDS

    def decline(self, applicant: Applicant, author: str, refusal: ProtocolError) -> None:
        """This person is sent away; ``author`` is their public id."""
        until, key = self._clock() + _DECLINED_SECONDS, nickname_key(applicant.nickname)
        whose = applicant.principal.identity, author, applicant.session.connection.network, key
        self._declined.append(_Declined(until, refusal, *whose))

    def take_back(self, who: str) -> bool:
        """Let somebody in who was sent away, by nickname or ``@`` and author; False if there is none."""
        author, key = who.removeprefix("@"), nickname_key(who)
        found = [it for it in self._declined if (who.startswith("@") and it.author == author) or it.key == key]
        for declined in found:
            self._declined.remove(declined)
            self.accept(declined.identity)
        return bool(found)

    def lets_pass(self, applicant: Applicant) -> bool:
        """Whether this person was let in. Raises ProtocolError if they were sent away."""
        now = self._clock()
        self._accepted = {identity: until for identity, until in self._accepted.items() if until >= now}
        self._declined = [declined for declined in self._declined if declined.until >= now]
        if declined := next((it for it in self._declined if it.is_about(applicant)), None):
            raise ProtocolError(declined.refusal.code, declined.refusal.content)
        return applicant.principal.identity in self._accepted
