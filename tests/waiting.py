"""Waiting in a test, for as short as it takes."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout: float = 5) -> None:
    """Return as soon as `condition()` is true; raise AssertionError when it is not within `timeout` seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while not condition():
        assert loop.time() < deadline, f"not true within {timeout} s: {condition}"
        await asyncio.sleep(0.005)
