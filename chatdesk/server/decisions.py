"""What was decided about those who waited: for a while nobody is asked about the same person again."""

from __future__ import annotations

from collections.abc import Callable
from time import time

from msgspec import Struct
from msgspec.structs import replace

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import nickname_key
from chatdesk.server.gate import Applicant

_KEPT_SECONDS = 600.0
"""How long somebody who was let in may come back as if they had waited, such as under another name; and how long
somebody who was sent away is sent away again, unless they are let in after all."""


class Verdict(Struct, array_like=True, frozen=True):
    """What was decided about somebody, and when, in milliseconds since 1970. ``refusal`` says why not; empty: come in.

    With the ``network`` the ``key`` of their nickname tells them from others when they come as somebody else.
    """

    identity: str
    author: str
    key: str
    network: str
    at: int = 0
    refusal: str = ""

    @property
    def left(self) -> float:
        """For how many more seconds it holds, by the clock of this node."""
        return _KEPT_SECONDS - max(0.0, time() - self.at / 1000)

    def is_about(self, applicant: Applicant) -> bool:
        """Whether it is the same person, as far as can be told."""
        network, key = applicant.session.connection.network, nickname_key(applicant.nickname)
        return applicant.principal.identity == self.identity or (network, key) == (self.network, self.key)

    @property
    def error(self) -> ProtocolError | None:
        """What they are told; None if they may come in."""
        return ProtocolError(ErrorCode.DECLINED, self.refusal) if self.refusal else None


class Decisions:
    """The latest verdict about each person. ``clock`` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[Verdict, float]] = {}
        """By identity, and until when."""

    def decide(self, verdict: Verdict) -> Verdict:
        """Keep what is decided here, and return it with its time: the latest, whatever the clocks of others say."""
        known = self._kept.get(verdict.identity)
        decided = replace(verdict, at=max(int(time() * 1000), known[0].at + 1 if known else 0))
        self._keep(decided)
        return decided

    def hear(self, verdict: Verdict) -> bool:
        """Keep a verdict of another node. Returns False if it holds no longer, or a later one is known, or this one."""
        known = self._kept.get(verdict.identity)
        if verdict.left <= 0 or (known and known[0].at >= verdict.at):
            return False
        self._keep(verdict)
        return True

    def _keep(self, verdict: Verdict) -> None:
        self._kept[verdict.identity] = verdict, self._clock() + verdict.left

    def recent(self) -> list[Verdict]:
        """All that hold."""
        now = self._clock()
        self._kept = {identity: kept for identity, kept in self._kept.items() if kept[1] >= now}
        return [verdict for verdict, _until in self._kept.values()]

    def sent_away(self, who: str) -> list[Verdict]:
        """Those who were sent away and have this nickname, or ``@`` and author."""
        author, key = who.removeprefix("@"), nickname_key(who)
        refused = (verdict for verdict in self.recent() if verdict.refusal)
        return [it for it in refused if (who.startswith("@") and it.author == author) or it.key == key]

    def lets_pass(self, applicant: Applicant) -> bool:
        """Whether this person was let in. Raises ProtocolError if they were sent away."""
        verdicts = self.recent()
        for verdict in verdicts:
            if verdict.refusal and verdict.is_about(applicant):
                raise ProtocolError(ErrorCode.DECLINED, verdict.refusal)
        return any(verdict.identity == applicant.principal.identity for verdict in verdicts)
