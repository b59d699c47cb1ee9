"""Fifty clients write at once, as fast as they can: each receives the same messages, without a gap."""

import asyncio
import json
import urllib.request

import pytest

from tests.e2e import on_disk
from tests.e2e.serving import Serving
from tests.e2e.writer import Writer
from tests.waiting import until

MESSAGES = 40  # of each: 2,000 in all, many more than fit a page of the history
PATIENCE_SECONDS = 60  # many times what it takes; only a lost message takes longer


@pytest.mark.slow
async def test_fifty_writers_all_hear_the_same(serving: Serving) -> None:
    """Ten of them join late, and five read nothing until all others have finished."""
    usual = [Writer(serving.websocket, f"Usual {number}") for number in range(35)]
    slow = [Writer(serving.websocket, f"Slow {number}", receive_buffer=4096) for number in range(5)]
    late = [Writer(serving.websocket, f"Late {number}") for number in range(10)]
    everybody = [*usual, *slow, *late]
    async with asyncio.TaskGroup() as tasks:
        for writer in [*usual, *slow]:
            tasks.create_task(writer.stay())
            speak(writer)
        await settle(slow)
        for writer in slow:
            writer.listening.clear()
        for writer in late:
            tasks.create_task(writer.stay())
            speak(writer)
        await settle([*usual, *late])
        await fill_up(serving, usual[0], len(slow))
        for writer in slow:
            speak(writer)
            writer.listening.set()
        await settle(everybody)
        said = sum(len(writer.said) for writer in everybody)
        await until(lambda: all(len(writer.heard) >= said for writer in everybody), PATIENCE_SECONDS)
        for writer in everybody:
            writer.leave()
    await asyncio.to_thread(serving.stop)
    compare(serving, everybody)


def speak(writer: Writer) -> None:
    """Send many messages at once."""
    first = len(writer.said)
    writer.say(*(f"{writer.nickname}: {number}" for number in range(first, first + MESSAGES)))


async def settle(writers: list[Writer]) -> None:
    for writer in writers:
        await writer.settle(PATIENCE_SECONDS)


async def fill_up(serving: Serving, writer: Writer, slow: int) -> None:
    """Send until the server's buffers for the clients that do not read are full."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await asyncio.to_thread(slow_clients, serving) < slow:
            writer.say(f"{len(writer.said)} {'long ' * 1500}")
            await writer.settle(PATIENCE_SECONDS)


def slow_clients(serving: Serving) -> int:
    with urllib.request.urlopen(f"{serving.url}/stats") as answer:
        count: int = json.load(answer)["slow_clients"]
        return count


def compare(serving: Serving, writers: list[Writer]) -> None:
    left = on_disk.read(serving.folder)
    assert left.gapless
    contents = [entry.content for entry in left.entries]
    said = [content for writer in writers for content in writer.said.values()]
    assert sorted(contents) == sorted(said)
    for writer in writers:
        assert [message["content"] for message in writer.heard] == contents
        own = [entry.content for entry in left.entries if entry.id in writer.said]
        assert own == list(writer.said.values()), "in the order in which they were said"
