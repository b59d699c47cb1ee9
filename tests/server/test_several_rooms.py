"""One connection in several rooms: each is heard, resumed and left by itself."""

import asyncio
from pathlib import Path
from typing import Any

from chatdesk.log.disk_store import open_store
from chatdesk.log.retention import Retention
from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX
from chatdesk.server.auth import Principal
from chatdesk.server.commands.rooms import ROOMS_OF_A_SESSION
from chatdesk.server.session import Session
from tests.server.chat import LargeStore, Peer, chat, connection_of, error_reply, pair
from tests.server.delayed_log import FULL, DelayedRoomHarness
from tests.server.room_copy import STREAM, RoomCopy, held
from tests.server.room_harness import ONE_BY_ONE, BoundedConnection, RoomHarness
from tests.server.wire import Event, command
from tests.waiting import until

KIT = CLIENT_TOKEN_PREFIX + 32 * "a"


async def entered(peer: Peer, room: str, **fields: Any) -> Event:
    """The page of history with which the peer enters the room, once it has heard itself announced."""
    peer.send("enter", room=room, id=f"into {room}", **fields)
    users, history = await peer.next("users"), await peer.next("history")
    assert (users["room"], users["ref"]) == (history["room"], history["ref"]) == (room, f"into {room}")
    return history


async def said(peer: Peer, count: int) -> list[tuple[str, int, str]]:
    """Room, number and text of the next messages."""
    found = [await peer.next("message") for _ in range(count)]
    return [(message["room"], message["seq"], message["content"]) for message in found]


async def test_a_connection_hears_all_its_rooms_and_the_others_hear_it_come_and_go() -> None:
    async with chat() as c:
        kit, ana = await pair(c)
        assert (await entered(ana, "plans"))["messages"] == []
        await ana.next("user_joined")
        await entered(kit, "plans")
        came = await ana.next("user_joined")
        assert (came["nickname"], came["room"], came["user_count"]) == ("Kit", "plans", 2)
        ana.send("message", room="plans", content="a plan")
        ana.send("message", room="lobby", content="hello")
        assert await said(kit, 2) == [("plans", 1, "a plan"), ("lobby", 1, "hello")]
        kit.send("exit", room="plans", id="out")
        assert await kit.next("exited") == {"type": "exited", "room": "plans", "ref": "out"}
        went = await ana.next("user_left")
        assert (went["nickname"], went["room"], went["user_count"]) == ("Kit", "plans", 1)
        ana.send("message", room="plans", content="a secret")
        ana.send("message", room="lobby", content="bye")
        assert await said(kit, 1) == [("lobby", 2, "bye")]
        assert (await kit.ping())["user_count"] == 2, "it is in one room again, so it need not say which"


async def test_a_room_is_known_by_every_spelling_of_its_name() -> None:
    harness = RoomHarness()
    session, connection = harness.join(room="Plans")
    harness.do(session, "enter", room="Ärger")
    await asyncio.sleep(0)
    connection.clear()
    harness.do(session, "message", room="PLANS", content="a plan")
    harness.do(session, "message", room="A\u0308RGER", content="trouble")
    await asyncio.sleep(0)
    assert [(event["room"], event["content"]) for event in connection.events] == [
        ("plans", "a plan"),
        ("ärger", "trouble"),
    ]
    connection.clear()
    for room in ("other", "no room", ""):
        harness.do(session, "message", room=room, content="to nobody", id="m1")
    assert [(event["code"], event["ref"]) for event in connection.events] == [("bad_room", "m1")] * 3


async def test_each_room_is_resumed_by_itself_after_a_reconnect() -> None:
    async with chat(grace=15.0) as c:
        kit, ana = await pair(c)
        epochs = {"lobby": c.server.hub.rooms["lobby"].log.epoch}
        for peer in (kit, ana):
            epochs["plans"] = (await entered(peer, "plans"))["epoch"]
        for room in ("lobby", "plans"):
            ana.send("message", room=room, content="heard")
        await said(kit, 2)
        token = c.server.hub.identities.token(c.server.hub.people["kit"].identity)
        kit.abort()
        await until(lambda: len(c.server.connections) == 1)
        for number in range(5):
            ana.send("message", room="plans", content=f"plan {number}")
        ana.send("message", room="lobby", content="missed")
        await said(ana, 8)
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=token, resume={"epoch": epochs["lobby"], "seq": 1})
        assert [message["content"] for message in (await kit.next("history"))["messages"]] == ["missed"]
        page = await entered(kit, "plans", resume={"epoch": epochs["plans"], "seq": 1})
        assert [message["content"] for message in page["messages"]] == [f"plan {number}" for number in range(5)]
        ana.send("message", room="plans", content="again")
        assert await said(kit, 1) == [("plans", 7, "again")]
        assert (await ana.event())["content"] == "again", "nobody was told that Kit had gone or come back"


async def follow(peer: Peer, copies: dict[str, RoomCopy], ends: dict[str, int]) -> None:
    """Read until the copies of the rooms are at these positions."""
    while any(copies[room].position < end for room, end in ends.items()):
        event = await peer.event()
        if event["type"] in STREAM:
            copies[event["room"]].receive(event)


