"""What Redis has to allow, and what a node says where it does not: which command or key, and where its rights stand."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from chatdesk.cluster import linked_order, redis_link
from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from chatdesk.log.storage_errors import StoreError
from tests.cluster.node_process import NodeProcess, stream, wait_until
from tests.cluster.redis_server import RedisServer, running_redis, valkey
from tests.cluster.stores import contents
from tests.e2e.peer import Peer
from tests.waiting import until

_numbers = count()
_PAGE = Path(__file__).parents[2] / "packaging" / "OPERATING.md"


def listed_rights(chat: str) -> list[str]:
    """What the page lists, for this chat."""
    [rights] = re.findall(r"^user chat on >PASSWORD (.*)$", _PAGE.read_text(), re.MULTILINE)
    return [right.replace("Hall", chat) for right in str(rights).split()]


@pytest.fixture
def chat_name() -> str:
    """Patterns of Redis give brackets a meaning, and have no spaces."""
    return f"Hall{next(_numbers)}"


def let(redis: RedisServer, *rights: str) -> None:
    """Change what the user of the chat may do."""
    assert redis.command("ACL", "SETUSER", "chat", *rights) == "OK"


@pytest.fixture
def address(redis: RedisServer, chat_name: str) -> Iterator[str]:
    """Redis, for a user that has what the page lists, and no more."""
    let(redis, "reset", "on", ">PASSWORD", *listed_rights(chat_name))
    yield f"unix://chat:PASSWORD@{redis.socket}"
    redis.command("ACL", "DELUSER", "chat")


@pytest.mark.parametrize("is_valkey", [False, True])
async def test_what_is_listed_is_enough_for_all_that_a_node_does_and_no_more_than_that(
    opened: Callable[..., Any], chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_valkey: bool
) -> None:
    """To order, read, tell, erase, put back what is lost, and take a history; also to connect to a Redis of today."""
    for name in ("ERASE_SECONDS", "_ERASE_SOON_SECONDS", "_ERASE_IDLE_SECONDS"):
        monkeypatch.setattr(redis_link, name, 0.05)
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0.3)
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    rights = listed_rights(chat_name)
    with running_redis(program=valkey() if is_valkey else "redis-server") as redis:
        users = redis.folder / "users.acl"
        users.write_text(f"user default on nopass ~* &* +@all\nuser chat on >PASSWORD {' '.join(rights)}\n")
        redis.settings += ("--aclfile", str(users))
        redis.kill()
        redis.start()
        way = f"unix://chat:PASSWORD@{redis.socket}"
        async with opened("a", way=way) as a, opened("b", way=way) as b:
            a.say("deleted")
            await b.heard(1)
            await a.log.clear()
            await until(lambda: "deleted" not in redis.command("XRANGE", stream(chat_name), "-", "+"))
            redis.command("XADD", stream(chat_name), "*", "entry", "foreign")
            kept = redis.keep()
            a.say("lost")
            await b.heard(2)
            used = commands_used(redis)
            redis.fall_back(kept)
            a.say("last")
            await b.heard(3)
        async with opened("a", way=way) as a:
            a.say("after")
            await a.heard(1)
        redis.command("XTRIM", stream(chat_name), "MAXLEN", "1")
        assert redis.command("ACL", "LOG") == ""
        used |= commands_used(redis)
        assert "after" in str(contents(tmp_path / "a"))
    allowed = {right.removeprefix("+") for right in rights if right.startswith("+")}
    assert allowed <= used


def commands_used(redis: RedisServer) -> set[str]:
    """Those that anybody has given to Redis, scripts too."""
    return set(re.findall(r"cmdstat_(\S+?):", redis.command("INFO", "commandstats")))


@pytest.mark.parametrize(
    ("refused", "what"),
    [
        (["-info"], "it refuses the command INFO;"),
        (["resetkeys"], "it refuses keys that begin with {prefix};"),
        (["resetchannels"], "it refuses channels that begin with {prefix};"),
        (["resetpass", ">another"], "it does not accept the password"),
    ],
)
async def test_a_new_node_says_at_its_start_what_is_refused(
    redis: RedisServer, address: str, chat_name: str, tmp_path: Path, refused: list[str], what: str
) -> None:
    let(redis, *refused)
    with pytest.raises(StoreError) as said:
        await open_cluster_store(ServerConfig(name=chat_name, cluster=address, data_dir=tmp_path)).__aenter__()
    assert "packaging/OPERATING.md lists the rights" in str(said.value) or "password" in what
    assert what.format(prefix=f"{{chatdesk:{chat_name}}}:") in str(said.value)
    assert "PASSWORD" not in str(said.value)


@pytest.mark.parametrize(
    ("refused", "what", "given"),
    [
        (["-evalsha"], "the command EVALSHA", ["+evalsha"]),
        (["-xread"], "the command XREAD", ["+xread"]),
        (["-xadd"], "command", ["+xadd"]),
        (["resetkeys"], "keys that begin with", ["~*"]),
        (["resetchannels"], "channels that begin with", ["&*"]),
        (["resetpass", ">another"], "does not accept the password", [">PASSWORD"]),
        (["off"], "does not accept the password", ["on"]),
    ],
)
def test_a_node_that_runs_says_what_is_refused_and_goes_on_when_it_is_allowed(
    start: Callable[..., NodeProcess],
    redis: RedisServer,
    address: str,
    refused: list[str],
    what: str,
    given: list[str],
) -> None:
    """It waited without end, and one line of its log named an error of Redis."""
    node = start("a", "--cluster", address)
    assert node.wait_until_open()
    with Peer(node.websocket, "Kit") as kit:
        kit.say("before")
        let(redis, *refused)
        redis.command("CLIENT", "KILL", "USER", "chat")
        kit.send(type="message", content="meanwhile", id="1")
        told = kit.wait_for(lambda event: event["type"] == "storage" and event["problem"] == "refused")
        assert what in told["content"]
        node.wait_until_it_says(told["content"])
        assert ready(node) == told["content"]
        let(redis, *given)
        kit.wait_for(lambda event: event["type"] == "storage" and not event["problem"])
        kit.say("after")
        wait_until(lambda: not ready(node))
    assert node.end(signal.SIGINT) == 0


def ready(node: NodeProcess) -> str:
    """The problem that hinders it; empty if there is none."""
    try:
        with urlopen(node.websocket.replace("ws", "http", 1).removesuffix("/ws") + "/ready") as answer:
            return "" if answer.status == 200 else "?"
    except HTTPError as error:
        return str(json.load(error).get("problem"))
