"""Those who wait for approval, in one queue: their places, and what becomes of them.

A queue that anybody can enter is bounded, and shared fairly between networks: somebody who fills it from one address
keeps nobody else out. It is in memory alone; after a restart clients come back by themselves, and wait again.
Where the host is one of several nodes, each has a queue of its own, which is bounded by itself; all show them as one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from time import time

from msgspec.structs import replace

from chatdesk.protocol import admission_events
from chatdesk.protocol.commands import Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.events import ServerInfo
from chatdesk.protocol.limits import QUEUE_PAGE, REASON_CHARS
from chatdesk.protocol.text import isolated, one_line
from chatdesk.server.decisions import Decisions, Verdict
from chatdesk.server.fresh_bans import FreshBans
from chatdesk.server.gate import Applicant, Wait
from chatdesk.server.node_queue import QueueNews, Waiting, everywhere

MOST_WAITING = 200
"""Several classes; nobody looks through a longer list."""
MOST_OF_A_NETWORK = 100
"""A class and its neighbours stand behind one address."""
KEEPS_SECONDS = 120.0
"""How long a place is kept after a lost connection: phones sleep, and people walk through doors."""
_TELL_SECONDS = 0.5
"""Changes within this time are told together: a class that is let in moves everybody's place."""
_FULL = "Very many people wait to come in: try again in a minute."
_FULL_SECONDS = 30


class Waiter:
    """Somebody in the queue. ``decision`` is set when they may come in; an exception says why not."""

    __slots__ = ("applicant", "author", "decision", "place", "since")

    def __init__(self, applicant: Applicant, author: str, since: float, decision: asyncio.Future[None]) -> None:
        self.applicant = applicant
        self.author = author
        self.since = since
        self.decision: asyncio.Future[None] | None = decision
        """None while the connection is lost."""
        self.place = 0
        """The one that they were told."""

    @property
    def identity(self) -> str:
        """Whose place it is."""
        return self.applicant.principal.identity

    @property
    def network(self) -> str:
        """Where they come from."""
        return self.applicant.session.connection.network

    @property
    def waiting(self) -> Waiting:
        """How they wait, for those who decide."""
        command, principal = self.applicant.command, self.applicant.principal
        client = command.client if isinstance(command, Join) else "terminal"
        about = principal.identity, self.author, self.applicant.nickname, self.network, client
        return Waiting(*about, self.since, self.decision is None)

    def decide(self, refusal: ProtocolError | None) -> None:
        """Tell them, if they are there."""
        decision, self.decision = self.decision, None
        if decision is None or decision.done():
            return
        if refusal:
            decision.set_exception(refusal)
        else:
            decision.set_result(None)


