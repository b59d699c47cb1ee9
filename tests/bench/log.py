"""The log on the disk: how many messages a second it stores, and that a long history slows nothing down."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from chatdesk.log.disk_store import open_store
from chatdesk.log.log_store import LogStore
from chatdesk.log.room_log import Draft, Record, Refusal
from tests.bench import disk
from tests.bench.contenders import Contender
from tests.bench.history import ROOM, fill, talk
from tests.bench.load import Run
from tests.bench.plan import Figures, Plan
from tests.bench.process import BenchError, Server, running
from tests.bench.queries import measure_queries
from tests.bench.swarm import Swarm

MEMORY_AT = (10, 50, 100)
"""The parts of a history, in percent, after which the server's memory is measured."""

_TALKERS = 8  # few, so that storing and not delivering is what limits the rate
_CHUNK = 50_000  # messages of one load, small enough for the load's own record of stamps
UNDER_WAY = 2_000  # as from a full room in which everybody writes at once
_TOGETHER = 20  # times as many messages, as group commit has to be 20 times as fast
_CHUNK_SECONDS = 120  # on a slow disk; a stalled server does not block the benchmark
_PAUSE_SECONDS = 0.5
"""After this the server has freed what it needed only for a moment."""


def log(contender: Contender, plan: Plan) -> Figures:
    """Measure how fast messages are stored and, with a log on the disk, the effects of group commit and of length."""
    is_chatdesk = contender.ours or contender.folder  # an earlier one, too
    if not is_chatdesk or contender.window:
        return {}
    figures = _fill_up(contender, plan)
    if contender.durable:
        with disk.folder() as folder:
            figures |= asyncio.run(_gain(folder / "gain", plan.commits))
            figures |= _long_history(contender, plan, folder)
    return figures


def _fill_up(contender: Contender, plan: Plan) -> Figures:
    """Send as many messages as a long history has, and measure the server's memory several times."""
    figures: Figures = {}
    sent, seconds = 0, 0.0
    with running(contender, plan.cores) as server, contextlib.closing(Swarm(server.port)) as swarm:
        swarm.connect(_TALKERS)
        swarm.join()
        for part in MEMORY_AT:
            while wanted := min(_CHUNK, plan.history * part // 100 - sent):
                outcome = Run(swarm, server).saturate(UNDER_WAY, _CHUNK_SECONDS, wanted)
                if outcome.arrived != 100:
                    raise BenchError(f"{outcome.arrived:.2f} % has arrived")
                sent, seconds = sent + outcome.sent, seconds + outcome.end - outcome.start
            figures[f"memory at {part}"] = _megabytes(server)
    growth = figures[f"memory at {MEMORY_AT[-1]}"] - figures[f"memory at {MEMORY_AT[0]}"]
    return {"kept": sent / seconds, **figures, "memory growth": growth}


async def kept_per_second(store: LogStore, contents: Sequence[str], under_way: int) -> float:
    """Return how many messages of one room a second the store keeps, with at most so many of them under way."""
    room = store.room(ROOM)
    kept = asyncio.Queue[Record]()
    unsubscribe = room.subscribe(kept.put_nowait, lambda _cleared: None)
    started = time.perf_counter()
    for number, content in enumerate(contents):
        if number >= under_way:
            await kept.get()
        room.append(Draft("Kit", content, "kit"), _refused)
    for _ in contents[-under_way:]:
        await kept.get()
    unsubscribe()
    return len(contents) / (time.perf_counter() - started)


async def _gain(folder: Path, commits: int) -> Figures:
    """Measure messages a second by the store alone: with a commit for each, and with group commit."""
    async with open_store(folder) as store:
        alone = await kept_per_second(store, list(talk(commits)), 1)
        together = await kept_per_second(store, list(talk(commits * _TOGETHER)), UNDER_WAY)
    return {"kept alone": alone, "kept together": together, "gain": together / alone}


def _long_history(contender: Contender, plan: Plan, folder: Path) -> Figures:
    """Run the same queries in an empty room and in one with a long history."""
    with running(contender.keeping_in(folder / "short"), plan.cores) as server:
        measure_queries(server.port, plan.queries, 0)
        empty = _megabytes(server)
    fill(folder / "long", plan.history)
    started = time.perf_counter()
    with running(contender.keeping_in(folder / "long"), plan.cores) as server:
        restart = time.perf_counter() - started
        figures = measure_queries(server.port, plan.queries, plan.history)
        full = _megabytes(server)
    return {
        "restart": restart,
        **figures,
        "memory empty": empty,
        "memory full": full,
        "memory of history": full - empty,
    }


def _megabytes(server: Server) -> float:
    time.sleep(_PAUSE_SECONDS)
    return server.resident_bytes() / 1024**2


def _refused(refusal: Refusal) -> None:
    raise BenchError(f"the store has refused a message: {refusal}")
