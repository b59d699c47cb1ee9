"""By which of this machine's addresses others reach it.

People who are asked call each of them, and so does the test page. With the call comes a nonce, a secret of each
caller's own: it tells who calls, whatever way the call took.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from chatdesk.ip import is_private, owner_of, plain_address
from chatdesk.protocol import events
from chatdesk.protocol.limits import REACH_ADDRESSES
from chatdesk.server.presence import Person
from chatdesk.server.session import Session

REACH_SECONDS = 10.0
"""How often people are asked to call, at most."""
_ASKED = 20
"""So many people are asked at once, at most."""
_VISITS = 1024
"""So many test pages are known at once; of whoever has most of them, the oldest goes."""
_VISITS_OF_ONE = 256
"""And so many of one address: behind a proxy, a whole school has the same one."""
_TOLD = 50
"""So many addresses from which the test page has called are told at most."""
_SECONDS = 600.0
_LOOK_SECONDS = 2.0
"""The machine's addresses are looked up no more often than this."""
_TEST_PAGE = "Test page"
_LATEST = 2**53


@dataclass(slots=True)
class Call:
    """Who calls, and by which of our addresses that came in. ``owner`` is whose address it is (``owner_of``).

    ``asked``: a client that is to call now, if it has not yet. ``skew`` is by how many seconds their clock is ahead of
    ours.
    """

    name: str
    address: str
    owner: str
    since: float
    asked: bool = False
    reached: set[str] = field(default_factory=set)
    skew: float | None = None


class Reach:
    """Asks, listens and remembers. ``addresses`` tells what this machine's are now, ``people`` who is here."""

    def __init__(self, addresses: Callable[[], Iterable[str]], people: Callable[[], Iterable[Person]]) -> None:
        self._look = addresses
        self._people = people
        self._asked: dict[str, Call] = {}
        self._visits: dict[str, Call] = {}
        self._own: tuple[str, ...] = ()
        self._shown: list[str] = []
        self._looked_at = -_LOOK_SECONDS
        self._asked_at = -REACH_SECONDS

    @property
    def addresses(self) -> list[str]:
        """The own addresses that are called: such as no packet for them leaves private networks."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            self._own = tuple(self._look())
            self._shown = [address for address in self._own if is_private(address)][:REACH_ADDRESSES]
        return self._shown

    def ask(self) -> None:
        """Ask people on other devices to call, unless they were asked just now."""
        now = time.monotonic()
        if now - self._asked_at < REACH_SECONDS:
            return
        self._asked_at = now
        self._asked = {}
        for person, session in list(self._elsewhere())[:_ASKED]:
            nonce, call = secrets.token_hex(16), _call(person.nickname, session.link.address or "")
            call.reached.add(plain_address(session.link.local_address or ""))
            call.asked = session.calls
            self._asked[nonce] = call
            if session.calls:
                session.send(events.Reach(nonce, self.addresses))

    def open(self, address: str) -> str:
        """A nonce for the test page that is opened at this address."""
        self._forget()
        nonce, call = secrets.token_hex(16), _call(_TEST_PAGE, address)
        of_one = [nonce for nonce, visit in self._visits.items() if visit.address == call.address]
        if len(of_one) >= _VISITS_OF_ONE:
            del self._visits[of_one[0]]
        elif len(self._visits) >= _VISITS:
            ((owner, _),) = Counter(visit.owner for visit in self._visits.values()).most_common(1)
            del self._visits[next(nonce for nonce, visit in self._visits.items() if visit.owner == owner)]
        self._visits[nonce] = call
        return nonce

    def came_in(self, nonce: str, local_address: str, clock: str) -> Call | None:
        """A call has come; ``clock`` is the caller's, in milliseconds since 1970. None for a nonce of nobody."""
        call = self._asked.get(nonce) or self._visits.get(nonce)
        if call is None:
            return None
        call.reached.add(plain_address(local_address))
        if clock.isdecimal() and len(clock) < len(str(_LATEST)):
            call.skew = round(int(clock) / 1000 - time.time(), 1)
        return call

    def report(self) -> dict[str, Any]:
        """Who was asked, who has the test page open, and who has come in where."""
        self._forget()
        people = [_told(call, joined=True) for call in self._asked.values() if not self.is_own(call.address)]
        visitors = [_told(call, joined=False) for call in self._visitors() if not self.is_own(call.address)]
        return {"addresses": self.addresses, "callers": [*people, *visitors[-_TOLD:]]}

    def is_own(self, address: str) -> bool:
        """Whether who comes from there sits at this very machine, and so proves nothing."""
        address = plain_address(address)
        return not address or address in (*self.addresses, *self._own) or ipaddress.ip_address(address).is_loopback

    def _visitors(self) -> Iterable[Call]:
        """Test pages that have called, those of one address as one: nobody knows of how many devices it is."""
        visitors: dict[str, Call] = {}
        for visit in self._visits.values():
            if visit.reached:
                earlier = visitors.get(visit.address, visit)
                visitors[visit.address] = replace(visit, reached=visit.reached | earlier.reached)
        return visitors.values()

    def _forget(self) -> None:
        limit = time.monotonic() - _SECONDS
        for calls in (self._asked, self._visits):
            for nonce in [nonce for nonce, call in calls.items() if call.since <= limit]:
                del calls[nonce]

    def _elsewhere(self) -> Iterable[tuple[Person, Session]]:
        """A session of everybody on another device, one that can call where there is such a one."""
        for person in self._people():
            sessions = sorted(person.sessions, key=lambda session: not session.calls)
            session = next((it for it in sessions if not self.is_own(it.link.address or "")), None)
            if session:
                yield person, session


def _call(name: str, address: str) -> Call:
    plain = plain_address(address)
    return Call(name, plain, owner_of(plain), time.monotonic())


def _told(call: Call, *, joined: bool) -> dict[str, Any]:
    return {
        "name": call.name,
        "address": call.address,
        "calls": call.asked,
        "joined": joined,
        "reached": sorted(call.reached),
        "skew": call.skew,
    }
