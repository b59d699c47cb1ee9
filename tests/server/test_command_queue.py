"""While a command waits for the log, its connection is not read: the peer's socket fills up, not our memory."""

import pytest

from chatdesk.protocol.limits import MESSAGE_BYTES
from chatdesk.server import connection as module
from chatdesk.server.connection import Connection
from chatdesk.server.scheduled_reader import PauseReason
from tests.server.chat import Chat, Peer, chat
from tests.server.delayed_log import DelayedStore
from tests.server.wire import CLOSE, PING, PONG, client_frame, command
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

GOODBYE = client_frame(CLOSE, (1000).to_bytes(2))
BUFFER_BYTES = 1024


async def waiting_search(c: Chat, store: DelayedStore) -> tuple[Peer, Connection]:
    """Kit, who has joined, and whose search waits for the log with another query behind it.

    It is not enough that nothing is read: on a busy machine the connection may wait for its turn before the search.
    """
    kit = await c.connect()
    kit.send("join", nickname="Kit")
    await until(lambda: store.replies)
    await store.answer()
    await kit.next("user_joined")
    [connection] = c.server.connections
    kit.write(command("search", query="slow", room="lobby") + command("users"))
    await until(lambda: store.replies and not connection._transport.is_reading())
    return kit, connection


async def test_commands_behind_a_slow_join_are_executed_in_order() -> None:
    store = DelayedStore()
    async with chat(store=store, message_rate=0) as c:
        kit = await c.connect()
        kit.write(command("join", nickname="Kit"))
        kit.write(b"".join(command("message", content="hi", id=f"a{number}") for number in range(140)))
        [connection] = c.server.connections
        await until(lambda: store.replies and not connection._transport.is_reading())
        assert len(connection.session.queued_commands) < 50
        await store.answer()
        await until(lambda: len(store.writes) == 140)
        store.commit()
        events = await kit.events(145)
        assert [event["type"] for event in events[:4]] == ["welcome", "system", "users", "history"]
        heard = [event["id"] for event in events if event["type"] == "message"]
        assert heard == [f"a{number}" for number in range(140)]


async def test_while_the_log_is_slow_no_more_than_one_frame_and_one_buffer_is_read() -> None:
    store = DelayedStore()
    async with chat(store=store, message_rate=0) as c:
        kit, connection = await waiting_search(c, store)
        seen = c.server.traffic.bytes_in
        kit.write((command("history", ref="slow") + command("message", content="x" * 60_000)) * 15)
        await c.ask(c.head("GET", "/health"))
        assert c.server.traffic.bytes_in == seen
        waiting = []
        for _ in range(15):
            await store.answer()
            await until(lambda: store.replies and connection.session.queued_commands)
            waiting.append(sum(len(str(command)) for command in connection.session.queued_commands))
        assert 60_000 < max(waiting) < MESSAGE_BYTES + BUFFER_BYTES
        await store.answer()
        answers = [await kit.event() for _ in range(32)]
        assert [answer["type"] for answer in answers] == ["search", "users", *("history", "error") * 15]


async def test_a_ping_and_a_close_are_answered_once_reading_resumes() -> None:
    store = DelayedStore()
    async with chat(store=store) as c:
        kit, _ = await waiting_search(c, store)
        kit.write(client_frame(PING, b"there?") + GOODBYE)
        await store.answer()
        assert (await kit.next("users"))["user_count"] == 1
        assert await kit.frame() == (PONG, b"there?")
        assert (await kit.farewell())[0] == 1000


async def test_a_peer_whose_pongs_are_not_read_yet_is_not_closed() -> None:
    store = DelayedStore()
    async with chat(store=store) as c:
        kit, connection = await waiting_search(c, store)
        for _ in range(3):
            connection.ping()
        await store.answer()
        assert (await kit.next("users"))["user_count"] == 1
        await until(connection._transport.is_reading)
        connection.ping()
        connection.ping()
        assert await kit.hung_up()


async def test_a_peer_whose_command_waits_can_answer_the_servers_close() -> None:
    store = DelayedStore()
    async with chat(store=store) as c:
        kit, connection = await waiting_search(c, store)
        connection.close(1001, "the host has closed the chat")
        assert (await kit.farewell())[0] == 1001
        kit.write(client_frame(CLOSE, (1001).to_bytes(2)))
        assert await kit.hung_up()
        await store.answer()


async def test_a_peer_that_goes_while_a_command_waits_leaves_nothing_behind() -> None:
    store = DelayedStore()
    async with chat(store=store) as c:
        _, connection = await waiting_search(c, store)
        session = connection.session
        connection.abort()
        await until(lambda: not c.server.connections)
        await store.answer()
        await until(lambda: not session.queued_commands)
        assert c.server.hub.people == {}


async def test_a_flood_behind_a_waiting_command_is_paused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 60)
    store = DelayedStore()
    async with chat(store=store) as c:
        kit, connection = await waiting_search(c, store)
        kit.write(client_frame(PONG) * 20_000)
        await store.answer()
        await kit.next("users")
        await until(lambda: connection._reader.paused_for & PauseReason.FLOOD)
        kit.write(command("users"))
        connection.pause_reading()
        connection.resume_reading()
        assert not connection._transport.is_reading()
        connection.abort()
