"""The composition root: servers with and without a window, and the sentences for what cannot start."""

import asyncio
import contextlib
import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.sync.client import connect as connect_now

from chatdesk.app import host_beside_window, run_desktop
from chatdesk.config import ServerConfig
from chatdesk.desktop.hosting import HostError
from chatdesk.headless import run_headless
from chatdesk.log.memory import MemoryStore
from chatdesk.server.listening import PortTakenError, explain_listen_error, free_port_after
from chatdesk.server.server import ChatServer
from chatdesk.start import Host, Join, StartError, StartScreen
from chatdesk.stop_signals import stop_on_signals
from tests.test_headless import DEVELOPMENT
from tests.waiting import until
from tests.warm_program import WarmProgram

CONFIG = ServerConfig(bind="127.0.0.1", port=0, in_memory=True)
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
ROOT = Path(__file__).parents[1]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PortTakenError(""), "Port 8080 is taken by another program: choose another, such as --port 8081."),
        (PortTakenError("IPv6"), "Port 8080 is taken for IPv6 by another program"),
        (OSError(errno.EINVAL, "invalid"), "name that, too, as in fe80::1%eth0."),
        (PermissionError(errno.EACCES, "denied"), "choose a port above 1023"),
        (OSError(errno.EADDRNOTAVAIL, "not here"), "is this an address of this machine?"),
    ],
)
def test_why_it_cannot_listen_is_a_sentence_that_says_what_to_do(error: OSError, words: str) -> None:
    bind = "fe80::1" if error.errno == errno.EINVAL else "::"
    sentence = explain_listen_error(ServerConfig(port=8080, bind=bind), error, 8081)
    assert words in sentence
    assert sentence.endswith((".", "?"))


async def test_beside_a_window_it_listens_and_the_token_makes_a_host(capsys: pytest.CaptureFixture[str]) -> None:
    async with host_beside_window(CONFIG) as hosted:
        assert re.fullmatch(r"ws://127\.0\.0\.1:\d+/ws", hosted.socket_url)
        assert capsys.readouterr().out == f"ChatDesk is open at {hosted.page_url}\n"
        async with connect(hosted.socket_url, proxy=None) as client:
            await client.send(json.dumps({"type": "join", "nickname": "Mara", "token": hosted.token}))
            assert json.loads(await client.recv())["server"]["host"] == "Mara"
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", int(hosted.page_url.rpartition(":")[2]))
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_where_a_proxy_stands_before_it_that_ones_address_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    config = replace(CONFIG, public_url="https://chat.example.org/chat")
    async with host_beside_window(config) as hosted:
        assert hosted.page_url == hosted.public_url == "https://chat.example.org/chat/"
        first, second = capsys.readouterr().out.splitlines()
        assert first == "ChatDesk is open at https://chat.example.org/chat/"
        assert second == f"It listens on 127.0.0.1:{hosted.port}, for the proxy before it."
        where = f"http://127.0.0.1:{hosted.port}/about"
        with await asyncio.to_thread(urllib.request.urlopen, where, timeout=15) as answer:
            assert json.load(answer)["url"] == hosted.public_url


async def test_where_a_proxy_stands_before_it_another_port_is_no_help(taken: int) -> None:
    config = ServerConfig(bind="127.0.0.1", port=taken, in_memory=True, public_url="https://chat.example.org")
    with pytest.raises(HostError) as refused:
        async with host_beside_window(config):
            pass
    assert refused.value.free_port is None


async def test_a_taken_port_comes_with_a_free_one(taken: int) -> None:
    with pytest.raises(HostError, match=f"Port {taken} is taken") as refused:
        async with host_beside_window(ServerConfig(bind="127.0.0.1", port=taken, in_memory=True)):
            pass
    free = refused.value.free_port
    assert free is not None
    assert taken < free <= taken + 20
    async with host_beside_window(ServerConfig(bind="127.0.0.1", port=free, in_memory=True)) as hosted:
        assert hosted.page_url.endswith(f":{free}")


async def test_an_address_of_another_machine_has_no_free_port() -> None:
    with pytest.raises(HostError) as refused:
        async with host_beside_window(ServerConfig(bind="203.0.113.7", port=8080, in_memory=True)):
            pass
    assert refused.value.free_port is None


def test_at_the_last_port_there_is_no_next_one() -> None:
    assert free_port_after("127.0.0.1", 65535) is None


