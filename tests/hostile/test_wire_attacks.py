"""Whatever one connection throws at the real program: the outcome is the one in the table, and nobody else notices."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.e2e.serving import Serving
from tests.hostile.client import Client
from tests.hostile.wire_attacks import WIRE_ATTACKS, WireAttack
from tests.server.wire import command


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with Serving("--no-discovery") as serving:
        yield serving


@pytest.fixture(scope="module")
def ana(serving: Serving) -> Iterator[Client]:
    """Somebody who is in the chat all the time, and has said something."""
    with closing(Client(serving.port)) as ana, closing(Client(serving.port)) as mara:
        ana.join("Ana")
        mara.join("mara")
        ana.send(command("message", content="hello"))
        assert ana.outcome() == "ignored"
        yield ana


@pytest.mark.parametrize("attack", WIRE_ATTACKS, ids=lambda attack: attack.name)
def test_it_ends_as_the_table_says(attack: WireAttack, serving: Serving, ana: Client) -> None:
    with closing(Client(serving.port)) as client:
        if attack.stage == "stranger":
            client.open()
        elif attack.stage == "member":
            client.join(f"Kit {WIRE_ATTACKS.index(attack)}")
        client.send(attack.sent)
        outcome = client.status() if attack.stage == "http" else client.outcome()
    assert outcome == attack.outcome
    assert ana.outcome() == "ignored"
