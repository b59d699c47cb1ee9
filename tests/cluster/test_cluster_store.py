"""Two nodes of a cluster without their servers: both files get the same, in the order that Redis has made."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chatdesk.archive.backup import Backup, backup
from chatdesk.backoff import Backoff
from chatdesk.cluster import cluster_store, linked_order, redis_link
from chatdesk.cluster.redis_link import PROBLEMS
from chatdesk.log.acts import Delete, Edit, NotYours, Pin, React
from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.room_log import Draft, Duplicate, IdReused, LogError, NotFound, Record
from chatdesk.log.rooms import RoomSettings
from chatdesk.log.storage_errors import StoreError
from tests.cluster.cutter import Cutter
from tests.cluster.redis_server import RedisServer, running_redis
from tests.cluster.stores import contents
from tests.waiting import until

HASH = "$argon2id$"


async def test_what_two_nodes_write_at_once_is_the_same_in_both(opened: Callable[..., Any], tmp_path: Path) -> None:
    async with opened("a") as a, opened("b") as b:
        for number in range(300):
            for node, name in ((a, "ana"), (b, "ben")):
                node.say(f"{name} {number}", f"{number}", name)
        await asyncio.gather(*(node.heard(600) for node in (a, b)))
        own = [record.seq for record in a.announced if record.nickname == "Ana"]
        first = own[0]
        acts = [
            a.act(Edit(first, "edited", "ana")),
            b.act(Edit(first, "not mine", "ben")),
            a.act(React(first, "👍", True, "ana", "Ana")),
            b.act(React(first, "👍", True, "ben", "Ben")),
            b.act(React(first, "👍", True, "ben", "Ben")),
            a.act(Pin(own[1], True)),
            b.act(Delete(9_999, "ben", "Ben")),
            a.act(Delete(own[2], "ana", "Ana")),
        ]
        outcomes = await asyncio.gather(*acts)
        a.say("at the end", "end", "ana")
        await until(lambda: a.announced[-1].content == b.announced[-1].content == "at the end")
        assert a.announced == b.announced
        assert [record.change for record in a.announced][-1] == a.log.last_change == b.log.last_change == 609
        assert [type(outcome) for outcome in outcomes] == [
            *(Record, NotYours, Record, Record, Duplicate, Record, NotFound, Record)
        ]
        since = [await node.log.since(600, 200) for node in (a, b)]
        assert since[0] == since[1]
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")["entries"]) == 601


async def test_the_same_message_sent_to_both_nodes_is_there_once(opened: Callable[..., Any]) -> None:
    async with opened("a") as a, opened("b") as b:
        a.say("hello", "1")
        again, meanwhile = b.say("hello", "1"), a.say("hello", "1")
        await asyncio.gather(a.heard(1), b.heard(1))
        await until(lambda: meanwhile)
        later, other = b.say("hello", "1"), b.say("something else", "1")
        await until(lambda: later and other)
        assert isinstance(meanwhile[0], Duplicate)
        assert later[0] == Duplicate(b.announced[0])
        assert other == [IdReused()]
        assert again in ([], [Duplicate(b.announced[0])])
        b.say("next")
        assert await a.heard(2) == await b.heard(2) == ["1 1 hello", "2 2 next"]


async def test_what_is_looked_for_is_found_though_it_is_not_followed_yet(opened: Callable[..., Any]) -> None:
    async with opened("a") as a:
        found: list[Any] = []
        a.say("hello", "1")
        for content in ("hello", "something else"):
            a.log.find(Draft("Kit", content, "kit", "1"), found.append)
        await until(lambda: len(found) == 2)
        assert found == [Duplicate(a.announced[0]), IdReused()]


async def test_a_node_that_was_away_follows_what_it_has_missed(opened: Callable[..., Any], tmp_path: Path) -> None:
    async with opened("a") as a:
        async with opened("b") as b:
            a.say("before")
            await b.heard(1)
        for number in range(50):
            a.say(f"missed {number}")
        a.store.room("build").append(Draft("Kit", "in a room that nobody has open there", "kit"), lambda _: None)
        await a.heard(51)
        async with opened("b") as b:
            await b.heard(50)
            page = await b.log.since(51, 10)
            assert page is not None
            await until(lambda: b.store.extent("build").last_seq == 1)
            position = asyncio.create_task(b.log.since(52, 10))
            a.say("which a client of the other node has seen already")
            found = await position
            assert found is not None
            assert found.end == 52
            await a.heard(52)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


async def test_without_redis_a_node_is_read_only_and_says_so(
    opened: Callable[..., Any], chat_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    with running_redis() as redis:
        async with opened("a", redis) as a:
            a.say("before")
            await a.heard(1)
            monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.1)
            redis.kill()
            waiting = a.say("meanwhile", "1")
            await until(lambda: a.store.problem)
            assert a.store.problem == PROBLEMS.away
            await until(lambda: waiting)
            assert isinstance(waiting[0], LogError)
            assert isinstance(a.say("at once", "2")[0], LogError)
            assert isinstance(await a.act(Pin(1, True)), LogError)
        async with opened("a", redis) as a:  # it starts without Redis, too
            await until(lambda: a.store.problem)
            assert [record.content for record in (await a.log.latest(10)).records] == ["before"]
            with pytest.raises(StoreError, match=r"Redis cannot be reached at unix:.*[^.]\. Start it"):
                await opened("new", redis).__aenter__()
            redis.start()
            await until(lambda: a.store.problem is None)
            a.say("meanwhile", "1")
            assert (await a.heard(1)) == ["2 2 meanwhile"]


async def test_a_node_tries_less_and_less_often_to_reach_redis_until_a_link_has_lasted(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    class Swift(Backoff):
        """Tells how long it would have been."""

        def next(self, places: int = 1) -> float:
            pauses.append(super().next(places))
            return pauses[-1] / 50

    monkeypatch.setattr(linked_order, "Backoff", Swift)
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 60)  # nothing is refused
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0)
    with running_redis() as redis:
        async with opened("a", redis) as a:

            async def check_pauses(*bounds: float) -> None:
                a.say("the link serves")
                await a.heard(1)
                a.announced.clear()
                pauses.clear()
                redis.kill()
                await until(lambda: len(pauses) >= len(bounds))
                assert all(bound / 2 <= pause <= bound for bound, pause in zip(bounds, pauses, strict=False))
                redis.start()

            monkeypatch.setattr(linked_order, "_STABLE_SECONDS", 60)
            await check_pauses(0.25, 0.5, 1, 1, 1, 1)
            await check_pauses(1, 1)
            monkeypatch.setattr(linked_order, "_STABLE_SECONDS", 0)
            await check_pauses(0.25, 0.5, 1)


async def test_a_connection_that_breaks_at_whichever_byte_loses_and_doubles_nothing(
    opened: Callable[..., Any], redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a question or an answer, also while the link is made."""
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 60)  # nothing is refused
    cutter, random = Cutter(redis), Random(16)
    said = list[str]()
    async with cutter.open(), opened("a", way=cutter.address) as a, opened("b") as b:

        async def talk_until_cut(cuts: int) -> None:
            while cutter.cuts < cuts:
                for node, name in ((a, "ana"), (b, "ben")):
                    said.append(f"{name} {len(said)}")
                    assert node.say(said[-1], said[-1], name) == []
                await asyncio.sleep(0.01)

        for cuts in range(1, 31):
            if cuts % 3:
                await a.heard(len(said))
            cutter.left = random.randrange(2_000)
            await asyncio.wait_for(talk_until_cut(cuts), 15)
        await asyncio.gather(a.heard(len(said)), b.heard(len(said)))
    assert sorted(record.content for record in a.announced) == sorted(said)
    assert [record.seq for record in a.announced] == list(range(1, len(said) + 1))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


