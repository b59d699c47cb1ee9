"""Finding the chats that announce themselves in the networks that this machine is in."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from types import TracebackType
from typing import Self

from zeroconf import DNSIncoming  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.found import FoundHost
from chatdesk.discovery.multicast import Leg, Multicast
from chatdesk.discovery.packets import Said, call, said_by, says_goodbye
from chatdesk.discovery.pulse import Pulse

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


@dataclass(eq=False, slots=True)
class _Known:
    """A chat that was heard of: who said what of it, when it was last heard in which network, and who asks it."""

    sender: str
    said: Said
    pulse: Pulse
    asking: asyncio.Task[None]
    heard: dict[Leg, float] = field(default_factory=dict)


class Browser:
    """Tells of the chats in the networks around, for as long as its context lasts.

    An advert is anybody's word: it only leads to the machine that sent it. Only those are told of that answer there,
    with what they answer.
    """

    def __init__(self, on_change: Callable[[list[FoundHost]], None]) -> None:
        self._on_change = on_change
        self._told: list[FoundHost] = []
        self._known: dict[str, _Known] = {}
        self._turn = asyncio.Semaphore(_ASKED_AT_ONCE)
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
        try:
            for pause in chain(_FIRST_SECONDS, repeat(_AGAIN_SECONDS)):
                zeroconf.zeroconf.async_send(call())
                await asyncio.sleep(pause)
                self._forget_silent()
        finally:
            self._leave(leg)

    def _hear(self, leg: Leg, sender: str, message: DNSIncoming) -> None:
        if not leg.network.contains(sender):
            return
        for said in said_by(sender, message):
            self._remember(leg, sender, said)
        if says_goodbye(message):
            for known in self._of(sender):
                known.pulse.hear(known.pulse.addresses)  # who is still there, answers

    def _remember(self, leg: Leg, sender: str, said: Said) -> None:
        """Ask the host from now on; at once where that is news."""
        known = self._known.get(said.endpoint)
        if known is None:
            if not self._make_room(sender):
                return
            pulse = Pulse("", self._turn, self._tell)
            pulse.hear((said.endpoint,))
            known = _Known(sender, said, pulse, asyncio.create_task(pulse.run()))
            self._known[said.endpoint] = known
        elif known.said != said:
            known.said = said
            known.pulse.hear((said.endpoint,))
            self._tell()
        known.heard[leg] = _now()

    def _of(self, sender: str) -> list[_Known]:
        return [known for known in self._known.values() if known.sender == sender]

    def _make_room(self, sender: str) -> bool:
        """Forget one who does not answer where there are too many; False when all do."""
        for those, most in ((self._of(sender), _MOST_OF_ONE), (list(self._known.values()), _MOST_HEARD)):
            if len(those) >= most:
                silent = next((known for known in those if not known.pulse.found), None)
                if silent is None:
                    return False
                self._forget(silent)
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


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
