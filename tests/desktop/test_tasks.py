"""Owned tasks: none outlives its group, and no exception is swallowed."""

import asyncio
import logging

import pytest

from chatdesk.desktop.tasks import Tasks


async def forever(ended: list[str], name: str) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)  # cleaning up may take a turn
        ended.append(name)


async def fail() -> None:
    raise RuntimeError("boom")


async def test_leaving_the_group_cancels_and_awaits_what_runs() -> None:
    ended: list[str] = []
    async with Tasks(pytest.fail) as tasks:
        tasks.start(forever(ended, "one"), "one")
        tasks.start(forever(ended, "two"), "two")
        await asyncio.sleep(0)
    assert sorted(ended) == ["one", "two"]


async def test_an_error_is_handed_over_and_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    errors: list[BaseException] = []
    async with Tasks(errors.append) as tasks:
        other = tasks.start(asyncio.Event().wait(), "other")
        failed = tasks.start(fail(), "button")
        with caplog.at_level(logging.ERROR):
            await asyncio.wait([failed])
            await asyncio.sleep(0)
        assert not other.done()
    assert [str(error) for error in errors] == ["boom"]
    assert "The task button failed" in caplog.text


async def test_a_task_that_is_done_gives_its_result_and_is_let_go() -> None:
    async with Tasks(pytest.fail) as tasks:
        assert await tasks.start(asyncio.sleep(0, "done"), "quick") == "done"
        assert tasks._running == set()


async def test_cancelling_one_task_is_no_error() -> None:
    async with Tasks(pytest.fail) as tasks:
        task = tasks.start(asyncio.Event().wait(), "waiting")
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
