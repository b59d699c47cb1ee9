"""Finds the chats that are announced in the networks that this machine is in."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from types import TracebackType
from typing import Self

from zeroconf import DNSIncoming, DNSQuestion  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.liveness import DEFAULT_POLICY, UNVERIFIED_POLICY, LivenessCheck, RetryPolicy
from chatdesk.discovery.multicast import InterfaceBinding, Multicast
from chatdesk.discovery.packets import ALL_CHATS_QUESTION, Announcement, announcements_from, build_query, has_goodbye
from chatdesk.discovery.relayed_adverts import RelayedAdvert, RelayedAdverts

_MAX_CANDIDATES = 256
"""More hosts than any room has; a flood of adverts must not fill the memory."""
_MAX_PER_HOST = 8
"""Chats on one machine: no machine uses up the places of all others."""
_MAX_PARALLEL = 64
"""Queries by HTTP at a time; each takes a few milliseconds in a network."""
_GRACE_SECONDS = 3.0
"""After the interface is gone, another one has this long to hear of the host."""
_FIRST_SECONDS = (1.0, 2.0, 4.0)
"""The increasing intervals that RFC 6762 asks for."""
_REPEAT_SECONDS = 10.0
"""All chats are queried again after this time, because an announcement may have been lost."""
_SILENT_SECONDS = 25.0
"""A host that neither answered nor announced anything for this long is dropped; two announcements fit into it."""
_MAX_RELAYED = 64
"""Hosts in other networks; a reflector joins a few networks with a few chats each."""
_MAX_EXTRA_QUERIES = 4
"""Queries for missing records between two queries for all chats."""
_MAX_UNVERIFIED = 16
"""Relayed hosts that have not answered yet, in all. A forged advert must not make every client connect to a victim."""
_MAX_UNVERIFIED_OF_SENDER = 8
"""Of these from one sender: half, so that a second reflector has its share."""
_MAX_UNVERIFIED_AT_HOST = 2
"""Of these at one machine: a host and one more chat on it."""
_UNVERIFIED_SECONDS = 20.0
"""A relayed host that does not answer is replaced by another one after this time."""


@dataclass(eq=False, slots=True)
class _Candidate:
    """A chat that was announced: by whom, since when, when last in which network, and the task that queries it.

    It ``is_relayed`` when another machine announced it.
    """

    sender: str
    announcement: Announcement
    is_relayed: bool
    liveness: LivenessCheck
    task: asyncio.Task[None]
    since: float
    last_heard: dict[InterfaceBinding, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Querier:
    """Sends multicast queries in one network."""

    zeroconf: AsyncZeroconf
    left: int = 0

    def query_all(self, further: list[DNSQuestion]) -> None:
        """Ask for all chats."""
        self.left = _MAX_EXTRA_QUERIES
        self.zeroconf.zeroconf.async_send(build_query([ALL_CHATS_QUESTION, *further]))

    def query(self, further: list[DNSQuestion]) -> None:
        """Ask for missing records, a few times between two queries for all chats."""
        if further and self.left:
            self.left -= 1
            self.zeroconf.zeroconf.async_send(build_query(further))


class ChatBrowser:
    """Calls ``on_change`` with the chats in the networks around while its context lasts.

    Anybody may send an advert. It makes the client query the machine that sent it, or a machine in a network that a
    reflector joins with ours, few of them at a time. Only chats that answer are reported, with what they answer.
    """

    def __init__(self, on_change: Callable[[list[FoundHost]], None]) -> None:
        self._on_change = on_change
        self._notified: list[FoundHost] = []
        self._candidates: dict[str, _Candidate] = {}
        self._limit = asyncio.Semaphore(_MAX_PARALLEL)
        self._relayed = RelayedAdverts()
        self._queriers: dict[InterfaceBinding, _Querier] = {}
        self._multicast = Multicast(self._query_repeatedly, self._handle_packet)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._multicast.run())
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await _cancel(self._task)
        tasks = [candidate.task for candidate in self._candidates.values()]
        self._candidates.clear()
        await _cancel(*tasks)

    # Packets of one network

    async def _query_repeatedly(self, binding: InterfaceBinding, zeroconf: AsyncZeroconf) -> None:
        """Query again and again, by multicast: a unicast answer might reach another program of this machine."""
        self._queriers[binding] = querier = _Querier(zeroconf)
        try:
            for pause in chain(_FIRST_SECONDS, repeat(_REPEAT_SECONDS)):
                querier.query_all(self._relayed.missing_records())
                await asyncio.sleep(pause)
                self._forget_silent()
        finally:
            del self._queriers[binding]
            self._forget_binding(binding)

    def _handle_packet(self, binding: InterfaceBinding, sender: str, message: DNSIncoming) -> None:
        if binding.network.contains(sender):
            for announcement in announcements_from(sender, message):
                self._add_direct(binding, sender, announcement)
        for relayed in self._relayed.add_packet(sender, message, self._multicast.networks):
            self._add_relayed(binding, sender, relayed)
        if binding in self._queriers and message.is_response():
            self._queriers[binding].query(self._relayed.missing_records())
        if has_goodbye(message):
            for candidate in self._from_sender(sender):
                candidate.liveness.update_addresses(candidate.liveness.addresses)  # a host that is still there answers

    def _add_direct(self, binding: InterfaceBinding, sender: str, announcement: Announcement) -> None:
        """Query this host from now on; at once if the announcement is new."""
        candidate = self._candidates.get(announcement.endpoint)
        if candidate is None:
            if not self._evict_silent(sender):
                return
            candidate = self._start_check(sender, RelayedAdvert(announcement, (announcement.endpoint,)), DEFAULT_POLICY)
        elif candidate.announcement != announcement:
            candidate.announcement = announcement
            candidate.liveness.update_addresses((announcement.endpoint,))
            self._notify()
        candidate.last_heard[binding] = _now()

    def _add_relayed(self, binding: InterfaceBinding, sender: str, relayed: RelayedAdvert) -> None:
        """Query this host from now on, if there is room for one more. A changed advert is not queried at once."""
        candidate = self._candidates.get(relayed.announcement.endpoint)
        if candidate is None:
            if not self._evict_for_relayed(sender, relayed):
                return
            candidate = self._start_check(sender, relayed, UNVERIFIED_POLICY)
        elif candidate.is_relayed and candidate.sender == sender:
            candidate.announcement, candidate.liveness.addresses = relayed
        candidate.last_heard[binding] = _now()

    def _start_check(self, sender: str, relayed: RelayedAdvert, policy: RetryPolicy) -> _Candidate:
        announcement, endpoints = relayed
        liveness = LivenessCheck("", self._limit, self._notify, policy)
        liveness.update_addresses(endpoints)
        candidate = _Candidate(
            sender, announcement, policy is UNVERIFIED_POLICY, liveness, asyncio.create_task(liveness.run()), _now()
        )
        self._candidates[announcement.endpoint] = candidate
        return candidate

    def _from_sender(self, sender: str) -> list[_Candidate]:
        return [candidate for candidate in self._candidates.values() if candidate.sender == sender]

    def _evict_silent(self, sender: str) -> bool:
        """Drop a candidate that does not answer if there are too many; return False if all of them answer."""
        direct = [candidate for candidate in self._from_sender(sender) if not candidate.is_relayed]
        for group, limit in ((direct, _MAX_PER_HOST), (list(self._candidates.values()), _MAX_CANDIDATES)):
            if len(group) >= limit:
                silent = next((candidate for candidate in group if not candidate.liveness.found), None)
                if silent is None:
                    return False
                self._forget(silent)
        return True

    def _evict_for_relayed(self, sender: str, relayed: RelayedAdvert) -> bool:
        """Whether one more relayed host may be queried: few at a time, and fewer at one machine."""
        relayed_candidates = [candidate for candidate in self._candidates.values() if candidate.is_relayed]
        if len(relayed_candidates) >= _MAX_RELAYED:
            return False
        unverified = [candidate for candidate in relayed_candidates if not candidate.liveness.found]
        at_host = [
            candidate
            for candidate in unverified
            if _hosts_of(candidate.liveness.addresses) & _hosts_of(relayed.endpoints)
        ]
        of_sender = [candidate for candidate in unverified if candidate.sender == sender]
        limits = (
            (at_host, _MAX_UNVERIFIED_AT_HOST),
            (of_sender, _MAX_UNVERIFIED_OF_SENDER),
            (unverified, _MAX_UNVERIFIED),
        )
        full = [group[0] for group, limit in limits if len(group) >= limit]
        if any(_now() - oldest.since < _UNVERIFIED_SECONDS for oldest in full):
            return False
        for oldest in full:
            self._forget(oldest)
        return True

    def _forget_binding(self, binding: InterfaceBinding) -> None:
        """Announcements in this network no longer count.

        A host that answers stays until it may have been heard in another network.
        """
        for candidate in self._candidates.values():
            if candidate.last_heard.pop(binding, None):
                asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._forget_unheard, candidate)

    def _forget_unheard(self, candidate: _Candidate) -> None:
        if not candidate.last_heard:
            self._forget(candidate)

    def _forget_silent(self) -> None:
        start = _now() - _SILENT_SECONDS
        for candidate in list(self._candidates.values()):
            if not candidate.liveness.found and max(candidate.last_heard.values(), default=start) <= start:
                self._forget(candidate)

    def _forget(self, candidate: _Candidate) -> None:
        if self._candidates.get(candidate.announcement.endpoint) is candidate:
            del self._candidates[candidate.announcement.endpoint]
            candidate.task.cancel()
            self._notify()

    # Reporting

    def _notify(self) -> None:
        found = sorted(_merge_hosts(self._candidates.values()), key=lambda host: (host.name.casefold(), host.addresses))
        if found != self._notified:
            self._notified = found
            self._on_change(list(found))


def _merge_hosts(candidates: Iterable[_Candidate]) -> list[FoundHost]:
    """Each chat once, even if it answers at several addresses.

    A host that only claims the id of another is listed separately.
    """
    chats: list[tuple[list[_Candidate], FoundHost]] = []
    for candidate in candidates:
        if not (found := candidate.liveness.found):
            continue
        for position, (parts, chat) in enumerate(chats):
            if chat.server_id == found.server_id and all(
                _same_host(part.announcement, candidate.announcement) for part in parts
            ):
                chats[position] = ([*parts, candidate], replace(chat, addresses=chat.addresses + found.addresses))
                break
        else:
            chats.append(([candidate], found))
    return [chat for _, chat in chats]


def _same_host(one: Announcement, other: Announcement) -> bool:
    """Whether each announcement names the endpoint of the other."""
    return one.endpoint in other.other_endpoints and other.endpoint in one.other_endpoints


def _hosts_of(endpoints: Iterable[str]) -> set[str]:
    return {endpoint.rpartition(":")[0] for endpoint in endpoints}


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
