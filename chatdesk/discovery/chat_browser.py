"""Finding the chats that announce themselves in the networks that this machine is in."""

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
_MAX_PER_HOST = 8
"""Chats on one machine: nobody takes the places of all others."""
_MAX_PARALLEL = 64
_GRACE_SECONDS = 3.0
_FIRST_SECONDS = (1.0, 2.0, 4.0)
_AGAIN_SECONDS = 10.0
"""After this long all are called again, for an announcement may have been lost."""
_SILENT_SECONDS = 25.0
"""Who neither answered nor announced anything for so long is forgotten."""
_MAX_RELAYED = 64
_MAX_EXTRA_QUERIES = 4
_MAX_UNVERIFIED = 16
_MAX_UNVERIFIED_OF_SENDER = 8
_MAX_UNVERIFIED_AT_HOST = 2
_UNVERIFIED_SECONDS = 20.0
"""For so long others wait for the place of one that was only spoken of, and does not answer."""


@dataclass(eq=False, slots=True)
class _Candidate:
    """A chat that was heard of: who said what of it, since when and when last in which network, and who asks it.

    It ``is_hearsay`` where it was another machine that said so.
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
    """What is asked in one network, by multicast."""

    zeroconf: AsyncZeroconf
    left: int = 0

    def query_all(self, further: list[DNSQuestion]) -> None:
        """Who is there?"""
        self.left = _MAX_EXTRA_QUERIES
        self.zeroconf.zeroconf.async_send(build_query([ALL_CHATS_QUESTION, *further]))

    def query(self, further: list[DNSQuestion]) -> None:
        """A few times between two calls, what it was that somebody has spoken of."""
        if further and self.left:
            self.left -= 1
            self.zeroconf.zeroconf.async_send(build_query(further))


class ChatBrowser:
    """Tells of the chats in the networks around, for as long as its context lasts.

    An advert is anybody's word: it leads to the machine that sent it, or into another network that a reflector joins
    with ours, and there to few places at a time. Only those are told of that answer, with what they answer.
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
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await _cancel(self._task)
        tasks = [candidate.task for candidate in self._candidates.values()]
        self._candidates.clear()
        await _cancel(*tasks)

    # What is heard in one network

    async def _query_repeatedly(self, binding: InterfaceBinding, zeroconf: AsyncZeroconf) -> None:
        """Call out, again and again. Everybody hears the answers: one to us might reach another program."""
        self._queriers[binding] = querier = _Querier(zeroconf)
        try:
            for pause in chain(_FIRST_SECONDS, repeat(_AGAIN_SECONDS)):
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
                candidate.liveness.update_addresses(candidate.liveness.addresses)  # who is still there, answers

    def _add_direct(self, binding: InterfaceBinding, sender: str, announcement: Announcement) -> None:
        """Ask the host from now on; at once where that is news."""
        candidate = self._candidates.get(announcement.endpoint)
        if candidate is None:
            if not self._make_room(sender):
                return
            candidate = self._start_check(sender, RelayedAdvert(announcement, (announcement.endpoint,)), DEFAULT_POLICY)
        elif candidate.announcement != announcement:
            candidate.announcement = announcement
            candidate.liveness.update_addresses((announcement.endpoint,))
            self._notify()
        candidate.last_heard[binding] = _now()

    def _add_relayed(self, binding: InterfaceBinding, sender: str, relayed: RelayedAdvert) -> None:
        """Ask the host from now on, where there is room for doubt. No news of it make it be asked at once."""
        candidate = self._candidates.get(relayed.announcement.endpoint)
        if candidate is None:
            if not self._make_room_for_relayed(sender, relayed):
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

    def _make_room(self, sender: str) -> bool:
        """Forget one who does not answer where there are too many; False when all do."""
        direct = [candidate for candidate in self._from_sender(sender) if not candidate.is_relayed]
        for those, most in ((direct, _MAX_PER_HOST), (list(self._candidates.values()), _MAX_CANDIDATES)):
            if len(those) >= most:
                silent = next((candidate for candidate in those if not candidate.liveness.found), None)
                if silent is None:
                    return False
                self._forget(silent)
        return True

    def _make_room_for_relayed(self, sender: str, relayed: RelayedAdvert) -> bool:
        """Whether one more may be asked of whom only others speak: few at a time, and fewer at any one machine."""
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
        full = [those[0] for those, most in limits if len(those) >= most]
        if any(_now() - oldest.since < _UNVERIFIED_SECONDS for oldest in full):
            return False
        for oldest in full:
            self._forget(oldest)
        return True

    def _forget_binding(self, binding: InterfaceBinding) -> None:
        """What was heard there counts no more; but who answers stays, until it could have been heard elsewhere."""
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

    # Who is told of

    def _notify(self) -> None:
        found = sorted(_merge_hosts(self._candidates.values()), key=lambda host: (host.name.casefold(), host.addresses))
        if found != self._notified:
            self._notified = found
            self._on_change(list(found))


def _merge_hosts(candidates: Iterable[_Candidate]) -> list[FoundHost]:
    """Each chat once, also where it answers at several addresses. Who only claims to be another is one of its own."""
    chats: list[tuple[list[_Candidate], FoundHost]] = []
    for candidate in candidates:
        if not (found := candidate.liveness.found):
            continue
        for place, (parts, chat) in enumerate(chats):
            if chat.server_id == found.server_id and all(
                _same_host(part.announcement, candidate.announcement) for part in parts
            ):
                chats[place] = ([*parts, candidate], replace(chat, addresses=chat.addresses + found.addresses))
                break
        else:
            chats.append(([candidate], found))
    return [chat for _, chat in chats]


def _same_host(one: Announcement, other: Announcement) -> bool:
    """Whether each says of the other that it is the same machine."""
    return one.endpoint in other.other_endpoints and other.endpoint in one.other_endpoints


def _hosts_of(endpoints: Iterable[str]) -> set[str]:
    return {endpoint.rpartition(":")[0] for endpoint in endpoints}


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
