"""``chatdesk tail`` with a real server: every message once and in order, also across a loss of the connection."""

import asyncio
import contextlib
import json
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from chatdesk.client.saved_state import ClientStore
from chatdesk.terminal.participant import EXIT_NO_ANSWER, Target, TerminalError
from chatdesk.terminal.tail import tail
from tests.client.person import cut
from tests.e2e.serving import Serving
from tests.server.chat import Chat, Peer, chat
from tests.waiting import until
from tests.warm_program import STRICT, WarmProgram

Output = Callable[[], list[str]]


def url(chat: Chat) -> str:
    return f"ws://127.0.0.1:{chat.server.port}/ws"


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    lines: list[str] = []

    def read() -> list[str]:
        lines.extend(capsys.readouterr().out.splitlines())
        return lines

    return read


@contextlib.asynccontextmanager
async def tailing(chat: Chat, folder: Path, *, as_json: bool = False) -> AsyncIterator[None]:
    target = Target(url(chat), "lobby", "Tail", named=True)
    following = asyncio.create_task(tail(target, ClientStore(folder), as_json=as_json))
    try:
        yield
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following


def say(peer: Peer, *texts: str) -> None:
    for text in texts:
        peer.send("message", content=text)


async def test_the_latest_messages_then_each_as_it_comes(tmp_path: Path, output: Output) -> None:
    async with chat(message_rate=0) as opened:
        kit = await opened.join("Kit")
        say(kit, *(str(number) for number in range(15)))
        await kit.ping()
        async with tailing(opened, tmp_path):
            await until(lambda: len(output()) == 10)
            say(kit, "two\nlines")
            await until(lambda: len(output()) == 12)
    assert [line[6:] for line in output()[8:]] == ["Kit: 13", "Kit: 14", "Kit: two", "lines"]
    assert output()[0][2] == ":"


async def test_what_was_changed_is_printed_as_it_is_now(tmp_path: Path, output: Output) -> None:
    async with chat(message_rate=0) as opened:
        kit = await opened.join("Kit")
        say(kit, "one", "two")
        kit.send("delete", seq=1)
        await kit.ping()
        async with tailing(opened, tmp_path):
            await until(lambda: len(output()) == 2)
            kit.send("edit", seq=2, content="three")
            await until(lambda: len(output()) == 3)
            kit.send("delete", seq=2)
            await until(lambda: len(output()) == 4)
    assert [line[6:] for line in output()] == ["Kit (deleted)", "Kit: two", "Kit (edited): three", "Kit (deleted)"]


async def test_nothing_is_missing_or_twice_after_a_loss(tmp_path: Path, output: Output) -> None:
    async with chat(message_rate=0) as opened:
        kit = await opened.join("Kit")
        say(kit, "1")
        async with tailing(opened, tmp_path, as_json=True):
            await until(lambda: len(output()) == 1)
            cut(opened, "Tail")
            say(kit, *(str(number) for number in range(2, 301)))
            kit.send("edit", seq=1, content="one")
            await until(lambda: len(output()) >= 301)
    events: list[dict[str, Any]] = [json.loads(line) for line in output()]
    assert [event["seq"] for event in events if event["type"] == "message"] == list(range(1, 301))
    assert [event["message"]["content"] for event in events if event["type"] == "updated"] == ["one"]


async def test_another_history_is_printed_from_its_beginning(tmp_path: Path, output: Output) -> None:
    async with chat() as opened:
        host = await opened.join("Mara", token=opened.server.host_token)
        say(host, "before")
        async with tailing(opened, tmp_path):
            await until(lambda: len(output()) == 1)
            host.send("clear")
            await host.next("history")
            say(host, "after")
            await until(lambda: len(output()) == 2)
    assert [line[6:] for line in output()] == ["Mara: before", "Mara: after"]


async def test_a_chat_that_refuses_ends_it_with_a_sentence(tmp_path: Path) -> None:
    async with chat() as opened:
        await opened.join("Tail")
        target = Target(url(opened), "lobby", "Tail", named=True)
        with pytest.raises(TerminalError, match="Someone here has this name") as refused:
            await tail(target, ClientStore(tmp_path), as_json=False)
        assert refused.value.exit_code == EXIT_NO_ANSWER


def test_it_ends_quietly_with_its_reader_and_by_ctrl_c() -> None:
    how = {"options": STRICT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with Serving("--no-discovery") as serving, connect(serving.websocket, proxy=None) as kit:
        kit.send('{"type":"join","nickname":"Kit"}')
        kit.send('{"type":"message","content":"one"}')
        with (
            WarmProgram("tail", "--nickname", "Ana", "--address", serving.url, **how) as left,
            WarmProgram("tail", "--nickname", "Bo", "--address", serving.url, **how) as stopped,
        ):
            for process in (left, stopped):
                assert process.stdout
                assert process.stdout.readline().endswith("Kit: one\n")
            if left.stdout:
                left.stdout.close()
            kit.send('{"type":"message","content":"two"}')
            stopped.send_signal(signal.SIGINT)
            assert (left.wait(10), stopped.wait(10)) == (0, 130)
            assert [process.stderr.read() for process in (left, stopped) if process.stderr] == ["", ""]
