"""What a client keeps on this computer."""

from pathlib import Path

import pytest

from chatdesk.client.memory import Memory


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "joined")
