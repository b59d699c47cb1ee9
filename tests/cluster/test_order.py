"""The script that makes the order, in a real Redis: numbers without gaps, one effect for each operation."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from redis.exceptions import ReadOnlyError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from chatdesk.cluster import redis_link
from chatdesk.cluster.order_link import Entry, OrderFullError
from chatdesk.cluster.redis_link import RedisLink
from chatdesk.log.acts import Pin
from chatdesk.log.operations import (
    Erased,
    Operation,
    OrderedClear,
    OrderedPin,
    OrderedRoomDeletion,
    OrderedSettings,
    Say,
    counts,
    encode_operation,
    operation_key,
)
from chatdesk.log.storage_errors import StoreError
from tests.cluster.redis_server import RedisServer, running_redis, valkey
from tests.waiting import until

CHAT = "3f6b1c05d2a94e78"
FORGED = '{"do":"say","room":"lobby","nickname":"Eve","content":"forged","identity":"eve"}'


def said(content: str, room: str = "lobby", message_id: str | None = None) -> Say:
    return Say(room, "Kit", content, "kit", message_id)


def row(operation: Operation, key: str = "") -> tuple[str, str, int, int, str]:
    key = key or operation_key(operation)
    return key, operation.room, *counts(operation), encode_operation(operation).decode()


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
    await link.order(CHAT, [row(said("before"))])  # then Redis has the script
    monkeypatch.setattr(redis_link, "TIMEOUT_SECONDS", 2.0)  # enough for a busy Redis to take the connection
    hello = row(said("hello"))
    async with RedisLink(redis.url, chat_name) as impatient:
        with redis.held(), pytest.raises(RedisTimeoutError):
            await impatient.order(CHAT, [hello])
        with pytest.raises(redis_link.ERRORS):  # nor does it connect again, perhaps to another Redis
            await impatient.order(CHAT, [hello])
    assert await link.order(CHAT, [hello]) == [-2]
    assert len(await everything(link)) == 2


async def test_a_connection_that_is_cut_ends_the_link(redis: RedisServer, chat_name: str, link: RedisLink) -> None:
    async with RedisLink(redis.url, chat_name) as cut:
        await cut.order(CHAT, [row(said("before"))])
        waiting = asyncio.create_task(cut.read(1))
        await asyncio.sleep(0.05)
        redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        for question in (waiting, cut.order(CHAT, [row(said("after"))]), cut.about()):
            with pytest.raises(redis_link.ERRORS):
                await question


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8])
async def test_a_link_whose_task_is_cancelled_while_it_closes_closes_all(
    redis: RedisServer, chat_name: str, turns: int
) -> None:
    async def close() -> None:
        async with RedisLink(redis.url, chat_name) as link:
            await link.begin(CHAT, b"secret")
            await link.tell(b"hello")
            await link.listen("a")
            closing.set()

    closing = asyncio.Event()
    task = asyncio.create_task(close())
    async with asyncio.timeout(5):
        await closing.wait()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await until(lambda: len(redis.command("CLIENT", "LIST").splitlines()) == 1)  # that which asks


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


async def test_foreign_entries_are_taken_out_wherever_they_stand_and_however_much_they_read_like_ours(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    stream, number = f"{{chatdesk:{chat_name}}}:stream", 0
    for place in ("*", "{last}-5", "{next}-0", f"{2**64 - 1}-{2**64 - 1}"):
        for read_first in (True, False):
            number += 1
            assert await link.order(CHAT, [row(said(f"{number}"))]) == [number]
            forged = f"{number + 1} {number + 1} 0 key {FORGED}"
            redis.command("XADD", stream, place.format(last=number, next=number + 1), "entry", forged)
            if "-" not in place:
                redis.command("XADD", stream, f"{number}-9", *["x"] * 9_000)
            if read_first:
                assert [entry.number for entry in await link.read(number - 1)] == [number]
    await link.order(CHAT, [row(said("last"))])
    entries = await everything(link)
    assert [entry.number for entry in entries] == list(range(1, number + 2))
    assert redis.command("XLEN", stream) == str(number + 1)


async def test_nothing_is_lost_where_another_program_writes_while_a_history_is_erased(
    redis: RedisServer, chat_name: str, link: RedisLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ERASE_SECONDS", "_ERASE_SOON_SECONDS", "_ERASE_IDLE_SECONDS"):
        monkeypatch.setattr(redis_link, name, 0)
    monkeypatch.setattr(redis_link, "_ERASED_ENTRIES", 2)
    key = f"{{chatdesk:{chat_name}}}:".__add__
    redis.command("HSET", key("about"), "at", "4102444800000")  # the clock was set back
    await link.order(CHAT, [row(said(f"{number}", room)) for number in range(4) for room in ("gone", "kept")])
    await link.order(CHAT, [row(OrderedClear("gone"))])
    redis.command("HSET", key("erasing"), "other", "nonsense")
    number = 9
    while redis.command("EXISTS", key("erasing")) == "1":
        for foreign in ("*", "*", f"{number}-5"):
            redis.command("XADD", key("stream"), foreign, "entry", f"1 1 0 key {FORGED.replace('lobby', 'gone')}")
        if number == 12:
            redis.command("DEL", key("copy"))
        if number == 15:
            redis.command("XADD", key("copy"), "9999-0", "entry", "")
        number += 1
        await link.order(CHAT, [row(said(f"{number}", "kept"))])
        assert [entry.number for entry in await link.read(number - 1)] == [number]
        assert number < 100
    entries = [entry.ordered for entry in await everything(link)]
    assert [entry and entry.number for entry in entries] == list(range(1, number + 1))
    erased = [entry and entry.number for entry in entries if entry and isinstance(entry.operation, Erased)]
    assert erased == [1, 3, 5, 7]
    assert number > 16


async def test_an_order_of_which_keys_are_gone_is_not_begun_again(
    redis: RedisServer, chat_name: str, link: RedisLink, opened: Callable[..., Any]
) -> None:
    """As when Redis forgets what it holds, as its memory is full: numbers would be given twice."""
    await link.order(CHAT, [row(said("one"))])
    redis.command("DEL", f"{{chatdesk:{chat_name}}}:seqs")
    with pytest.raises(ResponseError, match="LOST"):
        await link.order(CHAT, [row(said("two"))])
    assert await link.about() is None
    redis.command("DEL", f"{{chatdesk:{chat_name}}}:about")
    with pytest.raises(ResponseError, match="LOST"):
        await link.read(0)
    with pytest.raises(StoreError, match="not whose it is any more: bring its file back"):
        await opened("new").__aenter__()
    assert redis.command("XLEN", f"{{chatdesk:{chat_name}}}:stream") == "1"


async def test_a_clock_that_was_set_back_does_not_let_nodes_wait_for_each_other_for_longer(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    redis.command("HSET", f"{{chatdesk:{chat_name}}}:about", "settled", "4102444800000")
    assert 0 < await link.arrive(has_lost=False) <= redis_link.SETTLE_SECONDS


async def test_nothing_is_ordered_until_all_nodes_had_time_to_put_back_what_is_lost(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    """Two nodes may have followed more than there is, one of them more than the other."""
    assert await link.arrive(has_lost=False) == 0
    assert 0 < await link.arrive(has_lost=True) <= redis_link.SETTLE_SECONDS
    async with RedisLink(redis.url, chat_name) as other:
        assert await other.arrive(has_lost=False) > 0
        with pytest.raises(ResponseError, match="SETTLING"):
            await other.order(CHAT, [row(said("one"))])


async def test_what_was_lost_is_put_back_as_it_was_also_below_foreign_entries(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    rows = [row(said("one")), row(said("two")), row(OrderedClear("lobby")), row(said("three"))]
    assert await link.order(CHAT, rows) == [1, 2, 3, 4]
    entries = [entry.ordered for entry in await everything(link) if entry.ordered]
    other = f"{{chatdesk:{chat_name} again}}:"
    async with RedisLink(redis.url, f"{chat_name} again") as fallen:
        await fallen.begin(CHAT, b"secret")
        await fallen.order(CHAT, rows[:1])
        redis.command("DEL", f"{other}keys:{entries[0].at // 604_800_000}")
        for place in ("*", "1-5"):
            redis.command("XADD", f"{other}stream", place, "entry", f"2 2 0 key {FORGED}")
        await fallen.restore(CHAT, entries[1:3])
        await fallen.restore(CHAT, entries[1:])  # by another node, at the same time
        assert await about(fallen) == 3
        await fallen.restore(CHAT, entries[3:])
        assert [entry.ordered for entry in await everything(fallen)][1:] == entries[1:]
        assert await fallen.order(CHAT, rows[1:]) == [-2, -3, -4]
        assert redis.command("HGET", f"{other}erasing", "lobby") == f"3 {entries[2].at} 0"
        assert int(redis.command("TTL", f"{other}keys:{entries[0].at // 604_800_000}")) > 0


async def test_rooms_that_were_deleted_or_only_entered_leave_no_numbers(
    redis: RedisServer, chat_name: str, link: RedisLink
) -> None:
    def rooms() -> list[set[str]]:
        hashes = (redis.command("HKEYS", f"{{chatdesk:{chat_name}}}:{name}") for name in ("seqs", "changes"))
        return [set(names.splitlines()) - {""} for names in hashes]

    for number in range(20):
        name = f"made-{number}"
        await link.order(CHAT, [row(OrderedSettings(name, {"created": True})), row(said(name, name))])
        await link.order(CHAT, [row(said("at once", name)), row(OrderedRoomDeletion(name)), row(OrderedClear("lobby"))])
    assert rooms() == [set(), set()]
    assert await about(link) == 100  # Redis has lost nothing
    await link.order(CHAT, [row(said("after all", "made-3")), row(OrderedPin("made-3", Pin(1, True)))])
    assert rooms() == [{"made-3"}, {"made-3"}]
    ordered = [entry.ordered for entry in await everything(link)][-2:]
    assert [(it.seq, it.change) for it in ordered if it] == [(1, 1), (1, 2)]


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
        master.start("--port", str(port), "--repl-diskless-sync-delay", "0")
        async with RedisLink(master.url, "ChatDesk") as link:
            await link.begin(CHAT, b"secret")
            assert await link.arrive(has_lost=False) == 0
            replica.command("REPLICAOF", "127.0.0.1", str(port))
            assert await link.order(CHAT, [row(said("one"))]) == [1]
            redis_has_it = ("XLEN", "{chatdesk:ChatDesk}:stream")
            await until(lambda: replica.command(*redis_has_it) == "1", 20)
        with pytest.raises(ReadOnlyError):
            await RedisLink(replica.url, "ChatDesk").__aenter__()
        master.kill()
        replica.command("REPLICAOF", "NO", "ONE")
        async with RedisLink(replica.url, "ChatDesk") as link:
            assert 0 < await link.arrive(has_lost=False) <= redis_link.SETTLE_SECONDS
            with pytest.raises(ResponseError, match="SETTLING"):
                await link.order(CHAT, [row(said("two"))])
            await asyncio.sleep(await link.arrive(has_lost=False))
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