async def test_a_redis_that_refuses_to_write_says_so_and_keeps_nobody_waiting(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a snapshot that failed, since the disk is full: Redis can be read, but takes nothing."""
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    with running_redis("--dbfilename", "taken", "--save", "3600 1000") as redis:
        async with opened("a", redis) as a:
            a.say("before")
            await a.heard(1)
            monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.2)  # as in use, several attempts to reach it
            (redis.folder / "taken").mkdir()
            redis.command("BGSAVE")
            await until(lambda: "rdb_last_bgsave_status:err" in redis.command("INFO", "persistence"))
            refused = a.say("meanwhile", "1")
            await until(lambda: refused)
            assert isinstance(refused[0], LogError)
            assert a.store.problem == PROBLEMS.away
            (redis.folder / "taken").rmdir()
            redis.command("BGSAVE")
            await until(lambda: a.store.problem is None)
            a.say("meanwhile", "1")
            assert (await a.heard(2)) == ["1 1 before", "2 2 meanwhile"]


async def test_a_stream_that_was_trimmed_leaves_no_hole(
    opened: Callable[..., Any], chat_name: str, redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis gives no error to a reader whose place is gone."""
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    async with opened("a") as a:
        for number in range(5):
            a.say(f"{number}")
        await a.heard(5)
        redis.command("XTRIM", f"{{chatdesk:{chat_name}}}:stream", "MAXLEN", "2")
        async with opened("late") as late:
            await until(lambda: late.store.problem)
            assert late.store.problem == PROBLEMS.apart
            assert late.log.last_seq == 0
        (tmp_path / "copy").mkdir()
        backup(Backup(tmp_path / "a", tmp_path / "copy" / FILE))  # which the sentence advises
        a.say("after the backup")
        async with opened("copy") as copy:
            assert await copy.heard(1) == ["6 6 after the backup"]
            await a.heard(6)
    assert contents(tmp_path / "copy") == contents(tmp_path / "a")


async def test_a_foreign_entry_is_taken_out_and_changes_nothing(
    opened: Callable[..., Any], chat_name: str, redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened("a") as a:
        a.say("one")
        await a.heard(1)
        stream = f"{{chatdesk:{chat_name}}}:stream"
        foreign = redis.command("XADD", stream, "*", "entry", '5 5 0 key {"do":"say","room":"lobby"}')
        await until(lambda: redis.command("XLEN", stream) == "1")
        a.say("two")
        assert await a.heard(2) == ["1 1 one", "2 2 two"]
    assert foreign in caplog.text


async def test_a_weak_redis_is_named_at_the_start(
    opened: Callable[..., Any], redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis.command("CONFIG", "SET", "appendfsync", "everysec")
    try:
        async with opened("a"):
            assert "set appendfsync always" in caplog.text
    finally:
        redis.command("CONFIG", "SET", "appendfsync", "always")


async def test_only_an_unused_folder_or_one_of_the_cluster_is_taken(
    opened: Callable[..., Any], chat_name: str, tmp_path: Path
) -> None:
    async with open_store(tmp_path / "single") as single:
        single.room("lobby").append(Draft("Kit", "hello", "kit"), lambda _: None)
    with pytest.raises(StoreError, match="empty --data-dir"):
        await opened("single").__aenter__()
    async with opened("a") as a:
        a.say("one")
        await a.heard(1)
    with running_redis() as other:
        async with opened("b", other):
            pass
        with pytest.raises(StoreError, match="another cluster"):
            await opened("a", other).__aenter__()


async def test_rooms_and_their_settings_are_the_same_on_all_nodes(opened: Callable[..., Any]) -> None:
    """Two nodes that change different things at once keep both; the passes to a room end with its password."""
    async with opened("a") as a, opened("b") as b:
        told: list[tuple[str, RoomSettings]] = []
        b.store.on_settings = lambda room, settings: told.append((room, settings))
        stored: list[Any] = []
        made = RoomSettings(creator="kit", created=True)
        a.store.store_settings("build", made, stored.append)
        await until(lambda: told)
        assert told == [("build", made)]
        b.store.passes.give("zoe", "build")
        a.store.store_settings("build", made._replace(topic="The lift"), stored.append)
        b.store.store_settings("build", made._replace(slow=30, password=HASH), stored.append)
        await until(lambda: len(told) == 3)
        both = made._replace(topic="The lift", slow=30, password=HASH)
        assert told[-1][1] == both
        assert not b.store.passes.has("zoe", "build")
        b.store.store_settings("build", both._replace(creator="ben"), stored.append)
        await until(lambda: len(stored) == 4)
        assert stored == [None] * 4
        assert told[-1][1] == both
        a.say("the first message")
        assert await b.heard(1) == ["1 1 the first message"]
    async with opened("late") as late:
        await late.heard(1)
    async with opened("late") as late:
        assert late.store.room_settings()["build"] == both


async def test_a_new_node_follows_more_rooms_than_it_keeps_in_memory(
    opened: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_store, "_MOST_FOLLOWED", 3)
    async with opened("a") as a:
        for turn in range(2):
            for number in range(20):
                a.store.room(f"room-{number}").append(Draft("Kit", f"{turn} {number}", "kit"), lambda _: None)
        await until(lambda: a.store.place == 40)
        async with opened("late") as late:
            await until(lambda: late.store.place == 40 or late.store.problem)
            assert late.store.problem is None
            for number in range(20):
                a.store.room(f"room-{number}").append(Draft("Kit", f"3 {number}", "kit"), lambda _: None)
            await until(lambda: a.store.place == late.store.place == 60 or late.store.problem)
            assert late.store.problem is None
    assert contents(tmp_path / "late") == contents(tmp_path / "a")
    async with opened("late") as late:
        assert {late.store.extent(f"room-{number}").last_seq for number in range(20)} == {3}
