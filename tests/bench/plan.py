"""How much is measured, and the type of the results."""

from dataclasses import dataclass

from tests.bench.process import Cores

Figures = dict[str, float]
"""By the names in ``table``."""


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    ``idle`` are the two numbers of clients between which memory is compared. ``history`` is the number of messages in a
    long history, ``commits`` the number that are stored one by one, ``queries`` how often each query is sent.
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
