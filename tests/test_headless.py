"""``chatdesk serve`` as a real process: it starts, says where it is, serves, and ends in order."""

import contextlib
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chatdesk import __version__
from tests import warm_program
from tests.server.wire import command
from tests.warm_program import WarmProgram

DEVELOPMENT = ("-W", "error", "-X", "dev")
COMMAND = [sys.executable, *DEVELOPMENT, "-m", "chatdesk"]
ANYWHERE = ("--bind", "127.0.0.1", "--port", "0")
ROOT = Path(__file__).parents[1]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def without_slow_turns(errors: str) -> str:
    """What the program has said: on a busy machine, asyncio's development mode speaks of slow callbacks in between."""
    return re.sub(r"^Executing <.* took [\d.]+ seconds\n", "", errors, flags=re.MULTILINE)


class Serve:
    """A running server without a window, in development mode, where every warning is an error."""

    def __init__(self, process: subprocess.Popen[Any]) -> None:
        self.process = process
        assert process.stdout
        self.line = process.stdout.readline()
        found = re.fullmatch(r"ChatDesk is open at http://127\.0\.0\.1:(\d+)\n", self.line)
        assert found, self.line
        self.port = int(found[1])

    @contextlib.contextmanager
    def join(self, nickname: str) -> Iterator[ClientConnection]:
        """Somebody in the chat."""
        with connect(f"ws://127.0.0.1:{self.port}/ws", proxy=None) as client:
            client.send(json.dumps({"type": "join", "nickname": nickname}))
            assert event(client)["type"] == "welcome"
            yield client

    def end(self, number: signal.Signals | None = None) -> tuple[int, str, str]:
        """Wait for the end, after a signal if one is given: the exit code and what it had printed on the way."""
        if number:
            self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=15)
        return self.process.returncode, output, without_slow_turns(errors)


