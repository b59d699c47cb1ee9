"""Rooms for the doctor to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.room import Room
from tests.netns import Networks


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A host, a guest and a router in one network."""
    with Networks() as networks:
        yield Room(networks, tmp_path / "chat")
