"""The unit for systemd: how little it lets the service do, and that ChatDesk does with it."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "packaging" / "systemd" / "chatdesk.service"
MOST_EXPOSED = 15
"""In tenths: systemd calls up to 2 of 10 safe. What is left is that it is on the network, with addresses for all."""
START = """
import ctypes, os, sys
PR_SET_MDWE, NO_NEW_EXECUTABLE_MEMORY = 65, 1
assert ctypes.CDLL(None).prctl(PR_SET_MDWE, NO_NEW_EXECUTABLE_MEMORY, 0, 0, 0) == 0  # as MemoryDenyWriteExecute
os.execv(sys.executable, [sys.executable, "-m", "chatdesk", "serve", *sys.argv[1:]])
"""


def analyze(*arguments: str) -> str:
    process = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def calls(group: str) -> set[str]:
    """The system calls of a group, and of the groups within it."""
    listed = (line.strip() for line in analyze("syscall-filter", group).splitlines()[1:])
    names = {name for name in listed if name and not name.startswith("#")}
    return names - (groups := {name for name in names if name.startswith("@")}) | set[str]().union(*map(calls, groups))


def settings(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def test_systemd_finds_it_well_confined() -> None:
    said = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(UNIT))
    assert "Overall exposure level" in said


def test_systemd_knows_every_line_of_it(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/usr/bin/chatdesk", sys.executable))
    process = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (process.returncode, [line for line in process.stderr.splitlines() if UNIT.name in line]) == (0, [])


@pytest.mark.slow
def test_a_chat_needs_no_system_call_and_no_memory_that_it_forbids(tmp_path: Path) -> None:
    """Two workers with TLS, a password and a history, under strace and with the kernel's own ban on new code."""
    (tmp_path / "password").write_text("kite and river")
    options = ["--bind", "127.0.0.1", "--port", "0", "--no-discovery", "--tls", "--data-dir", str(tmp_path / "chat")]
    options += ["--workers", "2", "--password-file", str(tmp_path / "password")]
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-o", str(trace), sys.executable, "-c", START, *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = f"ws://127.0.0.1:{process.stdout.readline().strip().rpartition(':')[2]}/ws"
        with connect(address, proxy=None) as kit:
            kit.send(json.dumps({"type": "join", "nickname": "Kit", "password": "kite and river"}))
            kit.send(json.dumps({"type": "message", "content": "hello"}))
            while json.loads(kit.recv(timeout=30))["type"] != "message":
                pass
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        subprocess.run(["kill", f"-{int(signal.SIGTERM)}", *children], check=True)
        process.communicate(timeout=60)
    assert process.returncode == 0
    used = set(re.findall(r"^\d+ +(?:<\.\.\. )?([a-z]\w*)[( ]", trace.read_text(), re.MULTILINE))
    allowed, forbidden, excepted = settings("SystemCallFilter")
    denied = set[str]().union(*map(calls, forbidden.removeprefix("~").split())) - set(excepted.split())
    assert {"accept4", "fdatasync"} & used
    assert set(excepted.split()) <= used, "what is permitted after all is needed"
    assert used - calls(allowed) - calls("@default") == set()
    assert used & denied <= {"fchown"}, "SQLite gives files to their folder's owner, but only as root, as in this test"
