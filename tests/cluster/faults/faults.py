"""The faults, each of which ends by itself: people write on meanwhile, and nothing that was confirmed may be lost."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable

from tests.cluster.faults.world import ABOUT, STREAM, World, in_thread

_LONG_PAUSE = 12.0
"""Longer than any time-out of a node."""
_CLOCK_BEHIND = 0.3
"""How often the clock of who takes over is."""
_LEFT_IN_STREAM = "1000"
"""More than a node that follows is behind."""


async def _pause(world: World, longest: float) -> None:
    await asyncio.sleep(world.random.uniform(0.1, longest))


async def redis_restarted(world: World) -> None:
    """Redis is killed, and started again with what is on its disk."""
    await in_thread(world.primary.redis.kill)
    await _pause(world, 2)
    await in_thread(world.primary.start)


async def redis_paused(world: World) -> None:
    """Redis answers nobody for a while, at times for longer than every time-out."""
    with world.primary.redis.held():
        await asyncio.sleep(_LONG_PAUSE if world.random.random() < 0.15 else world.random.uniform(0.1, 3))


async def failed_over(world: World) -> None:
    """The primary dies, and its replica takes over, to which the link had been cut, and whose clock may be behind.

    Redis does not start with a clock of its own, so the time of the latest entry is ahead of it instead.
    """
    old, new = world.primary, world.replica
    await in_thread(new.set_cable, "down")
    await _pause(world, 0.5)
    await in_thread(old.redis.kill)
    await in_thread(old.serve, [], begins=False)
    await in_thread(new.set_cable, "up")
    new.redis.command("REPLICAOF", "NO", "ONE")
    if world.random.random() < _CLOCK_BEHIND:
        new.redis.command("HINCRBY", ABOUT, "at", "5000")
    await in_thread(new.serve, [*world.nodes, old], begins=True)
    world.primary, world.replica = new, old
    await _pause(world, 2)
    await in_thread(old.start, new)


async def connections_cut(world: World) -> None:
    """Redis cuts all connections of nodes, with what it was about to answer."""
    for _ in range(world.random.randint(1, 5)):
        for kind in ("normal", "pubsub"):
            await in_thread(world.primary.redis.command, "CLIENT", "KILL", "TYPE", kind)
        await _pause(world, 0.3)


async def memory_full(world: World) -> None:
    """Redis has no memory left for anything new, and forgets nothing for it."""
    redis = world.primary.redis
    await in_thread(redis.command, "CONFIG", "SET", "maxmemory", "1")
    await _pause(world, 2)
    await in_thread(redis.command, "CONFIG", "SET", "maxmemory", "0")


async def stream_trimmed(world: World) -> None:
    """Somebody trims the stream to what nodes that follow still need."""
    await in_thread(world.primary.redis.command, "XTRIM", STREAM, "MAXLEN", _LEFT_IN_STREAM)


async def scripts_flushed(world: World) -> None:
    """Redis forgets the scripts."""
    await in_thread(world.primary.redis.command, "SCRIPT", "FLUSH")


async def entry_forged(world: World) -> None:
    """Another program writes to the stream, under a number that was not given yet."""
    for forged in ("5 5 0 key {}", '7 7 0 key {"do":"say","room":"lobby"}', "nonsense"):
        await in_thread(world.primary.redis.command, "XADD", STREAM, "*", "entry", forged)


async def node_killed(world: World) -> None:
    """A node dies, and is started again."""
    node = world.node()
    await in_thread(node.end, signal.SIGKILL)
    await _pause(world, 2)
    await in_thread(node.start)


async def node_paused(world: World) -> None:
    """A node stands still for a moment."""
    node = world.node()
    node.signal(signal.SIGSTOP)
    await _pause(world, 4)
    node.signal(signal.SIGCONT)


async def node_cut_off(world: World) -> None:
    """A node reaches nobody: neither Redis, nor its people."""
    node = world.node()
    await in_thread(node.set_cable, "down")
    await _pause(world, 4)
    await in_thread(node.set_cable, "up")


async def node_with_another_clock(world: World) -> None:
    """A node is started again with its clock an hour off."""
    node = world.node()
    await in_thread(node.end, signal.SIGTERM)
    await in_thread(node.start, world.random.choice(("-1h", "+1h")))


async def disk_full(world: World) -> None:
    """A node cannot write to its disk."""
    disk = world.node().disk
    with contextlib.suppress(OSError):  # the node was quicker: it is full all the same
        await in_thread(disk.fill)
    await _pause(world, 2)
    await in_thread(disk.free)


_FAULTS: tuple[Callable[[World], Awaitable[None]], ...] = (
    *(redis_restarted, redis_paused, failed_over, connections_cut, memory_full, stream_trimmed, scripts_flushed),
    *(entry_forged, node_killed, node_paused, node_cut_off, node_with_another_clock, disk_full),
)
ALL = {fault.__name__: fault for fault in _FAULTS}
"""All faults by their names."""
