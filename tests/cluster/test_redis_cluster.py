"""Real nodes on a real Redis Cluster: the shard of their chat gets another primary, and its slot moves."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.crc import key_slot

from chatdesk.cluster import linked_order
from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from chatdesk.log.storage_errors import StoreError
from tests.cluster.in_process import meet, told
from tests.cluster.redis_groups import Sharded, folders

NAME = "chat 3"
SLOT = key_slot(f"{{chatdesk:{NAME}}}".encode())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.3)


@pytest.fixture
def chat_name() -> str:
    """One whose keys are on the first server."""
    assert SLOT < 5461
    return NAME


@pytest.fixture
def sharded() -> Iterator[Sharded]:
    with folders() as make, Sharded(make).running() as running:
        yield running


@pytest.fixture
def address(sharded: Sharded) -> str:
    """One server is enough, which need not be the one that has the chat."""
    return f"redis+cluster://127.0.0.1:{sharded.ports[2]}"


@contextlib.contextmanager
def lost(sharded: Sharded) -> Iterator[None]:
    """The first server is gone; its replica takes over in the end."""
    sharded.servers[0].kill()
    yield
    sharded.replace_primary()


async def test_a_chat_follows_its_slot_to_whichever_server_has_it(
    sharded: Sharded, node: Callable[..., Any], tmp_path: Path
) -> None:
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        ana, ben = await first.join("Ana"), await second.join("Ben")
        for number, happens in enumerate((lost(sharded), sharded.moving(SLOT, 3, 1))):
            ana.send("message", content=f"before {number}")
            await ben.next("message")
            with happens:
                ana.send("message", content=f"while {number}", id=str(number))
                assert (await ana.next("storage"))["problem"] == "away"
                assert (await ana.next("error"))["code"] == "storage"
            assert (await ana.next("storage"))["problem"] == ""
            ana.send("message", content=f"while {number}", id=str(number))
            await ben.next("message")
        await meet(first, second)
        for one in (first, second):
            assert await told(one, 4) == ["before 0", "while 0", "before 1", "while 1"]
        assert sharded.servers[1].command("EXISTS", f"{{chatdesk:{NAME}}}:stream") == "1"
    one_of_them = ServerConfig(name=NAME, data_dir=tmp_path / "c", cluster=f"redis://127.0.0.1:{sharded.ports[2]}")
    with pytest.raises(StoreError, match=r"is of a Redis Cluster, .* redis\+cluster:"):
        await open_cluster_store(one_of_them).__aenter__()
