"""Whenever the log answers, clients that join, catch up or query receive everything once and in order."""

import asyncio

from chatdesk.server.room_directory import MAX_OPEN_ROOMS
from tests.server.delayed_log import FULL, DelayedRoomHarness


async def test_a_client_whose_page_is_late_receives_nothing_until_it_comes_and_then_all_at_once() -> None:
    harness = DelayedRoomHarness()
    _, first = harness.join()
    assert first.types == []
    await harness.store.answer()
    assert first.types == ["welcome", "system", "users", "history"]
    _, second = harness.join()
    await asyncio.sleep(0)
    assert first.types == ["welcome", "system", "users", "history", "user_joined"], "nobody is told before it is in"
    await harness.store.answer()
    assert second.types == ["welcome", "system", "users", "history"]
    assert second.events[0]["user_count"] == second.events[2]["user_count"] == 2


async def test_messages_that_are_stored_while_a_page_is_read_follow_it() -> None:
    harness = DelayedRoomHarness()
    harness.join()
    await harness.store.settle()
    harness.say_and_commit(3)
    _, connection = harness.join()
    harness.say_and_commit(2)
    await asyncio.sleep(0)
    harness.say_and_commit(1)
    await harness.store.settle()
    await asyncio.sleep(0)
    history = connection.events[3]
    assert ([message["seq"] for message in history["messages"]], history["last_seq"]) == ([1, 2, 3], 3)
    assert connection.seqs == [1, 2, 3, 4, 5, 6]
    assert connection.types[-1] == "users", "the one who came too late to hear of oneself"


async def test_if_these_are_in_memory_the_client_hears_of_its_own_arrival_too() -> None:
    harness = DelayedRoomHarness(near=60)
    harness.join()
    harness.say_and_commit(1)
    harness.store.near = 0
    _, connection = harness.join()
    harness.store.near = 60
    harness.say_and_commit(2)
    await harness.store.settle()
    await asyncio.sleep(0)
    assert connection.seqs == [1, 2, 3]
    assert connection.types == ["welcome", "system", "users", "history", "message", "message", "users", "user_joined"]


async def test_a_client_that_resumes_while_others_speak_misses_nothing() -> None:
    harness = DelayedRoomHarness()
    harness.join()
    await harness.store.settle()
    harness.say_and_commit(10)
    _, connection = harness.join(resume={"epoch": harness.log.epoch, "seq": 7})
    harness.say_and_commit(3)
    await harness.store.settle()
    assert connection.seqs == [*range(8, 14)]
    assert not connection.events[3]["more"]


async def test_a_client_that_missed_more_than_a_page_receives_the_rest_after_it() -> None:
    harness = DelayedRoomHarness()
    harness.join()
    await harness.store.settle()
    harness.say_and_commit(300)
    _, connection = harness.join(resume={"epoch": harness.log.epoch, "seq": 10})
    await harness.store.settle()
    harness.say_and_commit(1)
    await asyncio.sleep(0)
    history = connection.events[3]
    assert ([message["seq"] for message in history["messages"]], history["more"]) == ([*range(11, 211)], False)
    assert (history["last_seq"], history["change"]) == (210, 210)
    assert connection.seqs == [*range(11, 302)]


async def test_commands_behind_a_join_wait_for_it() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    for content in ("one", "two"):
        harness.do(session, "message", content=content)
    harness.do(session, "users")
    assert not harness.store.writes
    await harness.store.answer()
    await asyncio.sleep(0)
    harness.store.commit()
    await asyncio.sleep(0)
    assert [event["content"] for event in connection.events if event["type"] == "message"] == ["one", "two"]
    assert connection.types == ["welcome", "system", "users", "history", "user_joined", "users", "message", "message"]


async def test_reading_pauses_while_commands_wait_and_none_of_them_is_refused() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    assert not connection.reading_paused
    for number in range(140):
        harness.do(session, "message", content="hi", id=f"a{number}")
    assert connection.reading_paused
    await harness.store.answer()
    await asyncio.sleep(0)
    assert not connection.reading_paused
    harness.store.commit()
    assert harness.log.last_seq == 140
    assert "error" not in connection.types


async def test_a_queued_command_may_make_the_next_ones_wait_again() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    for number in range(2):
        harness.do(session, "history", id=f"a{number}")
        harness.do(session, "message", content="hi")
    await harness.store.answer()
    await asyncio.sleep(0)
    assert connection.reading_paused
    await harness.store.answer()
    await asyncio.sleep(0)
    assert connection.reading_paused
    await harness.store.answer()
    await asyncio.sleep(0)
    assert not connection.reading_paused
    assert len(harness.store.writes) == 2


async def test_when_a_peer_is_closed_for_errors_its_queued_commands_are_dropped() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    for _ in range(40):
        harness.do(session, "message", content="")
    harness.do(session, "message", content="too late")
    await harness.store.answer()
    await asyncio.sleep(0)
    assert connection.closed == (1008, "too many errors")
    assert not harness.store.writes
    assert not session.queued_commands
    assert not connection.reading_paused


async def test_a_peer_that_goes_before_its_page_comes_was_never_there() -> None:
    harness = DelayedRoomHarness()
    _, watcher = harness.join()
    await harness.store.settle()
    session, connection = harness.join()
    harness.do(session, "join", nickname="Ghost")
    harness.hub.leave(session, dropped=True)
    connection.close(1006, "")
    await harness.store.settle()
    await asyncio.sleep(0)
    assert connection.types == []
    assert [person.nickname for person in harness.hub.people.values()] == ["Guest 1"]
    assert harness.hub.people == harness.room.presence.people
    assert watcher.types[-1] == "user_joined", "its own"
    assert not harness.room.entering
    assert len(harness.hub.reservations) == 0


