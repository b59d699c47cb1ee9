"""What the window's tests stand on besides: chats that no earlier test has left anything in."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def fresh_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Histories and nicknames outlive a server: each test hosts in a folder of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
