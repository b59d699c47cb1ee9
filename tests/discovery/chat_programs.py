"""Chat programs on machines of a test network, and a user who looks for them."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from chatdesk.discovery.chat_browser import ChatBrowser
from chatdesk.discovery.found_host import FoundHost
from tests.netns import Machine, inside
from tests.waiting import until

ROOT = Path(__file__).parents[2]


def start(machine: Machine, name: str, *options: str) -> subprocess.Popen[str]:
    """Start hosting a chat on a machine."""
    return machine.chatdesk("serve", "--in-memory", "--name", name, *options, stdout=subprocess.PIPE, text=True)


def serve(machine: Machine, name: str, *options: str) -> subprocess.Popen[str]:
    """Host a chat on a machine; it accepts connections."""
    process = start(machine, name, *options)
    assert process.stdout
    assert process.stdout.readline().startswith("ChatDesk is open at ")
    return process


class ChatFinder:
    """A user of the start screen: the chats that are found, and since when."""

    def __init__(self) -> None:
        self.hosts: list[FoundHost] = []
        self.browser = ChatBrowser(self.take)
        self.since = time.monotonic()

    def take(self, hosts: list[FoundHost]) -> None:
        self.hosts, self.since = hosts, time.monotonic()

    @property
    def names(self) -> list[str]:
        return [host.name for host in self.hosts]

    async def finds(self, *names: str) -> None:
        """Wait until exactly these chats are found."""
        await self.until(lambda: self.names == list(names))

    async def until(self, condition: Callable[[], object]) -> None:
        try:
            await until(condition, 15)
        except AssertionError:
            raise AssertionError(f"found only {self.hosts}") from None


@contextlib.asynccontextmanager
async def finding_chats(machine: Machine) -> AsyncIterator[ChatFinder]:
    """Look for chats from a machine. Meanwhile this thread is in its namespace: whatever it opens is, too."""
    with inside(machine):
        finder = ChatFinder()
        async with finder.browser:
            yield finder
    assert asyncio.all_tasks() == {asyncio.current_task()}, asyncio.all_tasks()


def run(machine: Machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return machine.run_chatdesk(*arguments)
