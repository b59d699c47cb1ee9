"""How far looking for rooms is. Imports no Qt."""

from enum import Enum, auto


class Looking(Enum):
    """What the start screen has to say about it."""

    FORBIDDEN = auto()
    """The program was started so that it does not look."""

    OFF = auto()
    """The person has turned it off."""

    NO_NETWORK = auto()
    BEGUN = auto()
    SILENT = auto()
    """Begun some seconds ago, and nobody has answered."""

    HARDER = auto()
    """The addresses of the own networks are asked."""

    IN_VAIN = auto()
    """All of them were asked, and nobody has answered."""

    IN_PART = auto()
    """The nearest of them were asked, and nobody has answered."""

    FOUND = auto()
