"""Where a client goes on when it loses a server of a chat that has several: at one of those that this one has named.

A server could be anybody's, and must not lead its guests to where they would not go by themselves: from an encrypted
address only to encrypted ones, and to the person's own computer or network only from there.
"""

import ipaddress
import re
from random import Random
from urllib.parse import urlsplit

from chatdesk.client.address import parse_address
from chatdesk.ip import is_private
from chatdesk.protocol import connection_events, events
from chatdesk.protocol.limits import NODES

_OWN_NETWORKS = {4: ipaddress.ip_network("0.0.0.0/8"), 6: ipaddress.ip_network("::/16")}
_NUMBER = re.compile(r"\d+|0x[\da-f]*")


class Nodes:
    """The addresses of one chat, as URLs of WebSockets; ``url`` is at first the one that the person has given."""

    def __init__(self, url: str, random: Random) -> None:
        self.url = url
        """Where to connect next, or where the client is connected."""
        self.count = 1
        """How many addresses there are."""
        self._given = url
        self._random = random
        self._named: list[str] = []
        self._untried: list[str] = []
        self._known = True

    @property
    def unproven(self) -> bool:
        """Whether nobody has answered yet at this address, which another server has named, as this chat."""
        return not self._known

    def hear(self, event: events.Event) -> None:
        """The server at ``url``, which is one of this chat, says something."""
        if isinstance(event, events.Welcome | connection_events.Nodes):
            self._known, self._untried = True, []
            urls = dict.fromkeys(map(_websocket, event.nodes[:NODES]))
            self._named = [url for url in urls if url and _leads_no_further(self._given, url)]
            self.count = len({*self._named, self._given, self.url})

    def go_on(self) -> None:
        """Turn to the next address: to each of the others, and then to this one again."""
        if not self._untried:
            others = [url for url in self._named if url not in (self.url, self._given)]
            self._random.shuffle(others)
            self._untried = [*dict.fromkeys((self.url, self._given)), *others]
        self.url = self._untried.pop()
        self._known = self.url == self._given

    def forget(self) -> None:
        """There is no server of this chat at this address: it is not tried again."""
        self._named = [url for url in self._named if url != self.url]


def _websocket(page: str) -> str:
    """The WebSocket of the page at this address; empty if it is none."""
    try:
        return parse_address(page) if page.startswith(("http://", "https://")) else ""
    except ValueError:
        return ""


def _leads_no_further(given: str, url: str) -> bool:
    """Whether a server at ``given`` may name this one: it is as secret, and no nearer to the person."""
    is_as_secret = url.startswith("wss:") or given.startswith("ws:")
    return is_as_secret and _nearness(url) <= _nearness(given)


def _nearness(url: str) -> int:
    """2 for this computer, 1 for a network that is nobody else's, 0 for any other place; however that is spelt.

    A name in the DNS can stand for any address, and is another place all the same: nobody can tell before. An IPv6
    address that stands for one of IPv4, which no server names, counts as one of this computer.
    """
    name = urlsplit(url).hostname or ""
    try:
        ip = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return _nearness_of_name(name.rstrip("."))
    if ip.is_loopback or ip in _OWN_NETWORKS[ip.version]:  # systems connect to themselves where 0.0.0.0 is asked for
        return 2
    return int(is_private(str(ip)) or ip.is_link_local or (ip.version == 6 and ip.is_site_local))


def _nearness_of_name(name: str) -> int:
    *parents, last = name.split(".")
    if last == "localhost" or _NUMBER.fullmatch(last):  # 0x7f.1 is an address for some systems, and for no person
        return 2
    return int(not parents or last == "local")
