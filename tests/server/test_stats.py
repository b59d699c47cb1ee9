"""The figures behind /stats."""

import asyncio
import time

import pytest

from chatdesk.server.stats import LoopLag, Traffic, memory_bytes
from tests.waiting import until


def test_messages_per_second_is_the_mean_of_the_last_ten_whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    traffic = Traffic()
    assert traffic.messages_per_second() == 0
    for second in range(20):
        now = 1000.0 + second
        for _ in range(5):
            traffic.count_message()
    assert traffic.messages == 100
    assert traffic.messages_per_second() == 5, "the running second does not count yet"
    now += 1
    assert traffic.messages_per_second() == 5
    now += 5
    assert traffic.messages_per_second() == 2.5
    now += 5
    assert traffic.messages_per_second() == 0


async def test_a_loop_that_is_held_up_shows_in_the_percentiles() -> None:
    lag = LoopLag()
    assert lag.percentiles() == {"p50": 0.0, "p99": 0.0}
    lag.start()
    await asyncio.sleep(0)
    time.sleep(0.15)  # noqa: ASYNC251 - holding up the loop is what is measured
    await until(lambda: lag.percentiles()["p99"] >= 20)
    lag.stop()


async def test_after_the_stop_nothing_is_due() -> None:
    lag = LoopLag()
    lag.stop()
    lag.start()
    lag.stop()
    assert lag._timer
    assert lag._timer.cancelled()


def test_the_memory_is_that_of_a_python_with_something_loaded() -> None:
    assert 10_000_000 < memory_bytes() < 10_000_000_000
