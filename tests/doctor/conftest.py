"""The test network of the doctor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.network_lab import NetworkLab
from tests.netns import Networks


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[NetworkLab]:
    """A host, a guest and a router in one network."""
    with Networks() as networks:
        yield NetworkLab(networks, tmp_path / "chat")
