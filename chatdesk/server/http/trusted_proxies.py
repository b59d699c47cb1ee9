"""From where somebody comes whose requests a proxy passes on: ``X-Forwarded-For`` and ``Forwarded`` (RFC 7239).

Anybody can write these fields, so they are believed of the proxies that the host names, and of nobody else. Each of
them adds, at the right, from where it got the request: so the rightmost address that is no trusted proxy's is the
person's.
"""

import logging
import time
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import import_module
from ipaddress import ip_address, ip_network
from typing import Any

from chatdesk.ip import canonical_address, network_of
from chatdesk.server.http.request import Request

_FIELDS = ("x-forwarded-for", "forwarded")
_KNOWN_PEERS = 1024
_TOLD_EACH_SECONDS = 60.0
_LONGEST_FIELD = 1024
"""Twenty proxies one behind the other; a peer that writes more there wants the chat to read for long."""
_UNCLEAR = (
    "The proxy %s says in %s from where somebody comes, but not clearly: the request is refused. It has to add the "
    "address to X-Forwarded-For or to Forwarded, and to take away the other one."
)
_MALFORMED = "The proxy %s begins a connection with a PROXY header that cannot be read (%s): the connection is closed."

logger = logging.getLogger(__name__)


class UnclearOriginError(ValueError):
    """A trusted proxy does not say clearly from where a request comes."""


class TrustedProxies:
    """Finds from where people come. ``networks`` are those of the proxies to believe."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = [ip_network(text) for text in networks]
        self.trusts = lru_cache(_KNOWN_PEERS)(self._is_proxy)
        """Whether the one at this address is believed."""
        self._told_at = -_TOLD_EACH_SECONDS
        self.ignored = 0
        """Requests whose fields were not believed."""
        self.refused = 0
        """Requests and connections of which a trusted proxy did not say clearly from where they come."""

    def address(self, request: Request, peer: str) -> str:
        """The address of the person who sends the request, which has come from ``peer``.

        Raises UnclearOriginError where a trusted proxy's fields are malformed, or contradict each other: then one of
        them is not the proxy's, but somebody's who wants to be taken for another.
        """
        named = [name for name in _FIELDS if request.values(name)]
        if not named:
            return peer
        if not self.trusts(peer):
            self.ignored += 1
            return peer
        found = {self._client(name, request.values(name), peer) for name in named}
        if len(found) > 1 or None in found:
            self.refused += 1
            self._tell(_UNCLEAR, peer, " and ".join(named))
            raise UnclearOriginError
        return next(iter(found)) or peer

    def network(self, address: str) -> str:
        """The network that limits go by: that of the address; empty for a trusted proxy's own, as many share it."""
        return "" if self.trusts(address) else network_of(address)

    def refuse_connection(self, peer: str, reason: str) -> None:
        """Count, and tell the host, that a trusted proxy began a connection with a header that cannot be read."""
        self.refused += 1
        self._tell(_MALFORMED, peer, reason)

    def _tell(self, sentence: str, peer: str, detail: str) -> None:
        """Tell the host, but not each time: the sender could fill the log."""
        now = time.monotonic()
        if now >= self._told_at + _TOLD_EACH_SECONDS:
            self._told_at = now
            logger.warning(sentence, peer, detail)

    def _client(self, name: str, lines: Sequence[str], peer: str) -> str | None:
        """The person's address as one field says it; the proxy's own for one that it hides; None if it is unclear."""
        if sum(map(len, lines)) > _LONGEST_FIELD:
            return None
        library = _library()
        read = library.client_from_forwarded if name == "forwarded" else library.client_from_x_forwarded
        client = read(lines, peer, trusted=self._networks)
        if client is None:
            return None
        return canonical_address(str(client.node.ip)) if client.node.ip else peer

    def _is_proxy(self, address: str) -> bool:
        return bool(address) and any(ip_address(address) in network for network in self._networks)


@cache
def _library() -> Any:
    """Loaded for the first request of a trusted proxy: most chats have none."""
    return import_module("forwarded")
