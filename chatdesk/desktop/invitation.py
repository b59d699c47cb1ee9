"""Addresses at which others can join a hosted chat, and the one that is shown to them. Imports no Qt."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from chatdesk.discovery.addresses import web_url
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.short_code import short_code
from chatdesk.ip import listens_on
from chatdesk.origin import Origin, origin_of

_SHARED_KINDS = (NetworkKind.ETHERNET, NetworkKind.WIFI, NetworkKind.OTHER)
_KIND_NAMES = {
    NetworkKind.WIFI: "Wi-Fi",
    NetworkKind.ETHERNET: "Cable",
    NetworkKind.VPN: "VPN",
    NetworkKind.VIRTUAL: "Virtual network",
    NetworkKind.OTHER: "Network",
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """An address with its network; ``network`` is None if only this computer reaches it, or behind a proxy.

    ``public_url`` is the proxy's address; empty without one.
    """

    address: str
    port: int
    network: Network | None = None
    public_url: str = ""
    encrypted: bool = False

    @property
    def url(self) -> str:
        """The URL for a browser."""
        return self.public_url or web_url(self.address, self.port, encrypted=self.encrypted)

    @property
    def code(self) -> str:
        """The short code; empty if there is none, since it encodes only an IPv4 address and a port."""
        is_elsewhere = self.public_url and self.public_url != str(Origin("http", self.address, self.port))
        if is_elsewhere or not _is_address(self.address):
            return ""
        return short_code(self.address, self.port) or ""

    @property
    def wifi(self) -> str:
        """The name of the Wi-Fi that others must join first; empty if it is unknown or another kind of network."""
        return self.network.name if self.network and self.network.kind is NetworkKind.WIFI else ""

    def description(self) -> tuple[str, str]:
        """Return the network's name and what distinguishes it: ``Workshop-5G``, ``Wi-Fi, 192.168.4.20``."""
        if self.public_url:
            return "Proxy", self.address
        if self.network is None:
            return "This computer only", self.address
        kind = _KIND_NAMES[self.network.kind]
        name = self.network.name
        return name or kind, f"{kind if name else self.network.interface}, {self.address}"


class Invitations:
    """All invitations to a server that listens on ``bind``, best first; ``shown`` is the one given to people."""

    def __init__(self, bind: str, port: int, public_url: str = "", *, encrypted: bool = False) -> None:
        self._encrypted = encrypted
        self._bind, self._port = ipaddress.ip_address(bind), port
        self._public = (_of_proxy(public_url),) if public_url else ()
        self._chosen = ""
        self.all: tuple[Invitation, ...] = ()
        self.shown: Invitation | None = None

    @property
    def can_change(self) -> bool:
        """Whether a change of networks changes the invitations; not if the server listens on loopback or link-local."""
        return not self._bind.is_loopback and not (self._bind.version == 6 and self._bind.is_link_local)

    def set_networks(self, networks: Sequence[Network]) -> None:
        """Update the invitations for this computer's current networks, best first."""
        if not self.can_change:
            self.all = self._public or (Invitation(str(self._bind), self._port, encrypted=self._encrypted),)
        else:
            own = (invitation for network in networks if (invitation := self._invitation_to(network)))
            self.all = (*self._public, *own)
        self.shown = self._choose_shown()

    def choose(self, interface: str) -> None:
        """Show the address of this interface whenever it has one; the proxy's for an empty name."""
        self._chosen = interface
        self.shown = self._choose_shown()

    def _invitation_to(self, network: Network) -> Invitation | None:
        for address in network.addresses:
            if listens_on(str(self._bind), address):
                return Invitation(address, self._port, network, encrypted=self._encrypted)
        return None

    def _choose_shown(self) -> Invitation | None:
        """Return the chosen one; else the proxy's; else the current one, if others may be using it; else the best."""
        by_interface = {invitation.network.interface: invitation for invitation in self.all if invitation.network}
        if self._chosen in by_interface:
            return by_interface[self._chosen]
        if self._public:
            return self._public[0]
        current = self.shown.network if self.shown else None
        if current and current.interface in by_interface and _may_be_in_use(by_interface[current.interface], current):
            return by_interface[current.interface]
        return next(iter(self.all), None)


def _of_proxy(url: str) -> Invitation:
    origin = origin_of(url)
    return Invitation(origin.name, origin.port, None, url)


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _may_be_in_use(invitation: Invitation, network: Network) -> bool:
    """Whether people may have joined by this address, so that it is kept although there is a better one."""
    return network.kind in _SHARED_KINDS and not ipaddress.ip_address(invitation.address).is_link_local
