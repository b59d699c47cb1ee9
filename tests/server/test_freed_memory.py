"""What many connections have taken is the system's again some time after they have gone; the benchmark measures it."""

import asyncio
import gc

import pytest

from chatdesk.certificates.own import OwnCertificates
from chatdesk.server.connection import Connection
from chatdesk.server.freed_memory import FreedMemory
from chatdesk.server.scheduled_reader import ScheduledReader
from chatdesk.server.session import Session
from chatdesk.server.websocket_core import WebSocketCore
from tests.server.chat import chat, connection_of
from tests.server.wire import CLOSE, CONT, TEXT, client_frame, text
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


@pytest.mark.parametrize("begins", [b"", b"GET /", b"\x16\x03\x01"], ids=["nothing", "HTTP", "TLS"])
async def test_a_connection_counts_once_also_if_it_does_not_come_far(begins: bytes) -> None:
    async with chat(certificates=OwnCertificates(None, "Robotics", "3f6b1c05d2a94e78", list)) as c:
        freed = c.server._freed_memory
        peer = await c.open()
        await until(lambda: c.server._http)
        peer.write(begins)
        await asyncio.sleep(0.05)
        assert freed._closed == 0
        peer.abort()
        await until(lambda: freed._closed)
        assert freed._closed == 1


async def test_a_websocket_counts_once() -> None:
    async with chat() as c:
        freed = c.server._freed_memory
        peer = await c.connect()
        assert freed._closed == 0
        peer.abort()
        await until(lambda: freed._closed)
        assert freed._closed == 1


@pytest.mark.parametrize(
    "end", [b"", client_frame(CLOSE, (1000).to_bytes(2)), b"\xff" * 8], ids=["lost", "closed", "wrong"]
)
async def test_nothing_of_a_connection_waits_for_garbage_to_be_collected(end: bytes) -> None:
    """Each left 18 objects that held each other, and its parser's exception with all that this has seen."""
    async with chat() as c:
        ana = await c.join("Ana")
        gc.collect()
        before = parts_of_connections()
        gc.disable()
        try:
            for number in range(5):
                kit = await c.join(f"Kit {number}")
                kit.write(end)
                kit.writer.close()
            await until(lambda: len(c.server.connections) == 1)
            await ana.ping()
            await until(lambda: parts_of_connections() == before)
        finally:
            gc.enable()


def parts_of_connections() -> int:
    """How many objects there are of which each connection has one."""
    return sum(isinstance(it, (Connection, Session, WebSocketCore, ScheduledReader)) for it in gc.get_objects())


_LONG = b"[" * 60_000
"""A message that the server refuses."""


def held_bytes() -> int:
    """How many bytes of such messages anything holds, also garbage; not the constant, nor the buffer of all reads."""
    found = {
        id(held): len(held)
        for holder in gc.get_objects()
        for held in gc.get_referents(holder)
        if isinstance(held, (bytes, bytearray)) and held is not _LONG and held.startswith(_LONG[:2000])
    }
    return sum(found.values())


async def test_a_message_is_held_until_it_is_processed_or_its_connection_is_lost() -> None:
    async with chat() as c:
        ana, kit = await c.join("Ana"), await c.join("Kit")
        ana.write(text(_LONG))
        assert (await ana.next("error"))["code"] == "bad_message"
        assert held_bytes() == 0, "the connection stays open, and is silent from here on"
        before = c.server.traffic.bytes_in
        kit.write(client_frame(TEXT, _LONG[:40_000], fin=False) + client_frame(CONT, _LONG[:20_000])[:10_000])
        await until(lambda: c.server.traffic.bytes_in > before + 50_000 and held_bytes() > 49_000)
        connection_of(c, "Kit").abort()  # as the heartbeat does if a peer is silent
        await ana.next("user_left")
        assert held_bytes() == 0
