"""The state of looking for chats on the network. Imports no Qt."""

from enum import Enum, auto


class DiscoveryState(Enum):
    """What the start screen shows about the search."""

    UNAVAILABLE = auto()
    """Discovery was turned off on the command line or in the configuration."""

    OFF = auto()
    """Discovery was turned off in the settings."""

    NO_NETWORK = auto()
    SEARCHING = auto()
    NO_ANSWER = auto()
    """Searching for some seconds, without an answer."""

    SCANNING = auto()
    """The addresses of this computer's networks are being probed."""

    NOTHING_FOUND = auto()
    """All addresses were probed, without an answer."""

    PARTLY_SCANNED = auto()
    """The nearest addresses were probed, without an answer; the network has too many."""

    FOUND = auto()
