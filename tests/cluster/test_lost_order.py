"""Redis has lost what was told, or the order has gone on without a node."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import history_taker, linked_order, redis_link
from chatdesk.cluster.cluster_store import ClusterStore
from chatdesk.cluster.redis_link import PROBLEMS, RedisLink
from chatdesk.log.acts import React
from chatdesk.log.database import FILE
from chatdesk.log.disk_store import open_store
from chatdesk.log.hook_file import HookFile
from chatdesk.log.operations import Ordered
from chatdesk.log.order import Standing, StandingKind
from chatdesk.log.ordered_batch import forget_place
from chatdesk.log.room_log import Draft, LogError, StorageProblem
from chatdesk.log.rooms import RoomSettings
from chatdesk.log.statement import Statement
from chatdesk.log.storage_errors import StoreError
from tests.cluster.redis_server import RedisServer, running_redis
from tests.cluster.stores import Node, contents
from tests.waiting import until


async def test_what_redis_has_lost_is_put_back_by_a_node_that_has_followed_it(
    opened: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a failover to a replica that was cut off: 3,118 of 3,118 acknowledged entries were gone."""
    restore = RedisLink.restore
    problems: list[StorageProblem | None] = []

    async def put_back(link: RedisLink, server_id: str, entries: Sequence[Ordered]) -> None:
        await restore(link, server_id, entries[:1])  # as if by another node, which knows less
        await restore(link, server_id, entries)

    monkeypatch.setattr(RedisLink, "restore", put_back)
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0.3)
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    with running_redis() as redis:
        async with opened("a", redis) as a, opened("b", redis) as b:
            for node in (a, b):
                monkeypatch.setattr(node.store, "on_order_problem", problems.append)
            b.say("kept", "1", "ben")
            await asyncio.gather(a.heard(1), b.heard(1))
            kept = redis.keep()
            a.say("lost", "2")
            await a.act(React(1, "👍", True, "kit", "Kit"))
            a.store.store_settings("build", RoomSettings(created=True, topic="lost"), lambda _: None)
            await until(lambda: a.store.place == b.store.place == 4)
            redis.fall_back(kept)
            b.say("lost", "2", "kit")  # by a client that has heard of nothing
            b.say("new", "3", "ben")
            assert (await a.heard(4))[-1] == (await b.heard(4))[-1] == "4 3 new"
            assert a.announced == b.announced
            assert PROBLEMS.lost not in problems
        async with opened("late", redis) as late:
            assert [change.split()[0] for change in await late.heard(4)] == ["1", "2", "3", "4"]
            assert late.store.extent("lobby").last_seq == 3
    assert contents(tmp_path / "a") == contents(tmp_path / "b") == contents(tmp_path / "late")


class _Busy(Statement):
    """Holds the writer's thread up until it is ``released``."""

    def __init__(self) -> None:
        super().__init__("", ())
        self.released = threading.Event()

    def execute(self, _db: sqlite3.Connection) -> None:
        assert self.released.wait(30)


