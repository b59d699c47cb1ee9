"""One Redis for each file of tests; each test has a chat of its own in it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster.cluster_store import ClusterStore
from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from tests.cluster.in_process import GRACE, meet
from tests.cluster.node_process import NodeProcess, stream
from tests.cluster.redis_server import RedisServer, running_redis
from tests.cluster.stores import Node
from tests.log.disk_fixtures import disk, pytest_pyfunc_call
from tests.server.chat import Chat, chat

__all__ = ["disk", "pytest_pyfunc_call"]


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def chat_name(request: pytest.FixtureRequest) -> str:
    """The name of the chat, under which its keys are in Redis."""
    return str(request.node.name)


@pytest.fixture
def address(redis: RedisServer) -> str:
    """What nodes have as ``--cluster``."""
    return redis.url


@pytest.fixture
def node(address: str, chat_name: str, tmp_path: Path) -> Callable[..., Any]:
    """Opens a node whose folder has this name, with these further settings; ``way``: see ``own_way``."""

    @contextlib.asynccontextmanager
    async def opening(folder: str, *, way: str = "", **settings: Any) -> AsyncIterator[Chat]:
        config = ServerConfig(name=chat_name, data_dir=tmp_path / folder, cluster=way or address)
        async with (
            open_cluster_store(config) as store,
            chat(store=store, grace=GRACE, name=chat_name, **settings) as opened,
        ):
            yield opened

    return opening


@pytest.fixture
def opened(redis: RedisServer, chat_name: str, tmp_path: Path) -> Callable[..., Any]:
    """Opens a node without its server, whose folder has this name; ``way``: see ``own_way``."""

    @contextlib.asynccontextmanager
    async def opening(
        folder: str, server: RedisServer = redis, room: str = "lobby", *, way: str = "", rejoin: bool = False
    ) -> AsyncIterator[Node]:
        config = ServerConfig(name=chat_name, data_dir=tmp_path / folder, cluster=way or server.url, rejoin=rejoin)
        async with open_cluster_store(config) as store:
            assert isinstance(store, ClusterStore)
            yield Node(store, room)

    return opening


@pytest.fixture
async def nodes(node: Callable[..., Any]) -> AsyncIterator[tuple[Chat, Chat]]:
    """Two that know each other."""
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        yield first, second


@pytest.fixture
def start(redis: RedisServer, chat_name: str, tmp_path: Path) -> Iterator[Callable[..., NodeProcess]]:
    """Starts a node whose folder has this name."""
    with contextlib.ExitStack() as stack:

        def starting(folder: str, *options: str, kill_at: int | None = None) -> NodeProcess:
            options = ("--name", chat_name, "--cluster", redis.url, *options)
            node = NodeProcess(tmp_path / folder, *options, kill_at=kill_at)
            stack.enter_context(node.process)
            stack.callback(node.process.kill)
            return node

        yield starting


@pytest.fixture
async def apart(opened: Callable[..., Any], redis: RedisServer, chat_name: str, tmp_path: Path) -> None:
    """The node b has missed what Redis does not keep any more; a and c have all."""
    async with opened("a") as a, opened("b") as b, opened("c"):
        a.say("kept")
        await b.heard(1)
    async with opened("a") as a, opened("c") as c:
        for content in ("two", "three"):
            a.say(content)
        await c.heard(2)
    redis.command("XTRIM", stream(chat_name), "MAXLEN", "1")
