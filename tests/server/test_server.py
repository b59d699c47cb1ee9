"""The server as a whole: the contract, slow readers, its figures, its end."""

import asyncio
import gc
import json
import socket
import threading
from typing import Any

import pytest
import uvloop

from chatdesk import __version__
from chatdesk.config import ServerConfig
from chatdesk.log.memory import MemoryStore
from chatdesk.server.listening import ACCEPTED_AT_ONCE
from chatdesk.server.server import ChatServer
from tests.server.chat import FILES, Chat, LargeStore, Peer, chat
from tests.server.wire import command, text
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]

SAID = 800
"""Messages of 8 000 characters: more than the system and the server's own buffer take in for one reader."""


async def figures(chat: Chat) -> dict[str, Any]:
    """What /stats tells."""
    stats: dict[str, Any] = json.loads((await chat.ask(chat.head("GET", "/stats"))).body)
    return stats


async def test_the_lines_of_the_contract_make_a_complete_chat() -> None:
    """A client of the first version can talk: the events still have its names and fields."""
    async with chat() as c:
        john, ana = await c.connect(), await c.join("ana")
        john.write(text('{"type":"join","nickname":"john_doe","timestamp":"2024-01-01T12:00:00Z"}'))
        joined = await ana.next("user_joined")
        john.write(text('{"type":"message","content":"Hello everyone!","timestamp":"2024-01-01T12:00:00Z"}'))
        message = await ana.next("message")
        john.write(text('{"type":"leave","timestamp":"2024-01-01T12:00:00Z"}'))
        left = await ana.next("user_left")
        assert (await john.next("system"))["content"] == "Welcome to the chat!"
        assert (await john.farewell())[0] == 1000
    assert {"nickname": "john_doe", "user_count": 2}.items() <= joined.items()
    assert {"nickname": "john_doe", "content": "Hello everyone!"}.items() <= message.items()
    assert {"nickname": "john_doe", "user_count": 1}.items() <= left.items()
    for event in (joined, message, left):
        stamp = event["timestamp"]
        assert stamp.endswith("Z")
        assert len(stamp) == len("2024-01-01T12:00:00.000Z")


async def test_of_many_who_come_at_once_few_are_accepted_in_a_turn_and_none_is_refused() -> None:
    async with chat() as c:
        sockets = [
            socket.create_connection(("127.0.0.1", c.server.port), timeout=10) for _ in range(5 * ACCEPTED_AT_ONCE)
        ]
        try:
            most, before = 0, len(c.server._http)
            while len(c.server._http) < len(sockets):
                await asyncio.sleep(0)
                most, before = max(most, len(c.server._http) - before), len(c.server._http)
        finally:
            for opened in sockets:
                opened.close()
        if not isinstance(asyncio.get_running_loop(), uvloop.Loop):  # which gives a frame of a window no turn anyway
            assert 0 < most <= ACCEPTED_AT_ONCE


async def test_health_says_ok_with_version_and_uptime() -> None:
    async with chat() as c:
        reply = await c.ask(c.head("GET", "/health"))
        health = json.loads(reply.body)
        assert health.pop("uptime_seconds") >= 0
        assert health.pop("version").count(".") == 2
        assert (reply.status, health) == (200, {"status": "ok"})


async def test_stats_count_what_has_happened() -> None:
    async with chat(name="Robotics", max_connections=7) as c:
        kit = await c.join("Kit")
        ana = await c.join("Ana", room="elsewhere")
        await c.connect()
        kit.send("message", content="hi")
        await kit.next("message")
        ana.send("message", content="hi")
        await ana.next("message")
        stats = await figures(c)
    assert {
        "name": "Robotics",
        "host": "",
        "connections": 3,
        "users": 2,
        "rooms": 2,
        "messages_total": 2,
        "deliveries_total": 2,
        "slow_clients": 0,
        "forwarded": {"ignored": 0, "refused": 0},
        "max_connections": 7,
        "storage": "ok",
    }.items() <= stats.items()
    assert stats["bytes_out"] > stats["bytes_in"] > 100
    assert stats["memory_bytes"] > 10_000_000
    assert set(stats["loop_lag_ms"]) == {"p50", "p99"}
    assert {"messages_per_second", "uptime_seconds"} <= set(stats)