async def test_a_nickname_is_taken_from_the_moment_of_the_join() -> None:
    harness = DelayedRoomHarness()
    harness.join()
    harness.came = 0
    _, twin = harness.join()
    assert [event["code"] for event in twin.events] == ["nickname_taken"]


async def test_a_log_that_cannot_be_read_lets_nobody_in_and_gives_the_name_back() -> None:
    harness = DelayedRoomHarness()
    harness.store.problem = FULL
    session, connection = harness.join()
    await harness.store.answer()
    assert connection.events == [{"type": "error", "code": "storage", "content": FULL.sentence, "ref": "join"}]
    assert harness.hub.people == {}
    harness.store.problem = None
    harness.do(session, "join", nickname="Guest 1")
    await harness.store.answer()
    assert connection.types == ["error", "welcome", "system", "users", "history"]


async def test_a_room_that_somebody_is_about_to_enter_is_not_closed() -> None:
    harness = DelayedRoomHarness()
    harness.join(room="wanted")
    for number in range(MAX_OPEN_ROOMS):
        harness.join(room=f"room-{number}")
        harness.sessions.pop()
    assert "wanted" in harness.hub.rooms
    await harness.store.settle()
    assert harness.sessions[0][0].memberships[0].room is harness.hub.rooms["wanted"]


async def test_a_slow_reader_is_brought_up_to_date_page_by_page_and_asked_for_once() -> None:
    harness = DelayedRoomHarness()
    harness.join()
    _, slow = harness.join()
    await harness.store.settle()
    await asyncio.sleep(0)
    slow.clear()
    slow.writable = False
    for _ in range(450):
        harness.say()
        harness.store.commit()
        await asyncio.sleep(0)
    for _ in range(3):
        harness.drain(1, None)
    assert len(harness.store.replies) == 1, "it is never asked twice at a time"
    await harness.store.answer(1)
    harness.say_and_commit(5)
    await asyncio.sleep(0)
    while harness.store.replies:
        await harness.store.answer(1)
        await asyncio.sleep(0)
    assert slow.seqs == [*range(1, 456)]
    assert slow.types[-1] == "users"


async def test_a_slow_reader_whose_gap_cannot_be_read_is_sent_away_to_come_back() -> None:
    harness = DelayedRoomHarness()
    session, slow = harness.join()
    await harness.store.settle()
    await asyncio.sleep(0)
    slow.writable = False
    harness.say_and_commit(1)
    await asyncio.sleep(0)
    harness.store.problem = FULL
    harness.drain(0, None)
    await harness.store.answer()
    assert slow.closed
    assert slow.closed[0] == 1013
    harness.hub.leave(session, dropped=True)


async def test_a_message_that_is_not_kept_is_said_to_its_sender_as_often_as_it_is_tried() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    _, other = harness.join()
    await harness.store.settle()
    await asyncio.sleep(0)
    connection.clear()
    other.clear()
    harness.store.set_problem(FULL)
    for _ in range(100):
        harness.do(session, "message", content="hi", id="a1")
    harness.store.commit()
    assert connection.events[0] == {"type": "storage", "problem": "full", "content": FULL.sentence}
    assert connection.events[1:] == [{"type": "error", "code": "storage", "content": FULL.sentence, "ref": "a1"}] * 100
    assert connection.closed is None
    harness.store.set_problem(None)
    harness.do(session, "message", content="hi", id="a1")
    harness.store.commit()
    await asyncio.sleep(0)
    assert [event["type"] for event in other.events] == ["storage", "storage", "message"]
    assert other.events[1] == {"type": "storage", "problem": "", "content": "Messages are kept again."}


async def test_while_there_is_a_problem_a_joiner_is_told_of_it_after_the_history() -> None:
    harness = DelayedRoomHarness()
    _, connection = harness.join()
    harness.store.problem = FULL
    await harness.store.answer()
    assert connection.types == ["welcome", "system", "users", "history", "storage"]


async def test_a_slow_reader_is_told_of_a_problem_too() -> None:
    harness = DelayedRoomHarness()
    _, connection = harness.join()
    await harness.store.settle()
    connection.writable = False
    harness.store.set_problem(FULL)
    assert connection.types[-1] == "storage"


async def test_one_question_of_a_session_is_open_at_a_time_and_the_answers_come_in_order() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    harness.say_and_commit(3)
    await asyncio.sleep(0)
    connection.clear()
    harness.do(session, "search", query="hello 2", room="lobby")
    for number in range(4):
        harness.do(session, "history", around=2, id=f"a{number}")
    harness.do(session, "message", content="after all of them")
    assert len(harness.store.replies) == 1
    assert not harness.store.writes
    while harness.store.replies:
        await harness.store.answer(1)
        await asyncio.sleep(0)
    harness.store.commit()
    await asyncio.sleep(0)
    assert [event.get("ref", event["type"]) for event in connection.events] == [
        "search",
        "a0",
        "a1",
        "a2",
        "a3",
        "message",
    ]


async def test_questions_that_cannot_be_answered_are_refused_by_their_ref() -> None:
    harness = DelayedRoomHarness()
    session, connection = harness.join()
    await harness.store.settle()
    harness.store.problem = FULL
    for command in (
        {"name": "history", "id": "a1"},
        {"name": "history"},
        {"name": "search", "query": "x", "room": "lobby"},
    ):
        harness.do(session, **command)
        await harness.store.answer()
    refused = [(event["code"], event["ref"]) for event in connection.events if event["type"] == "error"]
    assert refused == [("storage", "a1"), ("storage", "history"), ("storage", "search")]
