"""Several real Redis of which another one takes over by itself: those that Sentinel watches, and a Redis Cluster."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.cluster.redis_server import RedisServer

SERVICE = "chat"
_NEVER_DOWN_MS = 600_000
"""A primary that is silent on a busy machine is none that has died: a test says when another one is to take over."""
_DOWN_MS = 2_000
"""From then on. A replica that had lost its primary for ten times as long before would not be taken."""
_NODE_TIMEOUT_MS = "600"
"""The same for a server of a Redis Cluster."""
_PATIENCE_SECONDS = 20.0
_REPLICATING = ("--bind", "127.0.0.1", "--repl-diskless-sync", "no")
"""At other addresses, where ``free_ports`` does not look, ports may be taken by connections that have just ended. And
without a disk between them, a replica whose link is up may hear nothing for another second."""


class Sentinel(RedisServer):
    """A Sentinel of its own mind: the primary of the service is at this port, and its own word is enough."""

    def __init__(self, folder: Path, primary: int, *settings: str) -> None:
        super().__init__(folder)
        file = folder / "sentinel.conf"
        lines = (f"monitor {SERVICE} 127.0.0.1 {primary} 1", f"down-after-milliseconds {SERVICE} {_NEVER_DOWN_MS}")
        file.write_text("".join(f"sentinel {line}\n" for line in lines))
        self.settings = (str(file), "--sentinel", *settings)

    def replace_primary(self) -> None:
        """Let the replica take over from a primary that is silent."""
        self.command("SENTINEL", "SET", SERVICE, "down-after-milliseconds", str(_DOWN_MS))

    def primary(self) -> int:
        """The port of whom it names."""
        return int(self.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SERVICE).split()[1])


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as it is true."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {_PATIENCE_SECONDS} s"
        time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    """So many ports that are free at this moment."""
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in taken]


@contextlib.contextmanager
def folders() -> Iterator[Callable[[], Path]]:
    """Makes folders in memory, which are gone in the end."""
    with tempfile.TemporaryDirectory(prefix="redis-", dir="/dev/shm") as folder:
        names = iter(range(100))

        def make() -> Path:
            made = Path(folder) / str(next(names))
            made.mkdir()
            return made

        yield make


@contextlib.contextmanager
def started(*servers: RedisServer) -> Iterator[None]:
    """Those run meanwhile."""
    with contextlib.ExitStack() as stack:
        for server in servers:
            stack.callback(server.kill)
            server.start()
        yield


def tls_settings(authority: Path) -> tuple[str, ...]:
    """So that all connections are encrypted, by the files that ``certificate`` has made there."""
    files = {"ca-cert": authority, "cert": authority.with_name("cert.pem"), "key": authority.with_name("key.pem")}
    given = [word for name, file in files.items() for word in (f"--tls-{name}-file", str(file))]
    return (*given, "--tls-auth-clients", "no", "--tls-replication", "yes")


def replicates(server: RedisServer) -> bool:
    """Whether it is a replica that has all of its primary."""
    return "master_link_status:up" in server.command("INFO", "replication")


class Watched:
    """A primary and its replica, which a Sentinel watches; ``tls`` are settings with which all of it is encrypted."""

    def __init__(self, make: Callable[[], Path], *tls: str) -> None:
        option = "--tls-port" if tls else "--port"
        self.ports = free_ports(3)
        settings = [("--port", "0", option, str(port), *_REPLICATING, *tls) for port in self.ports]
        self.primary = RedisServer(make(), *settings[0])
        self.replica = RedisServer(make(), *settings[1], "--replicaof", f"127.0.0.1 {self.ports[0]}")
        self.sentinel = Sentinel(make(), self.ports[0], *settings[2])

    @contextlib.contextmanager
    def running(self) -> Iterator[Watched]:
        """They run meanwhile, and know each other."""
        with started(self.primary, self.replica):
            wait_until(lambda: replicates(self.replica))
            with started(self.sentinel):
                wait_until(lambda: "slaves=1" in self.sentinel.command("INFO", "sentinel"))
                yield self


class Sharded:
    """A Redis Cluster of three primaries with a third of the slots each; the last server is a replica of the first."""

    def __init__(self, make: Callable[[], Path]) -> None:
        ports = free_ports(8)
        self.ports, buses = ports[:4], ports[4:]
        self.servers = []
        for port, bus in zip(self.ports, buses, strict=True):
            own = ["--port", str(port), "--cluster-port", str(bus), "--cluster-node-timeout", _NODE_TIMEOUT_MS]
            own += ["--cluster-replica-validity-factor", "0"]
            self.servers.append(RedisServer(make(), "--cluster-enabled", "yes", *own, *_REPLICATING))
        self._buses = buses

    @contextlib.contextmanager
    def running(self) -> Iterator[Sharded]:
        """They run meanwhile, and know each other."""
        with started(*self.servers):
            first, *_, replica = self.servers
            for number, server in enumerate(self.servers[:3]):
                server.command("CLUSTER", "SET-CONFIG-EPOCH", str(number + 1))
                server.command("CLUSTER", "ADDSLOTSRANGE", str(number * 5461), str(number * 5461 + 5460 + number // 2))
                first.command("CLUSTER", "MEET", "127.0.0.1", str(self.ports[number]), str(self._buses[number]))
            first.command("CLUSTER", "MEET", "127.0.0.1", str(self.ports[3]), str(self._buses[3]))
            wait_until(lambda: replica.command("CLUSTER", "REPLICATE", self.id(0)) == "OK")
            wait_until(lambda: replicates(replica) and all(map(_is_whole, self.servers)))
            self._set_timeout(str(_NEVER_DOWN_MS))
            yield self

    def replace_primary(self) -> None:
        """Let the replica take over from the first server, which is silent; return once it has."""
        self._set_timeout(_NODE_TIMEOUT_MS)
        wait_until(lambda: "role:master" in self.servers[3].command("INFO", "replication"))
        self._set_timeout(str(_NEVER_DOWN_MS))

    def _set_timeout(self, milliseconds: str) -> None:
        for server in self.servers:
            server.command("CONFIG", "SET", "cluster-node-timeout", milliseconds)

    def id(self, number: int) -> str:
        """The id of this server."""
        return self.servers[number].command("CLUSTER", "MYID")

    @contextlib.contextmanager
    def moving(self, slot: int, old: int, new: int) -> Iterator[None]:
        """Move a slot from one server to another, in the end: meanwhile it is half gone."""
        source, target = self.servers[old], self.servers[new]
        target.command("CLUSTER", "SETSLOT", str(slot), "IMPORTING", self.id(old))
        source.command("CLUSTER", "SETSLOT", str(slot), "MIGRATING", self.id(new))
        keys = source.command("CLUSTER", "GETKEYSINSLOT", str(slot), "100").splitlines()
        migrate = ("MIGRATE", "127.0.0.1", str(self.ports[new]), "", "0", "5000", "KEYS")
        assert source.command(*migrate, *keys[:1]) == "OK"
        yield
        assert source.command(*migrate, *keys[1:]) == "OK"
        for server in (target, source):
            assert server.command("CLUSTER", "SETSLOT", str(slot), "NODE", self.id(new)) == "OK"


def _is_whole(server: RedisServer) -> bool:
    nodes = server.command("CLUSTER", "NODES")
    return "cluster_state:ok" in server.command("CLUSTER", "INFO") and nodes.count("master") == 3 and "slave" in nodes
