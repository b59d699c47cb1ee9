"""Two processes of a chat that are harmed at once, in some ways; ``python -m tests.workers.faults`` has all of them."""

import pytest

from tests.cluster.faults.rounds import run
from tests.workers.faults import ALL, world


@pytest.mark.slow
def test_two_faults_at_once_break_nothing() -> None:
    names = (
        "worker 1 killed + worker 2 stopped",
        "worker 1 killed + order process killed",
        "worker 2 stopped + order process killed",
        "worker 1 stopped + supervisor killed",
        "order process stopped + supervisor killed",
        "worker 2 killed + supervisor stopped",
    )
    verdict = run(world, {name: ALL[name] for name in names}, len(names), 1, lambda _line: None)
    assert verdict.wrong == [], str(verdict)
    assert verdict.messages > 100
