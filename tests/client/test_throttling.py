"""However much comes in, other work on the loop gets its turn."""

import asyncio
import time
from contextlib import suppress

import pytest
from websockets.asyncio.server import ServerConnection

from chatdesk.client import connection as module
from chatdesk.client.connection import CloseReason, Connection
from chatdesk.client.throttling import ThrottledConnection
from chatdesk.protocol import events
from tests.client.test_connection import speaking
from tests.hostile_host import HostileHost, Script, Visit, message
from tests.waiting import until

_LONGEST = 0.08
"""Seconds of work at a stretch."""


async def longest_stretch(visiting: asyncio.Task[CloseReason], seconds: float) -> float:
    """The longest time that the loop was busy with one callback, in seconds of this thread's CPU time.

    It is watched for so many seconds, or until the visit ends.
    """
    longest, end = 0.0, time.monotonic() + seconds
    before = time.thread_time()
    while time.monotonic() < end and not visiting.done():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, before = max(longest, now - before), now
    return longest


async def visited(script: Script, seconds: float = 0.6) -> tuple[float, CloseReason | None, list[events.Event]]:
    heard: list[events.Event] = []
    with HostileHost(script) as host:
        connection = Connection(host.websocket)
        visiting = asyncio.create_task(connection.run(heard.append))
        longest = await longest_stretch(visiting, seconds)
        ended = visiting.result() if visiting.done() else None
        connection.close(CloseReason("Enough."))
        await visiting
    return longest, ended, heard


async def test_tiny_frames_leave_the_loop_to_others() -> None:
    def ping(visit: Visit) -> None:
        with suppress(OSError):
            while True:
                visit.send_bytes(b"\x89\x00" * 100_000)

    longest, ended, _ = await visited(ping)
    assert ended is None
    assert longest < _LONGEST


async def test_answers_that_nobody_reads_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host sends long pings and reads none of the pongs."""
    transports: list[asyncio.Transport] = []

    class Watched(ThrottledConnection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            transports.append(self.transport)

    async def ask(socket: ServerConnection) -> None:
        socket.transport.pause_reading()
        socket.transport.write((b"\x89\x7d" + b"x" * 125) * 250_000)
        await socket.wait_closed()

    monkeypatch.setattr(module, "ThrottledConnection", Watched)
    async with speaking(ask) as url:
        connection = Connection(url)
        visiting = asyncio.create_task(connection.run(lambda _event: None))
        await until(lambda: transports and transports[0].get_write_buffer_size() > 100_000, 30)
        most = 0
        for _ in range(8):
            await asyncio.sleep(0.1)
            most = max(most, transports[0].get_write_buffer_size())
        transports[0].abort()
        await visiting
    assert most < 200_000


async def test_events_are_all_heard_and_in_order() -> None:
    said = [message(seq, "x" * (seq % 700)) for seq in range(1, 3001)]

    def tell(visit: Visit) -> None:
        visit.say(*said)
        visit.close(1001)

    longest, ended, heard = await visited(tell, 30)
    assert ended is not None
    assert ended.goodbye
    assert [event.seq for event in heard if isinstance(event, events.Message)] == [*range(1, 3001)]
    assert longest < _LONGEST
