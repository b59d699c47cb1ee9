"""How much of everything is measured, and what comes of it."""

from dataclasses import dataclass

from tests.bench.process import Cores

Figures = dict[str, float]
"""By the names that ``table`` knows."""


@dataclass(frozen=True)
class Plan:
    """How much of everything.

    ``idle`` are the two numbers of clients between which memory is compared. ``history`` is how many messages a long
    one has, ``commits`` how many are kept one by one, ``questions`` how often each question is asked.
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
    questions: int = 50
