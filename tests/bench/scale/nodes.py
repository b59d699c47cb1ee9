"""Several nodes of one chat, and their Redis: real processes on one core, each observed by itself."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.contenders import ROOT, headless
from tests.bench.process import Cores, Server, running
from tests.bench.swarm import Swarm
from tests.cluster.redis_server import RedisServer


@dataclass(frozen=True)
class Cluster:
    """The nodes and Redis, while they run."""

    nodes: list[Server]
    redis: Server

    def swarm(self, number: int = 0) -> Swarm:
        """Return clients that connect to the nodes by turns; the first one has this number in its name."""
        first, *others = (node.port for node in self.nodes)
        return Swarm(first, others=others, number=number)

    def cpu_seconds(self) -> tuple[list[float], float]:
        """Return the processor time used so far: by each node, and by Redis."""
        return [node.cpu_seconds() for node in self.nodes], self.redis.cpu_seconds()

    def resident_bytes(self) -> int:
        """Return the resident memory of all nodes."""
        return sum(node.resident_bytes() for node in self.nodes)


@contextlib.contextmanager
def cluster(nodes: int, connections: int, where: Cores) -> Iterator[Cluster]:
    """Run Redis and this many nodes until the context ends. What Redis syncs is on the disk, like the nodes' files."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="redis-", dir=ROOT / ".cache"))
        redis = RedisServer(Path(folder))
        redis.start()
        stack.callback(redis.kill)
        node = headless(connections)
        node = replace(node, command=(*node.command, "--cluster", redis.url, "--name", "Scale"))
        servers = [stack.enter_context(running(node, where)) for _ in range(nodes)]
        yield Cluster(servers, Server(redis.pid, 0))
