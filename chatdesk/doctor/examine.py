"""The two examinations: of the chat that is hosted here, and of one that cannot be joined from here.

Each runs its checks one after the other: it observes, and passes what was seen to a pure diagnose module.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from chatdesk.client.address import chat_page_url, parse_address
from chatdesk.client.connect_errors import HttpResponse, may_want_tls
from chatdesk.client.tls import speaks_tls, system_tls_context
from chatdesk.discovery.addresses import web_url
from chatdesk.discovery.networks import Network
from chatdesk.discovery.short_code import addresses_for_code, looks_like_code
from chatdesk.doctor import diagnose_address, diagnose_host, diagnose_page, firewall
from chatdesk.doctor.mdns_lookup import lookup_mdns
from chatdesk.doctor.neighbours import device_state, neighbourhood
from chatdesk.doctor.network_probe import ProbeResponse, connect, fetch, resolve
from chatdesk.doctor.observations import (
    LOOPBACKS,
    AddressObservations,
    ConnectOutcome,
    HostObservations,
    MissingFile,
    PageLoad,
    Service,
)
from chatdesk.doctor.page_load import Route, load_page
from chatdesk.doctor.proxy_settings import proxy_for, uses_pac_script
from chatdesk.doctor.report import Finding, OnFinding, Report, Verdict
from chatdesk.doctor.service_identity import (
    ABOUT,
    chat_key,
    chat_name,
    clock_skew,
    identify_service,
    obstacle,
    parse_callers,
    public_url_in,
    refused_name,
)

_ALL_SECONDS = 12.0
"""How long all checks may take together: as long as a person waits."""
_CHECK_SECONDS = 4.5
"""How long a check may take at most; what it has observed by then counts."""
_CONNECTION_SECONDS = 7.0
"""How long the check of the connection to another computer may take: it takes longest."""
_REFUSAL_SECONDS = 2.4
"""Windows reports a refused connection after three attempts, about two seconds."""
_CONNECT_SECONDS = 3.4
"""The system takes about three seconds to find out that no device answers."""
_CALL_SECONDS = 4.0
"""How long people have to call back."""
_CALL_EVERY_SECONDS = 0.5
"""How often the calls that came in are read."""
_PAGE_SECONDS = 6.0
"""How long the check of the page may take: it is several files."""
_PAGE_TIMED_OUT = PageLoad(1, (MissingFile("/", "no answer in time"),))
_DEFAULT_PORTS = {"ws": 80, "wss": 443}  # where a URL names none


async def examine_host(port: int, networks: Sequence[Network], on_finding: OnFinding, token: str = "") -> Report:
    """Examine who can reach the chat that this computer hosts on ``port``; it takes up to 12 seconds.

    With a ``token`` that the chat accepts from doctors, the people who are connected are asked to call back.
    ``on_finding`` is called before and after each check. Returns the report.
    """
    observed = HostObservations(port, tuple(networks))
    checks = _Checks(diagnose_host.TITLES, on_finding)
    await checks.run("listening", lambda: _connect_to_host(observed), lambda: diagnose_host.listening(observed))
    await checks.run("answer", lambda: _identify_host(observed), lambda: diagnose_host.answer(observed))
    await checks.run(
        "page", lambda: _load_host_page(observed), lambda: diagnose_page.check(observed.page_load), _PAGE_SECONDS
    )
    checks.add(diagnose_host.addresses(observed))
    await checks.run("firewall", lambda: _observe_firewall(observed), lambda: diagnose_host.firewall(observed))
    await checks.run("others", lambda: _request_calls(observed, token), lambda: diagnose_host.others(observed))
    checks.add(diagnose_host.clock(observed))
    return checks.report(diagnose_host.diagnose(observed, sys.platform))


async def examine_address(address: str, networks: Sequence[Network], on_finding: OnFinding) -> Report:
    """Examine why the chat at ``address``, as a person types it, cannot be joined from here.

    ``on_finding`` is called before and after each check. Returns the report. Raises ValueError, with a sentence, if
    it is no address.
    """
    observed = await _observations_of(address, tuple(networks))
    checks = _Checks(diagnose_address.TITLES, on_finding)
    await checks.run("name", lambda: _resolve(observed), lambda: diagnose_address.name(observed))
    checks.add(diagnose_address.network(observed))
    await checks.run(
        "connection", lambda: _connect(observed), lambda: diagnose_address.connection(observed), _CONNECTION_SECONDS
    )
    await checks.run("answer", lambda: _identify(observed), lambda: diagnose_address.answer(observed))
    await checks.run("page", lambda: _load_page(observed), lambda: diagnose_address.page(observed), _PAGE_SECONDS)
    await checks.run("proxy", lambda: _identify_through_proxy(observed), lambda: diagnose_address.proxy(observed))
    checks.add(diagnose_address.clock(observed))
    return checks.report(diagnose_address.diagnose(observed, sys.platform))


class _Checks:
    """Runs one check after the other, and reports each before and after."""

    def __init__(self, titles: Mapping[str, str], on_finding: OnFinding) -> None:
        self._titles = titles
        self._on_finding = on_finding
        self._findings: list[Finding] = []
        self._deadline = time.monotonic() + _ALL_SECONDS

    async def run(
        self,
        check: str,
        observe: Callable[[], Awaitable[None]],
        conclude: Callable[[], Finding],
        seconds: float = _CHECK_SECONDS,
    ) -> None:
        """Observe, and report the conclusion."""
        self._on_finding(Finding(check, self._titles[check], Verdict.UNDERWAY, ""))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, self._deadline - time.monotonic())):
                await observe()
        self.add(conclude())

    def add(self, finding: Finding) -> None:
        """Add the finding of a check."""
        self._findings.append(finding)
        self._on_finding(finding)

    def report(self, diagnosis: Finding) -> Report:
        """Return the report."""
        return Report(tuple(self._findings), diagnosis)


# The chat that is hosted here


class HostedChat(NamedTuple):
    """The name of the chat that is hosted here, and the URL that people are given if it is behind a proxy."""

    name: str = ""
    public_url: str = ""


async def hosted_chat(port: int, networks: Sequence[Network]) -> HostedChat:
    """Return the chat that this computer hosts on ``port``; without a name if there is none."""
    own = [address for network in networks for address in network.addresses]
    answers = await asyncio.gather(
        *(fetch(address, port, ABOUT, _netloc(address, port)) for address in (*LOOPBACKS, *own))
    )
    return next(
        (HostedChat(name, public_url_in(answer)) for answer in answers if (name := chat_name(answer))), HostedChat()
    )


async def _connect_to_host(observed: HostObservations) -> None:
    own = [address for network in observed.networks for address in network.addresses]
    first, second, *reached = await asyncio.gather(
        *(connect(address, observed.port, _REFUSAL_SECONDS) for address in (*LOOPBACKS, *own))
    )
    observed.loopback_address = LOOPBACKS[first is not ConnectOutcome.OPEN and second is ConnectOutcome.OPEN]
    observed.loopback = second if second is ConnectOutcome.OPEN else first
    observed.reached = dict(zip(own, reached, strict=True))
    ipv4 = {address: outcome for address, outcome in observed.reached.items() if ":" not in address}
    if ipv4 and not any(":" in address for address in observed.open_addresses):  # listening on IPv4 alone is common
        observed.reached = ipv4


async def _identify_host(observed: HostObservations) -> None:
    if address := _reachable_address(observed):
        answer = await fetch(address, observed.port, ABOUT, _netloc(address, observed.port))
        observed.service = identify_service(answer, address)


async def _load_host_page(observed: HostObservations) -> None:
    """Load the page as others do, by the address that they are given, if that leads here."""
    if observed.service is Service.CHATDESK:
        observed.page_load = _PAGE_TIMED_OUT
        address = (
            observed.shown_address
            if observed.shown_address in observed.open_addresses
            else _reachable_address(observed)
        )
        observed.page_load = await load_page(Route(f"{web_url(address, observed.port)}/", address, observed.port))


async def _observe_firewall(observed: HostObservations) -> None:
    observed.firewall = await firewall.find_firewall(observed.port, observed.networks)
    if observed.networks:
        observed.neighbourhood = await neighbourhood(observed.networks[0])


async def _request_calls(observed: HostObservations, token: str) -> None:
    """Ask everybody who is connected to call our addresses, and wait until they have, or could have."""
    address = _reachable_address(observed)
    if not address or not token or observed.service is not Service.CHATDESK:
        return
    deadline = time.monotonic() + _CALL_SECONDS
    while True:
        answer = await fetch(address, observed.port, "/reach", _netloc(address, observed.port), token)
        callers = parse_callers(answer, list(observed.reached))
        observed.callers_known = callers is not None
        observed.callers = callers or ()
        if (
            not any(caller.is_awaited(observed.expected_addresses) for caller in observed.callers)
            or time.monotonic() > deadline
        ):
            return
        await asyncio.sleep(_CALL_EVERY_SECONDS)


def _reachable_address(observed: HostObservations) -> str:
    """An address by which this computer reaches its own chat; empty if there is none."""
    return (
        observed.loopback_address
        if observed.loopback is ConnectOutcome.OPEN
        else next(iter(observed.open_addresses), "")
    )


# A chat elsewhere


async def _observations_of(address: str, networks: tuple[Network, ...]) -> AddressObservations:
    """Start the observations; of the addresses that a short code may mean, take the first that answers."""
    if looks_like_code(address):
        views = [_parsed(candidate, networks) for candidate in addresses_for_code(address, networks)]
        reached = await asyncio.gather(*(connect(observed.host, observed.port, _REFUSAL_SECONDS) for observed in views))
        answering = (
            observed for observed, outcome in zip(views, reached, strict=True) if outcome is ConnectOutcome.OPEN
        )
        if observed := next(answering, next(iter(views), None)):
            observed.code = address.strip()
            return observed
    return _parsed(address, networks)


def _parsed(address: str, networks: tuple[Network, ...]) -> AddressObservations:
    url = parse_address(address)
    parts = urlsplit(url)
    return AddressObservations(
        parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme], networks, f"{chat_page_url(url)}/"
    )


async def _resolve(observed: AddressObservations) -> None:
    if _is_address(observed.host):
        observed.addresses = (observed.host,)
    elif observed.host.endswith(".local"):
        resolved, answered = await asyncio.gather(resolve(observed.host), lookup_mdns(observed.host, observed.networks))
        observed.addresses, observed.mdns_addresses = tuple(resolved), tuple(answered)
    else:
        observed.addresses = tuple(await resolve(observed.host))


async def _connect(observed: AddressObservations) -> None:
    """Try all addresses of the name, and keep the first that answers."""
    observing = asyncio.create_task(_observe_device(observed))
    try:
        for address in observed.addresses:
            seconds = _CONNECT_SECONDS if len(observed.addresses) == 1 else _REFUSAL_SECONDS
            observed.reached = await connect(address, observed.port, seconds)
            if observed.reached is ConnectOutcome.OPEN:
                observed.addresses = (address,)
                return
        await observing
    finally:
        observing.cancel()


async def _observe_device(observed: AddressObservations) -> None:
    """Observe whether the device is there at all, and which others are."""
    if observed.network and not observed.is_own:
        observed.device, observed.neighbourhood = await asyncio.gather(
            device_state(observed.address), neighbourhood(observed.network)
        )


async def _identify(observed: AddressObservations) -> None:
    if observed.reached is not ConnectOutcome.OPEN:
        return
    route = await _route_to(observed)
    answer = await route.get(urljoin(observed.url, ABOUT.removeprefix("/")))
    if isinstance(answer.error, ssl.SSLCertVerificationError):
        plain = await _ask_unencrypted(observed)
        if chat_key(plain):
            observed.service, observed.skew = Service.UNTRUSTED, clock_skew(plain, time.time())
            return
    observed.service, observed.refused_name = identify_service(answer, observed.host), refused_name(answer)
    observed.skew = clock_skew(answer, time.time())
    if observed.service in (Service.OTHER, Service.NOBODY):
        socket = parse_address(observed.url)
        failure = (
            HttpResponse(answer.status, answer.fields, answer.body) if answer.status else answer.error or EOFError()
        )
        wants_tls = (
            not observed.encrypted and may_want_tls(failure) and await speaks_tls(observed.address, observed.port)
        )
        if why := obstacle(answer, socket, wants_tls=wants_tls):
            observed.service, observed.obstacle = Service.OBSTACLE, why


async def _ask_unencrypted(observed: AddressObservations) -> ProbeResponse:
    """The answer without encryption: a chat with a certificate of its own says so, on the same port."""
    route = Route(urlunsplit(urlsplit(observed.url)._replace(scheme="http")), observed.address, observed.port)
    return await route.get(urljoin(route.url, ABOUT.removeprefix("/")))


async def _load_page(observed: AddressObservations) -> None:
    if observed.service is Service.CHATDESK:
        observed.page_load = _PAGE_TIMED_OUT
        observed.page_load = await load_page(await _route_to(observed))


async def _route_to(observed: AddressObservations) -> Route:
    """How browsers here get there, without a proxy of this network."""
    trust = await asyncio.to_thread(system_tls_context) if observed.encrypted else None
    return Route(observed.url, observed.address, observed.port, trust)


async def _identify_through_proxy(observed: AddressObservations) -> None:
    observed.proxy = await proxy_for(observed.host, urlsplit(observed.url).scheme) if observed.addresses else None
    observed.uses_pac_script = observed.proxy is None and await uses_pac_script()
    if observed.proxy and not observed.encrypted:
        netloc = _netloc(observed.host, observed.port)
        target = urljoin(observed.url, ABOUT.removeprefix("/"))
        answer = await fetch(observed.proxy.host, observed.proxy.port, target, netloc)
        observed.service_by_proxy = identify_service(answer, observed.host)


def _netloc(host: str, port: int) -> str:
    return web_url(host, port).removeprefix("http://")


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
