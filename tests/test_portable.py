"""Portable mode of the real program: everything is in one folder, and nothing elsewhere."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests import warm_program
from tests.warm_program import STRICT, WarmProgram

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-W", "error", "-m", "chatdesk"]
FROZEN = """
import sys
sys.frozen, sys.executable = True, sys.argv[1]
from chatdesk.__main__ import main
sys.argv[1:] = sys.argv[2:]
main()
"""
"""What the bootloader of a bundle does before the program begins, as far as it matters here."""
SERVE = ["serve", "--bind", "127.0.0.1", "--port", "0"]
HOST = ["host", "--nickname", "Mara", "--bind", "127.0.0.1", "--port", "0"]
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
"""Without root's right to pass over permissions."""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The person's own folders, which portable mode leaves alone."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(own: Path) -> dict[str, str]:
    kinds = {f"XDG_{kind}_HOME": str(own) for kind in ("DATA", "CONFIG", "STATE", "CACHE")}
    return {**os.environ, **kinds, "HOME": str(own), "QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def open_chat(process: "subprocess.Popen[str]") -> Iterator[str]:
    """The program, from its first line to its orderly end: the address of its WebSocket."""
    with process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("ChatDesk is open at http://127.0.0.1:")
            yield f"{line.split()[-1].replace('http', 'ws', 1)}/ws"
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()


def serve(environment: dict[str, str]) -> WarmProgram:
    """A server in this environment, which has just been started."""
    return WarmProgram(*SERVE, options=STRICT, env=environment, stdout=subprocess.PIPE, text=True)


def run(command: list[str], environment: dict[str, str]) -> tuple[int, str, str]:
    process = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    return process.returncode, process.stdout, process.stderr


def say(url: str, text: str) -> None:
    """Join, and say something that is kept once this returns."""
    with connect(url, proxy=None) as client:
        client.send(json.dumps({"type": "join", "nickname": "Kit"}))
        client.send(json.dumps({"type": "message", "content": text}))
        while json.loads(client.recv(5))["type"] != "message":
            pass


def files(folder: Path) -> list[str]:
    """What lies in a folder; the chat's own by the beginning of its name."""
    return sorted(
        file.relative_to(folder).as_posix().replace("chatdesk-b85dbb", "chatdesk")
        for file in folder.rglob("*")
        if file.is_file()
    )


def test_a_server_keeps_all_in_the_folder_that_is_named(tmp_path: Path, own: Path, environment: dict[str, str]) -> None:
    stick = tmp_path / "stick"
    with open_chat(serve({**environment, "CHATDESK_HOME": str(stick)})):
        assert "chats/chatdesk/chat.db" in files(stick)
    assert files(stick) == ["chats/chatdesk/chat.db", "chats/chatdesk/chat.lock", "log/chatdesk.log"]
    assert not list(own.iterdir())
    assert stat.S_IMODE(stick.stat().st_mode) == 0o700


def test_a_window_keeps_all_in_the_folder_beside_its_program(
    tmp_path: Path, own: Path, environment: dict[str, str]
) -> None:
    stick = tmp_path / "stick"
    (stick / "ChatDesk-data").mkdir(parents=True)
    (stick / "ChatDesk-data" / "chatdesk.toml").write_text('name = "Robotics"\ndata-dir = "robots"\n')
    command = [sys.executable, "-c", FROZEN, str(stick / "chatdesk"), *HOST]
    with open_chat(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)):
        assert (stick / "ChatDesk-data" / "robots" / "chat.db").is_file()
    left = files(stick / "ChatDesk-data")
    assert {"chatdesk.toml", "log/chatdesk.log", "robots/chat.db", "settings.ini"} <= set(left)
    assert not files(own)


def test_the_folder_moves_with_what_is_in_it(tmp_path: Path, environment: dict[str, str]) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    with open_chat(serve({**environment, "CHATDESK_HOME": str(there)})) as url:
        say(url, "Hello from there")
    there.rename(here)
    exported = warm_program.run("export", "-", "--format", "csv", env={**environment, "CHATDESK_HOME": str(here)})
    assert (exported.returncode, exported.stderr) == (0, "")
    assert "Hello from there" in exported.stdout
    assert not there.exists()


@pytest.mark.parametrize(
    "arguments", [SERVE, HOST, ["join", "127.0.0.1:9"], []], ids=["serve", "host", "join", "start"]
)
def test_a_folder_that_may_not_be_written_is_one_sentence(
    tmp_path: Path, own: Path, environment: dict[str, str], arguments: list[str]
) -> None:
    stick = tmp_path / "stick" / "ChatDesk-data"
    stick.mkdir(parents=True)
    stick.chmod(0o555)
    anybody = AS_ANYBODY if os.geteuid() == 0 else []
    reason = f"ChatDesk cannot write into the folder {stick} (permission denied): make that possible, or"
    if arguments == HOST:
        beside = run([*anybody, sys.executable, "-c", FROZEN, str(stick.parent / "chatdesk"), *arguments], environment)
        assert beside == (2, "", f"{reason} take it away, and your own folders are used.\n")
    named = run([*anybody, *PROGRAM, *arguments], {**environment, "CHATDESK_HOME": str(stick)})
    assert named == (2, "", f"{reason} name another in CHATDESK_HOME.\n")
    assert not list(stick.iterdir())
    assert not list(own.iterdir())


def test_a_log_folder_that_may_not_be_written_is_no_reason_not_to_start(own: Path, environment: dict[str, str]) -> None:
    own.chmod(0o555)
    anybody = AS_ANYBODY if os.geteuid() == 0 else []
    command = [*anybody, *PROGRAM, *SERVE, "--in-memory"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("ChatDesk is open at ")
            process.terminate()
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, output) == (0, "")
    assert (
        errors
        == f"ChatDesk cannot write its log {own}/ChatDesk/log/chatdesk.log (permission denied): it does without.\n"
    )
