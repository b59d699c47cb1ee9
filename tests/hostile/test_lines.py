"""Every line of what a network may throw has tests, and these are there."""

from pathlib import Path

from tests.bench.attacks import ATTACKS
from tests.hostile.lines import LINES
from tests.hostile.wire_attacks import WIRE_ATTACKS

TESTS = Path(__file__).resolve().parent.parent
WIRE = {attack.name for attack in WIRE_ATTACKS}


def exists(test: str) -> bool:
    """Whether there is a test of this name, see ``lines``."""
    kind, _, name = test.partition(": ")
    if kind == "wire":
        return name in WIRE
    if kind == "flood":
        return name in ATTACKS
    path, _, function = test.partition("::")
    file = TESTS / path
    return file.is_file() and f"def {function}(" in file.read_text()


def test_every_line_has_tests_and_all_of_these_exist() -> None:
    assert all(line.tests for line in LINES)
    assert not [test for line in LINES for test in line.tests if not exists(test)]


def test_everything_that_is_thrown_belongs_to_a_line() -> None:
    named = {test for line in LINES for test in line.tests}
    others = {"WebSocket of another version", "WebSocket without a key", "binary", "close of one byte"}
    others |= {"close with a reserved code", "unknown type", "no type", "not JSON", "number"}
    others |= {"zero-width character within", "join a second time"}
    assert {f"wire: {name}" for name in WIRE - others} <= named
    assert len(WIRE) == len(WIRE_ATTACKS), "names are unique"
