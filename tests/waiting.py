"""Waiting in a test, no longer than necessary."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout: float = 15) -> None:
    """Return as soon as `condition()` is true. Raises AssertionError after `timeout` seconds of a busy machine."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not condition():
        assert loop.time() < deadline, f"not true within {timeout} s: {condition}"
        await asyncio.sleep(0.005)