class WaitingRoom:
    """The queue, as a condition of the gate. ``on_change`` is called when it has changed, at most twice a second.

    ``author`` turns an identity into its public id, ``info`` names chat and host. ``keeps`` is in seconds.
    """

    def __init__(
        self,
        active: bool,
        author: Callable[[str], str],
        info: Callable[[], ServerInfo],
        keeps: float = KEEPS_SECONDS,
    ) -> None:
        self.active = active
        """Whether newcomers wait."""
        self.fresh_bans = FreshBans()
        """From where newcomers wait though nobody else does."""
        self.fresh_bans.on_end = self._let_in_others
        self.on_turned: Callable[[bool], None] = lambda _active: None
        """Called when the host lets newcomers wait from now on, or not."""
        self.on_change: Callable[[], None] = lambda: None
        self.on_news: Callable[[], None] = lambda: None
        """Called when other nodes have to hear of the queue."""
        self._author = author
        self._info = info
        self._keeps = keeps
        self._loop = asyncio.get_running_loop()
        self._queue: dict[str, Waiter] = {}
        """By identity, in order."""
        self._forgetting: dict[str, asyncio.TimerHandle] = {}
        """When the places are given up of those whose connection is lost."""
        self._elsewhere: dict[str, dict[str, Waiting]] = {}
        """By node and identity."""
        self._decisions = Decisions(self._loop.time)
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._queue)

    def queue(self, ref: str | None = None) -> admission_events.Queue:
        """Who waits, for those who decide."""
        waiting, now = self._everywhere(), time()
        people = [
            admission_events.Waiter(one.nickname, one.author, one.client, max(0, int(now - one.since)), one.lost)
            for one in waiting[:QUEUE_PAGE]
        ]
        return admission_events.Queue(people, len(waiting), self.active, ref)

    def ask(self, applicant: Applicant) -> Wait | None:
        """Let somebody wait, at their old place if they have one. Raises ProtocolError if too many do."""
        if not (applicant.joins and self._wait_from(applicant.session.connection.network)):
            return None
        if applicant.invited or applicant.known:
            self._give_up(applicant.principal.identity)
            return None
        if self._decisions.lets_pass(applicant):
            return None
        if applicant.principal.identity not in self._queue:
            self._make_place(applicant.session.connection.network)
        return Wait(partial(self._wait, applicant), long=True)

    def accept(self, who: str) -> None:
        """Let somebody in, or all of them if ``who`` is empty; also somebody who was sent away, when they come again.

        Raises ProtocolError if there is nobody of this name.
        """
        waiting = self._everywhere()
        sent_away = self._decisions.sent_away(who) if who else []
        let_in = [replace(verdict, refusal="") for verdict in sent_away]
        let_in += [one.verdict() for one in waiting if not who or one.is_called(who)]
        if who and not let_in:
            raise _nobody(who)
        for verdict in let_in:
            self._decide(verdict)

    def decline(self, who: str, reason: str) -> None:
        """Send somebody away, and for a while again whenever they come. Raises ProtocolError if nobody is called so."""
        waiting = next((one for one in self._everywhere() if one.is_called(who)), None)
        if waiting is None:
            raise _nobody(who)
        host = self._info().host
        by = isolated(host) if host else "The host"
        reason = one_line(reason, REASON_CHARS)
        sentence = f"{by} does not let you in: {reason}" if reason else f"{by} does not let you in."
        self._decide(waiting.verdict(sentence))

    def known(self) -> list[tuple[str, str]]:
        """The identities and nicknames of those who wait."""
        return [(one.identity, one.nickname) for one in self._everywhere()]

    # What nodes tell each other

    def news(self) -> QueueNews:
        """See ``SharedQueue``."""
        waiting = [waiter.waiting for waiter in self._queue.values()]
        return QueueNews(waiting, self._decisions.recent(), self.fresh_bans.recent())

    def hear(self, node: str, news: QueueNews) -> None:
        """See ``SharedQueue``."""
        self._elsewhere[node] = {one.identity: one for one in news.waiting}
        for ban in news.fresh_bans:
            self.fresh_bans.hear(ban)
        for verdict in filter(self._decisions.hear, news.verdicts):
            self._carry_out(verdict)
        self._changed()

    def lost(self, node: str) -> None:
        """See ``SharedQueue``."""
        if self._elsewhere.pop(node, None):
            self._changed()

    def _everywhere(self) -> list[Waiting]:
        here = (waiter.waiting for waiter in self._queue.values())
        return everywhere(here, (others.values() for others in self._elsewhere.values()))

    def _decide(self, verdict: Verdict) -> None:
        self._carry_out(self._decisions.decide(verdict))
        self.on_news()

    def _carry_out(self, verdict: Verdict) -> None:
        for others in self._elsewhere.values():
            others.pop(verdict.identity, None)
        if waiter := self._queue.get(verdict.identity):
            self._remove(waiter)
            # if something keeps them out now, such as a name that somebody else has taken, they need not wait again
            waiter.decide(verdict.error)
        self._changed()

    def review(self, admissible: Callable[[Applicant], object]) -> None:
        """Somebody was banned: tell those who wait in vain, for whom ``admissible`` raises a ProtocolError."""
        for waiter in list(self._queue.values()):
            try:
                admissible(waiter.applicant)
            except ProtocolError as refusal:
                self._remove(waiter)
                waiter.decide(refusal)

    def set_active(self, active: bool) -> None:
        """Let newcomers wait from now on; or not, and those who wait come in."""
        self.on_turned(active)
        self.adopt_active(active)

    def adopt_active(self, active: bool) -> None:
        """The host has done so at another node."""
        self.active = active
        if not active:
            self.accept("")
        self._changed()

    def _wait_from(self, network: str) -> bool:
        return self.active or self.fresh_bans.concern(network)

    def _let_in_others(self) -> None:
        """A ban is fresh no longer: let in who waits for that alone."""
        for waiter in list(self._queue.values()):
            if not self._wait_from(waiter.network):
                self._decide(waiter.waiting.verdict())

    def close(self) -> None:
        """Tell nobody anything any more."""
        self.fresh_bans.close()
        for timer in (*self._forgetting.values(), *([self._timer] if self._timer else ())):
            timer.cancel()
        self._queue.clear()

    async def _wait(self, applicant: Applicant) -> None:
        """Wait for the decision. Raises ProtocolError if it is no."""
        waiter = self._enter(applicant)
        decision = waiter.decision
        if decision is None:
            return
        try:
            await decision
        except asyncio.CancelledError:
            self._lost(waiter)
            raise

    def _enter(self, applicant: Applicant) -> Waiter:
        identity = applicant.principal.identity
        known = self._queue.get(identity)
        elsewhere = (others[identity].since for others in self._elsewhere.values() if identity in others)
        since = known.since if known else min(elsewhere, default=time())
        if known:  # another tab, or the connection before its loss was noticed
            known.decide(ProtocolError(ErrorCode.DECLINED, "You wait in another tab or window."))
        author = self._author(identity)
        waiter = Waiter(applicant, author, since, self._loop.create_future())
        self._stop_forgetting(waiter.identity)
        self._queue[waiter.identity] = waiter  # in place of the old one
        waiter.place = 1 + [one.identity for one in self._everywhere()].index(identity)
        self._tell(waiter)
        self._changed()
        return waiter

    def _lost(self, waiter: Waiter) -> None:
        """A connection has ended; its person's place is kept for a while, unless they have left."""
        waiter.decision = None
        if self._queue.get(waiter.identity) is not waiter:
            return
        if waiter.applicant.session.left:
            self._remove(waiter)
        else:
            self._forgetting[waiter.identity] = self._loop.call_later(self._keeps, self._remove, waiter)
        self._changed()

    def _make_place(self, network: str) -> None:
        """Raises ProtocolError if there is none. In a full queue the newest of the most crowded network has to go."""
        counts = Counter(waiter.network for waiter in self._queue.values())
        crowded = max(counts, key=counts.__getitem__, default=network)
        is_full = len(self._queue) >= MOST_WAITING
        if counts[network] >= MOST_OF_A_NETWORK or (is_full and counts[crowded] <= counts[network] + 1):
            raise _full()
        if is_full:
            newest = next(it for it in reversed(self._queue.values()) if it.network == crowded)
            self._remove(newest)
            newest.decide(_full())

    def _remove(self, waiter: Waiter) -> None:
        self._stop_forgetting(waiter.identity)
        if self._queue.get(waiter.identity) is waiter:
            del self._queue[waiter.identity]
            self._changed()

    def _give_up(self, identity: str) -> None:
        """The person needs the place no longer that is kept for them, if one is."""
        if (waiter := self._queue.get(identity)) and waiter.decision is None:
            self._remove(waiter)

    def _stop_forgetting(self, identity: str) -> None:
        if timer := self._forgetting.pop(identity, None):
            timer.cancel()

    def _changed(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(_TELL_SECONDS, self._tell_all)

    def _tell_all(self) -> None:
        """Tell everybody whose place is another one now, and those who decide."""
        self._timer = None
        self.on_news()
        for place, one in enumerate(self._everywhere(), 1):
            waiter = self._queue.get(one.identity)
            if waiter and waiter.place != place:
                waiter.place = place
                self._tell(waiter)
        self.on_change()

    def _tell(self, waiter: Waiter) -> None:
        if waiter.decision is None or not isinstance(waiter.applicant.command, Join):
            return
        info, before = self._info(), waiter.place - 1
        whom = isolated(info.host) if info.host else "The host"
        others = {0: "Nobody is before you.", 1: "One person is before you."}.get(before, f"{before} are before you.")
        sentence = f"{whom} lets people in: wait a moment. {others}"
        session, waited = waiter.applicant.session, max(0, int(time() - waiter.since))
        place, nickname, ref = waiter.place, waiter.applicant.nickname, waiter.applicant.command.id
        session.send(
            admission_events.Waiting(place, sentence, nickname, info.name, info.host, waited, int(self._keeps), ref)
        )


def _full() -> ProtocolError:
    return ProtocolError(ErrorCode.QUEUE_FULL, _FULL, retry_after=_FULL_SECONDS)


def _nobody(who: str) -> ProtocolError:
    return ProtocolError(ErrorCode.NOT_FOUND, f"{isolated(who)} does not wait, or no longer.")
