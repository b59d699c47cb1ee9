"""The two examinations: of the chat that is hosted here, and of one that cannot be joined."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from chatdesk.client.address import chat_page_url, parse_address
from chatdesk.client.connect_errors import HttpResponse as FromHttp
from chatdesk.client.connect_errors import may_want_tls
from chatdesk.client.tls import speaks_tls, system_tls_context
from chatdesk.discovery.addresses import web_url
from chatdesk.discovery.networks import Network
from chatdesk.discovery.short_code import addresses_for_code, looks_like_code
from chatdesk.doctor import diagnose_address, diagnose_host, diagnose_page, firewall
from chatdesk.doctor.browser import Way, browse
from chatdesk.doctor.local_names import hear
from chatdesk.doctor.neighbours import near, neighbourhood
from chatdesk.doctor.probe import connect, fetch, resolve
from chatdesk.doctor.proxies import has_script, proxy_for
from chatdesk.doctor.report import Finding, Report, Tell, Verdict
from chatdesk.doctor.seen import LOOPBACKS, AddressView, Browsed, HostView, Missing, Reached, Service
from chatdesk.doctor.service import ABOUT, asked_as, callers_of, name_in, obstacle, service_of, skew_of, url_in

_ALL_SECONDS = 12.0
"""How long all checks may take together."""
_CHECK_SECONDS = 4.5
"""How long a check may take at most; what it has seen by then counts."""
_CONNECTION_SECONDS = 7.0
"""The same for the connection to another computer, which is waited for most."""
_REFUSAL_SECONDS = 2.4
"""Long enough for Windows to believe that a connection is refused: it tries three times."""
_CONNECT_SECONDS = 3.4
"""Long enough for the system to find out that no device answers."""
_CALL_SECONDS = 4.0
"""How long those who are asked to call back have for it."""
_CALL_EVERY_SECONDS = 0.5
_PAGE_SECONDS = 6.0
"""The same for the page, which is several files."""
_TOO_SLOW = Browsed(1, (Missing("/", "no answer in time"),))
_PORTS = {"ws": 80, "wss": 443}


async def examine_host(port: int, networks: Sequence[Network], tell: Tell, token: str = "") -> Report:
    """Find out who can reach the chat that this computer hosts on ``port``; it takes up to about ten seconds.

    With a ``token`` that the chat takes from doctors the people who are connected are asked to call back.
    """
    view = HostView(port, tuple(networks))
    checks = _Checks(diagnose_host.TITLES, tell)
    await checks.make("listening", lambda: _connect_here(view), lambda: diagnose_host.listening(view))
    await checks.make("answer", lambda: _ask_here(view), lambda: diagnose_host.answer(view))
    await checks.make("page", lambda: _browse_here(view), lambda: diagnose_page.judge(view.browsed), _PAGE_SECONDS)
    checks.settle(diagnose_host.addresses(view))
    await checks.make("firewall", lambda: _look_at_firewall(view), lambda: diagnose_host.firewall(view))
    await checks.make("others", lambda: _have_called(view, token), lambda: diagnose_host.others(view))
    checks.settle(diagnose_host.clock(view))
    return checks.report(diagnose_host.diagnose(view, sys.platform))


async def examine_address(address: str, networks: Sequence[Network], tell: Tell) -> Report:
    """Find out why the chat at ``address``, as a person types it, cannot be joined from here.

    Raises ValueError, with a sentence, for what is no address.
    """
    view = await _view(address, tuple(networks))
    checks = _Checks(diagnose_address.TITLES, tell)
    await checks.make("name", lambda: _resolve(view), lambda: diagnose_address.name(view))
    checks.settle(diagnose_address.network(view))
    await checks.make(
        "connection", lambda: _connect(view), lambda: diagnose_address.connection(view), _CONNECTION_SECONDS
    )
    await checks.make("answer", lambda: _ask(view), lambda: diagnose_address.answer(view))
    await checks.make("page", lambda: _browse(view), lambda: diagnose_page.judge(view.browsed), _PAGE_SECONDS)
    await checks.make("proxy", lambda: _ask_by_proxy(view), lambda: diagnose_address.proxy(view))
    checks.settle(diagnose_address.clock(view))
    return checks.report(diagnose_address.diagnose(view, sys.platform))


class _Checks:
    """Makes one after the other, and tells of each before and after."""

    def __init__(self, titles: Mapping[str, str], tell: Tell) -> None:
        self._titles = titles
        self._tell = tell
        self._findings: list[Finding] = []
        self._until = time.monotonic() + _ALL_SECONDS

    async def make(
        self,
        check: str,
        look: Callable[[], Awaitable[None]],
        judge: Callable[[], Finding],
        seconds: float = _CHECK_SECONDS,
    ) -> None:
        """Look, and say what was seen."""
        self._tell(Finding(check, self._titles[check], Verdict.UNDERWAY, ""))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, self._until - time.monotonic())):
                await look()
        self.settle(judge())

    def settle(self, finding: Finding) -> None:
        """This is what a check has found."""
        self._findings.append(finding)
        self._tell(finding)

    def report(self, diagnosis: Finding) -> Report:
        """All of it."""
        return Report(tuple(self._findings), diagnosis)


# The chat that is hosted here


class Hosted(NamedTuple):
    """What the chat is called that is hosted here, and the address that people are given where that is a proxy's."""

    name: str = ""
    public_url: str = ""


