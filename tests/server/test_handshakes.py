"""Handshakes run a few at a time, one network after the other, and everybody else has the loop in between."""

import asyncio
import time

from chatdesk.server.handshakes import Handshakes
from tests.waiting import until


async def test_a_network_with_many_does_not_keep_another_one_waiting() -> None:
    done: list[str] = []
    handshakes = Handshakes()
    for number in range(50):
        handshakes.add("crowd", lambda number=number: done.append(f"crowd {number}"))  # type: ignore[misc]
    handshakes.add("alone", lambda: done.append("alone"))
    await until(lambda: len(done) == 51)
    assert done.index("alone") == 1
    assert [step for step in done if step != "alone"] == [f"crowd {number}" for number in range(50)]


async def test_long_ones_leave_the_loop_to_others() -> None:
    handshakes, done, turns = Handshakes(), list[int](), 0
    for number in range(20):
        handshakes.add(str(number), lambda number=number: (time.sleep(0.002), done.append(number)))  # type: ignore[misc]
    while len(done) < 20:
        before = len(done)
        await asyncio.sleep(0)
        assert len(done) - before <= 1
        turns += 1
    assert turns > 20


async def test_what_waits_at_the_end_is_dropped() -> None:
    handshakes = Handshakes()
    handshakes.add("one", lambda: (_ for _ in ()).throw(AssertionError))
    handshakes.close()
    await asyncio.sleep(0.01)