async def test_no_figure_names_a_person_or_a_token() -> None:
    async with chat() as c:
        await c.join("Kit")
        token = c.server.host_token
        stats = json.dumps(await figures(c))
        assert "Kit" not in stats
        assert token not in stats


async def test_the_window_that_hosts_is_known_by_its_token() -> None:
    async with chat() as c:
        ana = await c.join("Ana")
        await c.join("Mara", token=c.server.host_token)
        assert (await ana.next("user_joined"))["host"] is True
        assert (await figures(c))["host"] == "Mara"


async def talk(peer: Peer, count: int) -> None:
    """Send so much that a peer that does not read becomes a slow reader; the sender receives all of it."""
    for number in range(count):
        peer.send("message", content=f"{number:<8000}")
        await peer.next("message")


async def hear(peer: Peer, count: int) -> list[int]:
    """The numbers of the next messages."""
    return [(await peer.next("message"))["seq"] for _ in range(count)]


async def test_a_slow_reader_is_skipped_and_brought_up_to_date_while_others_do_not_notice() -> None:
    async with chat(store=LargeStore(), message_rate=0) as c:
        kit, ana = await c.join("Kit"), await c.join("Ana")
        slow = await c.join("Slow", receive_buffer=4096)
        _, heard = await asyncio.gather(talk(kit, SAID), hear(ana, SAID))
        assert heard == [*range(1, SAID + 1)]
        assert (await figures(c))["slow_clients"] == 1
        buffered = max(connection._transport.get_write_buffer_size() for connection in c.server.connections)
        assert buffered < 300_000
        assert await hear(slow, SAID) == heard
        kit.send("message", content="and on")
        assert (await slow.next("message"))["seq"] == SAID + 1
        assert (await figures(c))["slow_clients"] == 0


async def test_a_reader_that_was_slow_for_longer_than_the_log_reaches_is_reset_by_a_page() -> None:
    async with chat(message_rate=0) as c:
        kit = await c.join("Kit")
        slow = await c.join("Slow", receive_buffer=4096)
        await talk(kit, SAID)
        last = 0
        jumps = 0
        while last < SAID:
            event = await slow.event()
            messages = {"history": event.get("messages", []), "message": [event]}.get(event["type"], [])
            for index, message in enumerate(messages):
                if message["seq"] != last + 1:
                    assert event["type"] == "history"
                    assert index == 0
                    jumps += 1
                last = message["seq"]
        assert jumps == 1


async def test_hundreds_of_joins_and_departures_leave_nothing_behind() -> None:
    async with chat() as c:
        ana = await c.join("Ana", capabilities=["presence"])
        for group in range(10):
            peers = await asyncio.gather(*(c.connect() for _ in range(50)))
            for number, peer in enumerate(peers, 50 * group):
                peer.send("join", nickname=f"Guest {number}")
            for peer in peers:
                await peer.next("welcome")
                peer.send("leave")
                await peer.farewell()
                peer.abort()
            await until(lambda: len(c.server.hub.people) == 1)
        assert (await ana.ping())["user_count"] == 1
        await until(lambda: len(c.server.connections) == 1)
        assert len(c.server.hub.reservations) == 0


