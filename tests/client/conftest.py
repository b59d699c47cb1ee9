"""The client store of a test."""

from pathlib import Path

import pytest

from chatdesk.client.saved_state import ClientStore


@pytest.fixture
def store(tmp_path: Path) -> ClientStore:
    return ClientStore(tmp_path / "joined")
