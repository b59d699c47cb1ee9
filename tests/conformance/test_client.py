"""Every scenario, played with the Python client."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.client_subject import ClientSubject
from tests.conformance.player import play
from tests.conformance.scenarios import FOLDER, Scenario, load

AHEAD = frozenset((FOLDER / "ahead_of_the_client.txt").read_text("utf-8").splitlines())
"""Scenarios that the client does not follow yet. One that it follows has to leave the list."""


def scenarios() -> list[object]:
    """All scenarios, those that are ahead marked as failing."""
    ahead = pytest.mark.xfail(strict=True)
    return [pytest.param(it, id=str(it), marks=[ahead] if str(it) in AHEAD else []) for it in load()]


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClientSubject]:
    client = ClientSubject(tmp_path / "joined", monkeypatch)
    yield client
    client.close()


@pytest.mark.parametrize("scenario", scenarios())
def test_the_client_behaves_as_the_scenario_says(scenario: Scenario, subject: ClientSubject) -> None:
    play(scenario, subject)
