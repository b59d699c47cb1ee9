"""Networks of a computer, and the invitations in them."""

from chatdesk.desktop.invitation import Invitation
from chatdesk.discovery.networks import Network, NetworkKind


def network(interface: str, kind: NetworkKind, *addresses: str, name: str = "") -> Network:
    return Network(interface, kind, name, addresses, tuple(64 if ":" in address else 24 for address in addresses))


WIFI = network("wlan0", NetworkKind.WIFI, "192.168.4.20", name="Workshop-5G")
CABLE = network("eth0", NetworkKind.ETHERNET, "10.1.2.3", "fd00:1234:5678:9abc:def0:1234:5678:9abc")
VPN = network("tun0", NetworkKind.VPN, "10.8.0.2")
DOCKER = network("docker0", NetworkKind.VIRTUAL, "172.17.0.1")

AT_WIFI = Invitation("192.168.4.20", 8080, WIFI)
AT_CABLE = Invitation("10.1.2.3", 8080, CABLE)
AT_LONGEST = Invitation("fd00:1234:5678:9abc:def0:1234:5678:9abc", 18080, CABLE)
PROXY = Invitation("chat.example.org", 443, None, "https://chat.example.org/chat/")
LOOPBACK = Invitation("127.0.0.1", 8080)
