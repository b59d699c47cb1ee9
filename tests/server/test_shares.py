"""How the loop's time is divided: who uses little never waits for those who use much."""

import asyncio
import heapq
from typing import Any, cast

import pytest
from websockets.frames import Frame

from chatdesk.server.connection import Connection
from chatdesk.server.shares import Hold, Intake, Shares
from tests.server.chat import Chat, Peer, chat
from tests.server.wire import PING, PONG, client_frame
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["asyncio", "uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

_MILLISECONDS = 1000


class Wire:
    """A transport that has something to read whenever it is read."""

    def __init__(self) -> None:
        self.reading = True
        self.aborted = False

    def is_closing(self) -> bool:
        return self.aborted

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def abort(self) -> None:
        self.aborted = True


class Clock:
    """Seconds, as far as it is told."""

    def __init__(self) -> None:
        self.used = 0.0

    def __call__(self) -> float:
        return self.used


class Flood:
    """A connection that always has more, and of which each piece costs a millisecond."""

    def __init__(self, shares: Shares, clock: Clock, owner: str = "") -> None:
        self.acts = 0
        self._clock = clock
        self.wire = Wire()
        self.intake = Intake(shares, cast(asyncio.Transport, self.wire), self.act, owner)

    def act(self) -> bool:
        self.acts += 1
        self._clock.used += 0.001
        return True


async def flooded(others: bool) -> float:
    """The part of the time that twenty floods get, while others have something to say, or nobody has."""
    used, clock = Clock(), Clock()
    shares = Shares(used=used)
    shares.clock = clock
    shares._at = 0.0
    floods = [Flood(shares, used) for _ in range(20)]
    for flood in floods:
        flood.intake._saved = -0.005
        flood.intake.took(1, whole_buffer=False)
    for _ in range(_MILLISECONDS):
        clock.used += 0.001
        if others:
            shares.served(clock.used)
        shares._serve()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    shares.close()
    assert max(flood.acts for flood in floods) <= 2 * min(flood.acts for flood in floods), "each has its turn"
    return used.used / clock.used


async def test_floods_leave_most_of_the_time_to_others() -> None:
    assert 0.2 < await flooded(others=True) < 0.3


async def test_where_nobody_else_has_anything_to_say_they_may_go_on() -> None:
    assert await flooded(others=False) > 0.9


async def test_who_has_saved_its_part_is_served_at_once_whoever_is_in_line() -> None:
    clock = Clock()
    shares = Shares(used=clock)
    quiet = Flood(shares, clock)
    quiet.intake._saved = 0.005
    for _ in range(20):
        Flood(shares, clock).intake.took(1, whole_buffer=False)
    quiet.intake.took(1, whole_buffer=False)
    assert quiet.acts >= 4
    shares.close()


async def test_of_those_in_line_who_owes_least_goes_first() -> None:
    clock = Clock()
    shares = Shares(used=clock)
    much, little = Flood(shares, clock), Flood(shares, clock)
    much.intake._saved, little.intake._saved = -0.005, -0.001
    shares.charge(1.0, shares.clock())
    for flood in (much, little):
        flood.intake.took(1, whole_buffer=False)
    assert much.intake.held & Hold.TURN
    assert little.intake.held & Hold.TURN
    assert shares._waiting[0][2] is little.intake
    assert not little.wire.reading
    shares.close()


async def test_who_has_gone_stands_in_no_line() -> None:
    """Thousands that come and go at once leave nothing behind, however long the line is."""
    clock = Clock()
    shares = Shares(used=clock)
    shares.charge(60.0, shares.clock())
    staying = Flood(shares, clock)
    staying.intake.took(1, whole_buffer=False)
    for _ in range(500):
        flood = Flood(shares, clock)
        flood.intake.took(1, whole_buffer=False)
        flood.intake.close()
    assert len(shares._waiting) <= 3
    assert shares.connections.total() == 1
    assert any(entry[2] is staying.intake for entry in shares._waiting)
    shares.close()


async def test_whoever_comes_alone_does_not_wait_behind_the_many_of_somebody_else() -> None:
    clock = Clock()
    shares = Shares(used=clock)
    crowd = [Flood(shares, clock, "10.0.0.1") for _ in range(200)]
    alone = Flood(shares, clock, "10.0.0.2")
    shares.charge(1.0, shares.clock())
    for flood in (*crowd, alone):
        flood.intake._saved = -0.0005
        flood.intake.took(1, whole_buffer=False)
    assert heapq.nsmallest(1, shares._waiting)[0][2] is alone.intake
    shares.close()


async def test_whoever_waits_long_goes_before_later_ones_that_owe_less() -> None:
    used, clock = Clock(), Clock()
    shares = Shares(used=used)
    shares.clock = clock
    shares._at = 0.0
    much, little = Flood(shares, used), Flood(shares, used)
    shares.charge(1.0, 0.0)
    much.intake._saved = -0.004
    much.intake.took(1, whole_buffer=False)
    clock.used += 1.0
    little.intake._saved = -0.011  # it has been given a second's part meanwhile
    little.intake.took(1, whole_buffer=False)
    assert heapq.nsmallest(1, shares._waiting)[0][2] is much.intake
    shares.close()


async def test_what_fails_ends_its_connection_and_nobody_elses() -> None:
    accidents: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: accidents.append(context))
    clock = Clock()
    shares = Shares(used=clock)

    def fail() -> bool:
        raise ValueError

    wire = Wire()
    broken = Intake(shares, cast(asyncio.Transport, wire), fail)
    flood = Flood(shares, clock)
    broken.hold(Hold.TURN)
    shares.soon(broken)
    flood.intake.took(1, whole_buffer=False)
    await until(lambda: wire.aborted and flood.acts > 3)
    assert len(accidents) == 1
    shares.close()


