"""Work in a thread goes on to its end, also if the caller is cancelled."""

import asyncio
import threading

import pytest

from chatdesk.log.run_to_completion import run_to_completion
from tests.waiting import until


async def test_the_result_comes_back() -> None:
    assert await run_to_completion(lambda: 6 * 7) == 42


async def test_an_error_comes_back() -> None:
    with pytest.raises(ZeroDivisionError):
        await run_to_completion(lambda: 1 // 0)


async def test_a_caller_that_is_cancelled_repeatedly_waits_for_the_work() -> None:
    begun, end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        end.wait()
        ended.set()

    task = asyncio.create_task(run_to_completion(work))
    await until(begun.is_set)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0.01)
    assert not task.done()
    end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
