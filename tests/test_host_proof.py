"""The host's token is shown to nobody but the chat that has issued it."""

import argparse
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from chatdesk import invite_command, own_chat, people_command
from chatdesk.log.disk_store import open_store
from chatdesk.terminal.participant import EXIT_NO_ANSWER
from tests.server.chat import chat

Prepare = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]
COMMANDS = [(people_command.prepare, "bans"), (invite_command.prepare, "list")]


def options(folder: Path, port: int, action: str) -> argparse.Namespace:
    given: dict[str, Any] = {"data_dir": folder, "name": "Chat", "port": port, "action": action, "json": True}
    given |= {"public_url": "", "bind": "127.0.0.1", "tls": False, "tls_cert": None}
    return argparse.Namespace(**given, which="", role="", who="", room=None, reason="", hours=1.0, uses=1)


@pytest.mark.parametrize(("prepare", "action"), COMMANDS)
async def test_a_program_that_only_listens_there_learns_nothing(
    prepare: Prepare,
    action: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_chat, "_STATUS_SECONDS", 0.1)  # it blocks the loop, on which the chat of this test runs
    received = ""

    async def false_chat(connection: ServerConnection) -> None:
        nonlocal received
        async for message in connection:
            received += str(message)
            command = json.loads(message)
            answer = {"type": "proof", "proofs": ["0" * 64], "ref": command.get("id")}
            await connection.send(json.dumps(answer))

    async with open_store(tmp_path) as store, chat(store=store) as c:
        token = c.server.host_token
        async with serve(false_chat, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            assert await prepare(options(tmp_path, port, action)) == EXIT_NO_ANSWER
        assert "another chat" in capsys.readouterr().err
        assert '"prove"' in received
        assert token.partition(".")[2] not in received
        assert await prepare(options(tmp_path, c.server.port, action)) == 0
