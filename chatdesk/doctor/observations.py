"""What the probes have observed, before any conclusion is drawn. Nothing in here does I/O."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from chatdesk.discovery.addresses import web_url
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.ip import is_private


class ConnectOutcome(StrEnum):
    """The outcome of an attempt to connect. UNREACHABLE: this computer or a router says that there is no route."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


class Service(StrEnum):
    """Who answers.

    WRONG_NAME and WRONG_PATH: a chat that does not have the name or the path of the request. PORTAL: a login page.
    OBSTACLE: something in front of a chat that can be named, such as a proxy or a certificate. UNTRUSTED: a chat that
    encrypts with a certificate of its own, which this computer does not trust.
    """

    CHATDESK = "chatdesk"
    OBSTACLE = "obstacle"
    UNTRUSTED = "untrusted"
    WRONG_NAME = "wrong name"
    WRONG_PATH = "wrong path"
    PORTAL = "portal"
    OTHER = "other"
    NOBODY = "nobody"


class WebSocketOutcome(StrEnum):
    """The outcome of opening a WebSocket.

    REFUSED: the chat takes the page for a foreign one; BLOCKED: none gets through.
    """

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
    """What a firewall does with a new connection."""

    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


FAR_NETWORKS = {NetworkKind.VPN: "of a VPN", NetworkKind.VIRTUAL: "for containers or virtual machines"}
"""Kinds of networks in which nobody else in the room is."""

LOOPBACKS = ("127.0.0.1", "::1")
"""The addresses by which this computer reaches itself."""

CLOCK_SECONDS = 120
"""Clocks that differ by more show different times to people."""


@dataclass(frozen=True, slots=True)
class Firewall:
    """The firewall of this computer: ``program`` is empty if none was found.

    ``location`` is where a rule belongs: family, table and chain for nftables, the program's file on macOS.
    """

    program: str = ""
    access: FirewallAccess = FirewallAccess.UNKNOWN
    location: str = ""


class Proxy(NamedTuple):
    """A proxy for plain HTTP.

    ``setting`` says where it is set: ``environment``, ``gnome``, or Python's name of the system; ``bypassed`` are
    the names that bypass it already.
    """

    host: str
    port: int
    setting: str
    bypassed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The devices of a network: whether its router answers, and whether any other device is known."""

    router: DeviceState = DeviceState.UNKNOWN
    others: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """A person on another device who was asked to call our addresses, and at which of them the calls came in.

    ``calls``: the client supports calling; others are only known to have connected. ``skew`` is by how many seconds
    their clock is ahead of ours, None if unknown.
    """

    name: str
    address: str
    reached: tuple[str, ...] = ()
    skew: float | None = None
    calls: bool = True
    joined: bool = True
    """Whether they are in the chat; others have only opened the test page, and may be anybody."""

    def is_awaited(self, addresses: Collection[str]) -> bool:
        """Whether requested calls may still come in at these addresses."""
        return self.calls and (self.skew is None or not set(addresses) <= set(self.reached))


class MissingFile(NamedTuple):
    """A file that browsers do not get, and why, in a word. ``refused``: the chat takes the page for a foreign one."""

    path: str
    why: str
    refused: bool = False


class PageLoad(NamedTuple):
    """The result of loading the page as a browser does: how many files, which are missing, and the WebSocket."""

    files: int = 1
    missing: tuple[MissingFile, ...] = ()
    socket: WebSocketOutcome = WebSocketOutcome.BLOCKED


@dataclass(slots=True)
class HostObservations:
    """What was observed of the chat that is hosted here."""

    port: int
    networks: tuple[Network, ...] = ()
    loopback: ConnectOutcome = ConnectOutcome.REFUSED
    loopback_address: str = LOOPBACKS[0]
    """The loopback address that accepts connections, if one does."""
    reached: dict[str, ConnectOutcome] = field(default_factory=dict)
    """The outcomes at our own addresses in these networks, in their order."""
    service: Service = Service.NOBODY
    page_load: PageLoad | None = None
    firewall: Firewall = Firewall()
    callers: tuple[Caller, ...] = ()
    callers_known: bool = False
    """Whether the chat was willing to say who has called."""
    neighbourhood: Neighbourhood = Neighbourhood()

    @property
    def listening(self) -> bool:
        """Whether anything accepts connections on the port."""
        return self.loopback is ConnectOutcome.OPEN or bool(self.open_addresses)

    @property
    def shown_address(self) -> str:
        """The address that others are given, of those that were tried; empty without a network."""
        return next(iter(self.reached), "")

    @property
    def open_addresses(self) -> list[str]:
        """Our own addresses that accept connections."""
        return [address for address, reached in self.reached.items() if reached is ConnectOutcome.OPEN]

    @property
    def expected_addresses(self) -> list[str]:
        """Our own addresses by which people in the room should connect.

        Those of containers are not expected, and public addresses are never called.
        """
        far = {address for network in self.networks if network.kind in FAR_NETWORKS for address in network.addresses}
        called = [address for address in self.reached if address not in far and is_private(address)]
        return [address for address in self.reached if address == self.shown_address or address in called]


@dataclass(slots=True)
class AddressObservations:
    """What was observed from here of a chat elsewhere."""

    host: str
    port: int
    networks: tuple[Network, ...] = ()
    url: str = ""
    """The URL of the page, with a slash at its end; made of host and port if it is not given."""
    code: str = ""
    """The short code that was typed; empty if it was an address or a name."""
    addresses: tuple[str, ...] = ()
    """The addresses of the name."""
    mdns_addresses: tuple[str, ...] = ()
    """The addresses that the network itself gives for a name that the system does not know."""
    reached: ConnectOutcome = ConnectOutcome.SILENT
    device: DeviceState = DeviceState.UNKNOWN
    neighbourhood: Neighbourhood = Neighbourhood()
    service: Service = Service.NOBODY
    obstacle: str = ""
    """What is in front of the chat, and what to do, if the service is an OBSTACLE."""
    refused_name: str = ""
    """The name in the request that the chat does not have."""
    page_load: PageLoad | None = None
    skew: float | None = None
    proxy: Proxy | None = None
    """The proxy that browsers here use; None if they connect directly."""
    uses_pac_script: bool = False
    """Whether browsers here ask a script which proxy to use, if any."""
    service_by_proxy: Service = Service.NOBODY

    def __post_init__(self) -> None:
        self.url = self.url or f"{web_url(self.host, self.port)}/"

    @property
    def encrypted(self) -> bool:
        """Whether the URL is https."""
        return self.url.startswith("https:")

    @property
    def address(self) -> str:
        """The address that was tried; empty if the name has none."""
        return self.addresses[0] if self.addresses else ""

    @property
    def network(self) -> Network | None:
        """Our network that the address is in."""
        if not self.address:
            return None
        return next((network for network in self.networks if network.contains(self.address)), None)

    @property
    def is_own(self) -> bool:
        """Whether it is an address of this computer, loopback aside."""
        return any(self.address in network.addresses for network in self.networks)
