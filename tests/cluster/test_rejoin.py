"""Real nodes with ``--rejoin`` and a real Redis, of which one is killed on the way: the way back goes on by itself."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import pytest

from chatdesk.cluster import history_taker
from chatdesk.cluster.history_talk import Told, WantsPart
from chatdesk.cluster.lasting import write_waiting
from chatdesk.cluster.redis_link import WAITS_FOR_HISTORY
from chatdesk.log.database import FILE
from chatdesk.log.hook_file import HookFile
from chatdesk.log.operations import OrderedReceipts
from chatdesk.log.ordered_batch import forget_place
from chatdesk.log.revoked_tokens import FILE as TOKENS
from tests.cluster.node_process import NodeProcess, check_level, stream, wait_until
from tests.cluster.redis_server import RedisServer
from tests.cluster.stores import contents
from tests.cluster.test_history_taker import gives, giving
from tests.e2e.peer import Peer
from tests.waiting import until


class Making(NamedTuple):
    """A node that makes a copy for another one."""

    giver: NodeProcess
    taker: NodeProcess
    go_on: Callable[[], None]


@pytest.mark.usefixtures("apart")
async def test_a_copy_during_which_redis_is_killed_begins_again(
    start: Callable[..., NodeProcess], redis: RedisServer, chat_name: str
) -> None:
    """The node stayed read only until somebody started it once more."""
    b = start("b", "--rejoin")
    async with giving(redis, chat_name, lambda _node, asked: None if has_begun(asked) else gives(asked)):
        await asyncio.to_thread(b.wait_until_it_takes)
    redis.kill()
    try:
        b.wait_until_it_says("Redis has gone away")
    finally:
        redis.start()
    a = start("a")
    assert b.wait_until_open()
    check_level(a, b)


def has_begun(asked: Told) -> bool:
    """Whether it is asked for what follows the first part."""
    return isinstance(asked, WantsPart) and asked.start > 0


@pytest.fixture
def making(start: Callable[..., NodeProcess], apart: None, tmp_path: Path) -> Iterator[Making]:
    """The node a is making a copy for b, until ``go_on``: the revoked tokens, which it reads last, are a pipe."""
    pipe = tmp_path / "a" / TOKENS
    os.mkfifo(pipe)
    a = start("a")
    assert a.wait_until_open()
    b = start("b", "--rejoin")
    held = list[int]()
    wait_until(lambda: opened_to_write(pipe, held))
    with os.fdopen(held[0], "wb") as end:

        def go_on() -> None:
            end.write(b"[]")
            end.close()

        yield Making(a, b, go_on)


def opened_to_write(pipe: Path, held: list[int]) -> bool:
    """Whether somebody reads it, who waits for what will be written from then on."""
    with contextlib.suppress(OSError):
        held.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    return bool(held)


def test_one_that_dies_while_it_makes_its_copy_is_not_waited_for(
    start: Callable[..., NodeProcess], making: Making
) -> None:
    """It was for five minutes."""
    making.giver.end(signal.SIGKILL)
    c = start("c")
    assert making.taker.wait_until_open()
    making.taker.wait_until_it_says("does not answer any more")
    check_level(c, making.taker)


def test_a_node_that_dies_while_it_takes_a_copy_lets_no_other_wait(
    start: Callable[..., NodeProcess], making: Making
) -> None:
    """Others waited for a minute."""
    making.taker.end(signal.SIGKILL)
    new = start("new", "--rejoin")
    making.go_on()
    assert new.wait_until_open()
    check_level(making.giver, new)


@pytest.mark.usefixtures("apart")
def test_one_that_waits_for_others_ends_when_it_is_told_to_and_has_changed_nothing(
    start: Callable[..., NodeProcess], redis: RedisServer, tmp_path: Path
) -> None:
    before = contents(tmp_path / "b"), sorted(file.name for file in (tmp_path / "b").iterdir())
    waits_for_a_node = start("b", "--rejoin")
    waits_for_a_node.wait_until_it_says("is taken from another machine")
    assert waits_for_a_node.end(signal.SIGTERM) == 0
    waits_for_redis = start("b", "--rejoin")
    waits_for_redis.wait_until_it_says("is taken from another machine")
    redis.kill()
    try:
        waits_for_redis.wait_until_it_says("Redis has gone away")
        assert waits_for_redis.end(signal.SIGINT) == 0
    finally:
        redis.start()
    assert before == (contents(tmp_path / "b"), sorted(file.name for file in (tmp_path / "b").iterdir()))


@pytest.mark.usefixtures("apart")
async def test_a_node_to_which_nobody_gives_a_history_says_so_and_can_be_read(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(history_taker, "_OFFER_SECONDS", 0.1)
    monkeypatch.setattr(history_taker, "_ASK_AGAIN_SECONDS", 0.05)
    async with opened("b", rejoin=True) as b:
        assert "No other machine gives its history (none answers)" in caplog.text
        await until(lambda: b.store.problem == WAITS_FOR_HISTORY)
        assert [record.content for record in (await b.log.latest(10)).records] == ["kept"]


def test_a_node_alone_in_a_new_chat_opens_at_once(start: Callable[..., NodeProcess]) -> None:
    """Others could give nothing, and it does not wait 15 seconds for them."""
    begun_at = time.monotonic()
    only = start("only", "--rejoin")
    assert only.wait_until_open()
    assert time.monotonic() - begun_at < 10
    with Peer(only.websocket, "Ana") as ana:
        ana.say("first")
    assert only.end(signal.SIGINT) == 0
    again = start("only", "--rejoin")
    assert again.wait_until_open()
    assert time.monotonic() - begun_at < 15


@pytest.fixture(params=["from Redis", "a copy"])
async def replaced(
    request: pytest.FixtureRequest, opened: Callable[..., Any], redis: RedisServer, chat_name: str, tmp_path: Path
) -> None:
    """The node b has a hook of its own, and one that others have removed; it follows all again, or takes a copy."""
    hooks = {folder: HookFile(tmp_path / folder) for folder in "ab"}
    async with opened("a") as a, opened("b") as b:
        hooks["a"].add("Removed", "lobby")
        await until(hooks["b"].hooks)
        a.say("kept")
        await b.heard(1)
    hooks["b"].add("Own", "lobby")
    async with opened("a") as a:
        hooks["a"].remove(hooks["a"].hooks()[0])
        await until(lambda: not a.store.hooks._shared and not a.store._lasting.unordered)
        a.say("new")
        await a.heard(1)
    if request.param == "a copy":
        redis.command("XTRIM", stream(chat_name), "MAXLEN", "1")
    else:
        with contextlib.closing(sqlite3.connect(tmp_path / "b" / FILE)) as db, db:
            forget_place(db)


@pytest.mark.usefixtures("replaced")
def test_a_kill_while_a_history_is_replaced_brings_no_hook_back_and_loses_nothing_that_waits(
    start: Callable[..., NodeProcess], redis: RedisServer, chat_name: str, tmp_path: Path
) -> None:
    """Each of these nodes is killed before it renames a file for the first, second… time; then they start again."""
    states = [{"chat.db-saving"}, {"chat.db-taken"}, {"chat.db-taken"}, {"hooks.new"}]
    a = start("a")
    assert a.wait_until_open()
    folders = [tmp_path / f"b{number}" for number in range(len(states))]
    for folder in folders:
        copytree(tmp_path / "b", folder)
        with contextlib.closing(sqlite3.connect(folder / FILE)) as db, db:
            write_waiting(db, [OrderedReceipts("kit", off=True, id=folder.name)])
    begun = [start(folder.name, "--rejoin", kill_at=number) for number, folder in enumerate(folders)]
    for node, state in zip(begun, states, strict=True):
        assert not node.wait_until_open()
        assert node.process.wait() == -signal.SIGKILL
        left = {file.name for file in node.folder.iterdir()}
        assert state == {name for name in left if name.startswith(("chat.db-saving", "chat.db-taken", "hooks.new"))}
    nodes = [start(folder.name, "--rejoin") for folder in folders]
    for node, state in zip(nodes, states, strict=True):
        assert node.wait_until_open()
        wait_until(lambda node=node: [hook.name for hook in HookFile(node.folder).hooks()] == ["Own"])
        wait_until(lambda node=node: f" {node.folder.name} " in redis.command("XRANGE", stream(chat_name), "-", "+"))
        (aside,) = node.folder.glob("chat-2*.db")
        if "chat.db-taken" in state:
            node.wait_until_it_says(f"The old one is kept as {aside}")
        with contextlib.closing(sqlite3.connect(aside)) as db:
            assert db.execute("SELECT content FROM entry").fetchall() == [("kept",)]
    assert [hook.name for hook in HookFile(a.folder).hooks()] == ["Own"]
    check_level(a, *nodes)