class Turns:
    """Counts how often the loop has had a turn."""

    def __init__(self) -> None:
        self.count = 0
        self._loop = asyncio.get_running_loop()
        self._go_on()

    def _go_on(self) -> None:
        self.count += 1
        self._next = self._loop.call_soon(self._go_on)

    def stop(self) -> None:
        self._next.cancel()


async def reads_in_a_turn(c: Chat, peer: Peer, flood: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many buffers the server takes from this flood in one turn of the loop, at most."""
    turns = Turns()
    read: dict[tuple[int, int], int] = {}
    took = Intake.took

    def counted(intake: Intake, size: int, whole_buffer: bool) -> None:
        key = (id(intake), turns.count)
        read[key] = read.get(key, 0) + 1
        took(intake, size, whole_buffer)

    monkeypatch.setattr(Intake, "took", counted)
    peer.write(flood)
    await until(lambda: sum(read.values()) > 20)
    turns.stop()
    return max(read.values())


async def test_a_websocket_is_read_one_buffer_in_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """uvloop would read 32 of them."""
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        assert await reads_in_a_turn(c, kit, client_frame(PONG, b"x" * 125) * 500, monkeypatch) == 1


async def test_a_body_that_is_dropped_is_read_one_buffer_in_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat(message_rate=0) as c:
        peer = await c.open()
        c.server.sink = bytearray(1024)
        flood = c.head("POST", "/", "Content-Length: 99999999") + b"x" * 60_000
        assert await reads_in_a_turn(c, peer, flood, monkeypatch) == 1


async def test_of_a_newcomer_in_line_no_more_is_read_than_a_buffer() -> None:
    """uvloop begins to read whatever it was told before."""
    async with chat() as c:
        c.server.shares.charge(60.0, c.server.shares.clock())
        peer = await c.open()
        peer.write(c.head("GET", "/health") * 2000)
        await until(lambda: c.server._http)
        (server_side,) = c.server._http
        await until(lambda: not server_side._transport.is_reading())
        await asyncio.sleep(0.05)
        assert len(server_side._heads.rest()) <= 2 * len(c.server.buffer)
        c.server.shares._credit = 0.0


async def test_many_tiny_frames_in_one_buffer_are_worked_off_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[Frame] = []
    take = Connection._take

    def counted(connection: Connection, frame: Frame) -> None:
        frames.append(frame)
        take(connection, frame)

    monkeypatch.setattr(Connection, "_take", counted)
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        (connection,) = c.server.connections
        connection._intake._saved = -0.005
        c.server.shares.charge(0.1, c.server.shares.clock())
        frames.clear()
        connection.receive(client_frame(PING) * 150)
        assert 0 < len(frames) < 30, "the rest waits for the next turn"
        for _ in range(150):
            assert (await kit.frame()).opcode == PONG
