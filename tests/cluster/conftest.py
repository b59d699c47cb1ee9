"""One Redis for each file of tests; each test has a chat of its own in it."""

from collections.abc import Iterator

import pytest

from tests.cluster.redis_server import RedisServer, running_redis


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def chat_name(request: pytest.FixtureRequest) -> str:
    """The name of the chat, under which its keys are in Redis."""
    return str(request.node.name)
