"""Faults of a cluster in networks of its own, a few of them; ``python -m tests.cluster.faults`` has many rounds."""

from typing import Any

import pytest

from tests.cluster.faults.faults import ALL
from tests.cluster.faults.history import Entry, Said, check
from tests.cluster.faults.rounds import run
from tests.cluster.faults.world import world

ORDER = [Entry(1, "a-0", "one"), Entry(2, "b-0", "two"), Entry(3, "a-1", "three")]
SAID = [Said("a-0", "one", 0.0, 1.0, 1), Said("b-0", "two", 0.5, 2.5, 2), Said("a-1", "three", 2.0, 3.0, 3)]
CUT_OFF = [Entry(1, "a-0", "one"), Entry(2, "a-1", "three")]
FOUND: dict[str, tuple[dict[str, Any], str]] = {
    "gaps": ({"order": [ORDER[0], ORDER[2]]}, "gaps"),
    "a confirmed one is gone": ({"order": ORDER[:2]}, "a-1 was confirmed as number 3, and is not there"),
    "doubled": ({"order": [*ORDER, Entry(4, "a-1", "three")]}, "a-1 is there 2 times"),
    "forged": ({"order": [*ORDER, Entry(4, "c-0", "forged")]}, "nobody has said number 4"),
    "another content": ({"order": [*ORDER[:2], Entry(3, "a-1", "other")]}, "nobody has said number 3"),
    "another order": ({"other": CUT_OFF}, "other has another order"),
    "a reader has missed one": ({"heard": CUT_OFF}, "reader has missed something"),
    "a reader is behind": ({"heard": ORDER[:2]}, "reader has missed something"),
    "lost for its writer": ({"said": [*SAID, Said("b-1", "four", 3.0)]}, "b-1 was never confirmed"),
    "begun after a later one was confirmed": (
        {"said": [Said("a-0", "one", 2.6, 2.7, 1), *SAID[1:]]},
        "a-0 is number 1, and was begun after number 2 was confirmed",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_the_check_finds_what_is_wrong(name: str) -> None:
    changed, sentence = FOUND[name]
    order = changed.get("order", ORDER)
    kept = {"node": order, "other": changed.get("other", order)}
    found = list(check(changed.get("said", SAID), kept, {"reader": changed.get("heard", order)}))
    assert any(sentence in each for each in found), found


def test_the_check_finds_nothing_where_all_is_well() -> None:
    assert list(check(SAID, {"node": ORDER, "other": ORDER}, {"reader": ORDER})) == []


@pytest.mark.root
@pytest.mark.slow
def test_a_few_faults_break_nothing() -> None:
    names = ("failed_over", "connections_cut", "node_cut_off", "node_killed", "disk_full")
    verdict = run(world, {name: ALL[name] for name in names}, len(names), 1, lambda _line: None)
    assert verdict.wrong == [], str(verdict)
    assert verdict.messages > 100
