"""All tests in groups, which a few workers take one after the other: ``run_all`` for ``python3 tests/run.py``.

A group is one pytest with some files. The longest begin first, so that no worker has a long one left in the end. The
output of a group is printed when it is over; at the very end stand how many tests have passed, and which groups have
failed.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_IN_VENV = (str(ROOT / ".uv" / "bin" / "uv"), "run", "--no-sync")

WORKERS = 5
"""For the two cores of the machines that run this: tests wait for networks and timers about half of their time.

Four leave the cores idle for a tenth of the time.
"""
_YIELDING = 5
"""The niceness of what only calculates: tests that keep time come first, and it still gets a quarter."""
_COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")


class Group(NamedTuple):
    """Some files of tests, by patterns; or a ``command``. A file belongs to the first group that has a pattern for it.

    ``seconds`` is about how long it takes beside the others, as the line at its end says.
    ``makes_packages`` and ``needs_packages``: the packages are built once, and groups that need them come after that.
    """

    name: str
    patterns: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    seconds: int = 0
    niceness: int = 0
    makes_packages: bool = False
    needs_packages: bool = False


_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 8 * 1024**3
"""Packages are unpacked and built again, some gigabytes."""
_FIRST = 1000
"""Seconds of what others wait for."""
BUILD = Group("build", command=(*_IN_VENV, "python", "packaging/build.py", "--to"), seconds=_FIRST, makes_packages=True)
GROUPS = (
    BUILD,
    Group("checks", command=(sys.executable, "tests/checks.py"), seconds=60, niceness=_YIELDING),
    Group("widgets", ("tests/desktop/widgets/**/test_*.py", "tests/desktop/models/**/test_*.py"), seconds=85),
    Group("desktop", ("tests/desktop/**/test_*.py",), seconds=530),
    Group("doctor", ("tests/doctor/**/test_*.py",), seconds=135),
    Group("discovery", ("tests/discovery/**/test_*.py",), seconds=140),
    Group(
        "build again", ("tests/packaging/test_reproducible.py",), seconds=125, niceness=_YIELDING, needs_packages=True
    ),
    Group("packages", ("tests/packaging/**/test_*.py",), seconds=100, needs_packages=True),
    Group("gallery", ("tests/test_gallery.py",), seconds=155),
    Group("pages, a to c", ("tests/e2e/test_page_[a-c]*.py",), seconds=290, niceness=_YIELDING),
    Group("windows", ("tests/e2e/test_window*.py", "tests/e2e/test_sway.py", "tests/e2e/test_screens.py"), seconds=115),
    Group(
        "other engines and screen readers", ("tests/e2e/test_other_engines.py", "tests/e2e/test_orca*.py"), seconds=200
    ),
    Group("pages, d to o", ("tests/e2e/test_page_[d-o]*.py",), seconds=430, niceness=_YIELDING),
    Group("pages, p to z", ("tests/e2e/test_page_*.py",), seconds=410, niceness=_YIELDING),
    Group("programs", ("tests/e2e/**/test_*.py", "tests/bench/**/test_*.py"), seconds=380),
    Group("server", ("tests/server/**/test_*.py", "tests/hostile/**/test_*.py"), seconds=280),
    Group("log", ("tests/log/**/test_*.py", "tests/export/**/test_*.py"), seconds=160),
    Group(
        "client and wire",
        ("tests/client/**/test_*.py", "tests/conformance/**/test_*.py", "tests/protocol/**/test_*.py"),
        seconds=95,
    ),
    Group("all others", ("tests/**/test_*.py",), seconds=490),
)


def commands(groups: Sequence[Group], packages: Path) -> dict[Group, list[str]]:
    """What to run for each group. ``packages`` is the folder that packages are built into."""
    taken: set[Path] = set()
    made: dict[Group, list[str]] = {}
    for group in groups:
        files = sorted({file for pattern in group.patterns for file in ROOT.glob(pattern)} - taken)
        taken.update(files)
        if files:
            made[group] = [*_IN_VENV, "pytest", *(str(file.relative_to(ROOT)) for file in files)]
        elif group.command:
            made[group] = [*group.command, *([str(packages)] if group.makes_packages else [])]
    return made


def memory_folder() -> Path | None:
    """Where tests may keep their files in memory, if there is room: a hired machine's disk stands still for seconds.

    Durability is tested by killing processes, which leaves as much in memory as on a disk.
    """
    with contextlib.suppress(OSError):
        if shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES:
            return _MEMORY
    return None


def run_all() -> int:
    """Run all tests, with the static checks beside them; the result is the exit code."""
    with (
        tempfile.TemporaryDirectory(prefix="chatdesk-dist-") as folder,
        tempfile.TemporaryDirectory(prefix="cd-", dir=memory_folder()) as scratch,
    ):
        packages = Path(folder) / "dist"
        os.environ["TMPDIR"] = scratch
        run = Run(commands(GROUPS, packages), packages)
        workers = [threading.Thread(target=run.work) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return run.conclude()


class Run:
    """The groups that wait, and what came of the others."""

    def __init__(self, waiting: dict[Group, list[str]], packages: Path) -> None:
        longest_first = sorted(waiting.items(), key=lambda item: -item[0].seconds)
        self._waiting, self._all = dict(longest_first), len(waiting)
        self._environment = {**os.environ, "BUILT_PACKAGES": str(packages)}
        self._changed = threading.Condition()
        self._packages_made = not any(group.makes_packages for group in waiting)
        self._failed: list[str] = []
        self._counts: Counter[str] = Counter()
        self._started = time.monotonic()
        print(f"== {self._all} groups, {WORKERS} at a time; what each says comes at its end", flush=True)

    def work(self) -> None:
        """Take groups and run them, until none is left."""
        while taken := self._take():
            group, command = taken
            started = time.monotonic()
            done = subprocess.run(
                ["nice", f"-n{group.niceness}", *command],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
            self._end(group, done.returncode, done.stdout, time.monotonic() - started)

    def _take(self) -> tuple[Group, list[str]] | None:
        with self._changed:
            while self._waiting:
                for group in self._waiting:
                    if self._packages_made or not group.needs_packages:
                        return group, self._waiting.pop(group)
                self._changed.wait()
        return None

    def _end(self, group: Group, code: int, said: str, seconds: float) -> None:
        with self._changed:
            self._packages_made |= group.makes_packages
            if code:
                self._failed.append(group.name)
            if group.patterns:
                last = said.rstrip().rpartition("\n")[2]
                self._counts.update({name: int(number) for number, name in _COUNTS.findall(last)})
            at = time.monotonic() - self._started
            verdict = f"failed with exit code {code}" if code else "passed"
            print(f"== {group.name}: {verdict} after {seconds:.0f} s, at {at:.0f} s\n{said}", flush=True)
            self._changed.notify_all()

    def conclude(self) -> int:
        """Say what came of all; the result is the exit code."""
        print(f"== All {self._all} groups in {time.monotonic() - self._started:.0f} s", flush=True)
        for name in self._failed:
            print(f"failed: {name}")
        failed = self._counts["failed"] + self._counts["error"] + self._counts["errors"]
        print(f"{self._counts['passed']} passed, {failed} failed, {self._counts['skipped']} skipped", flush=True)
        return 1 if self._failed else 0
