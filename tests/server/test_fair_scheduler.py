"""Connections that use little of the loop's time never wait for those that use much."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from websockets.frames import Frame

from chatdesk.server.connection import Connection
from chatdesk.server.fair_scheduler import FairScheduler
from chatdesk.server.scheduled_reader import PauseReason, ScheduledReader
from tests.server.chat import Chat, Peer, chat
from tests.server.floods import Clock, FakeTransport, Flood, scheduler_by, turn
from tests.server.wire import PING, PONG, client_frame
from tests.waiting import until

_MILLISECONDS = 500


def on_both_loops[T: Callable[..., Any]](test: T) -> T:
    """Run a test on each loop of a server: all those in which something is really read."""
    marked: T = pytest.mark.asyncio(loop_factories=["uvloop", "qt"])(pytest.mark.usefixtures("qapp")(test))
    return marked


async def flooded(others: bool) -> float:
    """The part of the time that twenty floods get, while others are active or not."""
    used, clock = Clock(), Clock()
    scheduler = scheduler_by(clock, used)
    floods = [Flood(scheduler, used) for _ in range(20)]
    for flood in floods:
        flood.owe()
    for _ in range(_MILLISECONDS):
        clock.used += 0.001
        if others:
            scheduler.note_light_use(clock.used)
        await turn(scheduler)
    scheduler.close()
    assert max(flood.pieces for flood in floods) <= 2 * min(flood.pieces for flood in floods), "each has its turn"
    return used.used / clock.used


async def test_floods_leave_most_of_the_time_to_others() -> None:
    assert 0.2 < await flooded(others=True) < 0.3


async def test_if_nobody_else_is_active_floods_may_use_the_time() -> None:
    assert await flooded(others=False) > 0.9


async def test_while_all_wait_for_their_turn_the_loop_sleeps() -> None:
    used, looks = Clock(), Clock()
    scheduler = FairScheduler(work_clock=used)

    def look() -> float:
        looks.used += 1
        return 0.0

    flood = Flood(scheduler, used)
    flood.reader._saved_seconds = -0.005
    scheduler.clock = look
    scheduler._at, scheduler._credit = 0.0, -0.0001  # less than the shortest timer, and no time goes by
    scheduler.enqueue(flood.reader)
    await asyncio.sleep(0.02)
    assert 0 < looks.used <= 25
    scheduler.close()


async def test_a_connection_with_savings_is_served_at_once_even_if_others_queue() -> None:
    clock = Clock()
    scheduler = FairScheduler(work_clock=clock)
    quiet = Flood(scheduler, clock)
    quiet.reader._saved_seconds = 0.005
    for _ in range(20):
        Flood(scheduler, clock).reader.bytes_read(1, whole_buffer=False)
    quiet.reader.bytes_read(1, whole_buffer=False)
    assert quiet.pieces == 1, "a turn, of a millisecond"
    for _ in range(4):
        await asyncio.sleep(0)
    assert quiet.pieces >= 4, "it goes on in the next turns, before anything of the queue"
    scheduler.close()


async def test_of_queued_connections_the_one_with_the_smallest_debt_goes_first() -> None:
    clock = Clock()
    scheduler = FairScheduler(work_clock=clock)
    much, little = Flood(scheduler, clock), Flood(scheduler, clock)
    much.reader._saved_seconds, little.reader._saved_seconds = -0.005, -0.001
    scheduler.charge(1.0, scheduler.clock())
    for flood in (much, little):
        flood.reader.bytes_read(1, whole_buffer=False)
    assert much.reader.paused_for & PauseReason.SCHEDULED
    assert little.reader.paused_for & PauseReason.SCHEDULED
    assert scheduler._waiting.take() is little.reader
    assert not little.wire.reading
    scheduler.close()


async def test_a_closed_connection_leaves_the_queue() -> None:
    """Thousands that come and go at once leave nothing behind, however long the line is."""
    clock = Clock()
    scheduler = FairScheduler(work_clock=clock)
    scheduler.charge(60.0, scheduler.clock())
    staying = Flood(scheduler, clock)
    staying.reader.bytes_read(1, whole_buffer=False)
    for _ in range(500):
        flood = Flood(scheduler, clock)
        flood.reader.bytes_read(1, whole_buffer=False)
        flood.reader.close()
    (line,) = scheduler._waiting._lines.values()
    assert len(line.entries) <= 3
    assert [account.connections for account in scheduler._networks.values()] == [1]
    assert scheduler._waiting.take() is staying.reader
    scheduler.close()


async def test_a_single_connection_does_not_wait_behind_the_many_of_another_computer() -> None:
    clock = Clock()
    scheduler = FairScheduler(work_clock=clock)
    crowd = [Flood(scheduler, clock, "10.0.0.1") for _ in range(200)]
    alone = Flood(scheduler, clock, "10.0.0.2")
    scheduler.charge(1.0, scheduler.clock())
    for flood in (*crowd, alone):
        flood.reader._saved_seconds = -0.0005
        flood.reader.bytes_read(1, whole_buffer=False)
    assert alone.reader in (scheduler._waiting.take(), scheduler._waiting.take())
    scheduler.close()


async def test_hundreds_of_one_computer_that_each_have_savings_are_not_all_served_at_once() -> None:
    clock = Clock()
    scheduler = FairScheduler(work_clock=clock)
    crowd = [Flood(scheduler, clock, "10.0.0.1") for _ in range(200)]
    alone = Flood(scheduler, clock, "10.0.0.2")
    for flood in (*crowd, alone):
        flood.reader._saved_seconds = 0.005
    for account in scheduler._networks.values():
        account.saved_seconds = 0.005
    for flood in (*crowd, alone):
        flood.reader.bytes_read(1, whole_buffer=False)
    assert sum(flood.pieces for flood in crowd) < 20, "what the network has saved, and a turn of the queue"
    for _ in range(5):
        await asyncio.sleep(0)
    assert alone.pieces > 4
    for flood in crowd:
        flood.reader.bytes_read(1, whole_buffer=False)
        flood.reader.pause(PauseReason.FLOOD)
        flood.reader.resume(PauseReason.FLOOD)
    assert sum(flood.pieces for flood in crowd) < 20, "they wait before they are served, whatever they waited for"
    scheduler.close()


async def test_a_connection_that_waits_long_goes_before_later_ones_with_less_debt() -> None:
    used, clock = Clock(), Clock()
    scheduler = scheduler_by(clock, used)
    much, little = Flood(scheduler, used), Flood(scheduler, used)
    scheduler.charge(1.0, 0.0)
    much.reader._saved_seconds = -0.004
    much.reader.bytes_read(1, whole_buffer=False)
    clock.used += 1.0
    little.reader._saved_seconds = -0.011  # it has been given a second's part meanwhile
    little.reader.bytes_read(1, whole_buffer=False)
    assert scheduler._waiting.take() is much.reader
    scheduler.close()


@pytest.mark.parametrize(("saved", "later", "goes_first"), [(0.0, 4.0, False), (0.0, 6.0, True), (0.005, 11.0, True)])
async def test_nobody_in_a_crowd_waits_for_all_who_come_in_the_next_minutes(
    saved: float, later: float, goes_first: bool
) -> None:
    """Of 10,000 connections of a network each pays off a debt of 5 ms within 100 s."""
    used, clock = Clock(), Clock()
    scheduler = scheduler_by(clock, used)
    indebted = Flood(scheduler, used, "10.0.0.1")
    for _ in range(9_998):
        scheduler.add("10.0.0.1")
    scheduler.charge(1.0, 0.0)
    scheduler._networks["10.0.0.1"].saved_seconds = -0.005
    indebted.owe()
    clock.used += later
    newcomer = Flood(scheduler, used, "10.0.0.1")
    newcomer.reader._saved_seconds = saved
    scheduler._networks["10.0.0.1"].saved_seconds = -0.005  # it pays, and the newcomer waits for its turn
    scheduler._networks["10.0.0.1"].at = scheduler._at = later
    newcomer.reader.bytes_read(1, whole_buffer=False)
    scheduler.enqueue(newcomer.reader)
    assert (scheduler._waiting.take() is indebted.reader) == goes_first
    scheduler.close()


async def test_an_exception_closes_its_own_connection_only() -> None:
    accidents: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: accidents.append(context))
    clock = Clock()
    scheduler = FairScheduler(work_clock=clock)

    def fail() -> bool:
        raise ValueError

    transport = FakeTransport()
    broken = ScheduledReader(scheduler, cast(asyncio.Transport, transport), fail)
    flood = Flood(scheduler, clock)
    broken.pause(PauseReason.SCHEDULED)
    scheduler.resume_soon(broken)
    flood.reader.bytes_read(1, whole_buffer=False)
    await until(lambda: transport.aborted and flood.pieces > 3)
    assert len(accidents) == 1
    scheduler.close()


class TurnCounter:
    """Counts how often the loop has had a turn."""

    def __init__(self) -> None:
        self.count = 0
        self._loop = asyncio.get_running_loop()
        self._count_turn()

    def _count_turn(self) -> None:
        self.count += 1
        self._next = self._loop.call_soon(self._count_turn)

    def stop(self) -> None:
        self._next.cancel()


async def reads_in_a_turn(c: Chat, peer: Peer, flood: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many buffers the server takes from this flood in one turn of the loop, at most."""
    turns = TurnCounter()
    read: dict[tuple[int, int], int] = {}
    bytes_read = ScheduledReader.bytes_read

    def counted(reader: ScheduledReader, size: int, whole_buffer: bool) -> None:
        key = (id(reader), turns.count)
        read[key] = read.get(key, 0) + 1
        bytes_read(reader, size, whole_buffer)

    monkeypatch.setattr(ScheduledReader, "bytes_read", counted)
    peer.write(flood)
    await until(lambda: sum(read.values()) > 20)
    turns.stop()
    return max(read.values())


