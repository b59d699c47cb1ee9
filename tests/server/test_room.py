"""Members of a room hear everything once and in order, however slow they read and whenever they come."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.server.fanout import HEADLESS, Pace
from chatdesk.server.session import Session
from tests.server.circle import Circle, Link, Reader, SmallArchive, people
from tests.waiting import until

ONE_BY_ONE = Pace(work=0.0, rest=0.0)
A_HANDFUL = 20
"""So few hear of everything in the next turn; more would have to wait a little."""


async def test_a_joiner_is_answered_first_and_then_announced_to_all() -> None:
    circle = Circle()
    _, first = circle.join()
    await asyncio.sleep(0)
    _, second = circle.join()
    assert second.types == ["welcome", "system", "users", "history"]
    assert second.events[0]["user_count"] == second.events[2]["user_count"] == 2
    await asyncio.sleep(0)
    assert second.types[4:] == ["user_joined"]
    assert first.events[-1] == second.events[-1]
    assert (first.events[-1]["nickname"], first.events[-1]["user_count"]) == ("Guest 2", 2)


async def test_a_second_session_of_one_person_is_no_news() -> None:
    circle = Circle()
    _, first = circle.join()
    await asyncio.sleep(0)
    token = first.events[0]["token"]
    first.clear()
    link = Link()
    session = Session(link)
    circle.do(session, "join", nickname="guest 1", token=token)
    await asyncio.sleep(0)
    assert first.types == []
    assert link.events[0]["user_count"] == 1
    circle.hub.leave(session)
    await asyncio.sleep(0)
    assert first.types == []
    circle.leave(0)
    assert circle.room.presence.people == {}


async def test_a_departure_is_told_with_the_number_of_those_who_stay() -> None:
    circle = Circle()
    _, stays = circle.join()
    circle.join()
    await asyncio.sleep(0)
    circle.leave(1)
    await asyncio.sleep(0)
    left = stays.events[-1]
    assert left.pop("timestamp").endswith("Z")
    assert left == {"type": "user_left", "nickname": "Guest 2", "user_count": 1, "room": "lobby"}


async def test_batching_members_hear_of_many_at_once() -> None:
    circle = Circle()
    _, batching = circle.join(batched=True)
    _, plain = circle.join()
    await asyncio.sleep(0)
    batching.clear()
    plain.clear()
    for _ in range(30):
        circle.join()
    circle.leave(5)
    await asyncio.sleep(0)
    assert batching.types == ["presence", "presence"]
    assert [len(event["joined"]) for event in batching.events] == [30, 0]
    assert batching.events[1]["left"] == ["Guest 6"]
    assert {event["user_count"] for event in batching.events} == {31}
    assert plain.types == ["user_joined"] * 30 + ["user_left"]


async def test_nobody_speaks_before_coming_or_after_going() -> None:
    circle = Circle()
    _, batching = circle.join(batched=True)
    await asyncio.sleep(0)
    batching.clear()
    session, _ = circle.join()
    circle.do(session, "message", content="in and out")
    circle.leave(1)
    await asyncio.sleep(0)
    assert batching.types == ["presence", "message", "presence"]


async def test_typing_is_told_to_everybody_but_all_sessions_of_the_one_who_types() -> None:
    circle = Circle()
    typist, own = circle.join()
    also, other_own = Session(Link()), Link()
    also.link = other_own
    _, other = circle.join()
    await asyncio.sleep(0)
    circle.do(also, "join", nickname="Guest 1", token=own.events[0]["token"])
    await asyncio.sleep(0)
    for link in (own, other_own, other):
        link.clear()
    circle.do(typist, "typing")
    await asyncio.sleep(0)
    assert own.types == other_own.types == []
    assert other.events == [{"type": "typing", "nickname": "Guest 1", "active": True, "room": "lobby"}]


async def test_a_reader_that_has_drained_gets_what_it_missed_from_the_log_and_then_the_people() -> None:
    circle = Circle()
    _, slow = circle.join()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(450):
        circle.say()
        await asyncio.sleep(0)
    circle.join()
    await asyncio.sleep(0)
    assert slow.written == []
    circle.drain(0, None)
    assert slow.types == ["message"] * 450 + ["users"]
    assert slow.seqs == [*range(1, 451)]
    assert slow.events[-1]["user_count"] == 2


async def test_a_reader_that_stalls_again_while_catching_up_goes_on_where_it_stopped() -> None:
    circle = Circle()
    _, slow = circle.join()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(450):
        circle.say()
        await asyncio.sleep(0)
    circle.drain(0, 1)
    assert len(slow.written) == 1
    circle.say()
    await asyncio.sleep(0)
    assert len(slow.written) == 1
    circle.drain(0, None)
    assert slow.seqs == [*range(1, 452)]


async def test_a_reader_whose_gap_the_log_no_longer_holds_is_told_so_by_a_page() -> None:
    circle = Circle(SmallArchive(20))
    _, slow = circle.join()
    circle.say()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(100):
        circle.say()
        await asyncio.sleep(0)
    circle.drain(0, None)
    circle.say()
    await asyncio.sleep(0)
    assert slow.types == ["history", "users", "message"]
    assert slow.seqs == [*range(82, 103)]


async def test_a_resume_brings_what_was_missed_once_and_in_order() -> None:
    circle = Circle()
    circle.join()
    for _ in range(120):
        circle.say()
    _, link = circle.join(resume={"epoch": circle.log.epoch, "seq": 30})
    page = link.events[-1]
    assert [message["seq"] for message in page["messages"]] == [*range(31, 121)]
    assert not page["more"]
    _, link = circle.join(resume={"epoch": circle.log.epoch, "seq": 120})
    assert link.events[-1]["messages"] == []


@pytest.mark.parametrize(("epoch", "seq"), [("another", 119), (None, 5)])
async def test_a_resume_that_cannot_be_had_gets_the_latest_page(epoch: str | None, seq: int) -> None:
    """Another incarnation of the log, or a gap that retention has cut."""
    circle = Circle(SmallArchive(100))
    circle.join()
    for _ in range(120):
        circle.say()
    _, link = circle.join(resume={"epoch": epoch or circle.log.epoch, "seq": seq})
    page = link.events[-1]
    assert page["epoch"] == circle.log.epoch
    assert [message["seq"] for message in page["messages"]] == [*range(71, 121)]
    assert page["more"]


async def test_a_repetition_is_answered_to_the_sender_alone_and_behind_what_is_on_its_way() -> None:
    circle = Circle()
    kit, own = circle.join()
    _, other = circle.join(batched=True)
    token = own.events[0]["token"]
    also = Link()
    circle.do(Session(also), "join", nickname="Guest 1", token=token)
    circle.say()
    await asyncio.sleep(0)
    for link in (own, other, also):
        link.clear()
    for number in range(2, 6):
        circle.do(kit, "message", content=f"number {number}", id=f"a{number}")
    circle.do(kit, "message", content="number 3", id="a3")
    assert own.written == []
    circle.say(1)
    await asyncio.sleep(0)
    assert own.seqs == [2, 3, 4, 5, 3, 6]
    assert other.seqs == also.seqs == [2, 3, 4, 5, 6]
    circle.do(kit, "message", content="number 3", id="a3")
    assert own.seqs == [2, 3, 4, 5, 3, 6, 3], "when nothing is on its way it comes at once"
    await asyncio.sleep(0)
    assert other.seqs == also.seqs == [2, 3, 4, 5, 6]


async def test_a_repetition_does_not_overtake_a_fan_out_that_is_under_way() -> None:
    circle = Circle(pace=ONE_BY_ONE)
    for _ in range(6):
        circle.join()
    kit, last = circle.sessions[5]
    await until(lambda: last.types.count("user_joined") == 1)
    last.clear()
    fields = {"content": "number 1", "id": "a1"}
    circle.do(kit, "message", **fields)
    await asyncio.sleep(0)
    assert circle.sessions[0][1].seqs == [1], "it is on its way"
    circle.do(kit, "message", **fields)
    assert last.seqs == []
    await until(lambda: len(last.seqs) == 2)
    assert last.seqs == [1, 1]


async def test_a_repetition_that_a_slow_reader_has_not_heard_yet_comes_with_what_it_has_missed() -> None:
    circle = Circle()
    slow, link = circle.join()
    circle.do(slow, "message", content="number 1", id="a1")
    await asyncio.sleep(0)
    link.clear()
    link.writable = False
    for number in range(2, 300):
        circle.do(slow, "message", content=f"number {number}", id=f"a{number}")
        await asyncio.sleep(0)
    link.writable = True
    circle.do(slow, "message", content="number 250", id="a250")
    assert link.written == []
    circle.do(slow, "message", content="number 1", id="a1")
    circle.drain(0, None)
    await asyncio.sleep(0)
    assert link.seqs == [1, *range(2, 300)]


async def test_a_closed_room_says_nothing_more() -> None:
    circle = Circle()
    _, link = circle.join()
    await asyncio.sleep(0)
    link.clear()
    circle.say()
    circle.room.close()
    await asyncio.sleep(0.01)
    assert link.written == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("join", "join batched", "say", "say", "say", "say twice", "typing"),
                *("stall", "drain", "drain a little", "leave", "turn"),
            ]
        ),
        st.integers(0, 20),
    ),
    min_size=30,
    max_size=150,
)


async def take(circle: Circle, step: str, number: int) -> None:
    if step == "turn":
        await asyncio.sleep(0)
    elif step.startswith("join"):
        if len(circle.sessions) < A_HANDFUL:
            circle.join(batched=step.endswith("batched"))
    elif circle.sessions:
        index = number % len(circle.sessions)
        session, link = circle.sessions[index]
        match step:
            case "say":
                circle.say(index)
            case "say twice":
                circle.say_twice(index)
            case "typing":
                circle.do(session, "typing", active=number % 2 == 0)
            case "stall":
                link.writable = False
            case "drain":
                circle.drain(index, None)
            case "drain a little":
                circle.drain(index, 1)
            case "leave":
                circle.leave(index)


async def course(steps: list[tuple[str, int]], kept: int, pace: Pace) -> None:
    circle = Circle(SmallArchive(kept), pace)
    for step, number in steps:
        await take(circle, step, number)
    for index in range(len(circle.sessions)):
        circle.drain(index, None)
    for _ in range(2 * len(circle.sessions) + 4):
        await asyncio.sleep(0)
    for _, link in circle.sessions:
        reader = Reader(link.events)
        assert (reader.epoch, reader.last_seq) == (circle.log.epoch, circle.log.last_seq)
        assert kept < 100 or reader.jumps == 0
        assert people(link.events) == {person.nickname for person in circle.room.presence.people.values()}


@pytest.mark.parametrize("kept", [10_000, 12])
@pytest.mark.parametrize("pace", [HEADLESS, ONE_BY_ONE])
@settings(deadline=None)
@given(STEPS)
def test_whatever_happens_every_member_hears_all_of_it_once_and_in_order(
    kept: int, pace: Pace, steps: list[tuple[str, int]]
) -> None:
    """Joins, slow readers, departures, in the middle of a fan-out too."""
    asyncio.run(course(steps, kept, pace))