async def test_what_changed_in_each_room_meanwhile_comes_from_the_disk_without_a_question(tmp_path: Path) -> None:
    """More than several pages, and more than the log keeps in memory."""
    async with open_store(tmp_path, Retention()) as store, chat(store=store, message_rate=0, grace=15.0) as c:
        ana, kit, copies = await c.join("Ana"), await c.connect(), {"lobby": RoomCopy(), "plans": RoomCopy()}
        await entered(ana, "plans")
        kit.send("join", nickname="Kit", token=KIT)
        kit.send("enter", room="plans")
        for room in copies:
            for number in range(3):
                ana.send("message", room=room, content=f"heard {number}")
        await follow(kit, copies, {"lobby": 3, "plans": 3})
        kit.abort()
        for number in range(900):
            ana.send("message", room="lobby", content=f"missed {number}")
        for number, seq in enumerate((2, 700, 2, 899)):
            ana.send("edit", room="lobby", seq=seq, content=f"edited {number}")
        ana.send("edit", room="plans", seq=1, content="another plan")
        ends = {"lobby": 907, "plans": 4}
        logs = {room: c.server.hub.rooms[room].log for room in copies}
        await until(lambda: {room: log.last_change for room, log in logs.items()} == ends)
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=KIT, resume=copies["lobby"].resume)
        kit.send("enter", room="plans", resume=copies["plans"].resume)
        await follow(kit, copies, ends)
        assert copies["lobby"].messages.keys() == {*range(1, 904)}
        for room, copy in copies.items():
            for after in range(0, copy.last_seq, 200):
                ana.send("history", room=room, after=after, limit=200, id="fresh")
                page = {message["seq"]: held(message) for message in (await ana.next("history"))["messages"]}
                assert page == {seq: copy.messages[seq] for seq in page}