def start(*arguments: str, **options: Any) -> WarmProgram:
    """The program in development mode, its output a pipe."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return WarmProgram(*arguments, options=DEVELOPMENT, cwd=ROOT, **{**pipes, **options})


@contextlib.contextmanager
def serving(*options: str, folder: Path | None = None) -> Iterator[Serve]:
    """A server, with its history in this folder, or else in one that is gone at the end."""
    with contextlib.ExitStack() as stack:
        data = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        process = stack.enter_context(start("serve", *ANYWHERE, "--data-dir", str(data), *options))
        stack.callback(process.kill)
        yield Serve(process)


def stalled_member(port: int) -> socket.socket:
    """A client that has joined, and reads nothing from then on."""
    member = socket.create_connection(("127.0.0.1", port))
    handshake = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    member.send(f"GET /ws HTTP/1.1\r\nHost: localhost\r\n{handshake}\r\n{key}\r\n\r\n".encode())
    assert member.recv(12) == b"HTTP/1.1 101"
    member.send(command("join", nickname="Stalled"))
    return member


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    process = warm_program.run(*arguments, options=DEVELOPMENT, cwd=ROOT)
    process.stderr = without_slow_turns(process.stderr)
    return process


def event(client: ClientConnection) -> dict[str, Any]:
    received: dict[str, Any] = json.loads(client.recv(timeout=15))
    return received


def wait_for(client: ClientConnection, name: str) -> dict[str, Any]:
    while (received := event(client))["type"] != name:
        pass
    return received


def test_it_prints_one_line_once_it_accepts_and_serves_page_and_chat(tmp_path: Path) -> None:
    """Of all the tests here, this one and that of the help load the program as a person does."""
    arguments = [*COMMAND, "serve", *ANYWHERE, "--data-dir", str(tmp_path)]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        server = Serve(process)
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=15) as page:
            assert b"<html" in page.read()
        with server.join("Kit") as kit:
            kit.send('{"type":"message","content":"Hello"}')
            assert wait_for(kit, "message")["content"] == "Hello"
        assert server.end(signal.SIGTERM) == (0, "", "")


@pytest.mark.parametrize("number", SIGNALS)
def test_ctrl_c_and_sigterm_tell_everybody_and_end_with_exit_code_0(number: signal.Signals) -> None:
    with serving() as server, server.join("Kit") as kit, server.join("Ana") as ana:
        server.process.send_signal(number)
        for client in (kit, ana):
            while wait_for(client, "system")["content"] != "The host has closed the chat.":
                pass
            with pytest.raises(ConnectionClosed) as closed:
                client.recv(timeout=15)
            assert closed.value.rcvd
            assert closed.value.rcvd.code == 1001
        assert server.end() == (0, "", "")


def test_sigterm_drains_what_ctrl_c_ends_at_once_and_what_is_confirmed_meanwhile_is_kept(tmp_path: Path) -> None:
    with serving("--drain", "1", "--message-rate", "0", folder=tmp_path) as server, server.join("Kit") as kit:
        confirmed = list[str]()
        say_all(kit, ["0"], confirmed)
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            say_all(kit, map(str, range(1, 10_000)), confirmed)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 1012
        assert server.end() == (0, "", "")
    with serving("--drain", "60", folder=tmp_path) as server:
        assert said(server, "Ana")[-1] in (confirmed[-1], f"{len(confirmed)}")
        server.process.send_signal(signal.SIGTERM)
        assert server.end(signal.SIGINT) == (0, "", "")


@pytest.mark.parametrize("number", SIGNALS[:2])
def test_the_end_does_not_wait_for_peers_that_do_not_answer(number: signal.Signals) -> None:
    """Half a request, a member that reads nothing: it ends in seconds all the same, and nothing is left behind."""
    with serving("--message-rate", "0") as server, server.join("Kit") as kit, contextlib.ExitStack() as peers:
        for _ in range(20):
            peers.enter_context(socket.create_connection(("127.0.0.1", server.port))).send(b"GET / HT")
        peers.enter_context(stalled_member(server.port))
        wait_for(kit, "user_joined")
        for number_of in range(500):
            kit.send(json.dumps({"type": "message", "content": f"{number_of:<8000}"}))
            wait_for(kit, "message")
        assert server.end(number) == (0, "", "")


def test_a_second_ctrl_c_while_it_waits_for_somebody_does_no_harm() -> None:
    with serving() as server, server.join("Kit") as kit, stalled_member(server.port):
        wait_for(kit, "user_joined")
        server.process.send_signal(signal.SIGINT)
        while wait_for(kit, "system")["content"] != "The host has closed the chat.":
            pass
        assert server.end(signal.SIGINT) == (0, "", "")


def quiet_port() -> int:
    """A port that is free, as is the next one, and that the system gives to no program that asks for any port."""
    ports = list(range(20_000, 32_000))  # Linux gives those from 32768 on
    random.shuffle(ports)
    for port in ports:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for taken in (port, port + 1):
                stack.enter_context(socket.create_server(("127.0.0.1", taken)))
            return port
    raise AssertionError("no port is free")


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_a_taken_port_is_one_sentence_and_exit_code_2(options: tuple[str, ...]) -> None:
    port = quiet_port()
    with serving("--port", str(port)):
        second = run("serve", "--bind", "127.0.0.1", "--port", str(port), *options)
    assert (second.returncode, second.stdout) == (2, "")
    sentence = f"Port {port} is taken by another program: choose another, such as --port {port + 1}.\n"
    assert second.stderr == sentence


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--port", "eighty"], "'eighty' is not a whole number"),
        (["--bind", "192.0.2.1", "--port", "0"], "is this an address of this machine?"),
    ],
)
def test_a_bad_argument_is_one_sentence_and_exit_code_2(arguments: list[str], reason: str) -> None:
    """What is wrong before anything starts, and what turns out as it starts; ``test_cli`` has all the others."""
    process = run("serve", *arguments)
    assert (process.returncode, process.stdout) == (2, "")
    assert reason in process.stderr
    assert len(process.stderr.splitlines()) == 1


def test_version_and_help_with_examples() -> None:
    version, usage = run("--version"), subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=False)
    assert (version.returncode, version.stdout, version.stderr) == (0, f"chatdesk {__version__}\n", "")
    assert (usage.returncode, usage.stderr) == (0, "")
    assert "examples:" in usage.stdout
    assert "chatdesk serve --port 9000" in usage.stdout


def test_beyond_max_connections_newcomers_get_503_and_those_inside_stay() -> None:
    with serving("--max-connections", "2") as server, server.join("Kit") as kit, server.join("Ana"):
        with pytest.raises(InvalidStatus) as refused, server.join("Bo"):
            pytest.fail("there is no place for a third")
        assert refused.value.response.status_code == 503
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/stats", timeout=15) as stats:
            assert json.loads(stats.read())["connections"] == 2
        kit.send('{"type":"message","content":"still here"}')
        assert wait_for(kit, "message")["content"] == "still here"


def test_the_message_rate_is_that_of_the_command_line() -> None:
    with serving("--message-rate", "0.01") as server, server.join("Kit") as kit:
        for number in range(3):
            kit.send(json.dumps({"type": "message", "content": "hi", "id": f"a{number}"}))
        refused = wait_for(kit, "error")
        assert (refused["code"], refused["ref"]) == ("rate_limited", "a1")


def say(client: ClientConnection, content: str) -> None:
    client.send(json.dumps({"type": "message", "content": content}))
    assert wait_for(client, "message")["content"] == content


def say_all(client: ClientConnection, contents: Iterable[str], confirmed: list[str]) -> None:
    for content in contents:
        say(client, content)
        confirmed.append(content)


def said(server: Serve, nickname: str) -> list[str]:
    """Return the history that a client receives when it joins."""
    with server.join(nickname) as client:
        return [message["content"] for message in wait_for(client, "history")["messages"]]


def test_what_was_said_is_there_after_a_kill_and_after_an_orderly_end(tmp_path: Path) -> None:
    with serving(folder=tmp_path) as server, server.join("Kit") as kit:
        say(kit, "before the kill")
        server.process.kill()
    with serving(folder=tmp_path) as server:
        with server.join("Ana") as ana:
            say(ana, "before the end")
        assert server.end(signal.SIGTERM) == (0, "", "")
    with serving(folder=tmp_path) as server:
        assert said(server, "Bo") == ["before the kill", "before the end"]


@pytest.mark.parametrize(("options", "folders"), [(["--in-memory"], 0), (["--name", "Robotics"], 1)])
def test_a_chat_has_a_folder_of_its_name_unless_told_to_leave_nothing_behind(
    tmp_path: Path, options: list[str], folders: int
) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    with start("serve", *ANYWHERE, *options, env=environment, stderr=None) as process:
        try:
            with Serve(process).join("Kit") as kit:
                say(kit, "hello")
        finally:
            process.terminate()
    left = [folder.name for folder in tmp_path.glob("ChatDesk/chats/*")]
    assert len(left) == folders
    assert all(re.fullmatch("robotics-[0-9a-f]{6}", name) for name in left)


def test_a_folder_that_cannot_be_used_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    with contextlib.closing(sqlite3.connect(foreign / "chat.db")) as db:
        db.execute("CREATE TABLE recipes (name)")
    for folder, reason in ((file, f"cannot use the folder {file}"), (foreign, "belongs to another program")):
        process = run("serve", "--bind", "127.0.0.1", "--port", "0", "--data-dir", str(folder))
        assert (process.returncode, process.stdout) == (2, "")
        assert reason in process.stderr
        assert "--data-dir" in process.stderr
        assert len(process.stderr.splitlines()) == 1
    assert file.read_text() == "no folder"


def test_two_programs_never_write_into_one_history(tmp_path: Path) -> None:
    with serving(folder=tmp_path) as server:
        second = run("serve", "--bind", "127.0.0.1", "--port", "0", "--data-dir", str(tmp_path))
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr.startswith("Another ChatDesk on this computer has this chat open already")
        assert len(second.stderr.splitlines()) == 1
        with server.join("Kit") as kit:
            say(kit, "undisturbed")


def test_a_damaged_history_is_put_aside_and_said_once_and_a_new_one_begins(tmp_path: Path) -> None:
    spoilt = b"SQLite format 3\0" + b"\xff" * 8000
    (tmp_path / "chat.db").write_bytes(spoilt)
    with serving(folder=tmp_path) as server:
        assert said(server, "Kit") == []
        code, output, errors = server.end(signal.SIGTERM)
    (aside,) = tmp_path.glob("damaged-*.db")
    assert (code, output) == (0, "")
    told = "The history was damaged. No message of it can be read; a new one begins."
    assert errors == f"{told} The damaged file is kept as {aside}.\n"
    assert aside.read_bytes() == spoilt


def test_what_can_be_read_of_a_damaged_history_is_there_after_the_start(tmp_path: Path) -> None:
    with serving(folder=tmp_path) as server, server.join("Kit") as kit:
        say(kit, "worth saving")
    file = tmp_path / "chat.db"
    file.write_bytes(b"\xa7" * 100 + file.read_bytes()[100:])
    with serving(folder=tmp_path) as server:
        assert said(server, "Ana") == ["worth saving"]  # the kill came before it was stored that Kit's name is free
        _, _, errors = server.end(signal.SIGTERM)
    assert errors.startswith("The history was damaged. Saved: 1 of 1 messages. The damaged file is kept as ")


def test_a_foreign_page_gets_403() -> None:
    with serving() as server:
        url = f"http://127.0.0.1:{server.port}/stats"
        request = urllib.request.Request(url, headers={"Origin": "http://evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=15)
        refused.value.close()
        assert refused.value.code == 403
