"""Floods from several connections at once at the real program: others are answered all the same, and it goes on.

What they cost the others is measured by ``python -m tests.bench.neighbour``.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.bench.attacks import ATTACKS, run
from tests.e2e.serving import Serving
from tests.hostile.client import Client
from tests.server.wire import command

_CONNECTIONS = 8
_SECONDS = 0.1


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with Serving("--no-discovery") as serving:
        yield serving


@pytest.fixture(scope="module")
def ana(serving: Serving) -> Iterator[Client]:
    """Somebody who is in the chat all the time."""
    with closing(Client(serving.port)) as ana:
        ana.join("Ana")
        yield ana


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_a_flood_leaves_the_chat_to_the_others(name: str, serving: Serving, ana: Client) -> None:
    run(ATTACKS[name], serving.port, _CONNECTIONS, _SECONDS)
    ana.send(command("message", content=name))
    assert ana.outcome() == "ignored"
    with closing(Client(serving.port)) as newcomer:
        newcomer.join(f"Kit {list(ATTACKS).index(name)}")
        assert newcomer.outcome() == "ignored"
