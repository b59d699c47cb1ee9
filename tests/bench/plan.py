"""How much is measured, and the type of the results."""

from dataclasses import dataclass

from tests.bench.process import Cores

Figures = dict[str, float]
"""By the names in ``table``."""


ROOMS = (1000, 2500, 5000, 10_000)
"""People in one room: a large lecture, and what no room has held yet; a cost that grows with the room shows itself."""


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    ``idle`` are the two numbers of clients between which memory is compared. ``history`` is the number of messages in a
    long history, ``commits`` the number that are stored one by one, ``queries`` how often each query is sent,
    ``rooms`` how many people fill a room.
    """

    cores: Cores
    clients: int = 1000
    seconds: float = 10
    rates: tuple[int, ...] = (100, 400)
    under_way: tuple[int, ...] = (16, 64, 256)
    idle: tuple[int, int] = (1000, 4000)
    accepted: int = 5000
    history: int = 1_000_000
    commits: int = 2_000
    queries: int = 50
    rooms: tuple[int, ...] = ROOMS