async def test_what_a_node_was_writing_when_redis_lost_it_is_put_back_before_others_take_its_number(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that was busy for longer than nodes wait for each other let two messages have one number: the second one
    was neither told nor refused."""
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    busy, read = _Busy(), asyncio.Event()
    with running_redis() as redis:
        async with opened("a", redis) as a:
            a.say("kept", "1")
            await a.heard(1)
            kept, follow = redis.keep(), a.store.follow

            async def following(entries: Sequence[Ordered]) -> bool:
                read.set()
                return bool(await follow(entries))

            monkeypatch.setattr(a.store, "follow", following)
            async with opened("b", redis) as b:
                a.store.writer.submit(busy)
                b.say("being written", "2", "ben")
                await b.heard(2)
                await read.wait()
            redis.fall_back(kept)
            refused = a.say("new", "3")
            await asyncio.sleep(1)  # longer than Redis waits for the nodes
            busy.released.set()
            assert [text.split()[-1] for text in await a.heard(3)] == ["kept", "written", "new"]
            assert refused == []
        async with opened("late", redis) as late:
            assert await late.heard(3) == ["1 1 kept", "2 2 being written", "3 3 new"]


async def test_a_node_that_has_followed_what_others_have_not_goes_on_with_them_once_it_is_told_to(
    opened: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It was away when the others went on: the same numbers are other messages there now."""
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    hooks = {folder: HookFile(tmp_path / folder) for folder in ("a", "b")}
    with running_redis() as redis:
        async with opened("a", redis, rejoin=True) as a:  # which is nothing new
            a.say("kept")
            await a.heard(1)
            for hook in ("Old", "Kept"):
                hooks["a"].add(hook, "lobby")
            await until(lambda: len(a.store.hooks._shared) == 2 and not a.store._lasting.unordered)
        kept = redis.keep()
        async with opened("a", redis) as a:
            a.say("lost")
            await a.heard(1)
        redis.fall_back(kept)
        async with opened("b", redis) as b:
            for number in range(3):
                b.say(f"new {number}")
            await b.heard(4)
            await until(lambda: len(hooks["b"].hooks()) == 2)
            old = hooks["b"].named("Old")
            assert old
            hooks["b"].remove(old)
            await until(lambda: len(b.store.hooks._shared) == 1 and not b.store._lasting.unordered)
        async with opened("a", redis) as a:
            await until(lambda: a.store.problem)
            assert a.store.problem == PROBLEMS.apart
            assert "--rejoin" in a.store.problem.sentence
            assert [record.content for record in (await a.log.latest(10)).records] == ["kept", "lost"]
            ban = Standing("kit", StandingKind.MUTED, at=1)
            a.store.order.store([ban], [], None, lambda _later: None)  # which has to be ordered yet
        hooks["a"].add("Own", "lobby")
        async with opened("a", redis, rejoin=True) as a, opened("b", redis) as b:
            await a.heard(4)
            (aside,) = (tmp_path / "a").glob("chat-*.db")
            assert str(aside) in caplog.text
            with contextlib.closing(sqlite3.connect(aside)) as db:
                assert db.execute("SELECT content FROM entry ORDER BY place").fetchall() == [("kept",), ("lost",)]
            await until(lambda: {hook.name for hook in hooks["a"].hooks()} == {"Kept", "Own"})
            await until(lambda: {hook.name for hook in hooks["b"].hooks()} == {"Kept", "Own"})
            await until(lambda: not a.store._lasting.unordered and a.store.place == b.store.place)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    for folder in ("a", "b"):
        with contextlib.closing(sqlite3.connect(tmp_path / folder / FILE)) as db:
            assert db.execute("SELECT identity, kind FROM standing").fetchall() == [("kit", "muted")]


async def test_a_node_without_which_others_have_gone_on_puts_nothing_back_upon_what_they_have(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was cut off while Redis fell back, and has followed more than there is by now."""
    monkeypatch.setattr(redis_link, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    with running_redis() as redis:
        async with opened("a", way=redis.own_way) as a:
            async with opened("b", redis) as b:
                a.say("kept")
                await b.heard(1)
            kept = redis.keep()
            for content in ("lost", "lost, too"):
                a.say(content)
            await a.heard(3)
            with redis.cut_off():
                redis.fall_back(kept)
                async with opened("b", redis) as b:
                    b.say("new")
                    await b.heard(1)
            await until(lambda: a.store.problem == PROBLEMS.apart)
            async with opened("b", redis) as b:
                b.say("at last")
                assert await b.heard(1) == ["3 3 at last"]


async def test_a_node_that_was_started_once_without_the_others_goes_on_with_them_once_it_is_told_to(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    """Such as without the variable that has the address of Redis."""
    async with opened("a") as a, opened("b") as b:
        a.say("one")
        await asyncio.gather(a.heard(1), b.heard(1))
    async with open_store(tmp_path / "b") as alone:
        alone.room("lobby").append(Draft("Kit", "alone", "kit"), lambda _refusal: None)
        await until(lambda: alone.extent("lobby").last_seq == 2)
    async with opened("b", rejoin=True) as b:  # nobody has said anything since
        assert b.store.problem is None
    async with opened("a") as a:
        a.say("two")
        await a.heard(1)
    async with opened("b") as b:
        await until(lambda: b.store.problem == PROBLEMS.apart)
    async with opened("b", rejoin=True) as b:
        await b.heard(2)
    (aside,) = (tmp_path / "b").glob("chat-*.db")
    with contextlib.closing(sqlite3.connect(aside)) as db:
        assert db.execute("SELECT content FROM entry ORDER BY place").fetchall() == [("one",), ("alone",)]
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


async def test_a_node_whose_damaged_file_was_replaced_takes_that_of_the_others_once_it_is_told_to(
    opened: Callable[..., Any],
    chat_name: str,
    redis: RedisServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened("a") as a, opened("b") as b:
        for content in ("one", "two"):
            a.say(content)
        await asyncio.gather(a.heard(2), b.heard(2))
    with contextlib.closing(sqlite3.connect(tmp_path / "b" / FILE)) as db, db:
        forget_place(db)
    with pytest.raises(StoreError, match="--rejoin"):
        async with opened("b"):
            pass
    async with opened("b", rejoin=True) as b:
        await b.heard(2)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    with contextlib.closing(sqlite3.connect(tmp_path / "b" / FILE)) as db, db:
        forget_place(db)
    redis.command("XTRIM", f"{{chatdesk:{chat_name}}}:stream", "MAXLEN", "1")
    for seconds in ("_OFFER_SECONDS", "_ASK_AGAIN_SECONDS"):
        monkeypatch.setattr(history_taker, seconds, 0.1)
    with pytest.raises(StoreError):
        async with opened("b", rejoin=True):
            pass
    assert "No other machine gives its history (none answers)" in caplog.text
    assert len(list((tmp_path / "b").glob("chat-*.db"))) == 1


async def test_a_node_whose_place_was_trimmed_away_and_a_new_one_take_the_history_of_another(
    node: Callable[..., Any],
    opened: Callable[..., Any],
    chat_name: str,
    redis: RedisServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Once they are told to, both at once, with all that is only theirs, and the hooks that all have."""
    hooks = {folder: HookFile(tmp_path / folder) for folder in ("a", "b", "new")}
    async with node("a") as server:
        assert isinstance(server.server.store, ClusterStore)
        a = Node(server.server.store)
        async with opened("b") as b:
            hooks["a"].add("Shared", "lobby")
            b.say("both have this")
            await a.heard(1)
            await until(hooks["b"].hooks)
        hooks["b"].add("Own", "lobby")
        for number in range(8):
            a.say(f"{number} " + 20_000 * "long", f"{number}")
        await a.heard(9)
        redis.command("XTRIM", f"{{chatdesk:{chat_name}}}:stream", "MAXLEN", "2")
        async with opened("b") as b:
            await until(lambda: b.store.problem == PROBLEMS.apart)
        async with contextlib.AsyncExitStack() as stack:
            opening = [stack.enter_async_context(opened(folder, rejoin=True)) for folder in ("b", "new")]
            nodes = (a, *await asyncio.gather(*opening))
            for each in nodes:
                each.say("again in order")
            await until(lambda: all(each.store.extent("lobby").last_seq == 12 for each in nodes))
            await until(lambda: all({it.name for it in file.hooks()} == {"Shared", "Own"} for file in hooks.values()))
    assert contents(tmp_path / "a") == contents(tmp_path / "b") == contents(tmp_path / "new")
    files = [file.name for folder in hooks for file in (tmp_path / folder).iterdir() if file.suffix.startswith(".db")]
    assert sorted(file for file in files if not file.startswith("chat-2")) == ["chat.db"] * 3
    assert not list((tmp_path / "new").glob("chat-2*"))
    assert "is taken from another machine" in caplog.text


async def test_a_redis_that_has_lost_what_was_told_gets_nothing_new(
    opened: Callable[..., Any], chat_name: str, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a failover to a replica that was cut off: new messages would get numbers that others have already."""
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    async with opened("a") as a:
        a.say("one")
        await a.heard(1)
    redis.command("HSET", f"{{chatdesk:{chat_name}}}:about", "number", "0")
    async with opened("a") as a:
        await until(lambda: a.store.problem)
        assert a.store.problem == PROBLEMS.lost
        assert isinstance(a.say("two")[0], LogError)
        redis.command("HSET", f"{{chatdesk:{chat_name}}}:about", "number", "1")
        await until(lambda: a.store.problem is None)
        a.say("two")
        assert await a.heard(1) == ["2 2 two"]


@pytest.mark.parametrize("is_said", [True, False])
async def test_what_redis_loses_while_nodes_are_linked_to_it_is_put_back(
    opened: Callable[..., Any],
    chat_name: str,
    redis: RedisServer,
    is_said: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where somebody writes to its keys. What was said next got a number that no node would read, took what had it
    out of the stream, and was neither told nor refused."""
    arrive, waits = RedisLink.arrive, list[bool]()

    async def arrived(link: RedisLink, *, has_lost: bool) -> float:
        waits.append(has_lost)
        return await arrive(link, has_lost=has_lost)

    monkeypatch.setattr(RedisLink, "arrive", arrived)
    async with opened("a") as a, opened("b") as b:
        for content in ("one", "two", "three"):
            a.say(content)
        await asyncio.gather(a.heard(3), b.heard(3))
        redis.command("HSET", f"{{chatdesk:{chat_name}}}:about", "number", "1")
        refused = a.say("four") if is_said else []
        await until(lambda: redis.command("HGET", f"{{chatdesk:{chat_name}}}:about", "number") == str(3 + is_said))
        b.say("last")
        said = ["one", "two", "three", *(["four"] if is_said else []), "last"]
        expected = [f"{number} {number} {content}" for number, content in enumerate(said, 1)]
        assert await a.heard(len(said)) == await b.heard(len(said)) == expected
        assert refused == []
        assert waits[:2] == [False, False]
        assert any(waits[2:])
    async with opened("late") as late:
        assert await late.heard(len(said)) == expected
