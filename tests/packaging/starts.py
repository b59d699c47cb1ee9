"""How long the program takes to start from the source tree, as the bundle's folder, and as one file."""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.screen import Screen

_RUNS = 9  # an odd number, enough that the median differs by few percent from time to time
_WHAT = {"the server": ("serve",), "the window": ("host", "--nickname", "Mara")}
_WHERE = ("--bind", "127.0.0.1", "--port", "0", "--in-memory")


def measure(dist: Path) -> dict[str, dict[str, float]]:
    """Return the median seconds until the chat is open, for server and window, by kind of program.

    The kinds take turns, so that a busy moment of the machine affects all of them.
    """
    (one_file,) = dist.glob("chatdesk-*-linux-*[!z]")
    programs = {
        "the source tree": [sys.executable, "-m", "chatdesk"],
        "the bundle": [str(dist / "chatdesk" / "chatdesk")],
        "the one file": [str(one_file)],
    }
    with Screen() as screen, tempfile.TemporaryDirectory() as home:
        environment = {**screen.environment, "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        return {what: _medians(programs, [*command, *_WHERE], environment) for what, command in _WHAT.items()}


def _medians(programs: dict[str, list[str]], arguments: list[str], environment: dict[str, str]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in programs}
    for run in range(_RUNS + 1):
        for name, program in programs.items():
            seconds = _start([*program, *arguments], environment)
            if run:  # the first run only fills the caches
                times[name].append(seconds)
    return {name: statistics.median(found) for name, found in times.items()}


def _start(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        seconds = time.perf_counter() - begun
        os.kill(process.pid, signal.SIGTERM)
    assert "is open at" in line, line
    return seconds