async def test_about_says_little_and_only_what_everybody_may_know() -> None:
    async with chat(name="Robotics 🤖" + "o" * 5000) as c:
        head = c.head("GET", "/about")
        before = json.loads((await c.ask(head)).body)
        await c.join("Kit")
        reply = await c.ask(head)
        after = json.loads(reply.body)
        port = c.server.port
    assert (before["service"], before["people"], after["people"]) == ("chatdesk", 0, 1)
    assert (after["host"], after["rooms"], after["locked"], after["port"]) == ("", 1, False, port)
    assert after["name"].startswith("Robotics 🤖o")
    assert (after["id"], after["version"]) == (c.server._store.server_id, __version__)
    assert len(reply.body) < 1000
    assert reply.headers["cache-control"] == "no-store"


async def test_the_end_is_told_to_everybody_with_1001_and_leaves_no_task_thread_or_socket() -> None:
    threads = threading.enumerate()
    tasks = asyncio.all_tasks()
    config = ServerConfig(port=0, bind="127.0.0.1")
    server = ChatServer(config, MemoryStore(), FILES)
    await server.__aenter__()
    c = Chat(server)
    port = server.port
    kit, stranger, plain = await c.join("Kit"), await c.connect(), await c.open()
    closing = asyncio.ensure_future(server.__aexit__(None, None, None))
    system = await kit.next("system")
    assert (system["content"], system["code"]) == ("The host has closed the chat.", "closing")
    assert (await kit.farewell())[0] == (await stranger.farewell())[0] == 1001
    plain.write(c.head("GET", "/health"))
    reply = await plain.reply()
    assert (reply.status, json.loads(reply.body)["status"]) == (200, "closing"), "it is alive, and must not be killed"
    assert json.loads((await c.ask(c.head("GET", "/ready"))).body) == {"status": "closing"}
    assert (await c.ask(c.upgrade())).status == 503
    kit.abort()
    stranger.abort()
    await closing
    assert await plain.hung_up()
    with pytest.raises(OSError, match=r"refused|failed"):
        await asyncio.open_connection("127.0.0.1", port)
    await c.close()
    assert not server.connections
    assert not server._http
    assert asyncio.all_tasks() == tasks
    assert threading.enumerate() == threads
    gc.collect()


async def test_a_peer_that_does_not_answer_the_close_does_not_delay_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.server.server._CLOSE_SECONDS", 0.2)
    async with ChatServer(ServerConfig(port=0, bind="127.0.0.1"), MemoryStore(), FILES) as server:
        c = Chat(server)
        silent = await c.join("Silent")
        stalled = await c.join("Stalled", receive_buffer=4096)
        for connection in server.connections:
            if connection.session.person and connection.session.person.nickname == "Stalled":
                connection.write(b"\x8a\x00" * 5_000_000)
    assert await silent.hung_up()
    stalled.abort()
    await c.close()


async def test_a_server_that_is_cancelled_while_it_ends_leaves_nothing_open() -> None:
    """A window that is closed within two seconds after its chat does that."""
    tasks = asyncio.all_tasks()
    server = ChatServer(ServerConfig(port=0, bind="127.0.0.1"), MemoryStore(), FILES)
    await server.__aenter__()
    c = Chat(server)
    silent = await c.join("Silent")
    closing = asyncio.ensure_future(server.__aexit__(None, None, None))
    await silent.next("system")
    closing.cancel()
    await asyncio.wait([closing])
    assert closing.cancelled()
    assert await silent.hung_up()
    with pytest.raises(OSError, match=r"refused|failed"):
        await asyncio.open_connection("127.0.0.1", server.port)
    await c.close()
    assert asyncio.all_tasks() == tasks


@pytest.mark.parametrize("turns", range(4))
async def test_a_server_that_is_cancelled_while_it_starts_gives_its_port_back(turns: int) -> None:
    server = ChatServer(ServerConfig(port=0, bind="127.0.0.1"), MemoryStore(), FILES)
    starting = asyncio.ensure_future(server.__aenter__())
    for _ in range(turns):
        await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    if not starting.cancelled():
        await server.__aexit__(None, None, None)
    if server.port:
        with pytest.raises(OSError, match=r"refused|failed"):
            await asyncio.open_connection("127.0.0.1", server.port)