async def hosted(port: int, networks: Sequence[Network]) -> Hosted:
    """The chat that this computer hosts on ``port``; without a name if there is none."""
    own = [address for network in networks for address in network.addresses]
    answers = await asyncio.gather(
        *(fetch(address, port, ABOUT, _netloc(address, port)) for address in (*LOOPBACKS, *own))
    )
    return next((Hosted(name, url_in(answer)) for answer in answers if (name := name_in(answer))), Hosted())


async def _connect_here(view: HostView) -> None:
    own = [address for network in view.networks for address in network.addresses]
    first, second, *reached = await asyncio.gather(
        *(connect(address, view.port, _REFUSAL_SECONDS) for address in (*LOOPBACKS, *own))
    )
    view.home = LOOPBACKS[first is not Reached.OPEN and second is Reached.OPEN]
    view.loopback = second if second is Reached.OPEN else first
    view.reached = dict(zip(own, reached, strict=True))
    ipv4 = {address: outcome for address, outcome in view.reached.items() if ":" not in address}
    if ipv4 and not any(":" in address for address in view.ways_in):  # it is usual to listen on IPv4 alone
        view.reached = ipv4


async def _ask_here(view: HostView) -> None:
    if place := _way_in(view):
        answer = await fetch(place, view.port, ABOUT, _netloc(place, view.port))
        view.service = service_of(answer, place)


async def _browse_here(view: HostView) -> None:
    """As others do, by the address that they are given, where that leads here."""
    if view.service is Service.CHATDESK:
        view.browsed = _TOO_SLOW
        place = view.best if view.best in view.ways_in else _way_in(view)
        view.browsed = await browse(Way(f"{web_url(place, view.port)}/", place, view.port))


async def _look_at_firewall(view: HostView) -> None:
    view.firewall = await firewall.look(view.port, view.networks)
    if view.networks:
        view.neighbourhood = await neighbourhood(view.networks[0])


async def _have_called(view: HostView, token: str) -> None:
    """Have everybody who is connected call our addresses, and wait until they have, or could have."""
    place = _way_in(view)
    if not place or not token or view.service is not Service.CHATDESK:
        return
    until = time.monotonic() + _CALL_SECONDS
    while True:
        answer = await fetch(place, view.port, "/reach", _netloc(place, view.port), token)
        callers = callers_of(answer, list(view.reached))
        view.asked = callers is not None
        view.callers = callers or ()
        if not any(caller.awaited(view.expected) for caller in view.callers) or time.monotonic() > until:
            return
        await asyncio.sleep(_CALL_EVERY_SECONDS)