@on_both_loops
async def test_a_websocket_is_read_one_buffer_in_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """uvloop would read 32 of them."""
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        assert await reads_in_a_turn(c, kit, client_frame(PONG, b"x" * 125) * 500, monkeypatch) == 1


@on_both_loops
async def test_a_body_that_is_dropped_is_read_one_buffer_in_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat(message_rate=0) as c:
        peer = await c.open()
        c.server.discard_buffer = bytearray(1024)
        flood = c.head("POST", "/", "Content-Length: 99999999") + b"x" * 60_000
        assert await reads_in_a_turn(c, peer, flood, monkeypatch) == 1


@on_both_loops
async def test_of_a_queued_new_connection_no_more_than_a_buffer_is_read() -> None:
    """uvloop begins to read whatever it was told before."""
    async with chat() as c:
        c.server.scheduler.charge(60.0, c.server.scheduler.clock())
        peer = await c.open()
        peer.write(c.head("GET", "/health") * 2000)
        await until(lambda: c.server._http)
        (server_side,) = c.server._http
        await until(lambda: not server_side._transport.is_reading())
        await asyncio.sleep(0.05)
        assert len(server_side._heads.take_rest()) <= 2 * len(c.server.buffer)
        c.server.scheduler._credit = 0.0


@on_both_loops
async def test_many_tiny_frames_in_one_buffer_are_processed_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[Frame] = []
    take = Connection._on_frame

    def counted(connection: Connection, frame: Frame) -> None:
        frames.append(frame)
        take(connection, frame)

    monkeypatch.setattr(Connection, "_on_frame", counted)
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        (connection,) = c.server.connections
        connection._reader._saved_seconds = -0.005
        c.server.scheduler.charge(0.1, c.server.scheduler.clock())
        frames.clear()
        connection.receive(client_frame(PING) * 150)
        assert len(frames) < 30, "the rest waits for the next turn"
        for _ in range(150):
            assert (await kit.frame()).opcode == PONG
