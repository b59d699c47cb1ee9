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

from chatdesk.ip import canonical_address, is_private, network_of
from chatdesk.protocol import events
from chatdesk.protocol.limits import REACH_ADDRESSES
from chatdesk.server.presence import Person
from chatdesk.server.session import Session

ASK_INTERVAL_SECONDS = 10.0
"""How often people are asked to call, at most."""
_MAX_ASKED = 20
"""So many people are asked at once, at most."""
_MAX_TEST_PAGES = 1024
"""So many test pages are known at once; of whoever has most of them, the oldest goes."""
_MAX_TEST_PAGES_OF_ONE_ADDRESS = 256
"""And so many of one address: behind a proxy, a whole school has the same one."""
_MAX_REPORTED = 50
"""So many addresses from which the test page has called are told at most."""
_FORGET_SECONDS = 600.0
_ADDRESS_CACHE_SECONDS = 2.0
"""The machine's addresses are looked up no more often than this."""
_TEST_PAGE = "Test page"
_MAX_MILLISECONDS = 2**53


@dataclass(slots=True)
class Caller:
    """Who calls, and by which of our addresses that came in. ``network`` is whose address it is (``network_of``).

    ``asked``: a client that is to call now, if it has not yet. ``skew`` is by how many seconds their clock is ahead of
    ours.
    """

    name: str
    address: str
    network: str
    since: float
    asked: bool = False
    reached: set[str] = field(default_factory=set)
    skew: float | None = None


class ReachabilityProbe:
    """Asks, listens and remembers. ``addresses`` tells what this machine's are now, ``people`` who is here."""

    def __init__(self, addresses: Callable[[], Iterable[str]], people: Callable[[], Iterable[Person]]) -> None:
        self._current_addresses = addresses
        self._people = people
        self._asked: dict[str, Caller] = {}
        self._test_pages: dict[str, Caller] = {}
        self._own: tuple[str, ...] = ()
        self._shown: list[str] = []
        self._addresses_at = -_ADDRESS_CACHE_SECONDS
        self._asked_at = -ASK_INTERVAL_SECONDS

    @property
    def addresses(self) -> list[str]:
        """The own addresses that are called: such as no packet for them leaves private networks."""
        now = time.monotonic()
        if now - self._addresses_at >= _ADDRESS_CACHE_SECONDS:
            self._addresses_at = now
            self._own = tuple(self._current_addresses())
            self._shown = [address for address in self._own if is_private(address)][:REACH_ADDRESSES]
        return self._shown

    def ask_clients(self) -> None:
        """Ask people on other devices to call, unless they were asked just now."""
        now = time.monotonic()
        if now - self._asked_at < ASK_INTERVAL_SECONDS:
            return
        self._asked_at = now
        self._asked = {}
        for person, session in list(self._on_other_devices())[:_MAX_ASKED]:
            nonce, caller = secrets.token_hex(16), _new_caller(person.nickname, session.connection.address or "")
            caller.reached.add(canonical_address(session.connection.local_address or ""))
            caller.asked = session.can_probe
            self._asked[nonce] = caller
            if session.can_probe:
                session.send(events.Reach(nonce, self.addresses))

    def open_test_page(self, address: str) -> str:
        """A nonce for the test page that is opened at this address."""
        self._forget_old()
        nonce, caller = secrets.token_hex(16), _new_caller(_TEST_PAGE, address)
        of_one = [nonce for nonce, page in self._test_pages.items() if page.address == caller.address]
        if len(of_one) >= _MAX_TEST_PAGES_OF_ONE_ADDRESS:
            del self._test_pages[of_one[0]]
        elif len(self._test_pages) >= _MAX_TEST_PAGES:
            ((network, _),) = Counter(page.network for page in self._test_pages.values()).most_common(1)
            del self._test_pages[next(nonce for nonce, page in self._test_pages.items() if page.network == network)]
        self._test_pages[nonce] = caller
        return nonce

    def record_call(self, nonce: str, local_address: str, clock: str) -> Caller | None:
        """A call has come; ``clock`` is the caller's, in milliseconds since 1970. None for a nonce of nobody."""
        caller = self._asked.get(nonce) or self._test_pages.get(nonce)
        if caller is None:
            return None
        caller.reached.add(canonical_address(local_address))
        if clock.isdecimal() and len(clock) < len(str(_MAX_MILLISECONDS)):
            caller.skew = round(int(clock) / 1000 - time.time(), 1)
        return caller

    def report(self) -> dict[str, Any]:
        """Who was asked, who has the test page open, and who has come in where."""
        self._forget_old()
        people = [
            _as_json(caller, joined=True) for caller in self._asked.values() if not self.is_own_machine(caller.address)
        ]
        visitors = [
            _as_json(caller, joined=False)
            for caller in self._callers_from_test_pages()
            if not self.is_own_machine(caller.address)
        ]
        return {"addresses": self.addresses, "callers": [*people, *visitors[-_MAX_REPORTED:]]}

    def is_own_machine(self, address: str) -> bool:
        """Whether who comes from there sits at this very machine, and so proves nothing."""
        address = canonical_address(address)
        return not address or address in (*self.addresses, *self._own) or ipaddress.ip_address(address).is_loopback

    def _callers_from_test_pages(self) -> Iterable[Caller]:
        """Test pages that have called, those of one address as one: nobody knows of how many devices it is."""
        visitors: dict[str, Caller] = {}
        for page in self._test_pages.values():
            if page.reached:
                earlier = visitors.get(page.address, page)
                visitors[page.address] = replace(page, reached=page.reached | earlier.reached)
        return visitors.values()

    def _forget_old(self) -> None:
        limit = time.monotonic() - _FORGET_SECONDS
        for callers in (self._asked, self._test_pages):
            for nonce in [nonce for nonce, caller in callers.items() if caller.since <= limit]:
                del callers[nonce]

    def _on_other_devices(self) -> Iterable[tuple[Person, Session]]:
        """A session of everybody on another device, one that can call where there is such a one."""
        for person in self._people():
            sessions = sorted(person.sessions, key=lambda session: not session.can_probe)
            session = next(
                (candidate for candidate in sessions if not self.is_own_machine(candidate.connection.address or "")),
                None,
            )
            if session:
                yield person, session


def _new_caller(name: str, address: str) -> Caller:
    plain = canonical_address(address)
    return Caller(name, plain, network_of(plain), time.monotonic())


def _as_json(caller: Caller, *, joined: bool) -> dict[str, Any]:
    return {
        "name": caller.name,
        "address": caller.address,
        "calls": caller.asked,
        "joined": joined,
        "reached": sorted(caller.reached),
        "skew": caller.skew,
    }
