"""Finds out which addresses of this machine others can reach.

Clients that are asked request a URL at each of the addresses, and so does the test page. Each caller has a nonce of its
own in that URL: it tells who calls, even through proxies or address translation.
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
from chatdesk.protocol import connection_events
from chatdesk.protocol.limits import REACH_ADDRESSES
from chatdesk.server.person import Person
from chatdesk.server.session import Session

ASK_INTERVAL_SECONDS = 10.0
"""Seconds between two rounds, at least: the doctor polls, and a client needs a few seconds for its calls."""
_MAX_ASKED = 20
"""Clients that are asked in one round: enough to have some of each network, and their calls are no burden."""
_MAX_TEST_PAGES = 1024
"""Test pages at once; beyond it, the network with most of them loses its oldest one."""
_MAX_TEST_PAGES_OF_ONE_ADDRESS = 256
"""Test pages of one address: behind a proxy, a whole school has the same one."""
_MAX_REPORTED = 50
"""Addresses of test pages in a report: more than anybody reads."""
_FORGET_SECONDS = 600.0
"""How long a caller stays in the report: while somebody walks through the rooms with a phone."""
_ADDRESS_CACHE_SECONDS = 2.0
"""How long the machine's addresses are cached: the look-up asks the system for every interface."""
_TEST_PAGE = "Test page"
_MAX_MILLISECONDS = 2**53
"""Integers of JavaScript are exact up to here; a longer number is no clock."""


@dataclass(slots=True)
class Caller:
    """A device that calls, and the addresses of ours that it has ``reached``. ``network`` is from ``network_of``.

    ``asked`` is True for a client that was asked to call. ``skew`` is how many seconds its clock is ahead of ours.
    """

    name: str
    address: str
    network: str
    since: float
    asked: bool = False
    reached: set[str] = field(default_factory=set)
    skew: float | None = None


class ReachabilityProbe:
    """Asks clients to call, and records the calls. ``addresses`` returns this machine's, ``sessions`` all there are."""

    def __init__(self, addresses: Callable[[], Iterable[str]], sessions: Callable[[], Iterable[Session]]) -> None:
        self._current_addresses = addresses
        self._sessions = sessions
        self._asked: dict[str, Caller] = {}
        self._test_pages: dict[str, Caller] = {}
        self._own: tuple[str, ...] = ()
        self._shown: list[str] = []
        self._addresses_at = -_ADDRESS_CACHE_SECONDS
        self._asked_at = -ASK_INTERVAL_SECONDS

    @property
    def addresses(self) -> list[str]:
        """Our addresses that are called: private ones, so that no packet leaves for the internet."""
        now = time.monotonic()
        if now - self._addresses_at >= _ADDRESS_CACHE_SECONDS:
            self._addresses_at = now
            self._own = tuple(self._current_addresses())
            self._shown = [address for address in self._own if is_private(address)][:REACH_ADDRESSES]
        return self._shown

    def ask_clients(self) -> None:
        """Ask clients on other devices to call, unless a round has just begun."""
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
                session.send(connection_events.Reach(nonce, self.addresses))

    def open_test_page(self, address: str) -> str:
        """Register a test page that is opened from this address, and return its nonce."""
        self._forget_old()
        nonce, caller = secrets.token_hex(16), _new_caller(_TEST_PAGE, address)
        nonces = [nonce for nonce, page in self._test_pages.items() if page.address == caller.address]
        if len(nonces) >= _MAX_TEST_PAGES_OF_ONE_ADDRESS:
            del self._test_pages[nonces[0]]
        elif len(self._test_pages) >= _MAX_TEST_PAGES:
            ((network, _),) = Counter(page.network for page in self._test_pages.values()).most_common(1)
            del self._test_pages[next(nonce for nonce, page in self._test_pages.items() if page.network == network)]
        self._test_pages[nonce] = caller
        return nonce

    def record_call(self, nonce: str, local_address: str, clock: str) -> Caller | None:
        """Record a call at one of our addresses. Returns its caller; None for an unknown nonce.

        ``clock`` is the caller's clock in milliseconds since 1970, as text from the URL.
        """
        caller = self._asked.get(nonce) or self._test_pages.get(nonce)
        if caller is None:
            return None
        if local_address:  # behind a trusted proxy nobody knows which address somebody has reached
            caller.reached.add(canonical_address(local_address))
        if clock.isdecimal() and len(clock) < len(str(_MAX_MILLISECONDS)):
            caller.skew = round(int(clock) / 1000 - time.time(), 1)
        return caller

    def report(self) -> dict[str, Any]:
        """The clients that were asked, the test pages, and what each has reached, as JSON for ``/reach``."""
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
        """Whether a caller from this address is this machine itself, so that its calls prove nothing."""
        address = canonical_address(address)
        return not address or address in (*self.addresses, *self._own) or ipaddress.ip_address(address).is_loopback

    def _callers_from_test_pages(self) -> Iterable[Caller]:
        """Test pages that have called. Those of one address count as one: they may be one device or many."""
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
        """For each person one session on another device, preferably one whose client can call."""
        chosen: dict[Person, Session] = {}
        for session in self._sessions():
            connection = session.connection
            if session.person is None or not connection.local_address or self.is_own_machine(connection.address or ""):
                continue
            if session.can_probe or session.person not in chosen:
                chosen[session.person] = session
        return chosen.items()


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
