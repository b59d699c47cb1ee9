"""What many connections have taken is the system's again some time after they have gone; the benchmark measures it."""

import pytest

from chatdesk.server.freed_memory import FreedMemory
from tests.server.chat import chat
from tests.waiting import until


def test_few_that_go_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    freed = FreedMemory()
    monkeypatch.setattr(freed, "_trim", calls.append)
    for _ in range(49):
        freed.connection_closed()
    freed.give_back()
    assert not calls
    freed.connection_closed()
    freed.give_back()
    freed.give_back()
    assert len(calls) == 1


async def test_the_heartbeat_gives_back_what_closed_websockets_have_taken() -> None:
    async with chat(heartbeat=0.05) as c:
        freed = c.server._freed_memory
        for _ in range(49):
            freed.connection_closed()
        (await c.connect()).abort()
        await until(lambda: freed._closed == 0)
