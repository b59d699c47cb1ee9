"""Rounds of random faults, and the verdict on what is left."""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from tests.cluster.faults.history import Entry, check
from tests.cluster.faults.talk import Talk


class World(Protocol):
    """A chat, with people who write."""

    talk: Talk
    heal_seconds: float
    """After a fault everybody's words are confirmed again within this time, and every place lists all people."""

    def end(self) -> Mapping[str, Sequence[Entry]]:
        """End the chat, and return what each of its places has kept."""


type Fault[W: World] = Callable[[W], Awaitable[None]]
"""Something that happens to a chat, and is over when it returns."""


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


def run[W: World](
    world: Callable[[Random], AbstractContextManager[W]],
    faults: Mapping[str, Fault[W]],
    rounds: int,
    seed: int,
    report: Callable[[str], None],
) -> Verdict:
    """Let so many of these faults happen, one after the other, and check the whole history at the end."""
    random, started = Random(seed), time.monotonic()
    verdict = Verdict(rounds, seed)
    with world(random) as made:
        kinds = list(faults.items())
        chosen = [random.choice(kinds) for _ in range(rounds)] if rounds > len(kinds) else kinds[:rounds]
        asyncio.run(_play(made, chosen, verdict, report))
        said = [one for writer in made.talk.writers for one in writer.history]
        verdict.wrong += check(said, made.end(), {writer.nickname: writer.entries for writer in made.talk.writers})
    verdict.messages, verdict.seconds = len(said), time.monotonic() - started
    return verdict


async def _play[W: World](
    made: W, chosen: Sequence[tuple[str, Fault[W]]], verdict: Verdict, report: Callable[[str], None]
) -> None:
    async with made.talk.writing():
        for number, (name, fault) in enumerate(chosen, 1):
            verdict.faults[name] += 1
            await fault(made)
            ended = time.monotonic()
            late = await made.talk.heal(made.heal_seconds)
            verdict.longest = max(verdict.longest, time.monotonic() - ended)
            report(f"{number} {name}: well again after {time.monotonic() - ended:.1f} s")
            if late:
                verdict.wrong.append(f"after fault {number}, {name}, this was not well again: {late}")
                return


def main[W: World](
    world: Callable[[Random], AbstractContextManager[W]], faults: Mapping[str, Fault[W]], about: str | None
) -> None:
    """Run what the arguments of the command ask for; ends with 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="how many faults")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="decides which, and when")
    options = parser.parse_args()
    verdict = run(world, faults, options.rounds, options.seed, lambda line: print(line, flush=True))
    print(verdict)
    sys.exit(1 if verdict.wrong else 0)
