"""One timer finds the dead, and lets the living be."""

import asyncio
import socket
import time

import pytest

from chatdesk.server import connection as connection_module
from chatdesk.server import heartbeat as module
from chatdesk.server.frames import text_frame
from chatdesk.server.http.connection import HttpConnection
from chatdesk.server.scheduled_reader import PauseReason
from tests.server.chat import chat
from tests.server.wire import PING, PONG, client_frame
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

INTERVAL = 0.2


async def test_a_peer_that_answers_stays_and_one_that_does_not_is_gone_at_the_second_ping() -> None:
    async with chat(heartbeat=INTERVAL) as c:
        kit = await c.join("Kit")
        dead = await c.connect()
        dead.send("join", nickname="Dead")
        await kit.next("user_joined")
        pings = 0
        while b"user_left" not in (frame := await kit.frame()).payload:
            if frame.opcode == PING:
                pings += 1
                kit.write(client_frame(PONG, frame.payload))
        assert 1 <= pings <= 2
        assert await dead.hung_up()
        assert len(c.server.connections) == 1
        for _ in range(3):
            while (await kit.frame()).opcode != PING:
                pass
            kit.write(client_frame(PONG))


async def test_by_default_a_dead_peer_is_gone_within_half_a_minute() -> None:
    assert 2 * module.INTERVAL_SECONDS + 2 < 30


async def test_a_server_that_was_held_still_hears_first_what_was_said_meanwhile() -> None:
    async with chat(heartbeat=INTERVAL) as c:
        with socket.create_connection(("127.0.0.1", c.server.port)) as kit:
            kit.sendall(c.upgrade())
            assert b"101" in await asyncio.to_thread(kit.recv, 4096)
            for _ in range(4):
                assert await asyncio.to_thread(kit.recv, 4096), "a ping, and not the end"
                kit.sendall(client_frame(PONG))
                time.sleep(3 * INTERVAL)  # noqa: ASYNC251 - the machine sleeps, and the loop with it


async def test_a_peer_that_sends_anything_is_alive() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        (connection,) = c.server.connections
        for _ in range(5):
            connection.ping()
            await kit.ping()  # it asks who is here, and sends no pong
        assert set(c.server.connections) == {connection}


NOT_READ = pytest.mark.parametrize("reason", [PauseReason.COMMAND, PauseReason.FLOOD, PauseReason.SCHEDULED])


@NOT_READ
async def test_a_peer_is_not_silent_while_it_is_not_read_nor_as_soon_as_it_is_read_again(reason: PauseReason) -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        (connection,) = c.server.connections
        connection.ping()
        connection._reader.pause(reason)
        kit.write(client_frame(PONG))
        for _ in range(3):
            connection.ping()
        connection._reader.resume(reason)
        connection.ping()
        await kit.ping()
        assert set(c.server.connections) == {connection}


async def test_a_peer_that_stays_silent_after_it_was_not_read_is_gone() -> None:
    async with chat(heartbeat=INTERVAL) as c:
        await c.join("Dead")
        (connection,) = c.server.connections
        connection._reader.pause(PauseReason.SCHEDULED)
        connection._reader.take_turn()
        await until(lambda: not c.server.connections)


@NOT_READ
async def test_a_request_that_the_server_has_not_read_yet_is_not_overdue(
    reason: PauseReason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HTTP_IDLE_SECONDS", 0.1)
    async with chat(heartbeat=INTERVAL) as c:
        waiting = await c.open()
        await until(lambda: c.server._http)
        (http,) = c.server._http
        assert isinstance(http, HttpConnection)
        http._reader.pause(reason)
        waiting.write(c.head())
        await asyncio.sleep(0.1 + INTERVAL)
        http._reader.resume(reason)
        assert (await waiting.reply()).status == 200


@NOT_READ
async def test_a_join_that_the_server_has_not_read_yet_is_not_overdue(
    reason: PauseReason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "JOIN_SECONDS", 0.1)
    async with chat() as c:
        kit = await c.connect()
        (connection,) = c.server.connections
        connection._reader.pause(reason)
        kit.send("join", nickname="Kit")
        connection.check_deadlines(connection.opened_at + 1)
        connection._reader.resume(reason)
        connection.check_deadlines(connection.opened_at + 1)
        assert await kit.next("welcome")


async def test_a_peer_that_has_stopped_reading_is_gone_too() -> None:
    async with chat(heartbeat=INTERVAL) as c:
        await c.join("Stalled", receive_buffer=4096)
        (stalled,) = c.server.connections
        stalled.write(text_frame(b" " * 16_000_000))
        assert not stalled.writable
        await until(lambda: not c.server.connections)


async def test_a_connection_that_sends_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HTTP_IDLE_SECONDS", 0.1)
    async with chat(heartbeat=INTERVAL) as c:
        silent = await c.open()
        slow = await c.open()
        slow.write(b"GET / HTTP/1.1\r\n")
        assert await silent.hung_up()
        assert await slow.hung_up()


async def test_slowloris_is_closed_however_often_it_sends_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HTTP_IDLE_SECONDS", 0.3)
    async with chat(heartbeat=INTERVAL) as c:
        slow = await c.open()
        slow.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        async with asyncio.timeout(15):
            while not slow.reader.at_eof() and not slow.writer.is_closing():
                slow.write(b"x")
                await asyncio.sleep(0.02)
        await until(lambda: not c.server._http)


async def test_a_connection_that_is_kept_open_is_closed_when_nothing_more_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_HTTP_IDLE_SECONDS", 0.2)
    async with chat(heartbeat=INTERVAL) as c:
        kept = await c.open()
        for _ in range(3):
            kept.write(c.head())
            assert (await kept.reply()).status == 200
        assert await kept.hung_up()


async def test_many_connections_are_looked_after_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SLICE", 2)
    async with chat(heartbeat=INTERVAL) as c:
        peers = [await c.connect() for _ in range(7)]
        for peer in peers:
            assert (await peer.frame()).opcode == PING
