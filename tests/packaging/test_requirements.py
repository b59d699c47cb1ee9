"""Every package that the program needs has a range of versions, and a reason."""

import re
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
LINES = PYPROJECT.read_text().partition("\ndependencies = [\n")[2].partition("\n]\n")[0].splitlines()
PACKAGES = [index for index, line in enumerate(LINES) if line.strip().startswith('"')]


@pytest.mark.parametrize("index", PACKAGES, ids=lambda index: re.split("[><=]", LINES[index].strip(' "'))[0])
def test_it_has_bounds_and_a_reason(index: int) -> None:
    requirement = LINES[index].partition(";")[0]
    assert ">=" in requirement
    assert "<" in requirement.replace(">=", "") or "==" in requirement
    assert LINES[index - 1].strip().startswith("#"), "a comment above says why it is needed, or why these versions"
