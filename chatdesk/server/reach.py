"""By which of this machine's addresses others reach it: who is asked calls each, and here is seen who came in where.

Whoever is asked has a secret of their own to call with, the nonce: it tells who calls, whatever way the call took.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from chatdesk.ip import is_private, plain_address
from chatdesk.protocol import events
from chatdesk.protocol.limits import REACH_ADDRESSES
from chatdesk.server.presence import Person
from chatdesk.server.session import Session

REACH_SECONDS = 10.0
"""How often people are asked to call, at most."""
_ASKED = 20
"""So many people are asked at once, at most."""
_REMEMBERED = 64
"""So many callers are known at once; the oldest go."""
_SECONDS = 600.0
_LOOK_SECONDS = 2.0
"""The machine's addresses are looked up no more often than this."""
_TEST_PAGE = "Test page"
_LATEST = 2**53


@dataclass(slots=True)
class Call:
    """Who calls, and by which of our addresses that came in.

    ``asked``: a client that is to call now, if it has not yet; ``on_page``: the test page is open there. ``skew`` is by
    how many seconds their clock is ahead of ours.
    """

    name: str
    address: str
    since: float
    asked: bool = False
    on_page: bool = False
    reached: set[str] = field(default_factory=set)
    skew: float | None = None


class Reach:
    """Asks, listens and remembers. ``addresses`` tells what this machine's are now, ``people`` who is here."""

    def __init__(self, addresses: Callable[[], Iterable[str]], people: Callable[[], Iterable[Person]]) -> None:
        self._look = addresses
        self._people = people
        self._calls: dict[str, Call] = {}
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
        self._calls = {nonce: call for nonce, call in self._calls.items() if call.on_page}
        for person, session in list(self._elsewhere())[:_ASKED]:
            nonce, call = self._expect(person.nickname, session.link.address or "")
            call.reached.add(plain_address(session.link.local_address or ""))
            call.asked = session.calls
            if session.calls:
                session.send(events.Reach(nonce, self.addresses))

    def open(self, address: str) -> str:
        """A nonce for the test page that is opened at this address."""
        nonce, call = self._expect(_TEST_PAGE, address)
        call.on_page = True
        return nonce

    def came_in(self, nonce: str, local_address: str, clock: str) -> Call | None:
        """A call has come; ``clock`` is the caller's, in milliseconds since 1970. None for a nonce of nobody."""
        call = self._calls.get(nonce)
        if call is None:
            return None
        call.reached.add(plain_address(local_address))
        if clock.isdecimal() and len(clock) < len(str(_LATEST)):
            call.skew = round(int(clock) / 1000 - time.time(), 1)
        return call

    def report(self) -> dict[str, Any]:
        """Who was asked, and who has come in where."""
        self._forget()
        calls = [call for call in self._calls.values() if not self.is_own(call.address)]
        return {
            "addresses": self.addresses,
            "callers": [
                {
                    "name": call.name,
                    "address": call.address,
                    "calls": call.asked,
                    "joined": not call.on_page,
                    "reached": sorted(call.reached),
                    "skew": call.skew,
                }
                for call in calls
            ],
        }

    def is_own(self, address: str) -> bool:
        """Whether who comes from there sits at this very machine, and so proves nothing."""
        address = plain_address(address)
        return not address or address in (*self.addresses, *self._own) or ipaddress.ip_address(address).is_loopback

    def _expect(self, name: str, address: str) -> tuple[str, Call]:
        """A new nonce. Who had one before has that one no more: one who comes again and again takes no one's place."""
        self._forget()
        while len(self._calls) >= _REMEMBERED:
            del self._calls[next(iter(self._calls))]
        nonce, address = secrets.token_hex(16), plain_address(address)
        others = {old: call for old, call in self._calls.items() if (call.name, call.address) != (name, address)}
        call = Call(name, address, time.monotonic())
        self._calls = others | {nonce: call}
        return nonce, call

    def _forget(self) -> None:
        limit = time.monotonic() - _SECONDS
        self._calls = {nonce: call for nonce, call in self._calls.items() if call.since > limit}

    def _elsewhere(self) -> Iterable[tuple[Person, Session]]:
        """A session of everybody on another device, one that can call where there is such a one."""
        for person in self._people():
            sessions = sorted(person.sessions, key=lambda session: not session.calls)
            session = next((it for it in sessions if not self.is_own(it.link.address or "")), None)
            if session:
                yield person, session
