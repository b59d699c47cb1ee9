"""Where the servers of a chat are reached, and whose pages may use each other's WebSockets."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address

from msgspec import Struct

from chatdesk.ip import canonical_address, is_loopback
from chatdesk.origin import Authority, Origin, canonical_url, origin_of, parse_origin
from chatdesk.protocol.limits import NODES

_FRESH_SECONDS = 5.0
"""How long the own addresses hold: to look them up asks the system for every interface."""
_KEPT_SECONDS = 24 * 3600
"""For so long a page of a server that has ended may go on at another one: until the next morning."""
_MOST_KEPT = 1000
"""Origins at most: some dozen of each server."""


class Place(Struct, array_like=True, frozen=True):
    """Where a node is reached: the ``url`` of its page, empty if nowhere, and the page's ``origins`` under all names.

    ``open``: whether people may be sent there.
    """

    url: str
    origins: tuple[str, ...]
    open: bool


NOWHERE = Place("", (), open=False)
"""Of a node that does not listen yet."""


def find_place(public_url: str, reached: Iterable[str], origins: Sequence[Origin], *, open_: bool) -> Place:
    """The place of a server with this public address, or else the first of those at which others can open it."""
    names = [canonical_address(address) for address in reached if not ip_address(address).is_link_local]
    found = (str(origin) for name in names for origin in origins if origin.name == name)
    url = canonical_url(public_url) if public_url else next(found, "")
    return Place(url, tuple(map(str, origins)), open_)


class NodePlaces:
    """The places of this node, as ``look_up`` finds it, and of the others, as these tell it."""

    def __init__(self, look_up: Callable[[], Place]) -> None:
        self._look_up = look_up
        self._own = NOWHERE
        self._looked_at = -_FRESH_SECONDS
        self._others: dict[str, Place] = {}
        """Of the others that are there, by node."""
        self._origins: dict[Origin, float] = {}
        """Of the others, and of those that were there: when each was told last."""
        self._urls: dict[str, float] = {}

    def own(self) -> Place:
        """Where this node is reached now."""
        if (now := time.monotonic()) - self._looked_at >= _FRESH_SECONDS:
            self._own, self._looked_at = self._look_up(), now
        return self._own

    def forget_own(self) -> None:
        """The own place has changed."""
        self._looked_at = -_FRESH_SECONDS

    def hear(self, node: str, place: Place) -> bool:
        """Another node tells where it is. Returns whether ``urls`` has changed."""
        before = self.urls
        now = time.monotonic()
        self._others[node] = place
        if place.url:
            _keep(self._urls, place.url, now)
        for text in place.origins:
            if origin := parse_origin(text):
                _keep(self._origins, origin, now)
        return self.urls != before

    def lost(self, node: str) -> bool:
        """Another node is gone. Returns whether ``urls`` has changed."""
        before = self.urls
        self._others.pop(node, None)
        return self.urls != before

    @property
    def urls(self) -> list[str]:
        """The addresses of the others where clients of this one can go on, each once."""
        return sorted({place.url for place in self._others.values() if place.open and place.url} - {self.own().url})

    def goes_on(self) -> bool:
        """Whether people who lose this node are let in at another one, perhaps under the same address."""
        return any(place.open for place in self._others.values())

    def some(self) -> list[str]:
        """As many of them as a client is told, others for each."""
        urls = self.urls
        return urls if len(urls) <= NODES else random.sample(urls, NODES)

    def is_page(self, origin: Origin, authority: Authority) -> bool:
        """Whether this is the origin of a page of another node, which may use the chat at ``authority``.

        One of this very computer may do so only there: every computer has its own page of this origin.
        """
        told_at = self._origins.get(origin)
        if told_at is None or time.monotonic() - told_at > _KEPT_SECONDS:
            return False
        return not _is_local(origin.name) or _is_local(authority.name)

    def sources(self) -> list[str]:
        """Where a page may open WebSockets besides, for its policy."""
        until = time.monotonic() - _KEPT_SECONDS
        origins = dict.fromkeys(origin_of(url) for url, told_at in self._urls.items() if told_at > until)
        return [f"ws{str(origin).removeprefix('http')}" for origin in origins if ":" not in origin.name]


def _keep[Key](kept: dict[Key, float], key: Key, now: float) -> None:
    """The one that was told longest ago is forgotten when there are too many."""
    kept.pop(key, None)
    kept[key] = now
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]


def _is_local(name: str) -> bool:
    return name == "localhost" or is_loopback(name)
