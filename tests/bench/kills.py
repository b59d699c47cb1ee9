"""Kill the real server again and again while clients write: is anything lost, doubled or out of order?"""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random

from tests.bench.crowd import crowd, talking
from tests.e2e import on_disk
from tests.e2e.serving import Serving

_STARTING_SECONDS = 0.6  # about as long as a start takes, so that a kill meets any moment of it
_JUST_OPEN_SECONDS = 0.03  # within which the first clients reconnect
_OPEN_SECONDS = 0.4  # all clients are connected and write; longer only makes the run slower
_WELL = "none lost, none doubled, the same order for everybody, without a gap; integrity ok, search index agrees"


@dataclass
class Verdict:
    """The result of a run. ``faults`` are sentences; without a fault there are none."""

    kills: int
    seed: int
    confirmed: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = "; ".join(self.faults) or _WELL
        return f"{self.kills} kills, {self.confirmed:,} messages: {found} ({self.seconds:.0f} s, seed {self.seed})"


async def kill_again_and_again(kills: int, seed: int) -> Verdict:
    """Kill the server this many times, and check after each what is on the disk. ``seed`` determines the moments."""
    started = time.monotonic()
    verdict = Verdict(kills, seed)
    random = Random(seed)
    with Serving("--message-rate", "0") as serving:
        async with crowd(serving.websocket) as people:
            async with talking(people, random):
                await asyncio.to_thread(serving.stop)
                for number in range(1, kills + 1):
                    await _live_and_die(serving, random)
                    left = await asyncio.to_thread(on_disk.read, serving.folder)
                    verdict.faults += [f"after kill {number}: {fault}" for fault in people.compare(left)]
            await asyncio.to_thread(serving.start)
            await people.settle()
        serving.stop()
        left = on_disk.read(serving.folder)
    verdict.faults += [*people.compare(left), *people.compare_all(left)]
    verdict.confirmed = len(left.entries)
    verdict.seconds = time.monotonic() - started
    return verdict


async def _live_and_die(serving: Serving, random: Random) -> None:
    """Start the server, and kill it while it starts, when it has just opened, or during the conversation."""
    serving.launch()
    how = random.choice(("starting", "just open", "open", "open"))
    if how == "starting":
        await asyncio.sleep(random.uniform(0, _STARTING_SECONDS))
    else:
        await asyncio.to_thread(serving.wait_until_open)
        await asyncio.sleep(random.uniform(0, _JUST_OPEN_SECONDS if how == "just open" else _OPEN_SECONDS))
    serving.kill()
