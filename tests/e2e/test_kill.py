"""The real server is killed at any moment: each confirmed message is kept once, in the same order for everybody."""

from typing import Any

import pytest

from tests.bench.kills import kill_again_and_again
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving


@pytest.mark.slow
async def test_nothing_that_was_confirmed_is_lost_or_doubled_by_a_kill() -> None:
    verdict = await kill_again_and_again(8, seed=8)
    assert verdict.faults == []
    assert verdict.confirmed > 100


def test_a_room_where_nobody_has_spoken_is_the_same_after_a_restart(serving: Serving) -> None:
    before = latest_page(serving)
    serving.stop()
    serving.start()
    assert latest_page(serving) == before


def latest_page(serving: Serving) -> dict[str, Any]:
    with Peer(serving.websocket, "Mara") as mara:
        mara.send(type="history")
        return mara.wait_for(lambda event: event["type"] == "history")
