"""Who may talk to the server: programs that reach it under one of its names, and its own page.

A page of somebody else's, open in a browser on this network, can send requests here. Its ``Origin`` tells it
apart; and where it hides behind a name of its own that it points at this machine (DNS rebinding), the ``Host`` does.

Nothing that proxies add (``Forwarded``, ``X-Forwarded-For`` and its like) is believed: anybody can write it. What
people outside use is set by who hosts, in ``--allow-host`` and ``--public-url``.
"""

import socket
from collections.abc import Iterable

from chatdesk.origin import Authority, Origin, canonical_name, origin_of, parse_authority, parse_origin

_FOREIGN_HOST = "This address does not belong to this chat: use {there}."
_FOREIGN_PAGE = "A page from elsewhere may not use this chat: open {there}."
_HINT_ALLOW_HOST = (
    "If {place} is its own all the same, whoever runs the chat starts it with --allow-host {name}, or, where that is "
    "the address of a proxy before it, with --public-url and the whole address."
)
_HINT_PUBLIC_URL = (
    "If {page} is the chat’s own address, that of a proxy before it, whoever runs the chat starts it with "
    "--public-url {page}, with the path where it has one."
)
_HINT_ALSO_ALLOW = (
    "If {place} is its own, too, whoever runs the chat starts it with --allow-host {name}, besides what it has."
)


def own_host_names(addresses: Iterable[str]) -> frozenset[str]:
    """What this machine is called: its host name, plain and under ``.local``, ``localhost``, and ``addresses``."""
    host = socket.gethostname().casefold()
    short = host.split(".")[0]
    return frozenset({"localhost", host, short, f"{short}.local", *map(canonical_name, addresses)})


class OriginCheck:
    """Checks requests against the machine's own names and addresses, and what who hosts has allowed besides."""

    def __init__(self, names: frozenset[str], allowed: Iterable[str] = (), public_url: str = "") -> None:
        self._allowed = [authority for text in allowed if (authority := parse_authority(text))]
        self._public_origin = origin_of(public_url) if public_url else None
        self._advertised_address = public_url or "the address that its host shows"
        further = (place.name for place in (*self._allowed, self._public_origin) if place)
        self._names = names.union(further)
        self._announced = ""

    def set_announced_name(self, name: str) -> None:
        """Let in also those who call this machine by the name that it goes by now; empty where it has none.

        The one before is no longer its own: somebody else may have it, and a page of theirs.
        """
        self._announced = canonical_name(name)

    def refusal(self, host: str, origin: str | None, local_address: str) -> tuple[str, ...]:
        """Why a request may not pass, and what helps, in sentences; empty where it may.

        ``host`` and ``origin`` are its header fields (``origin`` None where there is none, as with programs),
        ``local_address`` is the address of this machine on which it arrived.
        """
        place = parse_authority(host)
        if place is None:
            return (_FOREIGN_HOST.format(there=self._advertised_address),)
        if not self._is_own_name(place.name, local_address):
            hint = _HINT_ALSO_ALLOW if self._public_origin else _HINT_ALLOW_HOST
            return _FOREIGN_HOST.format(there=self._advertised_address), hint.format(place=place, name=place.name)
        if origin is None:
            return ()
        page = parse_origin(origin)
        if page and self._is_own_page(page, place):
            return ()
        return (_FOREIGN_PAGE.format(there=self._advertised_address), *self._page_hints(page))

    def _is_own_name(self, name: str, local_address: str) -> bool:
        """Also by what this machine is called only by now: a network may name those who come into it."""
        return bool(name) and name in (
            *self._names,
            self._announced,
            canonical_name(local_address),
            *own_host_names(()),
        )

    def _page_hints(self, page: Origin | None) -> tuple[str, ...]:
        """What lets a page in that is the chat's own, though nobody has said so."""
        if page is None:
            return ()
        if self._public_origin is None:
            return (_HINT_PUBLIC_URL.format(page=page),)
        return (_HINT_ALSO_ALLOW.format(place=page, name=str(page).partition("://")[2]),)

    def _is_own_page(self, page: Origin, place: Authority) -> bool:
        """Whether a page comes from where it sends requests to, or from a place that was allowed; of that, any port
        where none was named."""
        if page == self._public_origin or page.is_at(place):
            return True
        return any(page.name == name and port in (None, page.port) for name, port in self._allowed)
