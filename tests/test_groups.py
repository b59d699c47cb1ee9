"""Every test is in one group, groups are run side by side, and what fails in one of them fails the whole run."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.groups import GROUPS, ROOT, Group, Run, commands

PASSES = (sys.executable, "-c", "print('== 3 passed, 1 skipped in 0.1s ==')")
FAILS = (sys.executable, "-c", "print('== 1 failed, 2 passed, 1 error in 0.1s =='); raise SystemExit(1)")


def test_every_file_is_in_one_lot() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "tests/**/test_*.py", "tests/test_*.py"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    there = [file for file in files if (ROOT / file).exists()]
    run = [part for command in commands(GROUPS, Path("dist")).values() for part in command if "/test_" in part]
    assert sorted(run) == sorted(there)


def test_each_lot_has_something_to_do() -> None:
    assert set(commands(GROUPS, Path("dist"))) == set(GROUPS)


def outcome(capsys: pytest.CaptureFixture[str], *groups: Group) -> tuple[int, list[str]]:
    """The exit code of these groups, and what was printed."""
    run = Run({group: list(group.command) for group in groups}, Path("dist"))
    run.work()
    code = run.conclude()
    return code, capsys.readouterr().out.splitlines()


def test_what_all_say_is_added_up(capsys: pytest.CaptureFixture[str]) -> None:
    groups = [Group(name, ("*",), PASSES) for name in ("one", "two")]
    code, printed = outcome(capsys, *groups, Group("checks", command=PASSES))
    assert (code, printed[-1]) == (0, "6 passed, 0 failed, 2 skipped")


def test_one_that_fails_fails_all_and_is_named_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = outcome(capsys, Group("good", ("*",), PASSES), Group("bad", ("*",), FAILS))
    assert (code, printed[-2:]) == (1, ["failed: bad", "5 passed, 2 failed, 1 skipped"])
    code, printed = outcome(capsys, Group("checks", command=FAILS))
    assert (code, printed[-2:]) == (1, ["failed: checks", "0 passed, 0 failed, 0 skipped"])


def test_the_longest_begin_first(capsys: pytest.CaptureFixture[str]) -> None:
    _, printed = outcome(capsys, *(Group(f"{seconds}", command=PASSES, seconds=seconds) for seconds in (2, 30, 10)))
    assert [line.split(":")[0] for line in printed if "passed after" in line] == ["== 30", "== 10", "== 2"]


def test_packages_are_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    needs, makes = (
        Group("needs", command=PASSES, needs_packages=True),
        Group("makes", command=PASSES, makes_packages=True),
    )
    _, printed = outcome(capsys, needs, makes)
    assert [line.split(":")[0] for line in printed if "passed after" in line] == ["== makes", "== needs"]


def test_where_packages_cannot_be_built_those_that_need_them_fail_and_are_not_waited_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    needs, makes = (
        Group("needs", command=PASSES, needs_packages=True),
        Group("makes", command=FAILS, makes_packages=True),
    )
    code, printed = outcome(capsys, makes, needs)
    assert code == 1
    assert "failed: makes" in printed
