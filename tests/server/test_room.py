"""Members of a room receive everything once and in order, however slowly they read and whenever they join."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis.strategies import sampled_from

from chatdesk.server.fanout import Pace
from chatdesk.server.session import Session
from tests.server.room_copy import copy_of
from tests.server.room_harness import (
    ONE_BY_ONE,
    ONE_SLICE,
    BoundedConnection,
    RoomHarness,
    SmallStore,
)
from tests.steps import step_sequences
from tests.waiting import until

A_HANDFUL = 20
"""For so few members the fan-out flushes in the next turn; for more it waits a little."""


async def test_a_joiner_is_answered_first_and_then_announced_to_all() -> None:
    harness = RoomHarness()
    _, first = harness.join()
    await asyncio.sleep(0)
    _, second = harness.join()
    assert second.types == ["welcome", "system", "users", "history"]
    assert second.events[0]["user_count"] == second.events[2]["user_count"] == 2
    await asyncio.sleep(0)
    assert second.types[4:] == ["user_joined"]
    assert first.events[-1] == second.events[-1]
    assert (first.events[-1]["nickname"], first.events[-1]["user_count"]) == ("Guest 2", 2)


async def test_a_second_session_of_one_person_is_no_news() -> None:
    harness = RoomHarness()
    _, first = harness.join()
    await asyncio.sleep(0)
    token = first.events[0]["token"]
    first.clear()
    connection = BoundedConnection()
    session = Session(connection)
    harness.do(session, "join", nickname="guest 1", token=token)
    await asyncio.sleep(0)
    assert first.types == []
    assert connection.events[0]["user_count"] == 1
    harness.hub.leave(session)
    await asyncio.sleep(0)
    assert first.types == []
    harness.leave(0)
    assert harness.room.presence.people == {}


async def test_a_departure_is_told_with_the_number_of_those_who_stay() -> None:
    harness = RoomHarness()
    _, stays = harness.join()
    _, gone = harness.join()
    await asyncio.sleep(0)
    harness.leave(1)
    await asyncio.sleep(0)
    left = stays.events[-1]
    assert left.pop("timestamp").endswith("Z")
    author = gone.events[0]["me"]
    assert left == {"type": "user_left", "nickname": "Guest 2", "user_count": 1, "room": "lobby", "author": author}


async def test_batching_members_hear_of_many_at_once() -> None:
    harness = RoomHarness()
    _, batching = harness.join(batched=True)
    _, plain = harness.join()
    await asyncio.sleep(0)
    batching.clear()
    plain.clear()
    for _ in range(30):
        harness.join()
    harness.leave(5)
    await asyncio.sleep(0)
    assert batching.types == ["presence", "presence"]
    assert [len(event["joined"]) for event in batching.events] == [30, 0]
    assert [left["nickname"] for left in batching.events[1]["left"]] == ["Guest 6"]
    assert {event["user_count"] for event in batching.events} == {31}
    assert plain.types == ["user_joined"] * 30 + ["user_left"]


async def test_nobody_speaks_before_coming_or_after_going() -> None:
    harness = RoomHarness()
    _, batching = harness.join(batched=True)
    await asyncio.sleep(0)
    batching.clear()
    session, _ = harness.join()
    harness.do(session, "message", content="in and out")
    harness.leave(1)
    await asyncio.sleep(0)
    assert batching.types == ["presence", "message", "presence"]


async def test_typing_is_sent_to_everybody_but_the_sessions_of_the_person_who_types() -> None:
    harness = RoomHarness()
    typist, own = harness.join()
    also, other_own = Session(BoundedConnection()), BoundedConnection()
    also.connection = other_own
    _, other = harness.join()
    await asyncio.sleep(0)
    harness.do(also, "join", nickname="Guest 1", token=own.events[0]["token"])
    await asyncio.sleep(0)
    author = own.events[0]["me"]
    for connection in (own, other_own, other):
        connection.clear()
    harness.do(typist, "typing")
    await until(lambda: other.events)
    assert own.types == other_own.types == []
    assert other.events == [
        {"type": "typing", "nickname": "Guest 1", "active": True, "room": "lobby", "author": author}
    ]


async def test_a_reader_that_has_drained_gets_what_it_missed_from_the_log_and_then_the_people() -> None:
    harness = RoomHarness()
    _, slow = harness.join()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(450):
        harness.say()
        await asyncio.sleep(0)
    harness.join()
    await asyncio.sleep(0)
    assert slow.written == []
    harness.drain(0, None)
    await until(lambda: "users" in slow.types)
    assert slow.types == ["message"] * 450 + ["users"]
    assert slow.seqs == [*range(1, 451)]
    assert slow.events[-1]["user_count"] == 2


async def test_a_reader_that_stalls_again_while_catching_up_goes_on_where_it_stopped() -> None:
    harness = RoomHarness()
    _, slow = harness.join()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(450):
        harness.say()
        await asyncio.sleep(0)
    harness.drain(0, 1)
    assert len(slow.written) == 1
    harness.say()
    await asyncio.sleep(0)
    assert len(slow.written) == 1
    harness.drain(0, None)
    await until(lambda: "users" in slow.types)
    assert slow.seqs == [*range(1, 452)]


async def test_a_reader_whose_gap_the_log_no_longer_holds_is_told_so_by_a_page() -> None:
    harness = RoomHarness(SmallStore(20))
    _, slow = harness.join()
    harness.say()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(100):
        harness.say()
        await asyncio.sleep(0)
    harness.drain(0, None)
    harness.say()
    await asyncio.sleep(0)
    assert slow.types == ["history", "users", "message"]
    assert slow.seqs == [*range(82, 103)]


async def test_a_resume_brings_what_was_missed_once_and_in_order() -> None:
    harness = RoomHarness()
    harness.join()
    for _ in range(120):
        harness.say()
    _, connection = harness.join(resume={"epoch": harness.log.epoch, "seq": 30})
    page = connection.events[-1]
    assert [message["seq"] for message in page["messages"]] == [*range(31, 121)]
    assert not page["more"]
    _, connection = harness.join(resume={"epoch": harness.log.epoch, "seq": 120})
    assert connection.events[-1]["messages"] == []


@pytest.mark.parametrize(("epoch", "seq"), [("another", 119), (None, 5)])
async def test_a_resume_that_cannot_be_had_gets_the_latest_page(epoch: str | None, seq: int) -> None:
    """Another epoch, or a gap that retention has cut."""
    harness = RoomHarness(SmallStore(100))
    harness.join()
    for _ in range(120):
        harness.say()
    _, connection = harness.join(resume={"epoch": epoch or harness.log.epoch, "seq": seq})
    page = connection.events[-1]
    assert page["epoch"] == harness.log.epoch
    assert [message["seq"] for message in page["messages"]] == [*range(71, 121)]
    assert page["more"]


async def test_a_repetition_is_answered_to_the_sender_alone_and_behind_what_is_on_its_way() -> None:
    harness = RoomHarness()
    kit, own = harness.join()
    _, other = harness.join(batched=True)
    token = own.events[0]["token"]
    also = BoundedConnection()
    harness.do(Session(also), "join", nickname="Guest 1", token=token)
    harness.say()
    await asyncio.sleep(0)
    for connection in (own, other, also):
        connection.clear()
    for number in range(2, 6):
        harness.do(kit, "message", content=f"number {number}", id=f"a{number}")
    harness.do(kit, "message", content="number 3", id="a3")
    assert own.written == []
    harness.say(1)
    await asyncio.sleep(0)
    assert own.seqs == [2, 3, 4, 5, 3, 6]
    assert other.seqs == also.seqs == [2, 3, 4, 5, 6]
    harness.do(kit, "message", content="number 3", id="a3")
    assert own.seqs == [2, 3, 4, 5, 3, 6, 3], "when nothing is on its way it comes at once"
    await asyncio.sleep(0)
    assert other.seqs == also.seqs == [2, 3, 4, 5, 6]


async def test_a_repetition_does_not_overtake_a_fan_out_that_is_under_way() -> None:
    harness = RoomHarness(pace=ONE_BY_ONE)
    for _ in range(6):
        harness.join()
    kit, last = harness.sessions[5]
    await until(lambda: last.types.count("user_joined") == 1)
    last.clear()
    fields = {"content": "number 1", "id": "a1"}
    harness.do(kit, "message", **fields)
    await asyncio.sleep(0)
    assert harness.sessions[0][1].seqs == [1], "it is on its way"
    harness.do(kit, "message", **fields)
    assert last.seqs == []
    await until(lambda: len(last.seqs) == 2)
    assert last.seqs == [1, 1]


async def test_a_repetition_that_a_slow_reader_has_not_heard_yet_comes_with_what_it_has_missed() -> None:
    harness = RoomHarness()
    slow, connection = harness.join()
    harness.do(slow, "message", content="number 1", id="a1")
    await asyncio.sleep(0)
    connection.clear()
    connection.writable = False
    for number in range(2, 300):
        harness.do(slow, "message", content=f"number {number}", id=f"a{number}")
        await asyncio.sleep(0)
    connection.writable = True
    harness.do(slow, "message", content="number 250", id="a250")
    assert connection.written == []
    harness.do(slow, "message", content="number 1", id="a1")
    harness.drain(0, None)
    await asyncio.sleep(0)
    assert connection.seqs == [1, *range(2, 300)]


async def test_an_edit_by_a_reader_that_is_catching_up_is_answered_behind_what_it_has_missed() -> None:
    harness = RoomHarness()
    slow, connection = harness.join()
    harness.say()
    await asyncio.sleep(0)
    connection.writable = False
    for _ in range(300):
        harness.say()
        await asyncio.sleep(0)
    connection.clear()
    connection.writable = True
    harness.do(slow, "edit", seq=1, content="changed", id="e1")
    assert connection.written == []
    harness.drain(0, None)
    await until(lambda: "users" in connection.types)
    assert [event["seq"] for event in connection.events if event["type"] != "users"] == [*range(2, 302), 1, 1]
    assert [event.get("ref") for event in connection.events][-3:] == [None, "e1", None]


async def test_an_answer_that_is_owed_to_a_slow_reader_is_dropped_with_the_history() -> None:
    harness = RoomHarness()
    slow, connection = harness.join()
    harness.say()
    await asyncio.sleep(0)
    connection.writable = False
    harness.say()
    await asyncio.sleep(0)
    connection.clear()
    harness.do(slow, "edit", seq=1, content="changed", id="e1")
    await harness.log.clear()
    harness.drain(0, None)
    await until(lambda: "users" in connection.types)
    assert connection.types == ["history", "users"]


async def test_others_get_a_turn_between_two_pages_of_a_catch_up() -> None:
    harness = RoomHarness()
    _, connection = harness.join()
    await asyncio.sleep(0)
    connection.writable = False
    for _ in range(500):
        harness.say()
        await asyncio.sleep(0)
    connection.clear()
    harness.drain(0, None)
    turns = []
    while "users" not in connection.types:
        turns.append(len(connection.seqs))
        await asyncio.sleep(0)
    assert turns == [200, 400]


async def test_a_closed_room_says_nothing_more() -> None:
    harness = RoomHarness()
    _, connection = harness.join()
    await asyncio.sleep(0)
    connection.clear()
    harness.say()
    harness.room.close()
    await asyncio.sleep(0.01)
    assert connection.written == []


STEPS = step_sequences(
    [
        *("join", "join batched", "say", "say", "say", "say twice", "typing"),
        *("stall", "drain", "drain a little", "leave", "turn"),
    ],
    numbers=21,
    min_size=30,
    max_size=150,
)


async def take_step(harness: RoomHarness, step: str, number: int) -> None:
    if step == "turn":
        await asyncio.sleep(0)
    elif step.startswith("join"):
        if len(harness.sessions) < A_HANDFUL:
            harness.join(batched=step.endswith("batched"))
    elif harness.sessions:
        index = number % len(harness.sessions)
        session, connection = harness.sessions[index]
        match step:
            case "say":
                harness.say(index)
            case "say twice":
                harness.say_twice(index)
            case "typing":
                harness.do(session, "typing", active=number % 2 == 0)
            case "stall":
                connection.writable = False
            case "drain":
                harness.drain(index, None)
            case "drain a little":
                harness.drain(index, 1)
            case "leave":
                harness.leave(index)


async def run_steps(steps: list[tuple[str, int]], kept: int, pace: Pace) -> None:
    harness = RoomHarness(SmallStore(kept), pace)
    for step, number in steps:
        await take_step(harness, step, number)
    for index in range(len(harness.sessions)):
        harness.drain(index, None)
    for _ in range(2 * A_HANDFUL + 4):  # the fan-out under way also passes members that have left
        await asyncio.sleep(0)
    for _, connection in harness.sessions:
        copy = copy_of(connection.events)
        assert (copy.epoch, copy.last_seq) == (harness.log.epoch, harness.log.last_seq)
        assert kept < 100 or copy.jumps == 0
        assert copy.people == {person.nickname for person in harness.room.presence.people.values()}


@settings(deadline=None, max_examples=150)
@given(sampled_from([10_000, 12]), sampled_from([ONE_SLICE, ONE_BY_ONE]), STEPS)
def test_whatever_happens_every_member_hears_all_of_it_once_and_in_order(
    kept: int, pace: Pace, steps: list[tuple[str, int]]
) -> None:
    """Joins, slow readers, departures, in the middle of a fan-out too."""
    asyncio.run(run_steps(steps, kept, pace))
