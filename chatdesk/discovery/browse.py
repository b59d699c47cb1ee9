"""Finding the chats that announce themselves in the networks that this machine is in."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from types import TracebackType
from typing import Self

from zeroconf import DNSIncoming, DNSQuestion  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.found import FoundHost
from chatdesk.discovery.hearsay import Hearsay, Rumours
from chatdesk.discovery.multicast import Leg, Multicast
from chatdesk.discovery.packets import WHO_IS_THERE, Said, asking, said_by, says_goodbye
from chatdesk.discovery.pulse import DOUBTFUL, USUAL, Patience, Pulse

_MOST_HEARD = 256
_MOST_OF_ONE = 8
"""Chats on one machine: nobody takes the places of all others."""
_ASKED_AT_ONCE = 64
_GRACE_SECONDS = 3.0
_FIRST_SECONDS = (1.0, 2.0, 4.0)
_AGAIN_SECONDS = 10.0
"""After this long all are called again, for an announcement may have been lost."""
_SILENT_SECONDS = 25.0
"""Who neither answered nor announced anything for so long is forgotten."""
_MOST_SPOKEN_OF = 64
_MOST_FURTHER = 4
_MOST_DOUBTED = 16
_MOST_DOUBTED_OF_ONE = 8
_MOST_DOUBTED_AT_ONE = 2
_DOUBT_SECONDS = 20.0
"""For so long others wait for the place of one that was only spoken of, and does not answer."""


@dataclass(eq=False, slots=True)
class _Known:
    """A chat that was heard of: who said what of it, since when and when last in which network, and who asks it.

    It ``is_hearsay`` where it was another machine that said so.
    """

    sender: str
    said: Said
    is_hearsay: bool
    pulse: Pulse
    asking: asyncio.Task[None]
    since: float
    heard: dict[Leg, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Voice:
    """What is asked in one network, by multicast."""

    zeroconf: AsyncZeroconf
    left: int = 0

    def call(self, further: list[DNSQuestion]) -> None:
        """Who is there?"""
        self.left = _MOST_FURTHER
        self.zeroconf.zeroconf.async_send(asking([WHO_IS_THERE, *further]))

    def ask(self, further: list[DNSQuestion]) -> None:
        """A few times between two calls, what it was that somebody has spoken of."""
        if further and self.left:
            self.left -= 1
            self.zeroconf.zeroconf.async_send(asking(further))


class Browser:
    """Tells of the chats in the networks around, for as long as its context lasts.

    An advert is anybody's word: it leads to the machine that sent it, or into another network that a reflector joins
    with ours, and there to few places at a time. Only those are told of that answer, with what they answer.
    """

    def __init__(self, on_change: Callable[[list[FoundHost]], None]) -> None:
        self._on_change = on_change
        self._told: list[FoundHost] = []
        self._known: dict[str, _Known] = {}
        self._turn = asyncio.Semaphore(_ASKED_AT_ONCE)
        self._rumours = Rumours()
        self._voices: dict[Leg, _Voice] = {}
        self._multicast = Multicast(self._call, self._hear)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._multicast.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await _end(self._task)
        asking = [known.asking for known in self._known.values()]
        self._known.clear()
        await _end(*asking)

    # What is heard in one network

    async def _call(self, leg: Leg, zeroconf: AsyncZeroconf) -> None:
        """Call out, again and again. Everybody hears the answers: one to us might reach another program."""
        self._voices[leg] = voice = _Voice(zeroconf)
        try:
            for pause in chain(_FIRST_SECONDS, repeat(_AGAIN_SECONDS)):
                voice.call(self._rumours.missing())
                await asyncio.sleep(pause)
                self._forget_silent()
        finally:
            del self._voices[leg]
            self._leave(leg)

    def _hear(self, leg: Leg, sender: str, message: DNSIncoming) -> None:
        if leg.network.contains(sender):
            for said in said_by(sender, message):
                self._remember(leg, sender, said)
        for hearsay in self._rumours.hear(sender, message, self._multicast.networks):
            self._remember_hearsay(leg, sender, hearsay)
        if leg in self._voices and message.is_response():
            self._voices[leg].ask(self._rumours.missing())
        if says_goodbye(message):
            for known in self._of(sender):
                known.pulse.hear(known.pulse.addresses)  # who is still there, answers

    def _remember(self, leg: Leg, sender: str, said: Said) -> None:
        """Ask the host from now on; at once where that is news."""
        known = self._known.get(said.endpoint)
        if known is None:
            if not self._make_room(sender):
                return
            known = self._ask(sender, Hearsay(said, (said.endpoint,)), USUAL)
        elif known.said != said:
            known.said = said
            known.pulse.hear((said.endpoint,))
            self._tell()
        known.heard[leg] = _now()

    def _remember_hearsay(self, leg: Leg, sender: str, hearsay: Hearsay) -> None:
        """Ask the host from now on, where there is room for doubt. No news of it make it be asked at once."""
        known = self._known.get(hearsay.said.endpoint)
        if known is None:
            if not self._make_room_for_doubt(sender, hearsay):
                return
            known = self._ask(sender, hearsay, DOUBTFUL)
        elif known.is_hearsay and known.sender == sender:
            known.said, known.pulse.addresses = hearsay
        known.heard[leg] = _now()

    def _ask(self, sender: str, hearsay: Hearsay, patience: Patience) -> _Known:
        said, endpoints = hearsay
        pulse = Pulse("", self._turn, self._tell, patience)
        pulse.hear(endpoints)
        known = _Known(sender, said, patience is DOUBTFUL, pulse, asyncio.create_task(pulse.run()), _now())
        self._known[said.endpoint] = known
        return known

    def _of(self, sender: str) -> list[_Known]:
        return [known for known in self._known.values() if known.sender == sender]

    def _make_room(self, sender: str) -> bool:
        """Forget one who does not answer where there are too many; False when all do."""
        on_it = [known for known in self._of(sender) if not known.is_hearsay]
        for those, most in ((on_it, _MOST_OF_ONE), (list(self._known.values()), _MOST_HEARD)):
            if len(those) >= most:
                silent = next((known for known in those if not known.pulse.found), None)
                if silent is None:
                    return False
                self._forget(silent)
        return True

    def _make_room_for_doubt(self, sender: str, hearsay: Hearsay) -> bool:
        """Whether one more may be asked of whom only others speak: few at a time, and fewer at any one machine."""
        spoken_of = [known for known in self._known.values() if known.is_hearsay]
        if len(spoken_of) >= _MOST_SPOKEN_OF:
            return False
        doubted = [known for known in spoken_of if not known.pulse.found]
        at_one = [known for known in doubted if _machines(known.pulse.addresses) & _machines(hearsay.endpoints)]
        of_one = [known for known in doubted if known.sender == sender]
        limits = ((at_one, _MOST_DOUBTED_AT_ONE), (of_one, _MOST_DOUBTED_OF_ONE), (doubted, _MOST_DOUBTED))
        full = [those[0] for those, most in limits if len(those) >= most]
        if any(_now() - oldest.since < _DOUBT_SECONDS for oldest in full):
            return False
        for oldest in full:
            self._forget(oldest)
        return True

    def _leave(self, leg: Leg) -> None:
        """What was heard there counts no more; but who answers stays, until it could have been heard elsewhere."""
        for known in self._known.values():
            if known.heard.pop(leg, None):
                asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._forget_unheard, known)

    def _forget_unheard(self, known: _Known) -> None:
        if not known.heard:
            self._forget(known)

    def _forget_silent(self) -> None:
        start = _now() - _SILENT_SECONDS
        for known in list(self._known.values()):
            if not known.pulse.found and max(known.heard.values(), default=start) <= start:
                self._forget(known)

    def _forget(self, known: _Known) -> None:
        if self._known.get(known.said.endpoint) is known:
            del self._known[known.said.endpoint]
            known.asking.cancel()
            self._tell()

    # Who is told of

    def _tell(self) -> None:
        found = sorted(_hosts(self._known.values()), key=lambda host: (host.name.casefold(), host.addresses))
        if found != self._told:
            self._told = found
            self._on_change(list(found))


def _hosts(all_known: Iterable[_Known]) -> list[FoundHost]:
    """Each chat once, also where it answers at several addresses. Who only claims to be another is one of its own."""
    chats: list[tuple[list[_Known], FoundHost]] = []
    for known in all_known:
        if not (found := known.pulse.found):
            continue
        for place, (parts, chat) in enumerate(chats):
            if chat.server_id == found.server_id and all(_are_one(part.said, known.said) for part in parts):
                chats[place] = ([*parts, known], replace(chat, addresses=chat.addresses + found.addresses))
                break
        else:
            chats.append(([known], found))
    return [chat for _, chat in chats]


def _are_one(one: Said, other: Said) -> bool:
    """Whether each says of the other that it is the same machine."""
    return one.endpoint in other.also and other.endpoint in one.also


def _machines(endpoints: Iterable[str]) -> set[str]:
    return {endpoint.rpartition(":")[0] for endpoint in endpoints}


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
