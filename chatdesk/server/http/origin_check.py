"""Refuses requests of foreign pages, by ``Host`` and ``Origin``.

A foreign page that is open in a browser on this network can send requests to the chat. Its ``Origin`` gives it away; if
it points a name of its own at this machine (DNS rebinding), the ``Host`` does.

Header fields of proxies (``X-Forwarded-Host`` …) are ignored here, because anybody can send them. The host
configures names from outside with ``--allow-host`` and ``--public-url``.
"""

import socket
from collections.abc import Callable, Iterable

from chatdesk.origin import Authority, Origin, canonical_name, origin_of, parse_authority, parse_origin

_LOOPBACK = ("127.0.0.1", "::1")
_FOREIGN_HOST = "This address does not belong to this chat: use {there}."
_FOREIGN_PAGE = "A page from elsewhere may not use this chat: open {there}."
_HINT_ALLOW_HOST = (
    "If {place} is its own all the same, the host starts the chat with --allow-host {name}, or, where that is "
    "the address of a proxy before it, with --public-url and the whole address."
)
_HINT_PUBLIC_URL = (
    "If {page} is the chat’s own address, that of a proxy before it, the host starts the chat with "
    "--public-url {page}, with the path where it has one."
)
_HINT_ALSO_ALLOW = "If {place} is its own, too, the host starts the chat with --allow-host {name}, besides what it has."


def own_host_names(addresses: Iterable[str]) -> frozenset[str]:
    """The names of this machine: ``localhost``, its host name, that under ``.local``, and ``addresses``."""
    host = socket.gethostname().casefold()
    short = host.split(".")[0]
    return frozenset({"localhost", host, short, f"{short}.local", *map(canonical_name, addresses)})


class OriginCheck:
    """Checks requests against the machine's names and addresses, and those that the host allows besides."""

    def __init__(self, names: frozenset[str], allowed: Iterable[str] = (), public_url: str = "") -> None:
        self._allowed = [authority for text in allowed if (authority := parse_authority(text))]
        self._public_origin = origin_of(public_url) if public_url else None
        self._advertised_address = public_url or "the address that its host shows"
        further = (authority.name for authority in (*self._allowed, self._public_origin) if authority)
        self._names = names.union(further)
        self._announced = ""
        self.is_page_of_node: Callable[[Origin, Authority], bool] = lambda _page, _authority: False
        """Whether a page comes from another server of this chat, and may use this one at the address, too."""

    def own_origins(self, scheme: str, port: int, addresses: Iterable[str]) -> list[Origin]:
        """The origins of pages that come from here, under all names of this machine and those that the host allows."""
        names = {*self._names, *own_host_names((*addresses, *_LOOPBACK)), self._announced} - {""}
        origins = {Origin(scheme, name, port) for name in names}
        origins |= {Origin(scheme, name, allowed) for name, allowed in self._allowed if allowed}
        return sorted(origins | {self._public_origin} if self._public_origin else origins)

    @property
    def announced_name(self) -> str:
        """The mDNS name under which the chat is announced; empty for none."""
        return self._announced

    def set_announced_name(self, name: str) -> None:
        """Accept the mDNS name under which the chat is announced now; empty for none.

        The previous one is no longer accepted: another machine may have it by now.
        """
        self._announced = canonical_name(name)

    def refusal(self, host: str, origin: str | None, local_address: str) -> tuple[str, ...]:
        """Sentences that say why a request is refused, and what helps; empty if it may pass.

        ``host`` and ``origin`` are its header fields; ``origin`` is None for programs, which send none.
        ``local_address`` is the address of this machine at which it arrived.
        """
        authority = parse_authority(host)
        if authority is None:
            return (_FOREIGN_HOST.format(there=self._advertised_address),)
        if not self._is_own_name(authority.name, local_address):
            hint = _HINT_ALSO_ALLOW if self._public_origin else _HINT_ALLOW_HOST
            return _FOREIGN_HOST.format(there=self._advertised_address), hint.format(
                place=authority, name=authority.name
            )
        if origin is None:
            return ()
        page = parse_origin(origin)
        if page and self._is_own_page(page, authority):
            return ()
        return (_FOREIGN_PAGE.format(there=self._advertised_address), *self._page_hints(page))

    def _is_own_name(self, name: str, local_address: str) -> bool:
        """Whether this machine has the name. The host name is looked up again: a network may have assigned another."""
        if not name:
            return False
        known = name in self._names or name in (self._announced, canonical_name(local_address))
        return known or name in own_host_names(())

    def _page_hints(self, page: Origin | None) -> tuple[str, ...]:
        """What to configure if the refused page is the chat's own, behind a proxy."""
        if page is None:
            return ()
        if self._public_origin is None:
            return (_HINT_PUBLIC_URL.format(page=page),)
        return (_HINT_ALSO_ALLOW.format(place=page, name=str(page).partition("://")[2]),)

    def _is_own_page(self, page: Origin, authority: Authority) -> bool:
        """Whether the page comes from the address that it sends requests to, or from an allowed host; that one may have
        any port unless one was configured."""
        if page == self._public_origin or page.is_at(authority):
            return True
        if any(page.name == name and port in (None, page.port) for name, port in self._allowed):
            return True
        return self.is_page_of_node(page, authority)
