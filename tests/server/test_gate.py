"""The gate holds nothing for those who are not let in, and takes its time for the others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server import gate as gate_module
from chatdesk.server.gate import Applicant, Wait
from chatdesk.server.identity import HOST
from chatdesk.server.session import Session
from tests.server.chat import chat
from tests.server.recording_connection import RecordingConnection
from tests.server.room_harness import RoomHarness
from tests.waiting import until


class Doorkeeper:
    """A condition that is decided by the test."""

    def __init__(self, *, long: bool) -> None:
        self.long = long
        self.asked: list[Applicant] = []
        self.decisions: list[asyncio.Future[None]] = []

    def __call__(self, applicant: Applicant) -> Wait:
        self.asked.append(applicant)
        decision = asyncio.get_running_loop().create_future()
        self.decisions.append(decision)

        async def answer() -> None:
            await decision

        return Wait(answer, self.long)

    async def admit(self, number: int = 0) -> None:
        self.decisions[number].set_result(None)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def turn_away(self, number: int = 0) -> None:
        self.decisions[number].set_exception(ProtocolError(ErrorCode.FORBIDDEN, "Not today."))
        await asyncio.sleep(0)
        await asyncio.sleep(0)


@pytest.fixture
async def harness() -> AsyncIterator[RoomHarness]:
    harness = RoomHarness()
    yield harness
    harness.dispatcher.close()
    await asyncio.sleep(0)


def close_rooms(applicant: Applicant) -> None:
    if applicant.room == "mentors":
        raise ProtocolError(ErrorCode.FORBIDDEN, "Not you.")


def connection_of(session: Session) -> RecordingConnection:
    assert isinstance(session.connection, RecordingConnection)
    return session.connection


async def test_who_is_refused_has_neither_name_nor_room(harness: RoomHarness) -> None:
    harness.dispatcher.gate.conditions.append(close_rooms)
    session, connection = harness.join(room="mentors", id="1")
    assert [(event["code"], event["ref"]) for event in connection.events] == [("forbidden", "1")]
    assert session.person is None
    assert harness.hub.people == {}
    assert "mentors" not in harness.hub.directory


async def test_hosts_pass_every_condition(harness: RoomHarness) -> None:
    harness.dispatcher.gate.conditions.append(close_rooms)
    host, _ = harness.join(room="mentors", token=harness.hub.identities.token(HOST))
    assert host.person


async def test_each_further_room_is_asked_for(harness: RoomHarness) -> None:
    harness.dispatcher.gate.conditions.append(close_rooms)
    session, connection = harness.join()
    harness.do(session, "enter", room="Mentors")
    assert connection.events[-1]["code"] == "forbidden"
    harness.do(session, "enter", room="build")
    assert [membership.room.name for membership in session.memberships] == ["lobby", "build"]


async def test_what_is_sent_during_a_short_wait_is_executed_in_order(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=False)
    harness.dispatcher.gate.conditions.append(keeper)
    session, connection = harness.join()
    harness.do(session, "message", content="hello")
    assert connection.events == []
    assert harness.hub.people == {}
    await keeper.admit()
    await until(lambda: "message" in connection.types)
    assert connection.types[0] == "welcome"


async def test_during_a_long_wait_only_ping_and_leave_are_possible(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions.append(keeper)
    session, connection = harness.join()
    harness.do(session, "message", content="hello")
    harness.do(session, "join", nickname="Another")
    harness.do(session, "ping", id="1")
    assert [event.get("code", event["type"]) for event in connection.events] == ["waiting", "waiting", "pong"]
    assert not connection.reading_paused
    await asyncio.sleep(0)
    harness.do(session, "leave")
    assert connection.closed == (1000, "")
    await until(keeper.decisions[0].cancelled)


async def test_the_same_identity_comes_in_that_was_asked_about(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions.append(keeper)
    session, _ = harness.join()
    await keeper.admit()
    assert session.principal == keeper.asked[0].principal


async def test_a_name_is_not_kept_for_those_who_wait(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions.append(keeper)
    first, second = Session(RecordingConnection()), Session(RecordingConnection())
    for session in (first, second):
        harness.do(session, "join", nickname="Kit")
    await keeper.admit(1)
    await keeper.admit(0)
    assert second.person
    assert connection_of(first).events[-1]["code"] == "nickname_taken"


async def test_who_is_turned_away_later_may_ask_again(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions.append(keeper)
    session, connection = harness.join(id="7")
    await keeper.turn_away()
    assert [(event["code"], event["ref"]) for event in connection.events] == [("forbidden", "7")]
    harness.do(session, "join", nickname="Kit")
    await keeper.admit(1)
    assert session.person


async def test_who_has_gone_meanwhile_is_not_let_in(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions.append(keeper)
    session, connection = harness.join()
    connection.close(1001, "")
    await keeper.admit()
    assert session.person is None


async def test_a_later_condition_is_asked_after_an_answer(harness: RoomHarness) -> None:
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions += [keeper, close_rooms]
    _, connection = harness.join(room="mentors")
    await keeper.admit()
    assert connection.events[-1]["code"] == "forbidden"


async def test_the_rooms_of_somebody_go_on_while_another_is_asked_for(harness: RoomHarness) -> None:
    session, connection = harness.join()
    keeper = Doorkeeper(long=True)
    harness.dispatcher.gate.conditions.append(keeper)
    harness.do(session, "enter", room="mentors")
    await asyncio.sleep(0)
    harness.do(session, "enter", room="mentors")
    harness.do(session, "message", content="hello", room="lobby")
    await until(lambda: "message" in connection.types)
    assert not keeper.decisions[1].done()
    await keeper.admit(1)
    assert len(session.memberships) == 2
    assert keeper.decisions[0].cancelled()


async def test_so_many_may_wait(harness: RoomHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "MAX_WAITING", 2)
    harness.dispatcher.gate.conditions.append(Doorkeeper(long=True))
    connections = [harness.join()[1] for _ in range(3)]
    assert [connection.types for connection in connections] == [[], [], ["error"]]
    assert connections[2].events[0]["retry_after"] > 0


async def test_a_lost_connection_does_not_wait() -> None:
    async with chat() as c:
        keeper = Doorkeeper(long=True)
        c.server.dispatcher.gate.conditions.append(keeper)
        peer = await c.connect()
        peer.send("join", nickname="Kit")
        await until(lambda: bool(keeper.decisions))
        peer.abort()
        await until(keeper.decisions[0].cancelled)
