"""Rounds of random faults, and the verdict on what is left."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.cluster.faults.faults import ALL, Fault
from tests.cluster.faults.history import check
from tests.cluster.faults.world import World, world

_HEAL_SECONDS = 10.0
"""After a fault everybody's words are confirmed again within this time, and every node lists all people."""


@dataclass
class Verdict:
    """The result; ``wrong`` are sentences, and none of them if all is well."""

    rounds: int
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    longest: float = 0.0
    """Until all was well again after a fault, in seconds."""
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = "; ".join(self.wrong[:20]) or "each message once, one order for all, nobody missed one"
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.rounds} faults ({kinds}), {self.messages:,} messages, well again within {self.longest:.1f} s: "
            f"{found} ({self.seconds:.0f} s, seed {self.seed})"
        )


def run(rounds: int, seed: int, report: Callable[[str], None], faults: Sequence[Fault] = ALL) -> Verdict:
    """Let so many of these faults happen, one after the other, and check the whole history at the end."""
    random, started = Random(seed), time.monotonic()
    verdict = Verdict(rounds, seed)
    with world(random) as made:
        chosen = [random.choice(faults) for _ in range(rounds)] if rounds > len(faults) else list(faults)[:rounds]
        asyncio.run(_play(made, chosen, verdict, report))
        for node in made.nodes:
            node.end(signal.SIGTERM)
        said = [one for writer in made.writers for one in writer.history]
        kept = {f"the node at {node.address}": node.entries for node in made.nodes}
        verdict.wrong += check(said, kept, {writer.nickname: writer.entries for writer in made.writers})
    verdict.messages, verdict.seconds = len(said), time.monotonic() - started
    return verdict


async def _play(made: World, chosen: Sequence[Fault], verdict: Verdict, report: Callable[[str], None]) -> None:
    async with made.writing():
        for number, fault in enumerate(chosen, 1):
            verdict.faults[fault.__name__] += 1
            await fault(made)
            ended = time.monotonic()
            late = await made.heal(_HEAL_SECONDS)
            verdict.longest = max(verdict.longest, time.monotonic() - ended)
            report(f"{number} {fault.__name__}: well again after {time.monotonic() - ended:.1f} s")
            if late:
                verdict.wrong.append(f"after fault {number}, {fault.__name__}, this was not well again: {late}")
                return
