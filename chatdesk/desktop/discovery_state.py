"""How far looking for rooms is. Imports no Qt."""

from enum import Enum, auto


class DiscoveryState(Enum):
    """What the start screen has to say about it."""

    UNAVAILABLE = auto()
    """The program was started so that it does not look."""

    OFF = auto()
    """The person has turned it off."""

    NO_NETWORK = auto()
    SEARCHING = auto()
    NO_ANSWER = auto()
    """Begun some seconds ago, and nobody has answered."""

    SCANNING = auto()
    """The addresses of the own networks are asked."""

    NOTHING_FOUND = auto()
    """All of them were asked, and nobody has answered."""

    PARTLY_SCANNED = auto()
    """The nearest of them were asked, and nobody has answered."""

    FOUND = auto()
