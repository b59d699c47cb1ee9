"""Over real nodes and a real Redis: a hook that is made beside one node is one of all, until it is removed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import ordered_hooks
from chatdesk.log.hook_file import HookFile
from tests.cluster.in_process import meet
from tests.server.chat import Chat
from tests.waiting import until


async def post(chat: Chat, secret: str, text: str) -> int:
    """Post to a hook; return the status of the answer."""
    body = json.dumps({"text": text}).encode()
    head = chat.head("POST", f"/hooks/{secret}", "Content-Type: application/json", f"Content-Length: {len(body)}")
    return (await chat.ask(head + body)).status


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
