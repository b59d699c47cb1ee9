"""What the probes have seen, before anybody says what it means. Nothing in here does anything."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from chatdesk.discovery.addresses import web_url
from chatdesk.discovery.networks import Kind, Network
from chatdesk.ip import is_private


class ConnectOutcome(StrEnum):
    """What became of an attempt to connect. UNREACHABLE: this computer or a router says that there is no way."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


class Service(StrEnum):
    """Who answers. WRONG_NAME, WRONG_PATH: a chat that does not go by the name, or is not at the path, it was asked by;
    PORTAL: a page to log in at; OBSTACLE: something before a chat, such as a proxy or a certificate, that can be told.
    """

    CHATDESK = "chatdesk"
    OBSTACLE = "obstacle"
    WRONG_NAME = "wrong name"
    WRONG_PATH = "wrong path"
    PORTAL = "portal"
    OTHER = "other"
    NOBODY = "nobody"


class WebSocketOutcome(StrEnum):
    """What became of opening a WebSocket. REFUSED: to the chat the page is another's; SHUT: none gets there."""

    OPEN = "open"
    FULL = "full"
    REFUSED = "refused"
    BLOCKED = "blocked"


class DeviceState(StrEnum):
    """Whether a device of the same network answers at all, below all programs and firewalls."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class FirewallAccess(StrEnum):
    """What a firewall does with somebody who wants to join."""

    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


FAR_NETWORKS = {Kind.VPN: "of a VPN", Kind.VIRTUAL: "for containers or virtual machines"}
"""Kinds of networks in which nobody else in the room is."""

LOOPBACKS = ("127.0.0.1", "::1")
"""Where this computer finds itself."""

CLOCK_SECONDS = 120
"""Clocks that differ by more than this tell different times to people."""


@dataclass(frozen=True, slots=True)
class Firewall:
    """The firewall of this computer: ``program`` is empty where none was found.

    ``place`` is where a rule belongs: family, table and chain for nftables, the program's file on macOS.
    """

    program: str = ""
    access: FirewallAccess = FirewallAccess.UNKNOWN
    place: str = ""


class Proxy(NamedTuple):
    """A proxy for plain HTTP.

    ``setting`` is where it is set: ``environment``, ``gnome``, or the system as Python names it; ``excepted`` is to
    what one goes without it already.
    """

    host: str
    port: int
    setting: str
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Who else is in a network: its router, and whether any other device has been heard of lately."""

    router: DeviceState = DeviceState.UNKNOWN
    others: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody on another device who was asked to call our addresses, and by which of them the calls came in.

    ``calls``: it can be asked to; others are only known to have come in. ``skew`` is by how many seconds their clock is
    ahead of ours, None where that is not known.
    """

    name: str
    address: str
    reached: tuple[str, ...] = ()
    skew: float | None = None
    calls: bool = True
    joined: bool = True
    """Whether they are in the chat; others have only opened the test page, and may be anybody."""

    def is_awaited(self, addresses: Collection[str]) -> bool:
        """Whether calls may still come in that they were asked for, at these addresses."""
        return self.calls and (self.skew is None or not set(addresses) <= set(self.reached))


class MissingFile(NamedTuple):
    """A file that does not arrive in browsers, and why, in a word. ``refused``: to the chat the page is another's."""

    path: str
    why: str
    refused: bool = False


class PageLoad(NamedTuple):
    """What came of opening the page as a browser does: of how many files which are missing, and its WebSocket."""

    files: int = 1
    missing: tuple[MissingFile, ...] = ()
    socket: WebSocketOutcome = WebSocketOutcome.BLOCKED


@dataclass(slots=True)
class HostObservations:
    """The chat that is hosted here, as far as it has been looked at."""

    port: int
    networks: tuple[Network, ...] = ()
    loopback: ConnectOutcome = ConnectOutcome.REFUSED
    loopback_address: str = LOOPBACKS[0]
    """The loopback address that takes connections, if one does."""
    reached: dict[str, ConnectOutcome] = field(default_factory=dict)
    """By our own addresses in these networks, in their order."""
    service: Service = Service.NOBODY
    page_load: PageLoad | None = None
    firewall: Firewall = Firewall()
    callers: tuple[Caller, ...] = ()
    callers_known: bool = False
    """Whether the chat would say who has called."""
    neighbourhood: Neighbourhood = Neighbourhood()

    @property
    def listening(self) -> bool:
        """Whether anything takes connections there."""
        return self.loopback is ConnectOutcome.OPEN or bool(self.open_addresses)

    @property
    def shown_address(self) -> str:
        """The address that is given to others, of those that were tried; empty without a network."""
        return next(iter(self.reached), "")

    @property
    def open_addresses(self) -> list[str]:
        """Our own addresses that take connections."""
        return [address for address, reached in self.reached.items() if reached is ConnectOutcome.OPEN]

    @property
    def expected_addresses(self) -> list[str]:
        """Our own addresses by which people in the room should come in: nobody expects a container's of them.

        Nor do they call any that the internet knows.
        """
        far = {address for network in self.networks if network.kind in FAR_NETWORKS for address in network.addresses}
        called = [address for address in self.reached if address not in far and is_private(address)]
        return [address for address in self.reached if address == self.shown_address or address in called]


@dataclass(slots=True)
class AddressObservations:
    """A chat elsewhere, as far as it has been looked at from here."""

    host: str
    port: int
    networks: tuple[Network, ...] = ()
    url: str = ""
    """That of the page, with a slash at its end; as the host and the port say where it is not told."""
    code: str = ""
    """The short code that was typed; empty where it was an address or a name."""
    addresses: tuple[str, ...] = ()
    """The addresses that the name stands for."""
    mdns_addresses: tuple[str, ...] = ()
    """Those that the network itself gives for a name that the system does not know."""
    reached: ConnectOutcome = ConnectOutcome.SILENT
    device: DeviceState = DeviceState.UNKNOWN
    neighbourhood: Neighbourhood = Neighbourhood()
    service: Service = Service.NOBODY
    obstacle: str = ""
    """What is between, and what to do, where the service is an OBSTACLE."""
    refused_name: str = ""
    """By which name a chat was asked that does not go by it."""
    page_load: PageLoad | None = None
    skew: float | None = None
    proxy: Proxy | None = None
    """What browsers here go through; None where they go directly."""
    uses_pac_script: bool = False
    """Whether browsers here ask a script which proxy to take, if any."""
    service_by_proxy: Service = Service.NOBODY

    def __post_init__(self) -> None:
        self.url = self.url or f"{web_url(self.host, self.port)}/"

    @property
    def encrypted(self) -> bool:
        """Whether it is asked for over TLS."""
        return self.url.startswith("https:")

    @property
    def address(self) -> str:
        """The address that was tried; empty where the name stands for none."""
        return self.addresses[0] if self.addresses else ""

    @property
    def network(self) -> Network | None:
        """The own network that the address is in."""
        if not self.address:
            return None
        return next((network for network in self.networks if network.contains(self.address)), None)

    @property
    def is_own(self) -> bool:
        """Whether it is an address of this very computer, apart from the ones that always are."""
        return any(self.address in network.addresses for network in self.networks)