async def test_a_port_that_is_taken_is_an_os_error_and_leaves_nothing_running() -> None:
    async with chat() as c:
        taken = ServerConfig(port=c.server.port, bind="127.0.0.1")
        with pytest.raises(OSError, match="in use"):
            async with ChatServer(taken, MemoryStore(), FILES):
                pytest.fail("two servers on one port")
        assert (await c.ask(c.head("GET", "/health"))).status == 200


async def test_idle_connections_beyond_what_the_process_has_files_for_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Idle connections must not use up the file descriptors that members need."""
    monkeypatch.setattr("chatdesk.server.places.MAX_HTTP_CONNECTIONS", 10)
    async with chat(max_connections=20) as c:
        kit = await c.join("Kit")
        for _ in range(100):
            await c.open()
        await until(lambda: len(c.server._http) + len(c.server.connections) <= 30)
        kit.send("message", content="still here")
        await kit.next("message")


async def test_idle_connections_of_one_computer_lock_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.server.places.MAX_HTTP_CONNECTIONS", 10)
    async with chat(max_connections=20) as c:
        for _ in range(40):
            await c.open()
        await until(lambda: len(c.server._http) == 30)
        reader, writer = await asyncio.open_connection("127.0.0.1", c.server.port, local_addr=("127.0.0.2", 0))
        writer.write(c.head("GET", "/health"))
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_websockets_of_one_computer_that_never_join_lock_nobody_out() -> None:
    async with chat(max_connections=5) as c:
        kit = await c.join("Kit")
        strangers = [await c.connect() for _ in range(4)]
        reader, writer = await asyncio.open_connection("127.0.0.1", c.server.port, local_addr=("127.0.0.2", 0))
        writer.write(c.upgrade())
        assert (await reader.readline()).startswith(b"HTTP/1.1 101")
        await until(lambda: sum(peer.reader.at_eof() for peer in strangers) == 1)
        assert len(c.server.connections) == 5
        kit.send("message", content="still here")
        await kit.next("message")
        writer.close()


async def test_a_peer_that_is_about_to_join_a_full_chat_is_not_evicted_for_a_later_one() -> None:
    async with chat(max_connections=2) as c:
        await c.join("Kit")
        ana = await c.connect()
        reader, writer = await asyncio.open_connection("127.0.0.1", c.server.port, local_addr=("127.0.0.2", 0))
        writer.write(c.upgrade())
        assert (await reader.readline()).startswith(b"HTTP/1.1 503")
        ana.send("join", nickname="Ana")
        await ana.next("welcome")
        writer.close()


async def test_an_accident_of_one_connection_is_nobody_elses() -> None:
    """Commands cut anywhere, in any order, from several peers at once."""
    async with chat(message_rate=0) as c:
        ana = await c.join("Ana")
        data = command("join", nickname="Kit") + command("message", content="hi") + command("leave")
        for cut in range(0, len(data), 3):
            peer = await c.connect()
            peer.write(data[:cut])
            await asyncio.sleep(0)
            peer.abort()
        await until(lambda: len(c.server.connections) == 1)
        assert (await ana.ping())["user_count"] == 1


async def test_a_client_that_never_got_the_welcome_returns_by_a_token_of_its_own() -> None:
    own = "new." + "k" * 32
    async with chat() as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=own)
        await until(lambda: len(c.server.hub.people) == 1)
        kit.abort()
        await until(lambda: not c.server.hub.people)
        stranger = await c.connect()
        stranger.send("join", nickname="Kit")
        assert (await stranger.next("error"))["code"] == "nickname_taken"
        stranger.send("join", nickname="Kit", token="new." + "s" * 32)
        assert (await stranger.next("error"))["code"] == "nickname_taken"
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=own)
        token = (await kit.next("welcome"))["token"]
        kit.abort()
        await until(lambda: not c.server.hub.people)
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=token)
        assert (await kit.next("welcome"))["token"] == token
