"""Two real nodes on a real Redis: rooms that were only entered are forgotten on both, and come back where needed."""

import pytest

from chatdesk.server import room_directory
from tests.cluster.in_process import names
from tests.server.chat import Chat
from tests.waiting import until

KEPT, MADE = 3, 12


async def test_rooms_that_were_only_entered_are_forgotten_by_all(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_directory, "MAX_OPEN_ROOMS", KEPT)
    first, second = nodes
    ana = await first.join("Ana", capabilities=["rooms"])
    for number in range(MADE):
        ana.send("enter", room=f"room-{number}")
        await ana.next("history")
        ana.send("exit", room=f"room-{number}")
    await until(lambda: bool(second.server.store.settings_elsewhere(f"room-{MADE - 1}")))
    for node in nodes:
        assert len(node.server.hub.directory.public) <= 1 + 2 * KEPT


async def test_a_forgotten_room_is_there_again_for_whoever_goes_into_it(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = nodes
    ana = await first.join("Ana", capabilities=["rooms"])
    ana.send("enter", room="quiet")
    await until(lambda: names(second, "quiet") == ["Ana"])
    ana.send("exit", room="quiet")
    await until(lambda: names(second, "quiet") == [])
    monkeypatch.setattr(room_directory, "MAX_OPEN_ROOMS", 1)
    ben = await second.join("Ben", capabilities=["rooms"])
    ben.send("enter", room="other")
    await until(lambda: names(second, "other") == ["Ben"])
    assert "quiet" not in second.server.hub.directory
    monkeypatch.undo()
    ana.send("enter", room="quiet")
    await until(lambda: names(second, "quiet") == ["Ana"])
