"""How many messages a second a node keeps, by its store alone, beside a host without other nodes."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from chatdesk.log.disk_store import open_store
from chatdesk.log.log_store import LogStore
from tests.bench import disk
from tests.bench.contenders import ROOT
from tests.bench.log import UNDER_WAY, kept_per_second
from tests.bench.process import Server
from tests.cluster.redis_server import RedisServer


@dataclass(frozen=True)
class Kept:
    """The messages of one room that a store keeps a second, and the microseconds of a processor that each takes.

    Those of Redis count apart; what a machine has to do besides changes these less than how many come through.
    """

    per_second: float
    micros: float
    redis_micros: float


async def kept(contents: Sequence[str]) -> tuple[Kept, Kept]:
    """Return what a node keeps, whose Redis syncs every write, and a single host."""
    with disk.folder() as folder:
        async with open_store(folder / "alone") as store:
            alone = await _keep(store, contents)
        return await _kept_by_a_node(folder, contents), alone


async def _kept_by_a_node(folder: Path, contents: Sequence[str]) -> Kept:
    with tempfile.TemporaryDirectory(prefix="redis-", dir=ROOT / ".cache") as of_redis:
        redis = RedisServer(Path(of_redis))
        redis.start()
        try:
            config = ServerConfig(name="Scale", data_dir=folder / "node", cluster=redis.url)
            async with open_cluster_store(config) as store:
                await kept_per_second(store, contents[:1], 1)  # the first one waits until the node has followed Redis
                return await _keep(store, contents, Server(redis.pid, 0))
        finally:
            redis.kill()


async def _keep(store: LogStore, contents: Sequence[str], redis: Server | None = None) -> Kept:
    own, of_redis = time.process_time(), redis.cpu_seconds() if redis else 0.0
    per_second = await kept_per_second(store, contents, UNDER_WAY)
    own, of_redis = time.process_time() - own, (redis.cpu_seconds() if redis else 0.0) - of_redis
    return Kept(per_second, own / len(contents) * 1e6, of_redis / len(contents) * 1e6)
