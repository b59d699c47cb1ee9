"""The program goes on if nobody reads what it prints, or if the disk is full."""

import asyncio
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.archive.history import write_many
from tests.netns import Networks
from tests.waiting import until

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-W", "error", "-m", "chatdesk"]


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}", "bash", *PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_nobody_reads_any_more() -> None:
    process = shell('"$@" paths | true')
    assert (process.returncode, process.stderr) == (0, "")


def test_a_full_disk_takes_no_line() -> None:
    process = shell('"$@" paths > /dev/full')
    assert (process.returncode, process.stderr) == (0, "ChatDesk cannot print (no space left on device).\n")


def test_a_terminal_that_is_gone_takes_no_sentence(tmp_path: Path) -> None:
    """A command that cannot print does its work, and has its usual exit code."""
    with Networks() as networks:
        hosts = ["bash", "-c", '"$@" hosts --seconds 0.1 2> /dev/full', "bash", *PROGRAM]
        assert networks.machine().run(hosts, cwd=ROOT, check=False).returncode == 0
    assert shell('"$@" serve --port 70000 2> /dev/full').returncode == 2
    write_many(tmp_path / "chat", 1)
    examined = shell('"$@" doctor 127.0.0.1:9 > /dev/full')
    assert (examined.returncode, examined.stderr) == (1, "ChatDesk cannot print (no space left on device).\n")
    assert shell(f'"$@" export {tmp_path}/a.html --data-dir {tmp_path}/chat > /dev/full').returncode == 0


def port_in(log: Path) -> int:
    """Where a server listens that cannot print it."""
    asyncio.run(until(lambda: log.is_file() and "The chat is open" in log.read_text(), timeout=20))
    return int(log.read_text().split(" port ")[1].split(".")[0])


@pytest.mark.parametrize("streams", ["> /dev/full", ">&-", "<&- >&- 2>&-"], ids=["full", "no-output", "none-at-all"])
def test_a_chat_goes_on_though_its_first_line_cannot_be_printed(tmp_path: Path, streams: str) -> None:
    """Where all streams are closed, a socket could take their numbers: there, libuv ends a program."""
    serve = f'exec "$@" serve --bind 127.0.0.1 --port 0 --in-memory {streams}'
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    with subprocess.Popen(
        ["bash", "-c", serve, "bash", *PROGRAM], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            port = port_in(tmp_path / "ChatDesk" / "log" / "chatdesk.log")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=15) as answer:
                assert answer.status == 200
            process.terminate()
            assert process.wait(15) == 0
        finally:
            process.kill()
