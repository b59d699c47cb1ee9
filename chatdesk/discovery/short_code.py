"""The short code: an address that can be said across a room, such as ``kite-42``.

A word stands for the third byte of an IPv4 address and a number for the fourth. The first two bytes are those of the
network that the listener is in as well.
"""

import ipaddress
import re
from collections.abc import Iterable

from chatdesk.discovery.networks import Network
from chatdesk.protocol.text import strip_invisible

DEFAULT_CODE_PORT = 8080
"""The port that a code leaves out."""

_WORD_LIST = """
abacus acorn album alley almond alpaca amber anchor ankle apple apron arrow atlas autumn badge bagel bamboo banjo
barley basil basket beacon beaver beetle berry birch bison bobbin bonnet bounty branch brass bread brick bridge
bronze brush bubble bucket buffet butter button cabin cactus camel candle canoe canyon carpet carrot castle cedar
cello chalk cherry chess cinema circle citrus clover cobalt cobra cocoa comet copper coral cosmos cotton crater
crayon crown daisy dance delta desert domino dragon drum eagle echo elbow engine fabric falcon fennel fiddle finch
flame flute forest fossil fox fudge galaxy garlic ginger globe gloves goblet goose grape gravel hammer hazel hedge
helmet heron hippo honey hotel husky igloo impala indigo iris island ivory jackal jacket jasper jersey jigsaw jungle
kayak kettle kite kiwi ladder lagoon laser lemon lilac lion lizard locket lotus lunar magnet mango marble meadow
melon meteor mimosa mirror mitten mosaic muffin museum nectar needle nickel nugget nutmeg oasis ocean olive onion
opal orbit orchid otter owl oxygen oyster pagoda papaya pasta pencil pepper piano picnic pillow pilot pixel pizza
planet plum pollen potato prism puzzle python quartz quilt quiver rabbit radar radish raft raven rhino ribbon river
ruby saddle salad salmon saturn saucer scarf school shadow shovel shrimp silver siren skate sketch slalom sloth
snail spider spiral spoon spruce squid stereo summer sunset sushi swan tablet talent taxi teapot temple tennis tiger
toffee tomato tuba tulip tundra tunnel turtle tuxedo umpire velvet violin vortex waffle wagon walnut walrus water
window winter wombat wool yacht zebra zenith zigzag zinc zipper
"""
WORDS = tuple(_WORD_LIST.split())
"""One for each value of a byte. They are short, and no two of them sound alike."""

_BYTE = {word: byte for byte, word in enumerate(WORDS)}
_SEPARATOR = r"[\s\-\u2010-\u2015]"  # hyphens of every length: phones lengthen what is typed
_CODE = re.compile(rf"([a-z]{{3,6}}){_SEPARATOR}*([0-9]{{1,3}})(?:{_SEPARATOR}+([0-9]{{1,5}}))?")


def short_code(address: str, port: int) -> str | None:
    """Return the short code of an IPv4 address; None for IPv6, and for addresses that lead others nowhere."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6 or ip.is_loopback or ip.is_unspecified:
        return None
    third, fourth = ip.packed[2:]
    return f"{WORDS[third]}-{fourth}" + (f"-{port}" if port != DEFAULT_CODE_PORT else "")


def looks_like_code(text: str) -> bool:
    """Whether a person has typed a short code, in whatever case and with or without hyphens."""
    return _parse(text) is not None


def addresses_for_code(code: str, networks: Iterable[Network]) -> list[str]:
    """Return what the code may mean here, as ``host:port``, the likeliest first: one for each of our own networks."""
    parts = _parse(code)
    if parts is None:
        return []
    third, fourth, port = parts
    near: list[str] = []
    far: list[str] = []
    for network in networks:
        for own in network.addresses:
            if ":" in own:
                continue
            first, second, *_ = own.split(".")
            address = f"{first}.{second}.{third}.{fourth}"
            (near if network.contains(address) else far).append(f"{address}:{port}")
    return list(dict.fromkeys([*near, *far]))


def _parse(code: str) -> tuple[int, int, int] | None:
    """Third byte, fourth byte and port."""
    match = _CODE.fullmatch(strip_invisible(code).casefold())
    if not match or match[1] not in _BYTE:
        return None
    fourth, port = int(match[2]), int(match[3] or DEFAULT_CODE_PORT)
    return (_BYTE[match[1]], fourth, port) if fourth <= 255 and 0 < port <= 65535 else None