def test_without_a_window_a_taken_port_is_a_start_error(taken: int) -> None:
    with pytest.raises(
        StartError, match=rf"Port {taken} is taken by another program: choose another, such as --port \d+\."
    ):
        run_headless(ServerConfig(bind="127.0.0.1", port=taken, in_memory=True))


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (StartScreen("server"), "reserved"),
        (Host("server"), "reserved"),
        (Host("x" * 33), "shorter"),
        (Join("ftp://10.0.0.1", None), "does not begin with ftp://"),
        (Join("10.0.0.1", "\u202eevil"), "invisible"),
    ],
)
def test_what_cannot_be_is_said_before_a_window_opens(start: StartScreen | Host | Join, words: str) -> None:
    with pytest.raises(StartError, match=words):
        run_desktop(start, CONFIG)


def test_without_a_display_the_way_without_a_window_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "tty")
    with pytest.raises(StartError, match=r"There is no display.*To host without a window: chatdesk serve\."):
        run_desktop(StartScreen(None), CONFIG)


@pytest.mark.parametrize("number", SIGNALS)
async def test_signals_stop_it(number: signal.Signals) -> None:
    stopped: list[int] = []
    loop = asyncio.get_running_loop()
    stop_on_signals(loop, lambda: stopped.append(1))
    try:
        os.kill(os.getpid(), number)
        await until(lambda: stopped)
    finally:
        for each in SIGNALS:
            loop.remove_signal_handler(each)


def window(tmp_path: Path, *arguments: str) -> AbstractContextManager["subprocess.Popen[str]"]:
    """The program with a window that nobody sees."""
    return ended(WarmProgram(*arguments, options=DEVELOPMENT, windowed=True, **where(tmp_path)))


def program(tmp_path: Path, *arguments: str) -> AbstractContextManager["subprocess.Popen[str]"]:
    """Python without a screen, in development mode, where every warning is an error."""
    return ended(subprocess.Popen([sys.executable, *DEVELOPMENT, *arguments], **where(tmp_path)))


def where(tmp_path: Path) -> dict[str, Any]:
    """For Popen: an environment without a screen, and its output as pipes."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "HOME": str(tmp_path),
    }
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return {"cwd": ROOT, "env": environment, **pipes}


@contextlib.contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """The process, which is killed at the end of the context if it is still running."""
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def without_noise(errors: str) -> str:
    """What the program has said, without Qt's and asyncio's own remarks on this machine."""
    return re.sub(r"^(This plugin does not support .*|Executing <.* took [\d.]+ seconds)\n", "", errors, flags=re.M)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_window_hosts_at_once_and_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with window(tmp_path, "host", "--nickname", "Mara", "--bind", "127.0.0.1", "--port", "0") as process:
        assert process.stdout
        found = re.fullmatch(r"ChatDesk is open at (http://127\.0\.0\.1:\d+)\n", process.stdout.readline())
        assert found
        with urllib.request.urlopen(f"{found[1]}/health", timeout=15) as answer:
            assert json.load(answer)["status"] == "ok"
        with connect_now(f"{found[1].replace('http', 'ws', 1)}/ws", proxy=None) as client:
            client.send(json.dumps({"type": "join", "nickname": "Kit"}))
            names: list[str] = []
            while "Mara" not in names:
                heard = json.loads(client.recv(15))
                names = [user["nickname"] for user in heard.get("users", [])] + [heard.get("nickname", "")]
            process.send_signal(number)
            output, errors = process.communicate(timeout=20)
        assert (process.returncode, output, without_noise(errors)) == (0, "", "")


@pytest.mark.slow
async def test_a_closed_terminal_ends_a_window_that_has_joined(tmp_path: Path) -> None:
    async with ChatServer(CONFIG, MemoryStore(), {}) as server:
        with window(tmp_path, "join", f"127.0.0.1:{server.port}", "--nickname", "Kit", "--no-discovery") as process:
            await until(lambda: server.hub.people, 30)
            process.send_signal(signal.SIGHUP)
            output, errors = await asyncio.to_thread(process.communicate, timeout=20)
        assert (process.returncode, output, without_noise(errors)) == (0, "", "")
        await until(lambda: not server.connections)


OFFER_AND_TELL = """
import sys
from chatdesk import cli
from chatdesk.desktop.widgets.start.start_screen import StartScreen

offer = StartScreen.set_nickname

def set_nickname(screen, nickname):
    offer(screen, nickname)
    print(nickname, flush=True)

StartScreen.set_nickname = set_nickname
sys.exit(cli.run([]))
"""


def test_the_start_screen_offers_the_nickname_that_is_set(tmp_path: Path) -> None:
    (tmp_path / "ChatDesk").mkdir()
    (tmp_path / "ChatDesk" / "chatdesk.toml").write_text('nickname = "Mara"')
    with program(tmp_path, "-c", OFFER_AND_TELL) as process:
        assert process.stdout
        process.stdout.readline()  # the account's name, before
        assert process.stdout.readline() == "Mara\n"
        process.terminate()
        assert process.wait(10) == 0
