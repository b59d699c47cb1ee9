"""What a client keeps on this computer."""

from pathlib import Path

import pytest

from chatdesk.client.store import ClientStore


@pytest.fixture
def store(tmp_path: Path) -> ClientStore:
    return ClientStore(tmp_path / "joined")
