"""Every scenario, played with the Python client."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.client_subject import ClientSubject
from tests.conformance.player import play
from tests.conformance.scenarios import Scenario, load


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClientSubject]:
    client = ClientSubject(tmp_path / "joined", monkeypatch)
    yield client
    client.close()


@pytest.mark.parametrize("scenario", load(), ids=str)
def test_the_client_behaves_as_the_scenario_says(scenario: Scenario, subject: ClientSubject) -> None:
    play(scenario, subject)
