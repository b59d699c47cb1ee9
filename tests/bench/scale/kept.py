"""How many messages a second a node keeps, by its store alone, beside a host without other nodes."""

import tempfile
from pathlib import Path

from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from chatdesk.log.disk_store import open_store
from tests.bench import disk
from tests.bench.contenders import ROOT
from tests.bench.log import UNDER_WAY, kept_per_second
from tests.cluster.redis_server import RedisServer

_MESSAGES = 40_000


async def kept() -> tuple[float, float]:
    """Return the messages a second of one room: of a node, whose Redis syncs every write, and of a single host."""
    with disk.folder() as folder:
        async with open_store(folder / "alone") as store:
            alone = await kept_per_second(store, _MESSAGES, UNDER_WAY)
        return await _kept_by_a_node(folder), alone


async def _kept_by_a_node(folder: Path) -> float:
    with tempfile.TemporaryDirectory(prefix="redis-", dir=ROOT / ".cache") as of_redis:
        redis = RedisServer(Path(of_redis))
        redis.start()
        try:
            config = ServerConfig(name="Scale", data_dir=folder / "node", cluster=redis.url)
            async with open_cluster_store(config) as store:
                await kept_per_second(store, 1, 1)  # the first one waits until the node has followed Redis
                return await kept_per_second(store, _MESSAGES, UNDER_WAY)
        finally:
            redis.kill()