async def test_a_slow_reader_gets_what_it_missed_of_each_room() -> None:
    async with chat(store=LargeStore(), message_rate=0) as c:
        ana = await c.join("Ana")
        await entered(ana, "plans")
        slow = await c.join("Slow", receive_buffer=4096)
        await entered(slow, "plans")
        connection = connection_of(c, "Slow")
        loud, quiet = 600, 20
        for number in range(loud):
            ana.send("message", room="lobby", content=f"{number} " + 7000 * "x")
            if number % (loud // quiet) == 0:
                ana.send("message", room="plans", content=f"plan {number}")
        await said(ana, loud + quiet)
        assert not connection.writable
        assert all(membership.catch_up_from for membership in connection.session.memberships)
        heard: dict[str, list[int]] = {"lobby": [], "plans": []}
        people: list[str] = []
        while len(people) < 2:
            event = await slow.event()
            if event["type"] == "message":
                heard[event["room"]].append(event["seq"])
            elif event["type"] == "users":
                people.append(event["room"])
        assert heard == {"lobby": [*range(1, loud + 1)], "plans": [*range(1, quiet + 1)]}
        ana.send("message", room="plans", content="live")
        assert await said(slow, 1) == [("plans", quiet + 1, "live")]


class CountingTransport:
    """A transport that counts writes."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(bytes(data))
        self.transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


def counted(connection: Any) -> CountingTransport:
    """Count the writes of a connection from now on."""
    transport = connection._transport = CountingTransport(connection._transport)
    if connection._joined:
        connection._joined._transport = transport
    return transport


async def test_what_several_rooms_have_in_one_turn_is_one_write_and_nothing_overtakes_it() -> None:
    async with chat(message_rate=0) as c:
        kit, ana = await pair(c)
        connection = connection_of(c, "Kit")
        for room in ("plans", "quiet"):
            await entered(ana, room)
            await entered(kit, room)
            await kit.next("user_joined")
        transport = counted(connection)
        rooms = ("plans", "quiet", "lobby")
        ana.write(b"".join(command("message", room=room, content="hello") for room in rooms))
        assert await said(kit, 3) == [("plans", 1, "hello"), ("quiet", 1, "hello"), ("lobby", 1, "hello")]
        assert len(transport.writes) == 1
        connection.session.send_payload(b'{"type":"last"}')
        connection.close(4000, "an end")
        assert (await kit.event())["type"] == "last"
        assert await kit.farewell() == (4000, "an end")


async def test_a_connection_in_one_room_writes_at_once() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        connection = connection_of(c, "Kit")
        await entered(kit, "plans")
        kit.send("exit", room="plans")
        await kit.next("exited")
        transport = counted(connection)
        connection.session.send_payload(b'{"type":"now"}')
        assert len(transport.writes) == 1


async def test_a_large_answer_does_not_wait_for_the_end_of_the_turn() -> None:
    """So that a peer that does not read is noticed between the pages of two rooms."""
    async with chat() as c:
        kit = await c.join("Kit")
        await entered(kit, "plans")
        await kit.next("user_joined")
        connection = connection_of(c, "Kit")
        transport = counted(connection)
        connection.session.send_payload(b'{"type":"small"}')
        connection.session.send_payload(b'{"type":"large","content":"' + 70_000 * b"x" + b'"}')
        assert [len(data) > 65536 for data in transport.writes] == [False, True]
        assert [(await kit.event())["type"] for _ in range(2)] == ["small", "large"]


async def test_what_cannot_be_entered_or_exited_is_refused_and_changes_nothing() -> None:
    async with chat(message_rate=0) as c:
        stranger = await c.connect()
        assert await error_reply(stranger, "enter", room="plans", id="e") == ("not_joined", "e")
        assert await error_reply(stranger, "exit", room="plans") == ("not_joined", "exit")
        kit = await c.join("Kit", token=c.server.host_token)
        assert await error_reply(kit, "enter", room="two words", id="e") == ("bad_room", "e")
        assert await error_reply(kit, "enter", room="Lobby", id="e") == ("already_joined", "e")
        assert await error_reply(kit, "exit", room="plans", id="e") == ("bad_room", "e")
        closed = c.server.hub.room("closed", Principal("anybody"))
        closed.roles["host"] = None
        assert await error_reply(kit, "enter", room="closed", id="e") == ("forbidden", "e")
        del c.server.hub.rooms["closed"]
        for number in range(ROOMS_OF_A_SESSION - 1):
            await entered(kit, f"room-{number}")
        assert await error_reply(kit, "enter", room="one-more", id="e") == ("too_many_rooms", "e")
        assert "one-more" not in c.server.hub.rooms
        assert await error_reply(kit, "message", content="to whom?") == ("bad_room", "message")


async def test_a_person_in_no_room_can_enter_one_and_keeps_the_nickname() -> None:
    async with chat() as c:
        kit = await c.join("Kit")
        kit.send("exit", room="lobby")
        await kit.next("exited")
        assert await error_reply(kit, "message", content="alone") == ("bad_room", "message")
        ana = await c.connect()
        assert await error_reply(ana, "join", nickname="Kit") == ("nickname_taken", "join")
        await entered(kit, "lobby")
        came = await kit.next("user_joined")
        assert (came["nickname"], came["user_count"]) == ("Kit", 1)


async def test_a_room_that_cannot_be_read_is_not_entered_and_the_others_stay() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    harness.store.set_problem(FULL)
    harness.do(session, "enter", room="plans", id="e")
    await harness.store.settle()
    assert (connection.events[-1]["code"], connection.events[-1]["ref"]) == ("storage", "e")
    assert [membership.room.name for membership in session.memberships] == ["lobby"]
    assert not harness.hub.rooms["plans"].in_use
    harness.store.set_problem(None)
    harness.do(session, "enter", room="plans", id="e")
    harness.hub.leave(session)
    await harness.store.settle()
    assert not harness.hub.rooms["plans"].in_use, "a person who left meanwhile is not let in"


async def test_what_is_read_for_a_slow_reader_is_not_sent_to_one_who_has_exited_meanwhile() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    connection.writable = False
    harness.say_and_commit(3)
    await asyncio.sleep(0)
    connection.clear()
    harness.drain(0, None)
    harness.do(session, "exit", room="lobby")
    await harness.store.settle()
    assert connection.types == ["exited"]


async def test_news_of_the_storage_come_once_to_a_session_in_several_rooms() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    harness.do(session, "enter", room="plans")
    await harness.store.settle()
    connection.clear()
    harness.store.set_problem(FULL)
    assert connection.types == ["storage"]


async def test_whoever_exits_in_the_middle_of_a_fan_out_hears_nothing_more_of_the_room() -> None:
    harness = RoomHarness(pace=ONE_BY_ONE)
    for _ in range(6):
        harness.join()
    leaver, connection = harness.sessions[5]
    await until(lambda: connection.types.count("user_joined") == 1)
    harness.say()
    await asyncio.sleep(0)
    assert harness.sessions[0][1].types[-1] == "message"
    connection.clear()
    harness.do(leaver, "exit", room="lobby")
    harness.do(leaver, "enter", room="plans")
    await until(lambda: "user_left" in harness.sessions[4][1].types)
    assert {event["room"] for event in connection.events[1:]} == {"plans"}
    assert connection.types == ["exited", "users", "history", "user_joined"]


async def test_a_person_leaves_a_room_with_the_last_of_their_sessions_there() -> None:
    harness = RoomHarness()
    first, own = harness.join()
    witness, other = harness.join()
    second = Session(BoundedConnection())
    harness.do(second, "join", nickname="Guest 1", token=own.events[0]["token"])
    for session in (first, second, witness):
        harness.do(session, "enter", room="plans")
    await asyncio.sleep(0)
    other.clear()
    harness.do(first, "exit", room="plans")
    harness.hub.leave(first)
    await asyncio.sleep(0)
    assert other.types == []
    harness.do(second, "exit", room="plans")
    await asyncio.sleep(0)
    assert [(event["type"], event["room"]) for event in other.events] == [("user_left", "plans")]
    harness.hub.leave(second)
    await asyncio.sleep(0)
    assert [(event["type"], event["room"]) for event in other.events[1:]] == [("user_left", "lobby")]