def _way_in(view: HostView) -> str:
    """An address by which this computer reaches its own chat; empty if there is none."""
    return view.home if view.loopback is Reached.OPEN else next(iter(view.ways_in), "")


# A chat elsewhere


async def _view(address: str, networks: tuple[Network, ...]) -> AddressView:
    """What is to be looked at; of what a short code may mean, the first that answers."""
    if looks_like_code(address):
        views = [_parsed(candidate, networks) for candidate in addresses_for_code(address, networks)]
        reached = await asyncio.gather(*(connect(view.host, view.port, _REFUSAL_SECONDS) for view in views))
        answering = (view for view, outcome in zip(views, reached, strict=True) if outcome is Reached.OPEN)
        if view := next(answering, next(iter(views), None)):
            view.code = address.strip()
            return view
    return _parsed(address, networks)


def _parsed(address: str, networks: tuple[Network, ...]) -> AddressView:
    url = parse_address(address)
    parts = urlsplit(url)
    return AddressView(parts.hostname or "", parts.port or _PORTS[parts.scheme], networks, f"{chat_page_url(url)}/")


async def _resolve(view: AddressView) -> None:
    if _is_address(view.host):
        view.found = (view.host,)
    elif view.host.endswith(".local"):
        found, heard = await asyncio.gather(resolve(view.host), hear(view.host, view.networks))
        view.found, view.heard = tuple(found), tuple(heard)
    else:
        view.found = tuple(await resolve(view.host))


async def _connect(view: AddressView) -> None:
    """Try all that the name stands for, and stay with the first that answers."""
    looking = asyncio.create_task(_look_near(view))
    try:
        for address in view.found:
            seconds = _CONNECT_SECONDS if len(view.found) == 1 else _REFUSAL_SECONDS
            view.reached = await connect(address, view.port, seconds)
            if view.reached is Reached.OPEN:
                view.found = (address,)
                return
        await looking
    finally:
        looking.cancel()


async def _look_near(view: AddressView) -> None:
    """Is the device there at all, and who else is?"""
    if view.network and not view.own:
        view.target, view.neighbourhood = await asyncio.gather(near(view.address), neighbourhood(view.network))


async def _ask(view: AddressView) -> None:
    if view.reached is not Reached.OPEN:
        return
    way = await _way(view)
    answer = await way.ask(urljoin(view.url, ABOUT.removeprefix("/")))
    view.service, view.asked_as = service_of(answer, view.host), asked_as(answer)
    view.skew = skew_of(answer, time.time())
    if view.service in (Service.OTHER, Service.NOBODY):
        socket = parse_address(view.url)
        told = FromHttp(answer.status, answer.fields, answer.body) if answer.status else answer.error or EOFError()
        wants_tls = not view.encrypted and may_want_tls(told) and await speaks_tls(view.address, view.port)
        if why := obstacle(answer, socket, wants_tls=wants_tls):
            view.service, view.why = Service.OBSTACLE, why


async def _browse(view: AddressView) -> None:
    if view.service is Service.CHATDESK:
        view.browsed = _TOO_SLOW
        view.browsed = await browse(await _way(view))


async def _way(view: AddressView) -> Way:
    """How browsers here get there, without a proxy of this network."""
    trust = await asyncio.to_thread(system_tls_context) if view.encrypted else None
    return Way(view.url, view.address, view.port, trust)


async def _ask_by_proxy(view: AddressView) -> None:
    view.proxy = await proxy_for(view.host, urlsplit(view.url).scheme) if view.found else None
    view.by_script = view.proxy is None and await has_script()
    if view.proxy and not view.encrypted:
        place = _netloc(view.host, view.port)
        target = urljoin(view.url, ABOUT.removeprefix("/"))
        answer = await fetch(view.proxy.host, view.proxy.port, target, place)
        view.by_proxy = service_of(answer, view.host)


def _netloc(host: str, port: int) -> str:
    return web_url(host, port).removeprefix("http://")


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
