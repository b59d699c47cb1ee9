"""Over real nodes and a real Redis: a hook that is made beside one node is one of all, until it is removed."""

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import ordered_hooks
from chatdesk.cluster.cluster_store import ClusterStore
from chatdesk.cluster.ordered_hooks import read_unwritten
from chatdesk.log.database import connect
from chatdesk.log.hook_file import HookFile
from tests.cluster.in_process import meet
from tests.server.chat import Chat
from tests.waiting import until


async def post(chat: Chat, secret: str, text: str) -> int:
    """Post to a hook; return the status of the answer."""
    body = json.dumps({"text": text}).encode()
    head = chat.head("POST", f"/hooks/{secret}", "Content-Type: application/json", f"Content-Length: {len(body)}")
    return (await chat.ask(head + body)).status


def unwritten(folder: Path) -> int:
    """How many changes of the hooks its file does not have yet."""
    with closing(connect(folder)) as db:
        return len(read_unwritten(db))


async def test_a_hook_is_made_at_one_node_used_at_another_and_removed_at_any(
    node: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_hooks, "_LOOK_SECONDS", 0.05)
    files = [HookFile(tmp_path / folder) for folder in ("a", "b", "c")]
    async with node("a") as first:
        async with node("b") as second:
            await meet(first, second)
            ana = await first.join("Ana")
            secret = files[0].add("Build", "lobby")
            await until(lambda: files[1].named("Build"))
            assert await post(second, secret, "all green") == 200
            said = await ana.next("message")
            assert (said["nickname"], said["content"]) == ("Build", "all green")
        other = files[1].add("Alarm", "lobby")  # while the node is not there
        async with node("b"), node("c") as third:
            await until(lambda: files[0].named("Alarm") and files[2].named("Alarm") and files[2].named("Build"))
            hook = files[2].named("Build")
            assert hook
            files[2].remove(hook)
            await until(lambda: not files[0].named("Build"))
            assert await post(first, secret, "hello") == 404
            assert await post(third, other, "fire") == 200


async def test_a_file_that_cannot_be_written_for_a_while_undoes_nothing_at_the_other_nodes(
    node: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_hooks, "_LOOK_SECONDS", 0.02)
    first_file, second_file = HookFile(tmp_path / "a"), HookFile(tmp_path / "b")
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        first_file.add("Build", "lobby")
        await until(lambda: second_file.named("Build"))
        blocked = tmp_path / "b" / "hooks.new"
        blocked.mkdir()  # in the way of what is written
        secret = first_file.add("Alarm", "lobby")
        build = first_file.named("Build")
        assert build
        first_file.remove(build)
        store = second.server.store
        assert isinstance(store, ClusterStore)
        await until(lambda: [hook.name for hook in store.hooks._shared.values()] == ["Alarm"])
        await asyncio.sleep(0.1)  # several looks at the file, which is as it was
        assert [hook.name for hook in first_file.hooks()] == ["Alarm"]
    blocked.rmdir()  # after a start, it is told from what was removed here
    async with node("a") as first, node("b") as second:
        await until(lambda: second_file.named("Alarm") and not second_file.named("Build"))
        assert await post(second, secret, "fire") == 200
        await until(lambda: unwritten(tmp_path / "b") == 0)
        alarm = second_file.named("Alarm")
        assert alarm
        second_file.remove(alarm)
        await until(lambda: not first_file.hooks())
    async with node("b"):
        assert second_file.hooks() == ()
